"""The simulated server as a backend: ports, disturbances, cost."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.makeups import makeup
from baseboard.bmc.ports import Backend
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.memory.bench import BOOT, Bench, FakeBoard


def test_it_offers_every_port() -> None:
    backend: Backend = Bench().server
    assert backend.power is not None
    assert backend.sensors is not None
    assert backend.serial is not None
    assert backend.identify is not None


def test_the_light() -> None:
    bench = Bench()
    assert bench.server.identify is not None
    assert not bench.server.light.lit
    bench.server.identify.identify(True)
    assert bench.server.light.lit
    bench.server.identify.identify(False)
    assert not bench.server.light.lit


def test_sensors_can_be_held_and_released() -> None:
    bench = Bench(powered=True)
    bench.server.set_value("Quiet Temp", 95.0)
    bench.server.set_states("Door", 0)
    assert (bench.analog("Quiet Temp"), bench.states("Door")) == (95.0, 0)
    assert not bench.settled()
    bench.server.release("Quiet Temp")
    bench.server.release("Door")
    assert (bench.analog("Quiet Temp"), bench.states("Door")) == (60.0, 1)
    with pytest.raises(KeyError):
        bench.server.set_value("Nothing", 1.0)


def test_equal_seeds_make_equal_servers() -> None:
    def history(seed: int) -> tuple[list[float | None], bytes]:
        bench = Bench(seed=seed)
        readings = []
        bench.server.host.turn_on()
        for _ in range(50):
            bench.clock.advance(BOOT / 40)
            readings.append(bench.analog("Temp"))
        return readings, bench.output

    assert history(5) == history(5)
    assert history(5) != history(6)


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("powered", [False, True])
def test_an_idle_server_costs_less_than_two_kibibytes(index: int, powered: bool) -> None:
    clock, board = VirtualClock(), FakeBoard()
    blueprints = [makeup(index, f"lab-{n}", bytes([n]) * 16, powered=powered) for n in range(100)]

    def build(some: list[object]) -> None:
        for blueprint in blueprints:
            server = SimulatedServer(blueprint, clock)
            server.connect(board)
            server.start()
            board.requests.clear()
            some.append(server)

    build([])  # what is shared is made once
    gc.collect()
    servers: list[object] = []
    tracemalloc.start()
    try:
        build(servers)
        gc.collect()
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used / len(servers) < 2048


def test_a_server_that_has_booted_unseen_costs_little_more() -> None:
    clock, board = VirtualClock(), FakeBoard()
    servers = [SimulatedServer(makeup(0, f"lab-{n}", bytes([n]) * 16), clock) for n in range(50)]
    for server in servers:
        server.connect(board)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for server in servers:
            server.host.turn_on()
        clock.advance(100.0)
        board.requests.clear()
        board.calls.clear()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / len(servers) < 3072
