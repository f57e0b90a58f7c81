"""Event enables, re-arming and event status (§35.10 to §35.13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint.sensors import Traits
from baseboard.commands.sensor.sensors import (
    GetSensorEventEnable,
    GetSensorEventStatus,
    GetSensorReading,
    RearmSensorEvents,
    SetSensorEventEnable,
)
from baseboard.records.sdr import EventControl
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import BAY, INLET, OK, Sensors, sensors

SET_ENABLE, GET_ENABLE, REARM, STATUS, READING = 0x28, 0x29, 0x2A, 0x2B, 0x2D


def enables(bmc: Sensors, number: int = 1) -> bytes:
    """Byte 2, and the assertion and deassertion masks."""
    answer = bmc.ask(GET_ENABLE, bytes((number,)))
    assert answer[0] == 0
    return answer[1:]


def test_35_11_everything_that_the_sensor_can_send_is_on_from_the_start() -> None:
    """Of five thresholds, without the lower non-recoverable: offsets 0, 2, 7, 9, 11."""
    assert enables(sensors()) == bytes.fromhex("C0 85 0A 85 0A")
    assert enables(sensors(), 2) == bytes.fromhex("C0 07 00 07 00")


@exercises(SetSensorEventEnable, GetSensorEventEnable)
def test_35_10_each_event_is_switched_by_itself_and_only_those_that_are_on_are_sent() -> None:
    bmc = sensors()
    # 10b: disable selected; UNC going high (7) of assertion, UC going high (9) of deassertion
    assert bmc.ask(SET_ENABLE, "01 E0 80 00 00 02") == OK
    assert enables(bmc) == bytes.fromhex("C0 05 0A 85 08")
    bmc.show(55)
    assert bmc.news() == ["01 01 59 37 32"]
    bmc.show(25)
    assert bmc.news() == ["01 81 57 19 28"]
    # 01b: enable selected; what the sensor cannot send stays off
    assert bmc.ask(SET_ENABLE, "01 D0 FF 7F FF 7F") == OK
    assert enables(bmc) == bytes.fromhex("C0 85 0A 85 0A")
    bmc.show(45)
    assert bmc.news() == ["01 01 57 2d 28"]


def test_35_10_the_masks_mean_nothing_where_they_are_to_be_left() -> None:
    bmc = sensors()
    assert bmc.ask(SET_ENABLE, "01 C0 FF FF FF FF") == OK
    assert bmc.ask(SET_ENABLE, "01 C0 00 00 00 00") == OK
    assert enables(bmc) == bytes.fromhex("C0 85 0A 85 0A")
    assert bmc.ask(SET_ENABLE, "01 F0 00 00 00 00") == b"\xcc"


@pytest.mark.parametrize("size", range(2, 7))
def test_35_10_the_masks_may_end_anywhere(size: int) -> None:
    bmc = sensors()
    assert bmc.ask(SET_ENABLE, bytes.fromhex("01 E0 FF FF FF FF")[:size]) == OK
    masks = bytes.fromhex("85 0A 85 0A")
    left = bytes(4)[: max(size - 2, 0)] + masks[size - 2 :]
    assert enables(bmc)[1:] == left


def test_35_10_one_bit_switches_all_event_messages_of_a_sensor() -> None:
    bmc = sensors()
    assert bmc.ask(SET_ENABLE, "01 40") == OK
    bmc.show(55)
    assert bmc.news() == []
    # its status is known all the same, and its reading says that messages are off
    assert bmc.ask(STATUS, "01") == bytes.fromhex("00 40 80 02 00 00")
    assert bmc.ask(READING, "01") == bytes.fromhex("00 37 40 D8")
    assert bmc.ask(SET_ENABLE, "01 C0") == OK
    bmc.advance(10)
    assert bmc.news() == []


@exercises(SetSensorEventEnable, GetSensorReading)
def test_35_10_a_sensor_that_is_not_scanned_tells_nothing() -> None:
    bmc = sensors()
    assert bmc.ask(SET_ENABLE, "01 80") == OK
    bmc.show(55)
    assert bmc.news() == []
    assert bmc.ask(READING, "01")[2] == 0x80
    assert bmc.ask(SET_ENABLE, "01 C0") == OK
    assert bmc.news() == ["01 01 57 37 28", "01 01 59 37 32"]


def test_35_10_the_events_of_other_services_obey_too() -> None:
    """The watchdog's sensor: offset 1, hard reset; set, started, expired."""
    bmc = sensors()
    bmc.power.turn_on()
    bmc.news()

    def expired() -> list[str]:
        assert bmc.system(0x24, bytes.fromhex("04 01 00 00 01 00")) == OK
        assert bmc.system(0x22) == OK
        bmc.advance(1)
        return [entry for entry in bmc.news() if entry.startswith("05")]

    assert expired() == ["05 6f c1 04 ff"]
    assert bmc.ask(SET_ENABLE, "05 E0 02") == OK
    assert expired() == []
    assert bmc.ask(SET_ENABLE, "05 D0 02") == OK
    assert bmc.ask(SET_ENABLE, "05 40") == OK
    assert expired() == []
    assert bmc.ask(SET_ENABLE, "05 C0") == OK
    assert bmc.ask(0x2E, "05 C1 70") == OK
    assert expired() == ["05 70 c1 04 ff"]


