"""Thresholds and hysteresis (§35.6 to §35.9), and what crossing them does (§35.13, §29.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint.sensors import Traits
from baseboard.commands.sensor.sensors import (
    GetSensorHysteresis,
    GetSensorReading,
    GetSensorThreshold,
    SetSensorHysteresis,
    SetSensorThreshold,
)
from baseboard.records.sdr import Access
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import INLET, OK, sensors

SET_HYSTERESIS, GET_HYSTERESIS, SET_THRESHOLD, GET_THRESHOLD, GET_READING = 0x24, 0x25, 0x26, 0x27, 0x2D
ILLEGAL, INVALID, LENGTH = b"\xcd", b"\xcc", b"\xc7"


def test_35_9_thresholds_begin_as_the_record_has_them() -> None:
    """Readable mask, then LNC, LC, LNR, UNC, UC, UNR; one that is not there is 00h."""
    assert sensors().ask(GET_THRESHOLD, "01") == bytes.fromhex("00 3B 0A 05 00 28 32 3C")


@exercises(SetSensorThreshold, GetSensorThreshold, GetSensorReading)
def test_35_8_a_threshold_that_is_set_is_the_one_that_is_crossed() -> None:
    bmc = sensors()
    assert bmc.ask(SET_THRESHOLD, "01 08 FF FF FF 1B FF FF") == OK
    assert bmc.ask(GET_THRESHOLD, "01") == bytes.fromhex("00 3B 0A 05 00 1B 32 3C")
    bmc.show(26)
    assert bmc.news() == []
    bmc.show(27)
    # direction 0, type 01h; offset 7 with trigger reading and threshold (Table 29-6)
    assert bmc.news() == ["01 01 57 1b 1b"]
    # Table 35-15: bit 3 at or above UNC; bits 7 and 6 are returned as 1
    assert bmc.ask(GET_READING, "01") == bytes.fromhex("00 1B C0 C8")


@pytest.mark.parametrize(
    ("bit", "value", "event"),
    [
        (0x01, 9, "01 01 50 09 0a"),
        (0x02, 4, "01 01 52 04 05"),
        (0x08, 41, "01 01 57 29 28"),
        (0x10, 51, "01 01 59 33 32"),
        (0x20, 61, "01 01 5b 3d 3c"),
    ],
)
def test_29_7_each_threshold_has_its_event(bit: int, value: int, event: str) -> None:
    """Table 42-2, type 01h: going low is even, going high odd; only the threshold under test is enabled."""
    bmc = sensors()
    mask = 1 << int(event[7], 16)
    bmc.ask(0x28, "01 E0 FF 0F FF 0F")
    bmc.ask(0x28, bytes((1, 0xD0, mask & 0xFF, mask >> 8)))
    bmc.show(value)
    assert bmc.news() == [event]
    assert bmc.ask(GET_READING, "01")[3] & bit


@exercises(SetSensorHysteresis, GetSensorHysteresis)
def test_35_6_hysteresis_is_how_far_a_reading_must_come_back() -> None:
    """§35.13's example, moved: T = 40, h = 2 lets go at 37; a greater one holds longer, on its own side."""
    bmc = sensors()
    assert bmc.ask(GET_HYSTERESIS, "01 FF") == bytes.fromhex("00 02 02")
    bmc.show(40)
    bmc.show(38)
    assert bmc.news() == ["01 01 57 28 28"]
    bmc.show(37)
    assert bmc.news() == ["01 81 57 25 28"]
    assert bmc.ask(SET_HYSTERESIS, "01 FF 05 00") == OK
    assert bmc.ask(GET_HYSTERESIS, "01 FF") == bytes.fromhex("00 05 00")
    bmc.show(40)
    bmc.show(35)
    assert bmc.news() == ["01 01 57 28 28"]
    bmc.show(34)
    assert bmc.news() == ["01 81 57 22 28"]
    bmc.show(10)
    bmc.show(11)
    assert bmc.news() == ["01 01 50 0a 0a", "01 81 50 0b 0a"]


def test_35_8_the_requester_answers_for_the_order_of_thresholds() -> None:
    bmc = sensors()
    assert bmc.ask(SET_THRESHOLD, "01 08 00 00 00 63 00 00") == OK
    assert bmc.ask(GET_THRESHOLD, "01")[5:7] == bytes((99, 50))


