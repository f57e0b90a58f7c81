"""Event messages: who receives them, and Platform Event (§29.1 to §29.3)."""

from __future__ import annotations

import pytest

from baseboard.commands.sensor.events import GetEventReceiver, PlatformEvent, SetEventReceiver
from tests.conformance.bench import ADMIN, OPERATOR, VIEWER
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import OK, Sensors, sensors

SET_RECEIVER, GET_RECEIVER, EVENT = 0x00, 0x01, 0x02


def newest(bmc: Sensors) -> bytes:
    """The newest entry of the log, from its record type on, without its time."""
    entry = bmc.raw(0x0A, 0x43, bytes.fromhex("0000 FFFF 00 FF"))[3:]
    return entry[2:3] + entry[7:]


@exercises(SetEventReceiver, GetEventReceiver)
def test_29_1_events_go_to_the_receiver_and_nowhere_if_there_is_none() -> None:
    bmc = sensors()
    assert bmc.ask(GET_RECEIVER, "") == bytes.fromhex("00 20 00")
    assert bmc.ask(SET_RECEIVER, "FF 00") == OK
    assert bmc.ask(GET_RECEIVER, "") == bytes.fromhex("00 FF 00")
    bmc.show(55)
    assert bmc.news() == []
    # the BMC again: setting it re-arms every sensor, so what still holds is told now
    assert bmc.ask(SET_RECEIVER, "20 00") == OK
    assert bmc.news() == ["01 01 57 37 28", "01 01 59 37 32", "02 6f 00 ff ff"]
    assert bmc.ask(SET_RECEIVER, "52 03") == OK
    bmc.show(25)
    assert bmc.news() == []


def test_29_1_the_receiver_outlives_the_controller() -> None:
    bmc = sensors()
    bmc.ask(SET_RECEIVER, "52 03")
    assert bmc.restarted().ask(GET_RECEIVER, "") == bytes.fromhex("00 52 03")


@exercises(SetEventReceiver)
def test_29_1_what_is_set_needs_an_administrator_and_all_of_its_bytes() -> None:
    bmc = sensors()
    for user, code in ((VIEWER, b"\xd4"), (OPERATOR, b"\xd4"), (ADMIN, OK)):
        assert bmc.in_v20(user, level=user.privilege).ask(0x04, SET_RECEIVER, b"\x20\x00") == code
    assert bmc.ask(SET_RECEIVER, "20") == b"\xc7"
    assert bmc.in_v20(VIEWER).ask(0x04, GET_RECEIVER) == bytes.fromhex("00 20 00")


@exercises(PlatformEvent)
def test_29_3_an_event_message_is_logged_as_its_sender_made_it() -> None:
    """Through the system interface the first byte says which software sends it; missing data are FFh."""
    bmc = sensors()
    assert bmc.ask(EVENT, "41 04 0C 99 6F A1 02 03") == OK
    assert newest(bmc) == bytes.fromhex("02 4100 04 0C 99 6F A1 02 03")
    assert bmc.ask(EVENT, "21 04 0C 99 EF 01") == OK
    assert newest(bmc) == bytes.fromhex("02 2100 04 0C 99 EF 01 FF FF")


@exercises(PlatformEvent)
def test_29_3_over_the_lan_the_senders_address_tells_who_it_is() -> None:
    """§32.1: software ID 81h of a remote console; channel and LUN in the second byte."""
    bmc = sensors()
    console = bmc.in_v20(OPERATOR, level=3)
    assert console.ask(0x04, EVENT, bytes.fromhex("04 0C 99 6F A1 02 03")) == OK
    assert newest(bmc) == bytes.fromhex("02 8110 04 0C 99 6F A1 02 03")
    assert bmc.in_v20(VIEWER).ask(0x04, EVENT, bytes.fromhex("04 0C 99 6F A1 02 03")) == b"\xd4"


def test_29_3_an_event_of_version_1_0_is_taken_others_are_not() -> None:
    bmc = sensors()
    assert bmc.ask(EVENT, "41 03 0C 99 6F A1 02 03") == OK
    assert bmc.ask(EVENT, "41 05 0C 99 6F A1 02 03") == b"\xcc"


@pytest.mark.parametrize("data", ["", "41 04 0C 99 6F", "41 04 0C 99 6F 01 02 03 04"])
def test_29_3_the_message_has_five_to_seven_bytes(data: str) -> None:
    assert sensors().ask(EVENT, data) == b"\xc7"


def test_29_3_an_event_with_a_sensors_number_does_not_change_the_sensor() -> None:
    bmc = sensors()
    bmc.show(25)
    assert bmc.ask(EVENT, "41 04 01 01 01 57 37 28") == OK
    assert bmc.ask(0x2B, "01")[2:] == bytes(4)


def test_29_4_a_full_log_does_not_refuse_an_event() -> None:
    bmc = sensors(sel_capacity=16)
    for _ in range(16):
        assert bmc.ask(EVENT, "41 04 0C 99 6F A1 02 03") == OK
    assert bmc.ask(EVENT, "41 04 0C 99 6F A1 02 03") == OK
    assert bmc.raw(0x0A, 0x40)[-1] & 0x80
