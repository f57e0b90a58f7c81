"""Which entries of a policy get an alert, after what became of the one before (Table 17-4)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.alert_policy import PolicyRun
from baseboard.commands.parameters.pef import AlertPolicy, AlertPolicyRule

R = AlertPolicyRule
KINDS = {1: "PET", 2: "PET", 3: "page"}


def entries(*described: tuple[AlertPolicyRule, int, int]) -> list[AlertPolicy]:
    return [
        AlertPolicy(
            policy_number=1, enabled=True, rule=rule, channel=channel, destination_selector=destination
        )
        for rule, channel, destination in described
    ]


def reached(table: list[AlertPolicy], failing: set[int] = frozenset()) -> list[int]:  # type: ignore[assignment]  # never changed
    """Which entries get the alert, from 1, if those of these numbers fail."""
    run = PolicyRun(table, lambda channel, destination: KINDS[destination])
    found: list[int] = []
    while (entry := run.next()) is not None:
        number = next(at for at, one in enumerate(table, 1) if one is entry)
        found.append(number)
        run.attempted(succeeded=number not in failing)
    return found


@pytest.mark.parametrize(
    ("rules", "failing", "expected"),
    [
        ([(R.ALWAYS, 1, 1), (R.ALWAYS, 1, 2)], set(), [1, 2]),
        ([(R.ALWAYS, 1, 1), (R.SKIP_THIS, 1, 2), (R.ALWAYS, 1, 1)], set(), [1, 3]),
        ([(R.ALWAYS, 1, 1), (R.SKIP_THIS, 1, 2), (R.SKIP_THIS, 1, 1)], {1}, [1, 2]),
        ([(R.ALWAYS, 1, 1), (R.STOP, 1, 2), (R.ALWAYS, 1, 1)], set(), [1]),
        ([(R.ALWAYS, 1, 1), (R.STOP, 1, 2), (R.ALWAYS, 1, 1)], {1}, [1, 2, 3]),
        ([(R.ALWAYS, 1, 1), (R.OTHER_CHANNEL, 1, 2), (R.ALWAYS, 1, 1), (R.ALWAYS, 2, 1)], set(), [1, 4]),
        ([(R.ALWAYS, 1, 1), (R.OTHER_CHANNEL, 1, 2), (R.ALWAYS, 1, 1), (R.ALWAYS, 2, 1)], {1}, [1, 2, 3, 4]),
        (
            [(R.ALWAYS, 1, 1), (R.OTHER_DESTINATION_TYPE, 1, 2), (R.ALWAYS, 1, 1), (R.ALWAYS, 2, 3)],
            set(),
            [1, 4],
        ),
        ([(R.ALWAYS, 1, 1), (R.OTHER_CHANNEL, 1, 2)], set(), [1]),
        # The first of a policy has none before it, whatever its rule.
        ([(R.STOP, 1, 1), (R.SKIP_THIS, 1, 2)], set(), [1]),
        ([], set(), []),
    ],
)
def test_the_rules(
    rules: list[tuple[AlertPolicyRule, int, int]], failing: set[int], expected: list[int]
) -> None:
    assert reached(entries(*rules), failing) == expected


def test_what_was_passed_over_was_not_attempted() -> None:
    """The destination before is the last one that an alert was attempted to."""
    table = entries((R.ALWAYS, 1, 1), (R.SKIP_THIS, 1, 2), (R.SKIP_THIS, 1, 2))
    assert reached(table) == [1]


def test_a_run_that_is_ended_goes_nowhere() -> None:
    run = PolicyRun(entries((R.ALWAYS, 1, 1)), lambda channel, destination: 0)
    run.end()
    assert run.next() is None
