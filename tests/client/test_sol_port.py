"""SOL at a port of its own (SOL parameter 8, Table 24-3), and controllers that tell a wrong one."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import RunningBmc, Server
from baseboard.client.bmc import Bmc
from baseboard.client.connect import connect
from baseboard.client.sol import other_port
from baseboard.commands.parameters.sol import SolPayloadPort
from tests.bmc.fakes import BLUEPRINT, FakeBackend, FakeSerial
from tests.client.sol_bench import until


@pytest.mark.parametrize(
    ("told", "own", "port"),
    [
        (623, 623, 0),
        (0, 623, 0),
        (0x6F02, 623, 0),  # 623 with its bytes swapped
        (623, 6230, 0),  # a BMC that knows nothing of the port before it
        (0x6F02, 6230, 0),
        (0x1856, 6230, 0),
        (0x5618, 6230, 0),  # 6230 with its bytes swapped
        (2747, 623, 2747),
        (2747, 6230, 2747),
    ],
)
def test_which_ports_are_believed(told: int, own: int, port: int) -> None:
    assert other_port(told, own) == port


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@asynccontextmanager
async def bench(spread: Any = "ports") -> AsyncIterator[tuple[Bmc, RunningBmc, FakeSerial]]:
    backend = FakeBackend()
    assert backend.serial is not None
    assert backend.power is not None
    backend.power.on = True
    server = Server()
    (place,) = endpoints("127.0.0.1", 0, 1, spread)
    running = server.add(BLUEPRINT, lambda blueprint, clock: backend, place)
    try:
        async with connect(
            "127.0.0.1", port=running.port, username="admin", password="adminpw", learn=False, timeout=0.2
        ) as bmc:
            yield bmc, running, backend.serial
    finally:
        await server.close()


def counted(running: RunningBmc) -> list[int]:
    """The sizes of what leaves by SOL's own port from now on."""
    door = running.controller.services.sol._door
    assert door is not None
    sizes: list[int] = []
    real = door._socket

    class Counting:
        def send(self, data: bytes, address: Any) -> None:
            sizes.append(len(data))
            real.send(data, address)

        def close(self) -> None:
            real.close()

    door._socket = Counting()
    return sizes


@pytest.mark.parametrize("spread", ["ports", "addresses"])
async def test_the_console_speaks_to_the_port_that_the_bmc_has_opened(spread: str) -> None:
    async with bench(spread) as (bmc, running, serial):
        port = free_port()
        await bmc.sol.settings().set([SolPayloadPort(port=port)])
        sizes = counted(running)
        async with bmc.sol.open() as console:
            await console.write(b"typed")
            await until(lambda: serial.typed == b"typed")
            serial.say(b"printed")
            assert await console.read() == b"printed"
        assert console._port == port
        assert len(sizes) > 2
        await bmc.sol.settings().set([SolPayloadPort(port=running.port)])
        assert running.controller.services.sol._door is None


async def test_a_whole_session_may_be_held_at_the_other_port() -> None:
    """As ipmiconsole, which logs in anew at the port that it is told."""
    async with bench() as (bmc, running, serial):
        port = free_port()
        await bmc.sol.settings().set([SolPayloadPort(port=port)])
        sizes = counted(running)
        async with (
            connect("127.0.0.1", port=port, username="admin", password="adminpw", learn=False) as there,
            there.sol.open() as console,
        ):
            await console.write(b"typed")
            await until(lambda: serial.typed == b"typed")
            serial.say(b"printed")
            assert await console.read() == b"printed"
        assert len(sizes) > 8


async def test_at_a_port_where_nobody_answers_it_goes_back_to_the_sessions() -> None:
    async with bench() as (bmc, running, serial):
        running.controller.services.sol._door = _Nowhere(free_port())  # type: ignore[assignment]  # tells a port
        async with bmc.sol.open() as console:
            await console.write(b"typed")
            await until(lambda: serial.typed == b"typed")
            assert console._port == 0
        running.controller.services.sol._door = None


class _Nowhere:
    """A port that is told and not open."""

    def __init__(self, port: int) -> None:
        self.port = port

    def address(self, heard: Any) -> Any:
        return heard
