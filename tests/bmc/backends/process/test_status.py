"""What status commands say."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.commands import Outcome
from baseboard.bmc.backends.process.status import state_of


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome(0, "on\n"), True),
        (Outcome(0, "Chassis Power is OFF."), False),
        (Outcome(0, "plug 3: 'on'"), True),
        (Outcome(0), True),
        (Outcome(0, "whatever"), True),
        (Outcome(1), False),
        (Outcome(1, "whatever"), False),
        (Outcome(1, "", "Traceback"), None),
        (Outcome(1, "on", "curl: (7) no route"), None),
        (Outcome(2), None),
        (Outcome(127, "on"), None),
        (Outcome(None, "on", "it did not end within 5 s"), None),
    ],
)
def test_words_come_before_exit_codes(outcome: Outcome, state: bool | None) -> None:
    assert state_of(outcome) is state
