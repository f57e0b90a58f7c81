"""Chassis capabilities (§28.1, §28.7): as made, as told."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.capabilities import Capabilities
from baseboard.commands.chassis.control import GetChassisCapabilitiesResponse
from tests.bmc.services.homes import make_home


@pytest.mark.parametrize(
    ("sensor_type", "states", "flags"),
    [
        (0x05, 1 << 0, 0x07),  # general chassis intrusion
        (0x05, 1 << 4, 0x06),  # LAN leash lost only
        (0x09, 1 << 3, 0x0E),  # interlock power down
        (0x09, 1 << 0, 0x06),  # power off only
    ],
)
def test_28_1_sensors_tell_what_the_chassis_has(sensor_type: int, states: int, flags: int) -> None:
    home = make_home(sensors=(SensorSpec(1, "S", sensor_type, event_type=0x6F, states=states),))
    assert Capabilities(home).get().encode() == bytes((flags, 0x20, 0x20, 0x20, 0x20, 0x20))


def test_28_1_without_power_lines_there_is_no_panel() -> None:
    home = make_home()
    home.backend.power = None
    assert Capabilities(home).get().encode()[0] == 0


def test_28_7_what_was_told_holds_and_survives() -> None:
    home = make_home()
    told = GetChassisCapabilitiesResponse.decode(bytes.fromhex("09 20 22 24 26 28"))
    Capabilities(home).set(told)
    again = Capabilities(home.again())
    assert again.get() == told
    before = home.journal.store.sequence
    again.set(told)
    assert home.journal.store.sequence == before
