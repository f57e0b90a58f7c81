"""The initialization agent (§33.6, §33.21): when it runs, and what it sets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint.sensors import Init, Traits
from baseboard.commands.sensor.sensors import (
    GetSensorEventEnable,
    GetSensorHysteresis,
    GetSensorThreshold,
    GetSensorType,
    SetSensorThreshold,
)
from baseboard.commands.storage.sdr import AddSdr, RunInitializationAgent
from tests.conformance.marks import exercises
from tests.conformance.sdr.rig import ADD, AGENT, CLEAR, DELETE, OK, Repository, repository
from tests.conformance.sensors.rig import BAY, INLET, sensors

SHIPPED = {
    "thresholds": "3B 0A 05 00 28 32 3C",
    "hysteresis": "02 02",
    "events": "C0 85 0A 85 0A",
    "type": "01 01",
}
CHANGED = {
    "thresholds": "3B 0A 05 00 14 1E 3C",
    "hysteresis": "07 09",
    "events": "40 05 08 85 0A",
    "type": "0B 01",
}


def state(sdr: Repository) -> dict[str, str]:
    """How the first sensor is set, as the commands tell."""
    asked = {
        "thresholds": (0x27, "01"),
        "hysteresis": (0x25, "01 FF"),
        "events": (0x29, "01"),
        "type": (0x2F, "01"),
    }
    return {name: sdr.bmc.ask(cmd, data)[1:].hex(" ").upper() for name, (cmd, data) in asked.items()}


def change(sdr: Repository) -> None:
    """Set everything of the first sensor by commands."""
    for cmd, data in (
        (0x26, "01 18 00 00 00 14 1E 00"), (0x24, "01 FF 07 09"), (0x28, "01 60 80 02"), (0x2E, "01 0B 01"),
    ):  # fmt: skip
        assert sdr.bmc.ask(cmd, data) == OK
    assert state(sdr) == CHANGED


@exercises(
    RunInitializationAgent, GetSensorThreshold, GetSensorHysteresis, GetSensorEventEnable, GetSensorType
)
def test_33_21_by_command_it_sets_what_the_records_say() -> None:
    """Byte 1 [0]: 1 runs it, 0 only asks; the answer's bit 0 says that it is done."""
    sdr = repository()
    change(sdr)
    assert sdr.ask(AGENT, "00") == bytes.fromhex("00 01")
    assert state(sdr) == CHANGED
    assert sdr.ask(AGENT, "01") == bytes.fromhex("00 01")
    assert state(sdr) == SHIPPED


@exercises(RunInitializationAgent)
def test_33_21_many_sensors_take_their_time() -> None:
    many = Repository(sensors(*(replace(INLET, number=n, name=f"T{n}") for n in range(1, 61))))
    assert many.bmc.ask(0x24, "3C FF 09 09") == OK
    assert many.ask(AGENT, "01") == bytes.fromhex("00 00")
    assert many.ask(AGENT, "00") == bytes.fromhex("00 00")
    assert many.bmc.ask(0x25, "3C FF")[1:] == bytes((9, 9))
    many.bmc.advance(1)
    assert many.ask(AGENT, "00") == bytes.fromhex("00 01")
    assert many.bmc.ask(0x25, "3C FF")[1:] == bytes((2, 2))


@exercises(SetSensorThreshold, GetSensorThreshold)
@pytest.mark.parametrize("how", ["power-up", "hard reset", "cold reset of the BMC"])
def test_33_6_it_runs_when_the_system_starts(how: str) -> None:
    sdr = repository()
    sdr.bmc.power.turn_on()
    change(sdr)
    if how == "power-up":
        sdr.bmc.power.turn_off()
        assert state(sdr) == CHANGED
        sdr.bmc.power.turn_on()
    elif how == "hard reset":
        assert sdr.bmc.raw(0x00, 0x02, b"\x03") == OK
    else:
        assert sdr.bmc.system(0x02) == OK
    sdr.bmc.advance(10)
    assert state(sdr) == SHIPPED


