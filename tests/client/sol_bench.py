"""A BMC with a host's serial line, on loopback in the test's own event loop, behind a relay that loses."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import Server
from baseboard.client.bmc import Bmc
from baseboard.client.connect import connect
from baseboard.testing.scripted import Line, Script
from tests.bmc.fakes import BLUEPRINT, FakeBackend, FakeSerial


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)  # polls
    raise AssertionError("it never came true")


class Relay(asyncio.DatagramProtocol):
    """A UDP relay to one port of loopback.

    Attributes:
        loss: share of the packets, either way, that is lost.
        cut: nothing passes.
        port: where consoles send.
    """

    def __init__(self, target: int) -> None:
        self.loss, self.cut, self.port = 0.0, False, 0
        self._target = target
        self._random = random.Random(11)
        self._front: Any = None
        self._tasks: set[asyncio.Future[None]] = set()
        self._back: dict[Any, Any] = {}

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self.port = self._front.get_extra_info("sockname")[1]

    def close(self) -> None:
        for transport in (self._front, *self._back.values()):
            transport.close()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        task = asyncio.ensure_future(self._forward(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def passes(self) -> bool:
        return not self.cut and self._random.random() >= self.loss

    async def _forward(self, data: bytes, sender: Any) -> None:
        if sender not in self._back:
            loop = asyncio.get_running_loop()
            self._back[sender], _ = await loop.create_datagram_endpoint(
                lambda: _Back(self, sender), remote_addr=("127.0.0.1", self._target)
            )
        if self.passes():
            self._back[sender].sendto(data)

    def back(self, data: bytes, receiver: Any) -> None:
        if self.passes():
            self._front.sendto(data, receiver)


class _Back(asyncio.DatagramProtocol):
    def __init__(self, relay: Relay, console: Any) -> None:
        self._relay, self._console = relay, console

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._relay.back(data, self._console)


@dataclass
class SolBench:
    """What a test of consoles works with.

    Attributes:
        bmc: a session through the relay.
        another: opens one more session.
        serial: the host's end of the line.
        relay: loses packets when told to.
        script: answers what the test wants answered otherwise.
        services: of the BMC.
    """

    bmc: Bmc
    another: Callable[..., Any]
    serial: FakeSerial
    relay: Relay
    script: Script
    services: Any


@asynccontextmanager
async def sol_bench(
    lines: dict[tuple[int, int], Line] | None = None, *, suite: int = 17, **login: Any
) -> AsyncIterator[SolBench]:
    """A BMC, and a session with it."""
    backend = FakeBackend()
    assert backend.serial is not None
    assert backend.power is not None
    backend.power.on = True
    lan = replace(BLUEPRINT.lan, suites=((2, 4), (3, 4), (17, 4)))
    server, script = Server(), Script(lines)
    (place,) = endpoints("127.0.0.1", 0, 1, "ports")
    running = server.add(replace(BLUEPRINT, lan=lan), lambda blueprint, clock: backend, place)
    script.attach(running.controller)
    relay = Relay(running.port)
    await relay.start()

    def another(**more: Any) -> Any:
        settings: dict[str, Any] = {
            "username": "admin",
            "password": "adminpw",
            "port": relay.port,
            "timeout": 0.2,
        }
        settings |= {"cipher_suite": suite, "learn": False, **login, **more}
        return connect("127.0.0.1", **settings)

    bmc = await another()
    try:
        yield SolBench(bmc, another, backend.serial, relay, script, running.controller.services)
    finally:
        relay.cut, relay.loss = False, 0.0
        await bmc.close()
        relay.close()
        await server.close()