@pytest.mark.parametrize("cmd", [SET_HYSTERESIS, GET_HYSTERESIS, SET_THRESHOLD, GET_THRESHOLD])
@pytest.mark.parametrize(
    ("number", "code"), [("02", b"\xcd"), ("06", b"\xcd"), ("63", b"\xcb"), ("FF", b"\xcb")]
)
def test_35_without_thresholds_there_is_nothing_to_set(cmd: int, number: str, code: bytes) -> None:
    data = {SET_HYSTERESIS: "FF 01 01", GET_HYSTERESIS: "FF", SET_THRESHOLD: "00" * 7, GET_THRESHOLD: ""}[cmd]
    assert sensors().ask(cmd, f"{number} {data}") == code


def test_35_8_a_threshold_that_the_sensor_lacks_is_refused() -> None:
    bmc = sensors()
    assert bmc.ask(SET_THRESHOLD, "01 04 00 00 01 00 00 00") == INVALID
    assert bmc.ask(SET_THRESHOLD, "01 0C 00 00 01 30 00 00") == INVALID
    assert bmc.ask(GET_THRESHOLD, "01")[5] == 40
    # all eight bytes are always there
    assert bmc.ask(SET_THRESHOLD, "01 08 00 00 00 30") == LENGTH
    assert bmc.ask(SET_HYSTERESIS, "01 FF 05") == LENGTH


@pytest.mark.parametrize(
    ("access", "readable", "settable"),
    [(Access.SETTABLE, True, True), (Access.READABLE, True, False), (Access.FIXED, False, False)],
)
def test_43_1_the_record_says_who_may_read_and_set_them(
    access: Access, readable: bool, settable: bool
) -> None:
    """Byte 12 [5:4] and [3:2]; even fixed thresholds that nobody can read are crossed."""
    bmc = sensors(replace(INLET, traits=Traits(thresholds=access, hysteresis=access)))
    assert (bmc.ask(GET_THRESHOLD, "01") != ILLEGAL) == readable
    assert (bmc.ask(GET_HYSTERESIS, "01 FF") != ILLEGAL) == readable
    assert (bmc.ask(SET_THRESHOLD, "01 08 00 00 00 30 00 00") == OK) == settable
    assert (bmc.ask(SET_HYSTERESIS, "01 FF 02 02") == OK) == settable
    bmc.show(55)
    assert bmc.news()[-1] == "01 01 59 37 32"


def test_35_what_was_set_outlives_the_controller() -> None:
    bmc = sensors()
    bmc.ask(SET_THRESHOLD, "01 18 00 00 00 14 1E 00")
    bmc.ask(SET_HYSTERESIS, "01 FF 07 09")
    again = bmc.restarted()
    assert again.ask(GET_THRESHOLD, "01") == bytes.fromhex("00 3B 0A 05 00 14 1E 3C")
    assert again.ask(GET_HYSTERESIS, "01 FF") == bytes.fromhex("00 07 09")


def test_20_2_a_cold_reset_brings_them_back() -> None:
    bmc = sensors()
    bmc.ask(SET_THRESHOLD, "01 18 00 00 00 14 1E 00")
    assert bmc.system(0x02) == OK
    bmc.advance(10)
    assert bmc.ask(GET_THRESHOLD, "01") == bytes.fromhex("00 3B 0A 05 00 28 32 3C")


@exercises(SetSensorThreshold)
def test_5_2_a_sensor_is_one_of_its_lun() -> None:
    bmc = sensors()
    assert bmc.ask(SET_THRESHOLD, "01 08 00 00 00 14 00 00", lun=1) == OK
    assert bmc.ask(GET_THRESHOLD, "01", lun=1)[5] == 20
    assert bmc.ask(GET_THRESHOLD, "01")[5] == 40
    bmc.advance(10)
    # the generator's LUN tells the two apart (Table 32-1)
    assert bmc.raw(0x0A, 0x43, bytes.fromhex("0000 FFFF 00 FF"))[3:][7:9] == bytes.fromhex("20 01")


@pytest.mark.as_it_comes
def test_strict_reserved_bits_are_refused_only_if_so_configured() -> None:
    for strict, answer in ((False, OK), (True, INVALID)):
        assert sensors(strict=strict).ask(SET_THRESHOLD, "01 C8 00 00 00 30 00 00") == answer
