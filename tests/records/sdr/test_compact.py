"""SDR types 02h and 03h."""

from __future__ import annotations

import pytest

from baseboard.codes import AnalogFormat, EventReadingType, SensorDirection, SensorType
from baseboard.records.sdr.compact import (
    CompactSensorRecord,
    EventOnlyRecord,
    NameModifier,
    SharedSensor,
    letters,
)
from tests.records.vectors import vector


def test_a_compact_record() -> None:
    raw, decoded = vector("sdr", "compact_a4_pres")
    record = CompactSensorRecord.decode(raw)
    assert record.record_id == decoded["record_id"]
    assert (record.owner_id, record.sensor_number) == (int(decoded["owner"], 16), decoded["sensor"])
    assert [record.entity_id, record.entity_instance] == decoded["entity"]
    assert (raw[10], raw[11]) == (int(decoded["init"], 16), int(decoded["caps"], 16))
    assert (record.sensor_type, record.event_type) == (decoded["sensor_type"], decoded["event_type"])
    assert record.reading_mask == int(decoded["reading_mask"], 16)
    assert raw[20] == int(decoded["units1"], 16)
    assert record.analog_format == AnalogFormat.NONE
    assert record.share_count == decoded["share_count"]
    assert record.id_string == decoded["id"]
    assert record.encode() == raw
    assert list(record.sensors()) == [SharedSensor(0xD3, 0x64, decoded["id"])]


def test_sharing_bytes() -> None:
    raw, decoded = vector("sdr", "sharing")
    compact = CompactSensorRecord.decode(bytes(4) + b"\x1b" + bytes(18) + raw + bytes(6) + b"\xc0")
    event_only = EventOnlyRecord.decode(bytes(4) + b"\x0c" + bytes(7) + raw + bytes(2) + b"\xc0")
    for record in (compact, event_only):
        assert record.direction == decoded["direction"] == SensorDirection.OUTPUT
        assert record.name_modifier == NameModifier[decoded["modifier"].upper()]
        assert record.share_count == decoded["share_count"]
        assert record.instances_increment == decoded["instance_increments"]
        assert record.modifier_offset == decoded["offset"]
        assert [sensor.name for sensor in record.sensors()] == ["V", "W", "X"]
        assert [sensor.number for sensor in record.sensors()] == [0, 1, 2]
        assert [sensor.entity_instance for sensor in record.sensors()] == [0, 1, 2]


def test_numbered_names() -> None:
    record = EventOnlyRecord(
        sensor_number=0x10,
        sensor_type=SensorType.TEMPERATURE,
        event_type=EventReadingType.LIMIT,
        share_count=3,
        modifier_offset=5,
        id_string="Temp ",
    )
    assert list(record.sensors()) == [
        SharedSensor(0x10, 1, "Temp 5"),
        SharedSensor(0x11, 1, "Temp 6"),
        SharedSensor(0x12, 1, "Temp 7"),
    ]
    assert record.encode() == bytes.fromhex("0000 51 03 11 20 00 10 07 01 01 05 03 05 00 00 C5") + b"Temp "
    assert [one.name for one in record.replace(share_count=0).sensors()] == ["Temp "]


@pytest.mark.parametrize(
    ("place", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (127, "DX")]
)
def test_counting_in_letters(place: int, text: str) -> None:
    assert letters(place) == text
