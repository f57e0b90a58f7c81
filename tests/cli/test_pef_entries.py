"""Entries of PEF's tables as they are typed."""

from __future__ import annotations

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.pef_entries import action_words, alert_policy, event, event_filter, number, numbered, pairs
from baseboard.codes import SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyRule,
    EventFilter,
    EventSeverity,
    PefActions,
)


def test_numbers_are_decimal_or_hexadecimal() -> None:
    assert (number("10", 0, 99, "x"), number("0x10", 0, 99, "x"), numbered(["7"], "usage")) == (10, 16, 7)


@pytest.mark.parametrize("word", ["-1", "100", "ten", "0x", ""])
def test_what_is_no_number(word: str) -> None:
    with pytest.raises(UsageError, match="a thing is wanted, 0 to 99"):
        number(word, 0, 99, "a thing")


def test_pairs() -> None:
    assert pairs(["a=1", "b=x=y"], ("a", "b"), "usage") == {"a": "1", "b": "x=y"}
    for word in ("c=1", "a"):
        with pytest.raises(UsageError, match="usage"):
            pairs([word], ("a", "b"), "usage")
    with pytest.raises(UsageError, match="usage"):
        numbered([], "usage")


def test_actions_have_words() -> None:
    assert action_words(PefActions.ALERT | PefActions.POWER_CYCLE) == ["alert", "power_cycle"]


def test_a_filter_of_nothing_but_a_number_matches_everything() -> None:
    assert event_filter(["9"]) == (9, EventFilter(enabled=True))


def test_a_filter_with_every_key() -> None:
    line = (
        "9 actions=power_down,alert policy=3 group=2 severity=critical generator=0x0120"
        " sensor_type=temperature sensor=48 event_type=threshold offsets=9,11"
        " data1=1,2,3 data2=4,5,6 data3=0x7,8,9 enabled=no"
    )
    assert event_filter(line.split()) == (
        9,
        EventFilter(
            actions=PefActions.POWER_DOWN | PefActions.ALERT, alert_policy_number=3, group_control_selector=2,
            severity=EventSeverity.CRITICAL, generator_id1=0x20, generator_id2=1,
            sensor_type=SensorType.TEMPERATURE,
            sensor_number=48, event_trigger=1, offset_mask=0xA00, event_data1_and_mask=1,
            event_data1_compare1=2, event_data1_compare2=3, event_data2_and_mask=4, event_data2_compare1=5,
            event_data2_compare2=6, event_data3_and_mask=7, event_data3_compare1=8, event_data3_compare2=9,
        ),
    )  # fmt: skip


def test_a_policy() -> None:
    assert alert_policy(["2", "policy=1", "destination=3"]) == (
        2, AlertPolicy(policy_number=1, enabled=True, channel=1, destination_selector=3),
    )  # fmt: skip
    line = "2 policy=1 destination=3 channel=5 rule=stop string=4 string_set=6 enabled=no"
    assert alert_policy(line.split())[1] == AlertPolicy(
        policy_number=1, rule=AlertPolicyRule.STOP, channel=5, destination_selector=3,
        event_specific_string=True, alert_string=6,
    )  # fmt: skip


def test_an_event() -> None:
    made = event(["fan", "7", "0x01", "2", "0x11", "0x22"])
    assert made.encode() == bytes.fromhex("04 04 07 01 02 11 22")


@pytest.mark.parametrize(
    "line",
    [
        "", "0", "200", "9 colour=red", "9 actions=explode", "9 severity=grave", "9 sensor_type=tempo",
        "9 offsets=16", "9 offsets=", "9 data1=1,2", "9 enabled=maybe", "9 policy=16", "9 sensor=256",
    ],
)  # fmt: skip
def test_what_is_no_filter(line: str) -> None:
    with pytest.raises(UsageError):
        event_filter(line.split())


@pytest.mark.parametrize(
    "line", ["", "1", "1 policy=1", "1 policy=0 destination=1", "1 policy=1 destination=1 rule=x"]
)
def test_what_is_no_policy(line: str) -> None:
    with pytest.raises(UsageError):
        alert_policy(line.split())
