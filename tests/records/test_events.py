"""Event messages and their data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import EventDirection, EventReadingType, EventRevision, SensorType
from baseboard.errors import DecodeError
from baseboard.records.events import NONE, DataUse, EventData, EventMessage, threshold_event
from baseboard.records.thresholds import ThresholdMask
from baseboard.testing.strategies import messages
from tests.records.vectors import vector


def test_a_threshold_event() -> None:
    data = EventData.of_threshold(7, reading=0x60, threshold=0x5A)
    assert data.encode() == bytes.fromhex("57605A")
    assert EventData.decode(bytes.fromhex("57605A")) == data
    assert (data.use_2, data.use_3, data.offset) == (DataUse.TRIGGER, DataUse.TRIGGER, 7)


def test_a_state() -> None:
    assert EventData.of_state(3).encode() == bytes.fromhex("03FFFF")
    known = EventData.of_state(3, previous=2, severity=1)
    assert known.encode() == bytes.fromhex("4312FF")
    assert (known.previous, known.severity) == (2, 1)
    only_previous = EventData.of_state(3, previous=2)
    assert only_previous.encode() == bytes.fromhex("43F2FF")
    assert (only_previous.previous, only_previous.severity) == (2, None)
    assert EventData.of_state(3, severity=2).severity == 2
    assert EventData(offset=3, data_2=0x12).previous is None
    assert NONE == 0xF


def test_the_watchdog_that_reset_the_system() -> None:
    raw, decoded = vector("events", "wd_expiry")
    data = EventData.of_specific(decoded["offset"], data_2=decoded["interrupt_type"] << 4 | decoded["use"])
    assert data.encode() == raw[3:]
    assert (raw[0], raw[2]) == (SensorType.WATCHDOG_2, EventReadingType.SENSOR_SPECIFIC)
    assert EventData.of_specific(0, data_3=5).encode() == bytes.fromhex("30FF05")


def test_an_event_from_the_system_interface() -> None:
    raw, decoded = vector("events", "system_interface")
    event = EventMessage.received(raw[3:])  # netFn, command and generator ID before it
    assert raw[2] == int(decoded["generator"], 16)
    assert event == EventMessage(
        sensor_type=SensorType(decoded["sensor_type"]),
        sensor_number=0x28,
        event_type=EventReadingType.SENSOR_SPECIFIC,
        event_data=EventData(offset=decoded["offset"]),
    )
    assert event.encode() == raw[3:]


def test_an_event_over_ipmb() -> None:
    raw, decoded = vector("ipmb", "platform_event")
    event = EventMessage.received(raw[6:-1])
    assert event.evm_rev == decoded["evmrev"] == EventRevision.IPMI_1_5
    assert (event.sensor_type, event.sensor_number) == (decoded["sensor_type"], decoded["sensor"])
    assert (event.direction, event.event_type) == (EventDirection.ASSERTION, decoded["event_type"])
    assert event.event_data == EventData.of_threshold(
        decoded["offset"], reading=decoded["reading"], threshold=decoded["threshold"]
    )
    assert event.encode() == raw[6:-1]


def test_missing_event_data_is_unspecified() -> None:
    assert EventMessage.received(bytes.fromhex("04 13 28 EF 01")) == EventMessage(
        sensor_type=SensorType.CRITICAL_INTERRUPT,
        sensor_number=0x28,
        direction=EventDirection.DEASSERTION,
        event_type=EventReadingType.SENSOR_SPECIFIC,
        event_data=EventData(offset=1),
    )


@given(st.binary(max_size=12))
def test_any_bytes_are_an_event_of_five_to_seven_bytes_or_refused(raw: bytes) -> None:
    if 5 <= len(raw) <= 7:
        assert EventMessage.received(raw).encode() == raw.ljust(7, b"\xff")
    else:
        with pytest.raises(DecodeError):
            EventMessage.received(raw)


@given(messages(EventMessage))
def test_an_event_reads_back(event: EventMessage) -> None:
    assert EventMessage.decode(event.encode()) == event


def test_the_threshold_of_an_event() -> None:
    assert threshold_event(1, 9) == (ThresholdMask.UPPER_CRITICAL, True)
    assert threshold_event(1, 2) == (ThresholdMask.LOWER_CRITICAL, False)
    assert threshold_event(1, 12) is None
    assert threshold_event(0x6F, 9) is None
