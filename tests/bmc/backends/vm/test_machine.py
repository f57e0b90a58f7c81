"""A virtual machine as a backend: power is whether it is there, orders go over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.backends.vm import VirtualMachine
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.ports import Backend, PowerLimits, PowerPort
from baseboard.codes import ChassisControl
from baseboard.links.vm import (
    ALL,
    Ability,
    Code,
)
from baseboard.links.vm_machine import (
    Ordered,
)
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.fake_machine import FakeSocket
from tests.bmc.fake_board import FakeBoard


class Bench:
    def __init__(self) -> None:
        clock = VirtualClock()
        self.socket, self.board = FakeSocket(clock), FakeBoard()
        self.machine = VirtualMachine(VmSpec("unix:/vm"), clock, self.socket.open)
        self.machine.connect(self.board)
        self.machine.start()

    def told(self) -> list[Any]:
        return [one.code for one in self.socket.events() if isinstance(one, Ordered)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_is_a_backend_with_power_lines_and_nothing_else(bench: Bench) -> None:
    backend: Backend = bench.machine
    power: PowerPort = bench.machine.power
    assert isinstance(power, PowerLimits)
    assert (backend.sensors, backend.serial, backend.identify, backend.meter) == (None, None, None, None)
    assert tuple(backend.serials) == ()


def test_power_is_whether_it_is_there(bench: Bench) -> None:
    assert not bench.machine.is_on()
    bench.socket.appear()
    assert (bench.machine.is_on(), bench.board.calls) == (True, ["on"])
    bench.socket.leave()
    assert (bench.machine.is_on(), bench.board.calls) == (False, ["on", "off"])


def test_orders_go_to_the_machine(bench: Bench) -> None:
    bench.socket.appear()
    bench.machine.turn_off()
    bench.machine.diagnostic_interrupt()
    bench.machine.soft_shutdown()
    assert bench.told() == [Code.POWER_OFF, Code.NMI, Code.SHUT_DOWN]
    assert bench.board.calls == ["on"]


def test_a_reset_is_reported_as_it_is_ordered_since_the_machine_does_not(bench: Bench) -> None:
    bench.machine.reset()
    assert bench.board.calls == []
    bench.socket.appear()
    bench.machine.reset()
    assert (bench.told(), bench.board.calls) == ([Code.RESET], ["on", "reset"])


def test_a_machine_that_tells_of_its_resets_is_believed(bench: Bench) -> None:
    bench.socket.appear().tell_reset()
    bench.socket.pump()
    assert bench.board.calls == ["on", "reset"]


def test_nothing_starts_a_machine(bench: Bench) -> None:
    bench.machine.turn_on()
    assert not bench.machine.is_on()
    assert bench.machine.lacks(ChassisControl.POWER_UP)
    bench.socket.appear()
    assert not bench.machine.lacks(ChassisControl.POWER_UP)


@pytest.mark.parametrize(
    ("ability", "lacking"),
    [
        (Ability.POWER, {ChassisControl.POWER_DOWN, ChassisControl.POWER_CYCLE}),
        (Ability.RESET, {ChassisControl.HARD_RESET}),
        (Ability.NMI, {ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT}),
        (Ability.SHUT_DOWN, {ChassisControl.SOFT_SHUTDOWN}),
    ],
)
def test_what_it_cannot_do_is_known(bench: Bench, ability: Ability, lacking: set[ChassisControl]) -> None:
    assert not any(bench.machine.lacks(one) for one in list(ChassisControl) if one != ChassisControl.POWER_UP)
    bench.socket.appear(ALL & ~ability)
    assert {one for one in list(ChassisControl) if bench.machine.lacks(one)} == lacking


def test_a_soft_shutdown_of_one_that_knows_none_ends_it(bench: Bench) -> None:
    bench.socket.appear(ALL & ~Ability.SHUT_DOWN)
    bench.machine.soft_shutdown()
    assert bench.told() == [Code.POWER_OFF]


def test_the_end_leaves_the_machine_alone(bench: Bench) -> None:
    bench.socket.appear()
    bench.machine.stop()
    assert bench.socket.closed
    assert bench.told() == []
    assert bench.board.calls == ["on"]
