"""Capabilities, status, identify light and front panel (§28.1, §28.2, §28.5 to §28.7)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.commands.chassis.control import (
    ChassisIdentify,
    GetChassisCapabilities,
    GetChassisStatus,
    SetChassisCapabilities,
    SetFrontPanelButtonEnables,
)
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

GET, STATUS, IDENTIFY, SET, PANEL = 0x00, 0x01, 0x04, 0x05, 0x0A
INTRUSION = SensorSpec(1, "Intrusion", 0x05, event_type=0x6F, states=1)


def ask(bmc: Bench, cmd: int, data: str = "", level: int = 4) -> bytes:
    return bmc.raw(0x00, cmd, bytes.fromhex(data), origin=bmc.origin(1, level))


# ---- 28.1, 28.7


@exercises(GetChassisCapabilities)
def test_28_1_what_the_chassis_has_and_who_its_devices_are() -> None:
    assert ask(make_bmc(), GET) == bytes.fromhex("00 06 20 20 20 20 20")
    assert ask(make_bmc(sensors=(INTRUSION,)), GET)[1] == 0x07


@exercises(SetChassisCapabilities, GetChassisCapabilities)
@pytest.mark.parametrize("flags", range(16))
def test_28_7_capabilities_are_told_and_kept(flags: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"{flags:02x} 22 24 26 28 2a") == b"\0"
    told = bytes((0, flags)) + bytes.fromhex("22 24 26 28 2a")
    assert ask(bmc, GET) == told
    assert ask(bmc.reopen(), GET) == told


@exercises(SetChassisCapabilities, GetChassisCapabilities)
def test_28_7_a_bridge_that_is_not_named_stays() -> None:
    bmc = make_bmc()
    ask(bmc, SET, "03 20 20 20 20 2c")
    assert ask(bmc, SET, "01 22 20 20 20") == b"\0"
    assert ask(bmc, GET) == bytes.fromhex("00 01 22 20 20 20 2c")


# ---- 28.2


@exercises(GetChassisStatus)
def test_28_2_power_and_last_event() -> None:
    bmc = make_bmc()
    assert ask(bmc, STATUS) == bytes.fromhex("00 20 00 40 f0"), "off, restore previous, identify supported"
    bmc.controller.button("power")
    assert ask(bmc, STATUS)[1:3] == bytes((0x21, 0x00)), "on, and not by a command"
    ask(bmc, 0x02, "00")
    ask(bmc, 0x02, "01")
    assert ask(bmc, STATUS)[1:3] == bytes((0x21, 0x10)), "last on by command"
    ask(bmc, 0x06, "00")
    gone = bmc.reopen()
    assert ask(gone, STATUS)[1:3] == bytes((0x00, 0x11)), "mains failed while it was on"


@exercises(GetChassisStatus)
def test_28_2_an_intrusion_is_shown_as_long_as_it_lasts() -> None:
    bmc = make_bmc(sensors=(INTRUSION,))
    sensors = bmc.backend.sensors
    assert sensors is not None
    for states, bit in ((0, 0), (1, 1), (0, 0)):
        sensors.states["Intrusion"] = states
        bmc.advance(11)
        assert ask(bmc, STATUS)[3] & 1 == bit


# ---- 28.5


@exercises(ChassisIdentify, GetChassisStatus)
@pytest.mark.parametrize(("data", "seconds"), [("", 15), ("01", 1), ("3c", 60), ("ff", 255), ("05 00", 5)])
def test_28_5_the_light_shines_for_a_while(data: str, seconds: int) -> None:
    bmc = make_bmc()
    light = bmc.backend.identify
    assert light is not None
    assert ask(bmc, IDENTIFY, data) == b"\0"
    assert ask(bmc, STATUS)[3] & 0x30 == 0x10, "temporarily on"
    bmc.advance(seconds - 0.1)
    assert light.lit
    bmc.advance(0.3 * seconds + 0.2)
    assert not light.lit
    assert ask(bmc, STATUS)[3] & 0x30 == 0


@exercises(ChassisIdentify, GetChassisStatus)
@pytest.mark.parametrize("data", ["00 01", "ff 01"])
def test_28_5_or_until_it_is_switched_off(data: str) -> None:
    bmc = make_bmc()
    light = bmc.backend.identify
    assert light is not None
    assert ask(bmc, IDENTIFY, data) == b"\0"
    assert ask(bmc, STATUS)[3] & 0x30 == 0x20, "indefinitely on"
    bmc.advance(10_000)
    assert light.lit
    assert ask(bmc, IDENTIFY, "00") == b"\0"
    assert not light.lit


@exercises(ChassisIdentify)
def test_28_5_each_command_begins_the_interval_anew() -> None:
    bmc = make_bmc()
    light = bmc.backend.identify
    assert light is not None
    ask(bmc, IDENTIFY, "0a")
    bmc.advance(9)
    ask(bmc, IDENTIFY, "0a")
    bmc.advance(9)
    assert light.lit


# ---- 28.6


@exercises(SetFrontPanelButtonEnables, GetChassisStatus)
@pytest.mark.parametrize(
    ("mask", "button", "call"),
    [(0x01, "power", "soft_shutdown"), (0x02, "reset", "reset"), (0x04, "nmi", "diagnostic_interrupt")],
)
def test_28_6_a_button_that_is_disabled_does_nothing(mask: int, button: str, call: str) -> None:
    bmc = make_bmc()
    ask(bmc, 0x02, "01")
    assert ask(bmc, PANEL, f"{mask:02x}") == b"\0"
    assert ask(bmc, STATUS)[4] == 0xF0 | mask, "all may be disabled, and that one is"
    bmc.controller.button(button)
    assert call not in bmc.backend.calls
    assert ask(bmc, PANEL, "00") == b"\0"
    bmc.controller.button(button)
    assert bmc.backend.calls.count(call) == 1


@exercises(SetFrontPanelButtonEnables)
def test_28_6_it_is_kept_and_both_make_a_lockout() -> None:
    bmc = make_bmc()
    ask(bmc, PANEL, "0f")
    again = bmc.reopen()
    assert ask(again, STATUS)[4] == 0xFF
    assert ask(again, STATUS)[3] & 0x02, "neither power off nor reset: front panel lockout"
    ask(again, PANEL, "01")
    assert not ask(again, STATUS)[3] & 0x02


@pytest.mark.parametrize(
    ("cmd", "data", "level", "lengths"),
    [(GET, "", 2, {0}), (STATUS, "", 2, {0}), (IDENTIFY, "", 3, {0, 1, 2}),
     (SET, "00 20 20 20 20", 4, {5, 6}), (PANEL, "00", 4, {1})],
)  # fmt: skip
def test_g_1_levels_and_lengths(cmd: int, data: str, level: int, lengths: set[int]) -> None:
    bmc = make_bmc()
    for at in range(1, 5):
        assert (ask(bmc, cmd, data, at) == b"\xd4") == (at < level)
    for size in range(10):
        assert (ask(bmc, cmd, "00" * size)[0] == 0xC7) == (size not in lengths)
