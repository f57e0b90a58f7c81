"""Comparisons of event filters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.commands.parameters.pef import AlertPolicy, EventFilter, EventSeverity, PefActions
from baseboard.records.pef import matches
from tests.records.vectors import vector, vectors

BYTES = st.integers(0, 255)


@vectors("pef", "compare")
def test_the_examples_of_the_specification(raw: bytes, decoded: dict[str, Any]) -> None:
    every = range(256)
    wanted = [*every] if decoded["matches"] == "all" else list(bytes.fromhex(decoded["matches"]))
    assert [byte for byte in every if matches(byte, *raw)] == wanted


@given(BYTES, BYTES, BYTES, BYTES)
def test_bit_by_bit(byte: int, and_mask: int, compare_1: int, compare_2: int) -> None:
    alike = [(byte & and_mask) >> bit & 1 == compare_2 >> bit & 1 for bit in range(8)]
    exact = [same for bit, same in enumerate(alike) if compare_1 >> bit & 1]
    loose = [same for bit, same in enumerate(alike) if not compare_1 >> bit & 1]
    assert matches(byte, and_mask, compare_1, compare_2) == (all(exact) and (any(loose) or not loose))


def test_a_filter_whose_bytes_all_match() -> None:
    raw, decoded = vector("pef", "filter_entry")
    entry = EventFilter.decode(raw)
    assert entry.enabled == decoded["enabled"]
    assert entry.actions == PefActions[decoded["action"].upper()]
    assert entry.alert_policy_number == decoded["policy"]
    assert entry.severity == EventSeverity[decoded["severity"].upper()]
    assert (entry.sensor_type, entry.event_trigger) == (decoded["sensor_type"], decoded["trigger"])
    assert entry.offset_mask == int(decoded["offset_mask"], 16)
    assert entry.encode() == raw
    comparison = entry.event_data1_and_mask, entry.event_data1_compare1, entry.event_data1_compare2
    assert all(matches(byte, *comparison) for byte in range(256))


def test_a_policy() -> None:
    raw, decoded = vector("pef", "policy_entry")
    policy = AlertPolicy.decode(raw)
    assert (policy.policy_number, policy.enabled) == (decoded["policy"], decoded["enabled"])
    assert (policy.rule, policy.channel) == (decoded["rule"], decoded["channel"])
    assert policy.destination_selector == decoded["destination"]
    assert policy.encode() == raw


@pytest.mark.parametrize(("byte", "same"), [(0x57, True), (0x56, False)])
def test_one_value_only(byte: int, same: bool) -> None:
    assert matches(byte, 0xFF, 0xFF, 0x57) is same