@pytest.mark.parametrize("init", [Init.SCANNING, Init.EVENTS, Init.THRESHOLDS, Init.HYSTERESIS, Init.TYPE])
def test_33_6_it_sets_only_what_the_init_bits_name(init: Init) -> None:
    """Table 43-1, byte 11 [6:2]; what is not named stays as commands have set it."""
    sdr = Repository(sensors(replace(INLET, traits=Traits(init=init)), BAY))
    change(sdr)
    assert sdr.bmc.ask(0x28, "01 00") == OK
    sdr.bmc.power.turn_on()
    sdr.bmc.advance(1)
    now = state(sdr)
    named = {Init.THRESHOLDS: "thresholds", Init.HYSTERESIS: "hysteresis", Init.TYPE: "type"}
    for bit, name in named.items():
        assert now[name] == (SHIPPED if bit == init else CHANGED)[name]
    events = {Init.SCANNING: "40 05 08 85 0A", Init.EVENTS: "80 85 0A 85 0A"}
    assert now["events"] == events.get(init, "00 05 08 85 0A")


@exercises(AddSdr, GetSensorThreshold)
def test_33_6_a_record_written_anew_is_what_counts_from_then_on() -> None:
    """Bytes 37 to 42 hold UNR, UC, UNC, LNR, LC, LNC."""
    sdr = repository()
    record = bytearray(sdr.read(1)[3:])
    record[37:39] = bytes((48, 44))
    held = sdr.reserve()
    assert sdr.ask(DELETE, held + b"\x01\0")[0] == 0
    assert sdr.ask(ADD, bytes(record))[0] == 0
    assert state(sdr) == SHIPPED
    sdr.bmc.power.turn_on()
    sdr.bmc.advance(1)
    assert state(sdr)["thresholds"] == "3B 0A 05 00 2C 30 3C"
    # the sensor obeys it
    sdr.bmc.show(45)
    assert sdr.bmc.news() == ["01 01 57 2d 2c"]


def test_33_6_a_start_of_the_bmc_works_through_new_records_and_leaves_what_was_set_since() -> None:
    sdr = repository()
    record = bytearray(sdr.read(1)[3:])
    record[38] = 44
    assert sdr.ask(ADD, bytes(record))[0] == 0
    sdr = sdr.restarted()
    assert state(sdr)["thresholds"] == "3B 0A 05 00 2C 32 3C"
    change(sdr)
    assert state(sdr.restarted()) == CHANGED


def test_33_6_without_records_nothing_is_set() -> None:
    sdr = repository()
    change(sdr)
    assert sdr.ask(CLEAR, sdr.reserve() + b"CLR\xaa")[0] == 0
    sdr.bmc.advance(1)
    assert sdr.ask(AGENT, "01") == bytes.fromhex("00 01")
    assert state(sdr) == CHANGED


def test_33_6_event_generation_is_switched_as_the_controllers_locator_says() -> None:
    """Table 43-8, byte 8 [1:0]: 00b on, 01b off, 10b leaves the controller alone."""
    for how, receiver, set_up in ((0, "20 00", True), (1, "FF 00", True), (2, "52 01", False)):
        sdr = repository()
        locator = bytearray(sdr.read(3)[3:])
        locator[7] = locator[7] & 0xFC | how
        sdr.ask(DELETE, sdr.reserve() + b"\x03\0")
        assert sdr.ask(ADD, bytes(locator))[0] == 0
        sdr.bmc.ask(0x00, "52 01")
        change(sdr)
        assert sdr.ask(AGENT, "01") == bytes.fromhex("00 01")
        assert sdr.bmc.ask(0x01, "")[1:] == bytes.fromhex(receiver)
        assert (state(sdr) == SHIPPED) == set_up


def test_33_6_sensors_that_share_a_record_are_all_set_by_it() -> None:
    alike = (replace(BAY, number=0x20 + n, name=f"Bay {n}", traits=Traits(share="Bay ")) for n in range(4))
    sdr = Repository(sensors(INLET, *alike))
    assert len(sdr.listed()) == 3
    for number in range(0x20, 0x24):
        assert sdr.bmc.ask(0x28, bytes((number, 0x00))) == OK
    assert sdr.ask(AGENT, "01") == bytes.fromhex("00 01")
    assert [sdr.bmc.ask(0x29, bytes((n,)))[1] for n in range(0x20, 0x24)] == [0xC0] * 4


def test_power_that_comes_and_goes_between_two_scans_leaves_its_events() -> None:
    """A state of less than a second is no reason to lose an event."""
    bay = replace(BAY, name="Power")
    bmc = sensors(INLET, bay)
    bmc.port.states["Power"] = 1
    bmc.advance(10)
    bmc.news()
    bmc.port.states["Power"] = 2
    bmc.power.turn_on()
    bmc.port.states["Power"] = 1
    bmc.power.turn_off()
    assert bmc.news() == ["02 ef 00 ff ff", "02 6f 01 ff ff", "02 ef 01 ff ff", "02 6f 00 ff ff"]
