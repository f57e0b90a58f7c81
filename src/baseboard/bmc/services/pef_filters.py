"""Which event filters an event matches, and what they ask for together (§17.7 to §17.10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from baseboard.bmc.services.events import Event
from baseboard.commands.parameters.pef import EventFilter, EventSeverity, PefActions
from baseboard.records.pef import matches

ANY = 0xFF
_OFFSET = 0x0F

POWER_ACTIONS = (
    PefActions.POWER_DOWN,
    PefActions.POWER_CYCLE,
    PefActions.RESET,
    PefActions.DIAGNOSTIC_INTERRUPT,
)
"""From the highest priority on; at most one of them is done (Table 17-1)."""


class AlertOrder(NamedTuple):
    """The one alert that an event leads to.

    Attributes:
        policy: its number.
        filter_number: of the filter that decides on an event-specific string.
        severity: of the event, as an event filter gives it.
    """

    policy: int
    filter_number: int
    severity: EventSeverity


class Verdict(NamedTuple):
    """What all filters together say about an event.

    Attributes:
        actions: to be done; of the four that exclude each other at most one.
        alert: the alert, if one of the actions is to alert.
        groups: entries of the group control table to be executed.
        oem: filters that ask for the OEM action.
    """

    actions: PefActions
    alert: AlertOrder | None
    groups: tuple[int, ...]
    oem: tuple[int, ...]


def matching(event: Event, one: EventFilter) -> bool:
    """Whether a filter matches an event; whether it is enabled is another matter.

    The direction of the event is not among what is compared: byte 9 of Table 17-2 has the event/reading type
    alone (unverified; implementations differ).
    """
    return (
        one.generator_id1 in (ANY, event.generator_id & 0xFF)
        and one.generator_id2 in (ANY, event.generator_id >> 8)
        and one.sensor_type in (ANY, event.sensor_type)
        and one.sensor_number in (ANY, event.sensor_number)
        and one.event_trigger in (ANY, event.event_type)
        and bool(one.offset_mask >> (event.data[0] & _OFFSET) & 1)
        and matches(
            event.data[0], one.event_data1_and_mask, one.event_data1_compare1, one.event_data1_compare2
        )
        and matches(
            event.data[1], one.event_data2_and_mask, one.event_data2_compare1, one.event_data2_compare2
        )
        and matches(
            event.data[2], one.event_data3_and_mask, one.event_data3_compare1, one.event_data3_compare2
        )
    )


def judge(event: Event, filters: Sequence[EventFilter], enabled: PefActions) -> Verdict | None:
    """Hold an event against every filter.

    Args:
        filters: from number 1 on.
        enabled: actions that are on at all.

    Returns: None if none matches.
    """
    found = [(number, one) for number, one in enumerate(filters, 1) if one.enabled and matching(event, one)]
    if not found:
        return None
    wanted = PefActions(0)
    for _, one in found:
        wanted |= one.actions & enabled
    return Verdict(
        exclusive(wanted),
        _alert([(number, one) for number, one in found if _alerts(one, enabled)]),
        tuple(
            dict.fromkeys(
                one.group_control_selector
                for _, one in found
                if PefActions.GROUP_CONTROL in one.actions & enabled
            )
        ),
        tuple(number for number, one in found if PefActions.OEM in one.actions & enabled),
    )


def exclusive(wanted: PefActions) -> PefActions:
    """Of the actions that exclude each other, only the one of the highest priority (Table 17-1)."""
    asked = [action for action in POWER_ACTIONS if action in wanted]
    for action in asked[1:]:
        wanted &= ~action
    return wanted


def _alerts(one: EventFilter, enabled: PefActions) -> bool:
    """Policies are numbered from 1, so that a filter with number 0 has none to alert by."""
    return PefActions.ALERT in one.actions & enabled and one.alert_policy_number != 0


def _alert(found: Sequence[tuple[int, EventFilter]]) -> AlertOrder | None:
    """The lowest policy number counts, of its filters the first; the severity is the worst of them."""
    if not found:
        return None
    policy = min(one.alert_policy_number for _, one in found)
    of_policy = [(number, one) for number, one in found if one.alert_policy_number == policy]
    worst = max(int(one.severity) for _, one in of_policy)
    return AlertOrder(policy, of_policy[0][0], EventSeverity(worst))
