"""The chassis (§28): control, restart causes, restore policy, buttons, last power event, hooks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.chassis import PowerEvent
from baseboard.bmc.services.events import Event
from baseboard.codes import ChassisControl, RestartCause
from baseboard.commands.chassis.control import FrontPanelButtons, PowerRestorePolicy
from baseboard.commands.parameters.boot import BootFlags, BootFlagValidBitClearing
from baseboard.errors import CompletionError
from tests.bmc.services.chassis_bench import make_chassis, without_power

COMMAND = RestartCause.CHASSIS_CONTROL
LAN = 1
NEED_POWER = [
    ChassisControl.POWER_CYCLE,
    ChassisControl.HARD_RESET,
    ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT,
]

PX = FrontPanelButtons.POWER_OFF_DISABLED
RX = FrontPanelButtons.RESET_DISABLED
DX = FrontPanelButtons.DIAGNOSTIC_INTERRUPT_DISABLED
SX = FrontPanelButtons.STANDBY_DISABLED
FLAGS = BootFlags(
    valid=True, lock_out_power_button=True, lock_out_reset_buttons=True, lock_out_sleep_button=True
)


# control


def test_28_3_power_up_and_down_do_it_and_are_harmless_twice() -> None:
    bench = make_chassis()
    for _ in range(2):
        bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
        assert bench.chassis.is_on()
    for _ in range(2):
        bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
        assert not bench.chassis.is_on()
    assert bench.calls == ["turn_on", "turn_off"]
    assert bench.power_reports == [True, False]


@pytest.mark.parametrize("action", NEED_POWER)
def test_28_3_what_needs_power_is_refused_without(action: ChassisControl) -> None:
    bench = make_chassis()
    with pytest.raises(CompletionError) as caught:
        bench.chassis.control(action, COMMAND, LAN)
    assert caught.value.code == 0xD5
    assert bench.calls == []


def test_28_3_reserved_actions_are_refused() -> None:
    bench = make_chassis(found_on=True)
    with pytest.raises(CompletionError) as caught:
        bench.chassis.control(ChassisControl(6), COMMAND, LAN)
    assert caught.value.code == 0xCC


def test_28_3_reset_interrupt_and_soft_shutdown_reach_the_host() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control(ChassisControl.HARD_RESET, COMMAND, LAN)
    bench.chassis.control(ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT, COMMAND, LAN)
    bench.chassis.control(ChassisControl.SOFT_SHUTDOWN, COMMAND, LAN)
    assert bench.calls == ["reset", "diagnostic_interrupt", "soft_shutdown"]
    assert bench.resets == 1
    assert bench.chassis.is_on()


def test_a_soft_shutdown_of_a_system_that_is_off_asks_nobody() -> None:
    bench = make_chassis()
    bench.chassis.control(ChassisControl.SOFT_SHUTDOWN, COMMAND, LAN)
    assert bench.calls == []


def test_orders_of_the_systems_own_software_wait_for_their_answers() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control_soon(ChassisControl.HARD_RESET, COMMAND, 0xF)
    bench.chassis.control_soon(ChassisControl.POWER_DOWN, COMMAND, 0xF)
    assert bench.calls == []
    bench.clock.advance(0)
    assert bench.calls == ["reset", "turn_off"]
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (COMMAND, 0xF)


def test_such_an_order_is_refused_at_once_where_it_must_be() -> None:
    bench = make_chassis()
    with pytest.raises(CompletionError) as caught:
        bench.chassis.control_soon(ChassisControl.POWER_CYCLE, COMMAND, 0xF)
    assert caught.value.code == 0xD5


def test_such_an_order_ends_with_the_system_or_the_bmc() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control_soon(ChassisControl.HARD_RESET, COMMAND, 0xF)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    bench.clock.advance(0)
    assert bench.calls == ["turn_off"]
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.chassis.control_soon(ChassisControl.HARD_RESET, COMMAND, 0xF)
    bench.chassis.stop()
    bench.clock.advance(0)
    assert bench.calls == ["turn_off", "turn_on"]


# restart causes


@pytest.mark.parametrize(
    ("action", "found_on"),
    [(ChassisControl.POWER_UP, False), (ChassisControl.POWER_CYCLE, True), (ChassisControl.HARD_RESET, True)],
)
@pytest.mark.parametrize(
    ("cause", "channel"), [(COMMAND, LAN), (RestartCause.WATCHDOG, 0), (RestartCause.PEF_RESET, 0)]
)
def test_28_11_the_cause_of_a_start_is_kept(
    action: ChassisControl, found_on: bool, cause: RestartCause, channel: int
) -> None:
    bench = make_chassis(found_on=found_on)
    bench.chassis.control(action, cause, channel)
    bench.clock.advance(5)
    assert bench.chassis.is_on()
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (cause, channel)
    again = bench.again(found_on=True).chassis
    assert (again.restart_cause, again.restart_channel) == (cause, channel)


def test_28_11_power_down_is_no_start() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control(ChassisControl.HARD_RESET, RestartCause.WATCHDOG)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert bench.chassis.restart_cause == RestartCause.WATCHDOG


def test_28_11_a_reset_that_nobody_ordered_is_a_soft_one() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control(ChassisControl.HARD_RESET, COMMAND, LAN)
    bench.host_reset()
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (RestartCause.SOFT_RESET, 0)
    assert bench.resets == 2


def test_a_start_is_an_event_where_a_sensor_reports_it() -> None:
    sensor = SensorSpec(0x77, "Restart", 0x1D, event_type=0x6F, states=1 << 7)
    bench = make_chassis(found_on=True, sensors=(SensorSpec(0x78, "Boot", 0x1D, states=1), sensor))
    bench.chassis.control(ChassisControl.HARD_RESET, COMMAND, LAN)
    # Table 42-3, 1Dh offset 07h: data 2 is the restart cause, data 3 the channel, both sensor-specific.
    assert bench.heard == [Event(0x1D, 0x77, 0x6F, b"\xf7\x01\x01")]


# hooks


def test_a_power_report_counts_once() -> None:
    bench = make_chassis()
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.power_changed(True)
    assert bench.power_reports == [True]


def test_hooks_see_the_new_state() -> None:
    bench = make_chassis()
    seen: list[tuple[bool, int]] = []
    bench.chassis.on_power.append(
        lambda on: seen.append((bench.chassis.is_on(), bench.chassis.restart_cause))
    )
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert seen == [(True, COMMAND), (False, COMMAND)]


# restore policy

STAY_OFF, PREVIOUS, ALWAYS_ON = (
    PowerRestorePolicy.STAY_OFF, PowerRestorePolicy.PREVIOUS, PowerRestorePolicy.ALWAYS_ON,
)  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "was_on", "is_on", "cause"),
    [
        (STAY_OFF, True, False, COMMAND),
        (STAY_OFF, False, False, COMMAND),
        (PREVIOUS, True, True, RestartCause.RESTORE_PREVIOUS),
        (PREVIOUS, False, False, COMMAND),
        (ALWAYS_ON, True, True, RestartCause.ALWAYS_RESTORE),
        (ALWAYS_ON, False, True, RestartCause.ALWAYS_RESTORE),
    ],
)
def test_28_8_when_mains_return_the_policy_decides(
    policy: PowerRestorePolicy, was_on: bool, is_on: bool, cause: RestartCause
) -> None:
    bench = make_chassis()
    bench.chassis.set_policy(policy)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    if not was_on:
        bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    again = bench.again()
    assert again.chassis.policy == policy
    assert again.chassis.is_on() is is_on
    assert again.chassis.restart_cause == cause
    assert (PowerEvent.MAINS_FAILED in again.chassis.last_event) is was_on


def test_28_8_a_system_that_shall_be_off_is_switched_off() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_policy(STAY_OFF)
    again = bench.again(found_on=True)
    assert again.calls == ["turn_off"]
    assert PowerEvent.MAINS_FAILED in again.chassis.last_event


def test_a_system_that_runs_on_is_left_alone() -> None:
    bench = make_chassis(found_on=True)
    again = bench.again(found_on=True)
    assert again.calls == []
    assert again.chassis.last_event == PowerEvent(0)
    again.clock.advance(120)
    assert again.chassis.hours.counter == 2


def test_28_8_a_host_that_came_up_with_the_mains_did_so_by_the_policy() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_policy(ALWAYS_ON)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    again = bench.again(found_on=True)
    assert again.calls == []
    assert again.chassis.restart_cause == RestartCause.ALWAYS_RESTORE


def test_28_8_unknown_policies_are_refused() -> None:
    bench = make_chassis()
    for policy in (PowerRestorePolicy.NO_CHANGE, PowerRestorePolicy(5)):
        with pytest.raises(CompletionError) as caught:
            bench.chassis.set_policy(policy)
        assert caught.value.code == 0xCC


@pytest.mark.parametrize("powered", [False, True])
def test_a_bmc_that_starts_for_the_first_time_is_as_shipped(powered: bool) -> None:
    bench = make_chassis(powered=powered)
    assert bench.chassis.is_on() is powered
    assert bench.chassis.restart_cause == RestartCause.UNKNOWN
    assert bench.chassis.last_event == PowerEvent(0)
    assert bench.again().chassis.is_on() is powered


def test_a_system_found_running_at_the_first_start_is_left_running() -> None:
    bench = make_chassis(found_on=True)
    assert bench.calls == []
    assert bench.again().chassis.is_on()


def test_a_crash_in_a_power_cycle_ends_with_power() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_cycle_interval(30)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    assert not bench.chassis.is_on()
    assert bench.again().chassis.is_on()
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert not bench.again().chassis.is_on()


def test_settings_survive() -> None:
    bench = make_chassis()
    bench.chassis.set_cycle_interval(77)
    bench.chassis.disable_buttons(RX | SX)
    again = bench.again().chassis
    assert again.cycle_interval == 77
    assert again.panel.disabled == RX | SX


def test_what_changes_nothing_is_not_written() -> None:
    bench = make_chassis()
    before = bench.home.journal.store.sequence
    bench.chassis.set_policy(bench.chassis.policy)
    bench.chassis.disable_buttons(FrontPanelButtons(0))
    assert bench.home.journal.store.sequence == before


# last power event


def test_28_2_the_last_power_event_tells_how_power_came() -> None:
    bench = make_chassis()
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    assert bench.chassis.last_event == PowerEvent.ON_BY_COMMAND
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert bench.chassis.last_event == PowerEvent.ON_BY_COMMAND
    bench.button("power")
    assert bench.chassis.last_event == PowerEvent(0)


@pytest.mark.parametrize(
    ("offset", "event"),
    [
        (2, PowerEvent.OVERLOAD),
        (3, PowerEvent.INTERLOCK),
        (4, PowerEvent.MAINS_FAILED),
        (6, PowerEvent.FAULT),
    ],
)
def test_28_2_the_last_power_event_tells_how_power_went(offset: int, event: PowerEvent) -> None:
    bench = make_chassis(found_on=True)
    bench.events.publish(Event(0x09, 1, 0x6F, bytes((offset, 0xFF, 0xFF))))
    bench.power.turn_off()
    assert bench.chassis.last_event == event
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    assert bench.chassis.last_event == event | PowerEvent.ON_BY_COMMAND
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert bench.chassis.last_event == PowerEvent.ON_BY_COMMAND


@pytest.mark.parametrize("action", [ChassisControl.SOFT_SHUTDOWN, ChassisControl.POWER_DOWN])
def test_28_2_power_that_went_as_asked_went_by_no_fault(action: ChassisControl) -> None:
    bench = make_chassis(found_on=True)
    bench.events.publish(Event(0x09, 1, 0x6F, b"\x06\xff\xff"))
    bench.chassis.control(action, COMMAND, LAN)
    bench.power.turn_off()
    assert bench.chassis.last_event == PowerEvent(0)


def test_a_power_unit_that_reports_it_is_a_power_control_fault() -> None:
    bench = make_chassis()
    bench.events.publish(Event(0x09, 1, 0x6F, b"\x05\xff\xff"))
    assert bench.chassis.control_fault


# buttons


def test_the_power_button_switches_on_and_shuts_down() -> None:
    bench = make_chassis()
    bench.button("power")
    assert bench.chassis.is_on()
    assert bench.chassis.restart_cause == RestartCause.PUSHBUTTON_POWER_UP
    bench.button("power")
    assert bench.calls == ["turn_on", "soft_shutdown"]


def test_the_other_buttons_do_what_they_say() -> None:
    bench = make_chassis(found_on=True)
    bench.button("reset")
    assert bench.chassis.restart_cause == RestartCause.PUSHBUTTON_RESET
    bench.button("nmi")
    bench.button("sleep")
    assert bench.calls == ["reset", "diagnostic_interrupt"]
    bench.button("identify")
    assert bench.home.backend.identify is not None
    assert bench.home.backend.identify.lit


def test_buttons_of_a_system_that_is_off_do_nothing_but_switch_on() -> None:
    bench = make_chassis()
    for name in ("reset", "nmi", "sleep"):
        bench.button(name)
    assert bench.calls == []


@pytest.mark.parametrize(("name", "bit"), [("power", PX), ("reset", RX), ("nmi", DX)])
def test_28_6_disabled_buttons_do_nothing(name: str, bit: FrontPanelButtons) -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.disable_buttons(bit)
    bench.button(name)
    assert bench.calls == []
    bench.chassis.disable_buttons(FrontPanelButtons(0))
    bench.button(name)
    assert len(bench.calls) == 1


def test_28_6_the_power_button_is_disabled_for_power_off_only() -> None:
    bench = make_chassis()
    bench.chassis.disable_buttons(PX)
    bench.button("power")
    assert bench.chassis.is_on()


def test_28_2_the_lockout_is_that_of_power_off_and_reset() -> None:
    panel = make_chassis().chassis.panel
    assert panel.buttons == 0xF0
    panel.disabled = PX | DX | SX
    assert not panel.lockout
    panel.disabled = PX | RX
    assert panel.lockout
    assert panel.buttons == 0xF3


def test_28_14_boot_flags_lock_buttons_for_one_boot() -> None:
    bench = make_chassis(found_on=True)
    bench.boot.set(FLAGS)
    assert bench.chassis.panel.buttons == 0xF0
    bench.read_boot_choice()
    assert bench.chassis.panel.buttons == 0xF0 | PX | RX | SX
    assert bench.chassis.panel.lockout
    bench.button("power")
    bench.button("reset")
    assert bench.calls == []
    bench.read_boot_choice()
    assert bench.chassis.panel.buttons == 0xF0


def test_28_14_the_locks_end_with_power() -> None:
    bench = make_chassis(found_on=True)
    bench.boot.set(BootFlags(valid=True, persistent=True, lock_out_power_button=True))
    bench.read_boot_choice()
    bench.power.turn_off()
    assert bench.chassis.panel.buttons == 0xF0


# what boot options have to do with it


def test_a_power_cycle_longer_than_the_flags_time_keeps_them() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_cycle_interval(120)
    bench.boot.set(BootFlags(valid=True))
    bench.clock.advance(50)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.clock.advance(125)
    flags = bench.boot.get(5)
    assert isinstance(flags, BootFlags)
    assert flags.valid


@pytest.mark.parametrize("keep", [False, True])
def test_28_14_a_watchdog_reset_clears_the_flags_before_the_firmware_looks(keep: bool) -> None:
    bench = make_chassis(found_on=True)
    bench.boot.set(BootFlagValidBitClearing(keep_on_watchdog=keep))
    bench.boot.set(BootFlags(valid=True, efi=True))
    bench.chassis.control(ChassisControl.HARD_RESET, RestartCause.WATCHDOG)
    assert bench.read_boot_choice().efi is keep


# without power lines


def test_a_bmc_without_power_lines_starts_and_refuses_what_is_theirs() -> None:
    bench = without_power()
    chassis = bench.chassis
    refused: tuple[Callable[[], None], ...] = (
        lambda: chassis.set_policy(STAY_OFF),
        lambda: chassis.set_cycle_interval(1),
        lambda: chassis.disable_buttons(PX),
        lambda: chassis.control_soon(ChassisControl.POWER_UP, COMMAND, 0xF),
    )
    for call in refused:
        with pytest.raises(CompletionError) as caught:
            call()
        assert caught.value.code == 0xC1
    assert chassis.panel.buttons == 0
    for name in ("power", "reset", "identify"):
        bench.button(name)
    assert bench.calls == []


def test_stop_ends_every_timer() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.identify.shine()
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.chassis.stop()
    bench.boot.stop()
    assert bench.clock.next_due() is None
