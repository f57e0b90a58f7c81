"""Which filters an event matches, and what they lead to together (§17.7 to §17.10, Table 17-1)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.events import Event
from baseboard.bmc.services.pef_filters import AlertOrder, exclusive, judge, matching
from baseboard.codes import SensorType
from baseboard.commands.parameters.pef import EventFilter, EventSeverity, PefActions

A = PefActions
# Temperature sensor 30h of the BMC: upper critical going high, reading 5Ah, threshold 58h.
EVENT = Event(0x01, 0x30, 0x01, bytes.fromhex("595A58"))


def a_filter(**fields: Any) -> EventFilter:
    return EventFilter(enabled=True, **fields)


def test_a_filter_of_wildcards_matches_everything() -> None:
    assert matching(EVENT, a_filter())
    assert matching(Event(0xC0, 0xFF, 0x7F, b"\x0f\xff\xff", generator_id=0x3341), a_filter())


@pytest.mark.parametrize(
    ("fields", "matches"),
    [
        ({"generator_id1": 0x20}, True),
        ({"generator_id1": 0x41}, False),
        ({"generator_id2": 0x00}, True),
        ({"generator_id2": 0x10}, False),
        ({"sensor_type": SensorType.TEMPERATURE}, True),
        ({"sensor_type": SensorType.FAN}, False),
        ({"sensor_number": 0x30}, True),
        ({"sensor_number": 0x31}, False),
        ({"event_trigger": 0x01}, True),
        ({"event_trigger": 0x6F}, False),
        ({"offset_mask": 1 << 9}, True),
        ({"offset_mask": 0xFFFF & ~(1 << 9)}, False),
        ({"offset_mask": 0}, False),
        ({"event_data1_and_mask": 0xF0, "event_data1_compare1": 0xFF, "event_data1_compare2": 0x50}, True),
        ({"event_data1_and_mask": 0xF0, "event_data1_compare1": 0xFF, "event_data1_compare2": 0x60}, False),
        ({"event_data2_and_mask": 0xFF, "event_data2_compare1": 0xFF, "event_data2_compare2": 0x5A}, True),
        ({"event_data2_and_mask": 0xFF, "event_data2_compare1": 0xFF, "event_data2_compare2": 0x5B}, False),
        ({"event_data3_and_mask": 0xFF, "event_data3_compare1": 0xFF, "event_data3_compare2": 0x58}, True),
        ({"event_data3_and_mask": 0xFF, "event_data3_compare1": 0xFF, "event_data3_compare2": 0x57}, False),
    ],
)
def test_each_field_counts(fields: dict[str, int], matches: bool) -> None:
    assert matching(EVENT, a_filter(**fields)) is matches


def test_the_direction_is_not_compared() -> None:
    ended = Event(0x01, 0x30, 0x01, EVENT.data, deassertion=True)
    assert matching(ended, a_filter(event_trigger=0x01))


def test_nothing_is_done_where_no_filter_that_is_on_matches() -> None:
    assert judge(EVENT, [EventFilter(), a_filter(sensor_number=1)], A(0x7F)) is None


def test_the_actions_of_all_filters_are_done_together() -> None:
    verdict = judge(EVENT, [a_filter(actions=A.RESET), a_filter(actions=A.OEM | A.ALERT)], A(0x7F))
    assert verdict is not None
    assert verdict.actions == A.RESET | A.OEM | A.ALERT
    assert verdict.oem == (2,)


def test_what_is_not_on_is_not_done() -> None:
    everything = a_filter(actions=A(0x7F), alert_policy_number=1, group_control_selector=2)
    verdict = judge(EVENT, [everything], A.RESET)
    assert verdict is not None
    assert (verdict.actions, verdict.alert, verdict.groups, verdict.oem) == (A.RESET, None, (), ())


@pytest.mark.parametrize(
    ("wanted", "done"),
    [
        (A.POWER_DOWN | A.POWER_CYCLE | A.RESET | A.DIAGNOSTIC_INTERRUPT | A.ALERT, A.POWER_DOWN | A.ALERT),
        (A.POWER_CYCLE | A.RESET | A.DIAGNOSTIC_INTERRUPT, A.POWER_CYCLE),
        (A.RESET | A.DIAGNOSTIC_INTERRUPT | A.OEM, A.RESET | A.OEM),
        (A.DIAGNOSTIC_INTERRUPT | A.ALERT, A.DIAGNOSTIC_INTERRUPT | A.ALERT),
        (A(0), A(0)),
    ],
)
def test_table_17_1_of_the_power_actions_the_first_is_done(wanted: PefActions, done: PefActions) -> None:
    assert exclusive(wanted) == done


def alerting(policy: int, severity: EventSeverity, **fields: Any) -> EventFilter:
    return a_filter(actions=A.ALERT, alert_policy_number=policy, severity=severity, **fields)


def test_the_lowest_policy_is_run_for_its_first_filter_with_its_worst_severity() -> None:
    filters = [
        alerting(3, EventSeverity.NON_RECOVERABLE),
        alerting(2, EventSeverity.MONITOR),
        alerting(2, EventSeverity.CRITICAL),
        alerting(1, EventSeverity.NON_RECOVERABLE, sensor_number=1),
    ]
    verdict = judge(EVENT, filters, A(0x7F))
    assert verdict is not None
    assert verdict.alert == AlertOrder(2, 2, EventSeverity.CRITICAL)


def test_a_filter_without_a_policy_does_not_stand_before_others() -> None:
    verdict = judge(EVENT, [alerting(0, EventSeverity.OK), alerting(4, EventSeverity.OK)], A(0x7F))
    assert verdict is not None
    assert verdict.alert == AlertOrder(4, 2, EventSeverity.OK)


def test_groups_are_controlled_once_each() -> None:
    filters = [a_filter(actions=A.GROUP_CONTROL, group_control_selector=one) for one in (2, 1, 2)]
    verdict = judge(EVENT, filters, A(0x7F))
    assert verdict is not None
    assert verdict.groups == (2, 1)
