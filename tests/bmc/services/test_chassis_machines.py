"""The chassis in front of a real machine (§28): what it lacks, what fails, what is left alone."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.codes import ChassisControl, RestartCause
from baseboard.commands.chassis.control import PowerRestorePolicy
from baseboard.errors import CompletionError
from tests.bmc.fakes import FakePower
from tests.bmc.services.chassis_bench import SlowPower, make_chassis

COMMAND = RestartCause.CHASSIS_CONTROL
LAN = 1


class ShortOfLines(FakePower):
    """Power lines without a reset and an NMI."""

    def lacks(self, action: ChassisControl) -> bool:
        return action in (ChassisControl.HARD_RESET, ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT)


def test_28_3_what_a_machine_can_never_do_is_refused() -> None:
    bench = make_chassis(found_on=True)
    bench.backend.power = ShortOfLines(bench.backend)
    bench.backend.power.on = True
    for action in (ChassisControl.HARD_RESET, ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT):
        with pytest.raises(CompletionError) as caught:
            bench.chassis.control(action, COMMAND, LAN)
        assert caught.value.code == 0xCC
    bench.chassis.diagnostic_interrupt()  # a watchdog's, which nobody is told of
    bench.chassis.control(ChassisControl.POWER_DOWN, COMMAND, LAN)
    assert bench.calls == ["turn_off"]


def test_28_2_a_machine_that_could_not_be_switched_is_a_control_fault_at_once() -> None:
    bench = make_chassis(slow=True)
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    assert not bench.chassis.control_fault
    bench.control_failed()
    assert bench.chassis.control_fault
    bench.chassis.control(ChassisControl.POWER_UP, COMMAND, LAN)
    power = bench.power
    assert isinstance(power, SlowPower)
    power.follow(on=True)
    assert not bench.chassis.control_fault
    assert bench.chassis.restart_cause == COMMAND


def test_28_2_a_cycle_that_fails_does_not_switch_on_later() -> None:
    bench = make_chassis(slow=True, found_on=True)
    bench.chassis.control(ChassisControl.POWER_CYCLE, COMMAND, LAN)
    bench.control_failed()
    assert not bench.chassis.going_down
    power = bench.power
    assert isinstance(power, SlowPower)
    power.follow(on=False)
    bench.clock.advance(300)
    assert "turn_on" not in bench.calls


def test_28_2_a_reset_that_works_ends_the_fault_of_one_that_did_not() -> None:
    bench = make_chassis(found_on=True)
    bench.control_failed()
    bench.host_reset()  # by its own software, which shows nothing
    assert bench.chassis.control_fault
    bench.chassis.control(ChassisControl.HARD_RESET, COMMAND, LAN)
    assert not bench.chassis.control_fault


@pytest.mark.parametrize("policy", [PowerRestorePolicy.STAY_OFF, PowerRestorePolicy.PREVIOUS])
def test_28_8_a_real_machine_that_runs_as_the_bmc_starts_is_not_cut(policy: PowerRestorePolicy) -> None:
    bench = make_chassis(machine=VmSpec("unix:/vm"))
    bench.chassis.set_policy(policy)
    again = bench.again(found_on=True)
    assert again.chassis.is_on()
    assert again.calls == []
    assert again.chassis.restart_cause == RestartCause.UNKNOWN
    first = make_chassis(machine=VmSpec("unix:/vm"), found_on=True)
    assert first.calls == []
