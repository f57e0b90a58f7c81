"""Power, reset, restart causes, and what decides about them (§28.3 to §28.11)."""

from __future__ import annotations

import pytest

from baseboard.commands.chassis.control import (
    ChassisControl,
    ChassisReset,
    GetChassisStatus,
    GetPohCounter,
    GetSystemRestartCause,
    SetPowerCycleInterval,
    SetPowerRestorePolicy,
)
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.dcmi.platform import platform
from tests.conformance.marks import exercises

STATUS, CONTROL, RESET, POLICY, CAUSE, INTERVAL, POH = 0x01, 0x02, 0x03, 0x06, 0x07, 0x0B, 0x0F
DOWN, UP, CYCLE, HARD_RESET, DIAGNOSTIC, SOFT = range(6)
LAN = 1
BY_COMMAND, BY_WATCHDOG, ALWAYS_RESTORE, RESTORE_PREVIOUS = 1, 4, 6, 7


def lan(bmc: Bench, cmd: int, *data: int, level: int = 4) -> bytes:
    """A chassis command over a session of the LAN channel."""
    return bmc.raw(0x00, cmd, bytes(data), origin=bmc.origin(LAN, level))


def control(bmc: Bench, action: int) -> bytes:
    return lan(bmc, CONTROL, action)


def powered(bmc: Bench) -> bool:
    return bool(lan(bmc, STATUS)[1] & 1)


def up() -> Bench:
    bmc = make_bmc()
    assert control(bmc, UP) == b"\0"
    return bmc


# ---- 28.3, 28.4


@exercises(ChassisControl, GetChassisStatus)
def test_28_3_power_up_and_down() -> None:
    bmc = make_bmc()
    for action, on in ((UP, True), (UP, True), (DOWN, False), (DOWN, False), (UP, True)):
        assert control(bmc, action) == b"\0", "what is so already is no error"
        assert powered(bmc) is on
    assert bmc.backend.calls.count("turn_off") == 1


@exercises(ChassisControl)
def test_28_3_a_power_cycle_is_off_for_a_second_at_least() -> None:
    bmc = up()
    assert control(bmc, CYCLE) == b"\0"
    bmc.advance(0.9)
    assert not powered(bmc)
    bmc.advance(0.2)
    assert powered(bmc)


@exercises(ChassisControl, ChassisReset)
@pytest.mark.parametrize(("cmd", "data"), [(CONTROL, (HARD_RESET,)), (RESET, ())])
def test_28_4_a_reset_of_a_system_that_is_on(cmd: int, data: tuple[int, ...]) -> None:
    bmc = up()
    assert lan(bmc, cmd, *data) == lan(bmc, RESET) == b"\0"
    assert bmc.backend.calls.count("reset") == 2
    assert powered(bmc)


@exercises(ChassisControl)
def test_28_3_diagnostic_interrupt_and_soft_shutdown_reach_the_system() -> None:
    bmc = up()
    assert control(bmc, DIAGNOSTIC) == control(bmc, SOFT) == b"\0"
    assert bmc.backend.calls[-2:] == ["diagnostic_interrupt", "soft_shutdown"]
    assert powered(bmc), "the operating system shuts down by itself"


@exercises(ChassisControl)
def test_28_3_a_simulated_system_shuts_down_and_comes_up() -> None:
    server = platform()
    assert control(server, SOFT) == b"\0"
    server.advance(30)
    assert not powered(server)
    assert control(server, UP) == b"\0"
    server.advance(30)
    assert powered(server)
    assert server.server.host.running()


@pytest.mark.parametrize("action", [CYCLE, HARD_RESET, DIAGNOSTIC])
def test_28_3_what_a_system_that_is_off_cannot_do(action: int) -> None:
    bmc = make_bmc()
    assert control(bmc, action) == b"\xd5"
    assert lan(bmc, RESET) == b"\xd5"


@pytest.mark.parametrize("action", range(6, 16))
def test_28_3_reserved_actions_are_refused(action: int) -> None:
    assert control(up(), action) == b"\xcc"


# ---- 28.8


@exercises(SetPowerRestorePolicy, GetChassisStatus)
@pytest.mark.parametrize(
    ("policy", "was_on", "on", "cause"),
    [
        (0, True, False, None), (0, False, False, None),
        (1, True, True, RESTORE_PREVIOUS), (1, False, False, None),
        (2, True, True, ALWAYS_RESTORE), (2, False, True, ALWAYS_RESTORE),
    ],
)  # fmt: skip
def test_28_8_the_policy_decides_when_mains_return(
    policy: int, was_on: bool, on: bool, cause: int | None
) -> None:
    bmc = up()
    if not was_on:
        control(bmc, DOWN)
    assert lan(bmc, POLICY, policy) == bytes((0, 7)), "all three are supported"
    assert lan(bmc, STATUS)[1] >> 5 & 3 == policy
    again = bmc.reopen()
    assert powered(again) is on
    assert lan(again, STATUS)[1] >> 5 & 3 == policy
    if cause is not None:
        assert lan(again, CAUSE) == bytes((0, cause, 0))


