"""Readings, reading factors and types (§35.5, §35.14 to §35.16, §36)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import Thresholds
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.commands.sensor.sensors import (
    GetSensorReading,
    GetSensorReadingFactors,
    GetSensorType,
    SetSensorType,
)
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import BAY, INLET, OK, PLAIN, sensors

FACTORS, READING, SET_TYPE, GET_TYPE = 0x23, 0x2D, 0x2E, 0x2F
CURVE = ((0, -40.0), (60, 0.0), (180, 60.0), (255, 135.0))
THERMISTOR = replace(
    INLET, minimum=-40, maximum=135, nominal=30, thresholds=Thresholds(upper_critical=90), hysteresis=1,
    traits=Traits(curve=CURVE),
)  # fmt: skip


@exercises(GetSensorReading)
def test_35_14_a_reading_and_what_it_has_reached() -> None:
    """Table 35-15: comparisons are of now, without hysteresis, and only of thresholds that can be read."""
    bmc = sensors()
    for value, comparisons in ((25, 0xC0), (10, 0xC1), (4, 0xC3), (40, 0xC8), (61, 0xF8), (39, 0xC0)):
        bmc.show(value)
        assert bmc.ask(READING, "01") == bytes((0, value, 0xC0, comparisons))
    bmc.show(None)
    assert bmc.ask(READING, "01")[2] == 0xE0
    # states in two bytes; bit 7 of the second is returned as 1
    bmc.hold(0x4002, "Errors")
    assert bmc.ask(READING, "03") == bytes.fromhex("00 00 C0 02 C0")


def test_35_14_an_event_only_sensor_cannot_be_read() -> None:
    bmc = sensors()
    assert bmc.ask(READING, "04") == b"\xcd"
    assert bmc.ask(READING, "63") == b"\xcb"
    assert bmc.ask(READING, "FF") == b"\xcb"
    assert bmc.ask(READING, "") == bmc.ask(READING, "01 01") == b"\xc7"


@exercises(GetSensorReading)
def test_40_1_without_its_entity_a_sensor_is_to_be_ignored() -> None:
    """Table 43-1, byte 12 [7]: another sensor of the entity says whether that is there."""
    here = replace(INLET, entity_id=BAY.entity_id, traits=Traits(ignore_if_absent=True))
    bmc = sensors(here, BAY)
    bmc.show(55)
    assert len(bmc.news()) == 2
    bmc.hold(0)
    assert bmc.ask(READING, "01")[2] == 0xE0
    bmc.news()
    bmc.show(20)
    assert bmc.news() == []


def converted(answer: bytes, raw: int) -> float:
    """§36.3 with the factors of Get Sensor Reading Factors, byte by byte: 3-4 M, 5-6 B, 8 exponents."""

    def signed(value: int, bits: int) -> int:
        return value - (1 << bits) if value >> (bits - 1) else value

    m, b = (signed(answer[n] | (answer[n + 1] & 0xC0) << 2, 10) for n in (2, 4))
    k2, k1 = signed(answer[7] >> 4, 4), signed(answer[7] & 0xF, 4)
    return float((m * raw + b * 10.0**k1) * 10.0**k2)


@exercises(GetSensorReadingFactors, GetSensorReading)
def test_35_5_the_factors_of_a_reading_give_its_value() -> None:
    """A curve with three straight pieces; the record says 70h, and the value is that of the curve."""
    bmc = sensors(THERMISTOR)
    record = bmc.raw(0x0A, 0x23, bytes.fromhex("0000 0000 00 FF"))[3:]
    assert record[23] == 0x70
    for value in (-40.0, -20.0, 0.0, 15.0, 30.0, 59.0, 75.0, 120.0):
        bmc.show(value)
        raw = bmc.ask(READING, "01")[1]
        answer = bmc.ask(FACTORS, bytes((1, raw)))
        assert answer[0] == 0
        assert converted(answer, raw) == pytest.approx(value, abs=0.6)
    bmc.show(30)
    bmc.news()
    bmc.show(91)
    (event,) = bmc.news()
    raw, threshold = bytes.fromhex(event)[3:]
    assert event.startswith("01 01 59")
    assert converted(bmc.ask(FACTORS, bytes((1, threshold))), threshold) == pytest.approx(90, abs=0.6)
    assert raw > threshold


@exercises(GetSensorReadingFactors)
def test_35_5_the_table_is_walked_through_by_the_next_reading() -> None:
    """From any reading on one comes to an entry, and from there round the whole table."""
    bmc = sensors(THERMISTOR)

    def following(raw: int) -> int:
        return bmc.ask(FACTORS, bytes((1, raw)))[1]

    table = [0]
    while (raw := following(table[-1])) != table[0]:
        table.append(raw)
    assert table == sorted(table)
    assert {0, 60, 180, 255} <= set(table)
    for raw in range(256):
        entry = following(raw)
        assert entry in table
        if raw not in table:
            assert abs(entry - raw) == min(abs(one - raw) for one in table)
            assert bmc.ask(FACTORS, bytes((1, raw)))[2:] == bmc.ask(FACTORS, bytes((1, entry)))[2:]


def test_35_5_where_one_formula_is_enough_it_is_that_of_the_record() -> None:
    bmc = sensors(replace(PLAIN, minimum=-20, maximum=490))
    record = bmc.raw(0x0A, 0x23, bytes.fromhex("0000 0000 00 FF"))[3:]
    for raw in (0, 0x33, 0xFF):
        assert bmc.ask(FACTORS, bytes((6, raw))) == bytes((0, raw)) + record[24:30]
    assert sensors().ask(FACTORS, "02 00") == b"\xcd"
    assert sensors().ask(FACTORS, "63 00") == b"\xcb"
    assert sensors().ask(FACTORS, "06") == b"\xc7"


@exercises(SetSensorType, GetSensorType)
def test_35_15_the_type_is_what_the_sensors_events_say() -> None:
    bmc = sensors()
    assert bmc.ask(GET_TYPE, "01") == bytes.fromhex("00 01 01")
    assert bmc.ask(GET_TYPE, "02") == bytes.fromhex("00 0D 6F")
    assert bmc.ask(SET_TYPE, "01 0B 01") == OK
    assert bmc.ask(SET_TYPE, "02 25 08") == OK
    assert bmc.ask(GET_TYPE, "02") == bytes.fromhex("00 25 08")
    bmc.show(45)
    bmc.hold(0b010)
    entries = bmc.raw(0x0A, 0x43, bytes.fromhex("0000 0000 00 FF"))[3:], bmc.entries()
    assert entries[0][10:13] == bytes.fromhex("0B 01 01")
    assert [entry[:3].hex(" ") for entry in entries[1]] == ["01 01 57", "02 88 00", "02 08 01"]
    assert bmc.restarted().ask(GET_TYPE, "02") == bytes.fromhex("00 25 08")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("01 00 01", b"\xcc"),
        ("01 01 00", b"\xcc"),
        ("01 01 6F", b"\xcd"),
        ("02 0D 01", b"\xcd"),
        ("63 01 01", b"\xcb"),
        ("01 01", b"\xc7"),
    ],
)
def test_35_15_what_a_sensor_cannot_become(data: str, code: bytes) -> None:
    assert sensors().ask(SET_TYPE, data) == code
