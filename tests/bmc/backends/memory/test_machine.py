"""What programs on the host see of it."""

from __future__ import annotations

from baseboard.bmc.backends.memory.machine import Machine
from tests.bmc.backends.memory.bench import Bench


def test_the_host_is_the_machine() -> None:
    bench = Bench(powered=True)
    machine: Machine = bench.server.host
    assert machine.running()
    assert machine.blueprint is bench.blueprint
    assert machine.wall() == bench.clock.wall()
    assert machine.uptime() == 259200.0
    assert machine.reading("Fixed") == 3.0
    assert machine.states("Door") == 1
    machine.set_load(2.0)
    assert machine.load == 2.0
    machine.say("hello\n")
    assert bench.text == "hello\n"
    answers: list[bytes] = []
    machine.request(6, 0, 1, b"", answers.append)
    assert answers == [b"\0"]


def test_later_is_not_when_the_system_has_gone() -> None:
    bench = Bench(powered=True)
    machine: Machine = bench.server.host
    seen: list[float] = []
    machine.later(5.0, lambda: seen.append(bench.clock.now()))
    bench.clock.advance(10.0)
    machine.later(5.0, lambda: seen.append(bench.clock.now()))
    bench.server.host.turn_off()
    bench.clock.advance(10.0)
    assert seen == [5.0]