@exercises(SetPowerRestorePolicy)
def test_28_8_asking_changes_nothing_and_others_are_refused() -> None:
    bmc = make_bmc()
    before = lan(bmc, STATUS)
    assert lan(bmc, POLICY, 3) == bytes((0, 7))
    assert lan(bmc, STATUS) == before
    for policy in (4, 5, 6, 7):
        assert lan(bmc, POLICY, policy)[0] == 0xCC


# ---- 28.9


@exercises(SetPowerCycleInterval, ChassisControl)
@pytest.mark.parametrize("seconds", [0, 1, 7, 255])
def test_28_9_a_power_cycle_is_off_for_so_long(seconds: int) -> None:
    bmc = up()
    assert lan(bmc, INTERVAL, seconds) == b"\0"
    again = bmc.reopen()
    control(again, UP)
    control(again, CYCLE)
    again.advance(max(1, seconds) - 0.1)
    assert not powered(again)
    again.advance(0.2)
    assert powered(again)


@exercises(SetPowerCycleInterval)
def test_28_9_it_holds_for_the_watchdogs_power_cycle_too() -> None:
    bmc = up()
    lan(bmc, INTERVAL, 20)
    assert bmc.raw(0x06, 0x24, bytes.fromhex("04 03 00 00 0a 00")) == bmc.raw(0x06, 0x22) == b"\0"
    bmc.advance(20)
    assert not powered(bmc)
    bmc.advance(2)
    assert powered(bmc)


# ---- 28.11


@exercises(GetSystemRestartCause, ChassisControl)
def test_28_11_why_the_system_started_and_by_whom() -> None:
    bmc = make_bmc()
    assert lan(bmc, CAUSE)[:2] == b"\0\0", "unknown"
    control(bmc, UP)
    assert lan(bmc, CAUSE) == bytes((0, BY_COMMAND, LAN))
    assert bmc.raw(0x00, CONTROL, bytes((HARD_RESET,))) == b"\0"
    bmc.advance(0.1)
    assert lan(bmc, CAUSE) == bytes((0, BY_COMMAND, 0xF)), "by the system's own software"
    bmc.raw(0x06, 0x24, bytes.fromhex("04 01 00 00 0a 00"))
    bmc.raw(0x06, 0x22)
    bmc.advance(2)
    assert lan(bmc, CAUSE)[1] == BY_WATCHDOG
    assert lan(bmc.reopen(), CAUSE)[1] in (BY_WATCHDOG, RESTORE_PREVIOUS)


@exercises(GetSystemRestartCause)
@pytest.mark.parametrize(("button", "before", "cause"), [("reset", True, 2), ("power", False, 3)])
def test_28_11_buttons_are_causes(button: str, before: bool, cause: int) -> None:
    bmc = up() if before else make_bmc()
    bmc.controller.button(button)
    assert lan(bmc, CAUSE)[1] == cause


# ---- 28.14


@exercises(GetPohCounter)
def test_28_14_hours_are_counted_while_the_system_is_on() -> None:
    bmc = make_bmc()
    minutes, count = lan(bmc, POH)[1], 0
    assert minutes >= 1

    def counter(one: Bench) -> int:
        return int.from_bytes(lan(one, POH)[2:6], "little")

    bmc.advance(3600)
    assert counter(bmc) == 0, "it was off"
    control(bmc, UP)
    bmc.advance(3600)
    count = 60 // minutes
    assert counter(bmc) == count
    bmc.advance(60 * minutes - 1)
    assert counter(bmc) == count, "never rounded up"
    control(bmc, DOWN)
    bmc.advance(7200)
    assert counter(bmc) == count
    assert counter(bmc.reopen()) == count, "never reset"


# ---- levels


@pytest.mark.parametrize(
    ("cmd", "data", "level"),
    [(STATUS, (), 2), (CONTROL, (UP,), 3), (RESET, (), 3), (POLICY, (3,), 3), (CAUSE, (), 2),
     (INTERVAL, (1,), 4), (POH, (), 2)],
)  # fmt: skip
def test_g_1_levels_and_lengths(cmd: int, data: tuple[int, ...], level: int) -> None:
    bmc = up()
    for at in range(1, 5):
        assert (lan(bmc, cmd, *data, level=at) == b"\xd4") == (at < level)
    assert lan(bmc, cmd, *data, 0) == b"\xc7"
    if data:
        assert lan(bmc, cmd) == b"\xc7"
