"""Set Sensor Reading And Event Status (§35.17)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.blueprint.sources import FileSource, SourceSpec
from baseboard.commands.sensor.sensors import (
    GetSensorEventStatus,
    GetSensorReading,
    SetSensorReadingAndEventStatus,
)
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import BAY, INLET, OK, Sensors, sensors

WRITE, STATUS, READING = 0x30, 0x2B, 0x2D
AS_GIVEN, SET, CLEAR = 1, 2, 3


def operation(*, data: int = 0, assertion: int = 0, deassertion: int = 0, reading: int = 0) -> int:
    """Byte 2."""
    return data << 6 | assertion << 4 | deassertion << 2 | reading


def write(bmc: Sensors, number: int, op: int, rest: str = "") -> bytes:
    return bmc.ask(WRITE, bytes((number, op)) + bytes.fromhex(rest))


@exercises(SetSensorReadingAndEventStatus, GetSensorReading)
def test_35_17_a_written_reading_is_judged_like_a_scanned_one() -> None:
    bmc = sensors()
    assert write(bmc, 1, operation(reading=1), "37") == OK
    assert bmc.ask(READING, "01") == bytes.fromhex("00 37 C0 D8")
    assert bmc.news() == ["01 01 57 37 28", "01 01 59 37 32"]
    bmc.show(20)
    assert bmc.ask(READING, "01")[1] == 0x37
    assert write(bmc, 1, operation(reading=1), "19") == OK
    assert bmc.news() == ["01 81 59 19 32", "01 81 57 19 28"]


@exercises(SetSensorReadingAndEventStatus, GetSensorReading, GetSensorEventStatus)
def test_35_17_states_are_written_set_and_cleared() -> None:
    """Byte 2 [5:4]: 01b as given, 10b set the 1 bits, 11b clear the 1 bits; byte 3 is not used."""
    bmc = sensors()
    steps = [
        (AS_GIVEN, "02 00", 0b010, ["02 ef 00 ff ff", "02 6f 01 ff ff"]),
        (SET, "05 00", 0b111, ["02 6f 00 ff ff", "02 6f 02 ff ff"]),
        (CLEAR, "03 00", 0b100, ["02 ef 01 ff ff", "02 ef 00 ff ff"]),
        (SET, "04", 0b100, []),
    ]
    for how, bits, states, events in steps:
        assert write(bmc, 2, operation(assertion=how), f"00 {bits}") == OK
        assert bmc.ask(READING, "02") == bytes((0, 0, 0xC0, states, 0x80))
        assert bmc.ask(STATUS, "02")[2] == states
        assert bmc.news() == events


@exercises(SetSensorReadingAndEventStatus, GetSensorEventStatus)
def test_35_17_the_deassertion_status_is_written_likewise() -> None:
    bmc = sensors()
    assert write(bmc, 2, operation(deassertion=SET), "00 00 00 03 00") == OK
    # state 0 held and is over; state 1 never held and is told to be over
    assert bmc.news() == ["02 ef 00 ff ff", "02 ef 01 ff ff"]
    assert bmc.ask(STATUS, "02")[2:] == bytes.fromhex("00 00 03 00")
    assert write(bmc, 2, operation(deassertion=CLEAR), "00 00 00 01 00") == OK
    assert bmc.ask(STATUS, "02")[2:] == bytes.fromhex("00 00 02 00")
    assert write(bmc, 2, operation(deassertion=AS_GIVEN), "00 00 00 04 00") == OK
    assert bmc.ask(STATUS, "02")[2:] == bytes.fromhex("00 00 04 00")
    assert bmc.news() == ["02 ef 02 ff ff"]


@exercises(SetSensorReadingAndEventStatus, GetSensorEventStatus)
def test_35_17_conditions_of_thresholds_can_be_written_too() -> None:
    bmc = sensors()
    assert write(bmc, 1, operation(assertion=SET), "00 00 02") == OK
    assert bmc.news() == ["01 01 59 19 32"]
    assert bmc.ask(STATUS, "01")[2:] == bytes.fromhex("00 02 00 00")
    assert write(bmc, 1, operation(assertion=AS_GIVEN, reading=1), "1E 80 00") == OK
    assert bmc.news() == ["01 81 59 1e 32", "01 01 57 1e 28"]
    assert write(bmc, 1, operation(reading=1), "1E") == OK
    assert bmc.news() == ["01 81 57 1e 28"]


def test_35_17_event_data_are_the_bmcs_the_writers_or_the_writers_but_for_the_offset() -> None:
    """Byte 2 [7:6]: 00b, 01b with event data 1 [3:0], 10b without; bytes 8 to 10."""
    bmc = sensors()
    for how, on, off in (
        (0, "00 ff ff", "00 ff ff"),
        (1, "a5 11 22", "a5 11 22"),
        (2, "a0 11 22", "a0 11 22"),
    ):
        bmc.hold(0)
        write(bmc, 2, operation(assertion=AS_GIVEN), "00 00 00")
        bmc.news()
        assert write(bmc, 2, operation(data=how, assertion=SET), "00 01 00 00 00 A5 11 22") == OK
        assert write(bmc, 2, operation(data=how, assertion=CLEAR), "00 01 00 00 00 A5 11 22") == OK
        assert bmc.news() == [f"02 6f {on}", f"02 ef {off}"]


@pytest.mark.parametrize(
    ("number", "op", "rest", "code"),
    [
        (2, operation(reading=1), "01", 0x80),
        (2, operation(assertion=SET), "00 08 00", 0x80),
        (2, operation(deassertion=AS_GIVEN), "00 00 00 00 40", 0x80),
        (1, operation(assertion=SET), "00 10 00", 0x80),
        (6, operation(assertion=SET), "00 80 00", 0x80),
        (4, operation(assertion=SET), "00 02 00", 0x80),
        (1, operation(reading=2), "01", 0xCC),
        (1, operation(reading=3), "01", 0xCC),
        (2, operation(data=3, assertion=SET), "00 01 00 00 00 A5 11 22", 0xCC),
        (1, operation(reading=1), "", 0xC7),
        (2, operation(assertion=SET), "00", 0xC7),
        (2, operation(deassertion=SET), "00 01 00", 0xC7),
        (2, operation(data=1, assertion=SET), "00 01 00 00 00 A5 11", 0xC7),
        (0x63, operation(reading=1), "01", 0xCB),
    ],
)
def test_35_17_what_cannot_be_written(number: int, op: int, rest: str, code: int) -> None:
    bmc = sensors()
    before = bmc.ask(STATUS, "01"), bmc.ask(STATUS, "02")
    assert write(bmc, number, op, rest) == bytes((code,))
    assert (bmc.ask(STATUS, "01"), bmc.ask(STATUS, "02")) == before
    assert bmc.news() == []


def test_35_17_the_record_says_whether_a_sensor_can_be_written() -> None:
    """Table 43-1, byte 11 [7]; 81h where its event data are the BMC's alone."""
    cases = ((Traits(settable="no"), 0x80, 0x80), (Traits(settable="values"), 0, 0x81), (Traits(), 0, 0))
    for traits, reading, data in cases:
        bmc = sensors(replace(INLET, traits=traits), replace(BAY, source=SourceSpec(FileSource("value"))))
        record = bmc.raw(0x0A, 0x23, bytes.fromhex("0000 0000 00 FF"))[3:]
        assert bool(record[10] & 0x80) == (reading == 0)
        assert write(bmc, 1, operation(reading=1), "37") == bytes((reading,))
        assert write(bmc, 1, operation(data=1, reading=1), "19 00 00 00 00 57 01 02") == bytes((data,))
        # what is measured cannot be written over
        assert write(bmc, 2, operation(assertion=SET), "00 02") == b"\x80"


def test_35_17_to_write_nothing_changes_nothing() -> None:
    bmc = sensors()
    assert write(bmc, 1, 0) == OK
    bmc.show(26)
    assert bmc.ask(READING, "01")[1] == 26


def test_35_17_events_that_are_off_are_not_sent_but_their_status_is_there() -> None:
    bmc = sensors()
    assert bmc.ask(0x28, "02 E0 02") == OK
    assert write(bmc, 2, operation(assertion=SET), "00 06") == OK
    assert bmc.news() == ["02 6f 02 ff ff"]
    assert bmc.ask(STATUS, "02")[2] == 0b111
