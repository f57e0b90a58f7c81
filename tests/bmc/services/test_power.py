"""Power and reset lines (§28.3, §28.9): orders, power cycles, hosts that take their time."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.power import LEAST_OFF_S, PATIENCE_S, PowerLines, Why
from baseboard.codes import ChassisControl, RestartCause
from baseboard.errors import CompletionError
from tests.bmc.fakes import FakePower
from tests.bmc.services.chassis_bench import ChassisBench, SlowPower, make_chassis, without_power
from tests.bmc.services.homes import make_home

COMMAND = RestartCause.CHASSIS_CONTROL
LAN = 1


def slow_bench(*, found_on: bool) -> tuple[ChassisBench, SlowPower]:
    bench = make_chassis(slow=True, found_on=found_on)
    assert isinstance(bench.power, SlowPower)
    return bench, bench.power


def test_28_3_a_power_cycle_is_off_for_at_least_a_second() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_cycle_interval(0)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    assert not bench.chassis.is_on()
    bench.clock.advance(LEAST_OFF_S - 0.01)
    assert not bench.chassis.is_on()
    bench.clock.advance(0.01)
    assert bench.chassis.is_on()
    assert bench.calls == ["turn_off", "turn_on"]


def test_28_9_a_power_cycle_is_off_for_its_interval() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_cycle_interval(7)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.clock.advance(6.9)
    assert not bench.chassis.is_on()
    bench.clock.advance(0.2)
    assert bench.chassis.is_on()


def test_the_interval_begins_when_power_has_gone() -> None:
    bench, power = slow_bench(found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.clock.advance(5)
    assert bench.calls == ["turn_off"]
    power.follow(on=False)
    bench.clock.advance(LEAST_OFF_S)
    assert bench.calls == ["turn_off", "turn_on"]
    power.follow(on=True)
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (COMMAND, LAN)


def test_who_starts_the_system_in_the_off_time_does_it_for_the_cycle() -> None:
    bench, power = slow_bench(found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    power.follow(on=False)
    power.follow(on=True)
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (COMMAND, LAN)
    bench.clock.advance(60)
    assert bench.calls == ["turn_off"]
    power.follow(on=False)
    power.follow(on=True)
    assert bench.chassis.restart_cause == RestartCause.UNKNOWN


def test_power_down_ends_a_power_cycle_in_its_off_time() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    bench.clock.advance(60)
    assert not bench.chassis.is_on()
    assert bench.calls == ["turn_off"]


def test_power_up_shortens_a_power_cycle() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.set_cycle_interval(200)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    assert bench.chassis.is_on()
    bench.clock.advance(300)
    assert bench.calls == ["turn_off", "turn_on"]


def test_a_stopped_bmc_ends_no_power_cycle() -> None:
    bench = make_chassis(found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.chassis.stop()
    bench.clock.advance(60)
    assert bench.calls == ["turn_off"]


@pytest.mark.parametrize(
    ("found_on", "action"), [(True, ChassisControl.POWER_DOWN), (False, ChassisControl.POWER_UP)]
)
def test_a_host_that_does_not_follow_is_a_power_control_fault(found_on: bool, action: ChassisControl) -> None:
    bench, power = slow_bench(found_on=found_on)
    bench.chassis.control(action, COMMAND, LAN)
    bench.clock.advance(PATIENCE_S - 1)
    assert not bench.chassis.control_fault
    bench.clock.advance(1)
    assert bench.chassis.control_fault
    power.follow(on=not found_on)
    assert not bench.chassis.control_fault


def test_a_host_that_is_late_but_comes_is_none() -> None:
    bench, power = slow_bench(found_on=False)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.clock.advance(PATIENCE_S - 1)
    power.follow(on=True)
    bench.clock.advance(PATIENCE_S)
    assert not bench.chassis.control_fault
    assert bench.chassis.restart_cause == COMMAND


def test_an_order_that_the_host_follows_at_once_ends_the_fault() -> None:
    bench, _ = slow_bench(found_on=True)
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    bench.clock.advance(PATIENCE_S)
    assert bench.chassis.control_fault
    bench.backend.power = obedient = FakePower(bench.backend)
    obedient.on = True
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert not bench.chassis.control_fault


def test_a_power_cycle_whose_off_fails_is_given_up() -> None:
    bench, power = slow_bench(found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.clock.advance(PATIENCE_S)
    assert bench.chassis.control_fault
    power.follow(on=False)
    bench.clock.advance(60)
    assert bench.calls == ["turn_off"]


def test_a_stopped_bmc_waits_for_no_host() -> None:
    bench, _ = slow_bench(found_on=False)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.chassis.stop()
    bench.clock.advance(PATIENCE_S)
    assert not bench.chassis.control_fault


def test_a_cause_is_forgotten_when_the_system_starts_much_later() -> None:
    bench, power = slow_bench(found_on=False)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    bench.clock.advance(PATIENCE_S + 1)
    power.follow(on=True)
    assert (bench.chassis.restart_cause, bench.chassis.restart_channel) == (RestartCause.UNKNOWN, 0)


def test_power_that_somebody_else_switched_on_has_no_known_cause() -> None:
    bench, power = slow_bench(found_on=False)
    power.follow(on=True)
    assert bench.chassis.restart_cause == RestartCause.UNKNOWN
    assert bench.power_reports == [True]


def test_a_system_without_power_lines_is_never_on_and_takes_no_order() -> None:
    bench = without_power()
    assert not bench.chassis.is_on()
    with pytest.raises(CompletionError) as caught:
        bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    assert caught.value.code == 0xC1
    bench.chassis.diagnostic_interrupt()


def test_nothing_happens_twice() -> None:
    home = make_home()
    lines = PowerLines(home)
    lines.down()
    lines.shut_down()
    assert home.backend.calls == []
    assert home.backend.power is not None
    home.backend.power.on = True
    lines.up(Why(COMMAND, LAN))
    assert home.backend.calls == []
