"""Event log records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import EventReadingType, SelType, SensorType
from baseboard.errors import DecodeError, EncodeError
from baseboard.records.events import EventData, EventMessage
from baseboard.records.sel import (
    SIZE,
    OemNotTimestamped,
    OemTimestamped,
    ReservedSelRecord,
    SelRecord,
    SystemEvent,
)
from baseboard.testing.strategies import members
from tests.records.vectors import vectors


@vectors("sel", "redundancy", "picmg")
def test_system_events(raw: bytes, decoded: dict[str, Any]) -> None:
    event = SelRecord.unpack(raw)
    assert isinstance(event, SystemEvent)
    assert event.record_id == decoded["record_id"]
    assert event.record_type == int(decoded["type"], 16)
    assert event.timestamp == decoded["timestamp"]
    assert event.time == datetime.fromisoformat(decoded["utc"])
    generator = bytes.fromhex(decoded["generator"])
    assert event.generator_id == generator[0]
    assert (event.channel, event.generator_lun) == (generator[1] >> 4, generator[1] & 3)
    assert (event.evm_rev, event.sensor_type) == (decoded["evmrev"], decoded["sensor_type"])
    assert event.sensor_number == decoded["sensor"]
    assert event.text().asserted == (decoded["dir"] == "assert")
    assert event.event_type == decoded["event_type"]
    assert event.event_data.encode() == bytes.fromhex(decoded["event_data"])
    assert event.encode() == raw
    assert event.pack() == raw


def test_a_system_event_made_anew() -> None:
    event = SystemEvent(
        sensor_type=SensorType.TEMPERATURE,
        sensor_number=1,
        event_type=EventReadingType.THRESHOLD,
        event_data=EventData.of_threshold(9, reading=90, threshold=85),
    )
    assert event.encode() == bytes.fromhex("0000 02 FFFFFFFF 20 00 04 01 01 01 59 5A 55")
    assert event.time is None
    assert not event.software
    assert event.replace(generator_id=0x41).software
    assert event.text().details == ("reading 5Ah", "threshold 55h")
    assert event.text("{} C".format).details == ("reading 90 C", "threshold 85 C")
    assert event.message() == EventMessage(
        sensor_type=event.sensor_type,
        sensor_number=1,
        event_type=event.event_type,
        event_data=event.event_data,
    )


@pytest.mark.parametrize(
    ("record_type", "kind"),
    [
        (0x00, ReservedSelRecord),
        (0x02, SystemEvent),
        (0x03, ReservedSelRecord),
        (0xBF, ReservedSelRecord),
        (0xC0, OemTimestamped),
        (0xDF, OemTimestamped),
        (0xE0, OemNotTimestamped),
        (0xFF, OemNotTimestamped),
    ],
)
def test_the_type_tells_the_layout(record_type: int, kind: type[SelRecord]) -> None:
    raw = bytes((1, 0, record_type, *range(4, 17)))
    record = SelRecord.unpack(raw)
    assert type(record) is kind
    assert record.record_type == record_type
    if kind is not SystemEvent:
        assert record.encode() == raw


def test_records_of_a_maker() -> None:
    stamped = OemTimestamped(
        record_type=SelType(0xC1), timestamp=0x67C6B390, manufacturer_id=343, data=bytes(6)
    )
    assert stamped.encode() == bytes.fromhex("0000 C1 90B3C667 570100 000000000000")
    assert stamped.time == datetime.fromisoformat("2025-03-04T08:02:24Z")
    plain = OemNotTimestamped(record_type=SelType(0xE0), data=bytes(range(13)))
    assert plain.encode()[3:] == bytes(range(13))
    with pytest.raises(EncodeError):
        OemTimestamped(record_type=SelType(0xE0), manufacturer_id=343, data=bytes(6))


def test_every_type_has_a_class() -> None:
    assert sorted(SelRecord.members()) == list(range(256))


@given(st.binary(max_size=20))
def test_any_sixteen_bytes_are_a_record(raw: bytes) -> None:
    if len(raw) < SIZE:
        with pytest.raises(DecodeError):
            SelRecord.unpack(raw)
    else:
        record = SelRecord.unpack(raw)
        assert SelRecord.unpack(record.encode()) == record


@given(members(SelRecord))
def test_a_record_reads_back(record: SelRecord) -> None:
    assert SelRecord.unpack(record.encode()) == record
