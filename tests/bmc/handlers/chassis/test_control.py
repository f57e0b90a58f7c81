"""Chassis commands (§28), byte for byte as consoles see them."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.events import Event
from baseboard.codes import ChassisControl as Control
from baseboard.codes import Privilege
from baseboard.commands.chassis.control import (
    ChassisControl,
    ChassisIdentify,
    GetChassisCapabilities,
    GetChassisStatus,
    GetSystemRestartCause,
    SetChassisCapabilities,
    SetFrontPanelButtonEnables,
    SetPowerCycleInterval,
    SetPowerRestorePolicy,
)
from tests.bmc.harness import Bench, make_bmc

CHASSIS = 0x00
LAN = 1


def lan(bmc: Bench, cmd: int, data: str = "", privilege: Privilege = Privilege.ADMINISTRATOR) -> bytes:
    """A request over a LAN session; completion code and data of its response."""
    return bmc.raw(CHASSIS, cmd, bytes.fromhex(data), origin=bmc.origin(LAN, int(privilege)))


def code(bmc: Bench, cmd: int, data: str = "", privilege: Privilege = Privilege.ADMINISTRATOR) -> int:
    return lan(bmc, cmd, data, privilege)[0]


# 28.1, 28.7


def test_28_1_every_device_of_the_chassis_is_the_bmc() -> None:
    assert lan(make_bmc(), 0x00) == bytes.fromhex("00 06 20 20 20 20 20")


def test_28_1_sensors_tell_what_the_chassis_has() -> None:
    intrusion = SensorSpec(1, "Intrusion", 0x05, event_type=0x6F, states=1)
    interlock = SensorSpec(2, "Power Unit", 0x09, event_type=0x6F, states=1 << 3)
    assert lan(make_bmc(sensors=(intrusion, interlock)), 0x00)[1] == 0x0F


def test_28_7_capabilities_read_back_and_survive() -> None:
    bmc = make_bmc()
    assert lan(bmc, 0x05, "09 20 22 25 26 28") == b"\0"
    wanted = bytes.fromhex("00 09 20 22 24 26 28")
    assert lan(bmc, 0x00) == wanted
    assert lan(bmc.reopen(), 0x00) == wanted


def test_28_7_a_bridge_that_is_not_named_stays() -> None:
    bmc = make_bmc()
    bmc.execute(SetChassisCapabilities(fru_device_address=0x20, bridge_device_address=0x28))
    bmc.execute(SetChassisCapabilities(fru_device_address=0x20))
    assert bmc.execute(GetChassisCapabilities()).bridge_device_address == 0x28


def test_28_7_what_is_told_twice_is_written_once() -> None:
    bmc = make_bmc()
    bmc.execute(SetChassisCapabilities(fru_device_address=0x20))
    before = bmc.store.sequence
    bmc.execute(SetChassisCapabilities(fru_device_address=0x20))
    assert bmc.store.sequence == before


# 28.2


def test_28_2_status_of_a_system_that_is_off_and_of_one_that_is_on() -> None:
    bmc = make_bmc()
    # restore policy "previous"; no event; identify supported; four buttons that may be disabled
    assert lan(bmc, 0x01) == bytes.fromhex("00 20 00 40 f0")
    assert code(bmc, 0x02, "01") == 0
    assert lan(bmc, 0x01) == bytes.fromhex("00 21 10 40 f0")


def test_28_2_faults_show_where_table_28_3_has_them() -> None:
    bmc = make_bmc()
    events = bmc.services.events
    for sensor_type, kind, offset, at, bit in (
        (0x09, 0x6F, 5, 1, 0x10),
        (0x09, 0x6F, 6, 1, 0x08),
        (0x08, 0x6F, 1, 1, 0x08),
        (0x09, 0x6F, 3, 1, 0x04),
        (0x09, 0x6F, 2, 1, 0x02),
        (0x04, 0x01, 2, 3, 0x08),
        (0x0D, 0x6F, 1, 3, 0x04),
        (0x05, 0x6F, 0, 3, 0x01),
    ):
        before = lan(bmc, 0x01)
        events.publish(Event(sensor_type, 1, kind, bytes((offset, 0xFF, 0xFF))))
        during = lan(bmc, 0x01)
        events.publish(Event(sensor_type, 1, kind, bytes((offset, 0xFF, 0xFF)), deassertion=True))
        assert during[at] == before[at] | bit
        assert lan(bmc, 0x01) == before


def test_28_2_the_lockout_shows() -> None:
    bmc = make_bmc()
    bmc.execute(SetFrontPanelButtonEnables(disable_power_off=True, disable_reset=True))
    status = bmc.execute(GetChassisStatus())
    assert status.front_panel_lockout_active
    assert status.front_panel == 0xF3


def test_28_2_a_chassis_without_ports_still_answers() -> None:
    bmc = make_bmc()
    bmc.backend.power = bmc.backend.identify = None
    assert lan(bmc, 0x01) == bytes.fromhex("00 20 00 00 00")
    assert lan(bmc, 0x00)[1] == 0x00
    for cmd, data in ((0x02, "01"), (0x03, ""), (0x04, ""), (0x06, "01"), (0x0A, "01"), (0x0B, "05")):
        assert code(bmc, cmd, data) == 0xC1


# 28.3, 28.4, 28.11


@pytest.mark.parametrize(
    ("control", "calls"),
    [
        (0x00, ["turn_off"]),
        (0x01, []),
        (0x02, ["turn_off", "turn_on"]),
        (0x03, ["reset"]),
        (0x04, ["diagnostic_interrupt"]),
        (0x05, ["soft_shutdown"]),
    ],
)
def test_28_3_every_control_acts_on_a_system_that_is_on(control: int, calls: list[str]) -> None:
    bmc = make_bmc(powered=True)
    bmc.backend.calls.clear()
    assert code(bmc, 0x02, f"{control:02x}") == 0
    bmc.advance(5)
    assert bmc.backend.calls == calls


@pytest.mark.parametrize(
    ("control", "answer"), [(0, 0), (1, 0), (2, 0xD5), (3, 0xD5), (4, 0xD5), (5, 0), (6, 0xCC), (15, 0xCC)]
)
def test_28_3_what_a_system_that_is_off_is_told(control: int, answer: int) -> None:
    assert code(make_bmc(), 0x02, f"{control:02x}") == answer


def test_28_3_the_effect_is_there_with_the_answer() -> None:
    bmc = make_bmc()
    bmc.execute(ChassisControl(control=Control.POWER_UP), LAN)
    assert bmc.execute(GetChassisStatus()).power_on
    bmc.execute(ChassisControl(control=Control.POWER_DOWN), LAN)
    assert not bmc.execute(GetChassisStatus()).power_on


def test_28_3_the_systems_own_software_has_its_answer_first() -> None:
    bmc = make_bmc(powered=True)
    bmc.execute(ChassisControl(control=Control.POWER_DOWN))
    assert bmc.execute(GetChassisStatus()).power_on
    bmc.advance(0)
    assert not bmc.execute(GetChassisStatus()).power_on


def test_28_3_switching_needs_an_operator() -> None:
    assert code(make_bmc(), 0x02, "01", Privilege.USER) == 0xD4
    assert code(make_bmc(), 0x02, "01", Privilege.OPERATOR) == 0


def test_28_4_chassis_reset_resets_the_system() -> None:
    bmc = make_bmc(powered=True)
    assert lan(bmc, 0x03) == b"\0"
    assert bmc.backend.calls[-1] == "reset"
    assert lan(make_bmc(), 0x03) == b"\xd5"


def test_28_11_the_restart_cause_names_the_channel() -> None:
    bmc = make_bmc()
    assert lan(bmc, 0x07) == bytes.fromhex("00 00 00")
    lan(bmc, 0x02, "01")
    assert lan(bmc, 0x07) == bytes.fromhex("00 01 01")
    bmc.execute(ChassisControl(control=Control.HARD_RESET))
    bmc.advance(0)
    assert lan(bmc, 0x07) == bytes.fromhex("00 01 0f")
    bmc.backend.board.button("reset")
    assert lan(bmc, 0x07) == bytes.fromhex("00 02 00")
    assert bmc.reopen().execute(GetSystemRestartCause()).restart_cause == 7


# 28.5


@pytest.mark.parametrize(
    ("data", "seconds"), [("", 15), ("1e", 30), ("1e 00", 30), ("00 01", None), ("ff 01", None)]
)
def test_28_5_the_light_is_on_as_long_as_asked(data: str, seconds: int | None) -> None:
    bmc = make_bmc()
    light = bmc.backend.identify
    assert light is not None
    assert lan(bmc, 0x04, data) == b"\0"
    assert light.lit
    assert lan(bmc, 0x01)[3] == (0x60 if seconds is None else 0x50)
    bmc.advance(254 if seconds is None else seconds - 0.1)
    assert light.lit
    bmc.advance(100)
    assert light.lit is (seconds is None)


def test_28_5_an_interval_of_0_ends_it() -> None:
    bmc = make_bmc()
    bmc.execute(ChassisIdentify(interval=0, force_on=True))
    assert lan(bmc, 0x04, "00") == b"\0"
    assert lan(bmc, 0x01)[3] == 0x40


def test_28_5_more_than_two_bytes_are_too_many() -> None:
    assert code(make_bmc(), 0x04, "00 01 02") == 0xC7


# 28.6


@pytest.mark.parametrize("bits", range(16))
def test_28_6_each_button_has_its_bit(bits: int) -> None:
    bmc = make_bmc()
    assert lan(bmc, 0x0A, f"{bits:02x}") == b"\0"
    assert lan(bmc, 0x01)[4] == 0xF0 | bits
    assert lan(bmc.reopen(), 0x01)[4] == 0xF0 | bits


def test_28_6_buttons_are_an_administrators() -> None:
    assert code(make_bmc(), 0x0A, "01", Privilege.OPERATOR) == 0xD4


# 28.8


@pytest.mark.parametrize("policy", [0, 1, 2])
def test_28_8_the_policy_reads_back_and_byte_2_always_comes(policy: int) -> None:
    bmc = make_bmc()
    assert lan(bmc, 0x06, f"{policy:02x}") == b"\x00\x07"
    assert lan(bmc, 0x01)[1] & 0x60 == policy << 5
    assert lan(bmc, 0x06, "03") == b"\x00\x07"
    assert lan(bmc, 0x01)[1] & 0x60 == policy << 5
    assert lan(bmc.reopen(), 0x01)[1] & 0x60 == policy << 5


@pytest.mark.parametrize("policy", [4, 5, 6, 7])
def test_28_8_reserved_policies_are_refused(policy: int) -> None:
    bmc = make_bmc()
    assert code(bmc, 0x06, f"{policy:02x}") == 0xCC
    assert lan(bmc, 0x01)[1] & 0x60 == 0x20


def test_28_8_always_on_starts_the_system_with_its_cause() -> None:
    bmc = make_bmc()
    bmc.execute(SetPowerRestorePolicy.decode(b"\x02"))
    assert lan(bmc.reopen(), 0x07) == bytes.fromhex("00 06 00")


# 28.9


def test_28_9_the_interval_is_that_of_a_power_cycle() -> None:
    bmc = make_bmc(powered=True)
    bmc.execute(SetPowerCycleInterval(interval=9))
    bmc.execute(ChassisControl(control=Control.POWER_CYCLE), LAN)
    bmc.advance(8.9)
    assert not bmc.execute(GetChassisStatus()).power_on
    bmc.advance(0.2)
    assert bmc.execute(GetChassisStatus()).power_on


# 28.14


def test_28_14_hours_are_counter_times_minutes() -> None:
    bmc = make_bmc(powered=True)
    bmc.advance(3 * 3600 + 59)
    answer = lan(bmc, 0x0F)
    assert len(answer) == 6
    assert answer[1] * int.from_bytes(answer[2:], "little") == 180


def test_missing_bytes_are_told() -> None:
    bmc = make_bmc()
    assert [code(bmc, cmd) for cmd in (0x02, 0x06, 0x0A, 0x0B)] == [0xC7] * 4