def test_35_10_what_cannot_be_switched() -> None:
    """Table 43-1, byte 12 [1:0]: per event, the sensor as a whole, or only globally."""
    whole = sensors(replace(INLET, traits=Traits(event_control=EventControl.ENTIRE_SENSOR)))
    assert whole.ask(SET_ENABLE, "01 E0 80") == b"\xcd"
    assert whole.ask(SET_ENABLE, "01 40") == OK
    assert enables(whole)[0] == 0x40
    fixed = sensors(replace(INLET, traits=Traits(event_control=EventControl.GLOBAL_ONLY)))
    assert fixed.ask(SET_ENABLE, "01 40") == OK
    assert enables(fixed)[0] == 0xC0


def test_35_10_enables_outlive_the_controller() -> None:
    bmc = sensors()
    bmc.ask(SET_ENABLE, "01 60 80 02 85 0A")
    assert enables(bmc.restarted()) == bytes.fromhex("40 05 08 00 00")


@exercises(RearmSensorEvents, GetSensorEventStatus)
def test_35_12_re_arming_tells_anew_what_still_holds() -> None:
    bmc = sensors()
    bmc.show(55)
    assert bmc.news() == ["01 01 57 37 28", "01 01 59 37 32"]
    assert bmc.ask(STATUS, "01") == bytes.fromhex("00 C0 80 02 00 00")
    # [7] = 1: only what the masks select, which may end anywhere
    assert bmc.ask(REARM, "01 80 00 02") == OK
    assert bmc.news() == ["01 01 59 37 32"]
    # [7] = 0: everything, whatever the masks say
    assert bmc.ask(REARM, "01 00 00 00") == OK
    assert bmc.news() == ["01 01 57 37 28", "01 01 59 37 32"]
    bmc.show(25)
    assert bmc.ask(STATUS, "01") == bytes.fromhex("00 C0 00 00 80 02")
    assert bmc.ask(REARM, "01 80 00 00 80") == OK
    assert bmc.ask(STATUS, "01") == bytes.fromhex("00 C0 00 00 00 02")


@exercises(RearmSensorEvents, GetSensorEventStatus)
def test_35_13_what_must_be_re_armed_by_hand_is_latched_and_told_once() -> None:
    bmc = sensors()
    for states in (0x4001, 0, 0x4001, 0):
        bmc.hold(states, "Errors")
    assert bmc.news() == ["03 6f 00 ff ff", "03 6f 0e ff ff", "03 ef 0e ff ff", "03 ef 00 ff ff"]
    assert bmc.ask(STATUS, "03") == bytes.fromhex("00 C0 01 40 01 40")
    assert bmc.ask(REARM, "03 80 01 00 00 00") == OK
    assert bmc.ask(STATUS, "03") == bytes.fromhex("00 C0 00 40 01 40")
    bmc.hold(0x4001, "Errors")
    assert bmc.news() == ["03 6f 00 ff ff"]
    assert bmc.ask(REARM, "03 00") == OK
    assert bmc.news() == ["03 6f 00 ff ff", "03 6f 0e ff ff"]


def test_35_13_what_re_arms_itself_shows_what_holds() -> None:
    bmc = sensors()
    bmc.hold(0b010)
    assert bmc.ask(STATUS, "02") == bytes.fromhex("00 C0 02 00 01 00")
    bmc.hold(0b001)
    assert bmc.ask(STATUS, "02") == bytes.fromhex("00 C0 01 00 02 00")


@exercises(RearmSensorEvents, GetSensorReading, GetSensorEventStatus)
def test_35_14_until_its_first_reading_after_re_arming_a_sensor_is_unavailable() -> None:
    """Byte 3 [5], formerly "initial update in progress"."""
    bmc = sensors(replace(INLET, traits=Traits(update_s=5)))
    bmc.advance(10)
    bmc.show(45)
    bmc.news()
    assert bmc.ask(READING, "01")[2] == 0xC0
    assert bmc.ask(REARM, "01 00") == OK
    assert bmc.ask(READING, "01")[2] == 0xE0
    assert bmc.ask(STATUS, "01")[1] == 0xE0
    assert bmc.news() == []
    bmc.advance(5)
    assert bmc.ask(READING, "01")[1:3] == bytes((45, 0xC0))
    assert bmc.news() == ["01 01 57 2d 28"]


@pytest.mark.parametrize(("cmd", "rest"), [(SET_ENABLE, "C0"), (GET_ENABLE, ""), (REARM, "00"), (STATUS, "")])
def test_35_an_unknown_sensor_is_not_present(cmd: int, rest: str) -> None:
    bmc = sensors(INLET, BAY)
    assert bmc.ask(cmd, f"63 {rest}") == b"\xcb"
    assert bmc.ask(cmd, f"01 {rest}", lun=1) == b"\xcb"
    assert bmc.ask(cmd, f"01 {rest}", lun=2) == b"\xc2"
    assert bmc.ask(cmd, "") == b"\xc7"
    assert bmc.ask(cmd, "01 80 00 00 00 00 00") == b"\xc7"
