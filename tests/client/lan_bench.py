"""A simulated BMC on loopback in the event loop of the test itself, and a relay that spoils what passes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import Server
from baseboard.client.bmc import Bmc
from baseboard.client.connect import Connection, connect
from baseboard.rmcp.table import SessionTable
from baseboard.testing import virtual_loop
from baseboard.testing.scripted import Script
from baseboard.transports.udp import Address, UdpSocket
from tests.bmc.fakes import ADMIN, BLUEPRINT, OPERATOR, FakeBackend

T = TypeVar("T")

HOST = "127.0.0.1"
V15 = LanSpec(auth_types=0b010110, suites=((3, 4), (17, 4)))
"""A LAN channel that takes v1.5 logins too: MD2, MD5 and password."""

# Of 16 bytes, since longer ones cannot be used over v1.5.
USERS = (replace(ADMIN, size=16), OPERATOR)

Filter = Callable[[bytes], bytes | None]
"""Changes a datagram, or keeps it back."""


def on_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run a test whose time-outs take no time."""
    return virtual_loop.run(main)


async def passes(seconds: float) -> None:
    """Let virtual time pass."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(seconds, over.set_result, None)
    await over


class Bench:
    """A BMC that runs, what it was asked, and how one logs in there.

    Attributes:
        port: where consoles send to: the relay's.
        script: what is answered otherwise; ``script.asked`` is all that was asked.
        relay: what is between.
        table: the BMC's sessions.
    """

    def __init__(self, relay: Relay, script: Script, table: SessionTable, cache: str) -> None:
        self.relay, self.script, self.table = relay, script, table
        self.port = relay.port
        self._cache = cache

    def connection(self, **options: Any) -> Connection:
        """Reach it as its administrator, unless told otherwise."""
        given: dict[str, Any] = {
            "username": "admin", "password": "adminpw", "port": self.port, "cache": self._cache,
            "learn": bool(self._cache), "keep_alive": None,
        }  # fmt: skip
        return connect(HOST, **(given | options))

    async def login(self, **options: Any) -> Bmc:
        """The same, logged in."""
        return await self.connection(**options)

    def asked(self) -> list[tuple[int, int]]:
        """Network function and command of all that reached the BMC's commands."""
        return [(netfn, cmd) for netfn, cmd, _ in self.script.asked]


class Relay:
    """A UDP relay on loopback: what is sent to its port goes to the BMC, and back to whoever sent it.

    Attributes:
        loss: share of datagrams that never arrive.
        duplicate: share that arrives twice.
        delay: least and greatest seconds on the way; the difference puts them out of order.
        there: changes or keeps back what goes to the BMC.
        back: the same for what comes from it.
        sent: datagrams that went to the BMC's side, before anything was done to them.
        answered: datagrams that came back.
        senders: the sockets that sent something.
    """

    def __init__(self, port: int) -> None:
        self.loss = self.duplicate = 0.0
        self.delay = (0.0, 0.0)
        self.there: Filter = bytes
        self.back: Filter = bytes
        self.sent: list[bytes] = []
        self.answered: list[bytes] = []
        self._news = asyncio.Event()
        self.senders: set[Address] = set()
        self._target: Address = (HOST, port)
        self._random = random.Random(1)
        self._behind: dict[Address, UdpSocket] = {}
        self._front = UdpSocket(HOST, 0, self._to_bmc, lambda: None)
        self.port = self._front.port

    def seed(self, seed: int) -> None:
        """Draw what is lost, and how late the rest is, from here."""
        self._random = random.Random(seed)

    @property
    def consoles(self) -> int:
        """How many sockets have sent something."""
        return len(self.senders)

    def _to_bmc(self, data: bytes, sender: Address) -> None:
        self.sent.append(data)
        self._news.set()
        self.senders.add(sender)
        changed = self.there(data)
        if changed is None:
            return
        if sender not in self._behind:
            self._behind[sender] = UdpSocket(
                HOST, 0, lambda answer, _: self._to_console(answer, sender), lambda: None
            )
        self._spoil(changed, lambda data: self._behind[sender].send(data, self._target))

    def _to_console(self, data: bytes, console: Address) -> None:
        self.answered.append(data)
        changed = self.back(data)
        if changed is not None:
            self._spoil(changed, lambda data: self._front.send(data, console))

    def _spoil(self, data: bytes, send: Callable[[bytes], None]) -> None:
        for _ in range(1 + (self._random.random() < self.duplicate)):
            if self._random.random() < self.loss:
                continue
            delay = self._random.uniform(*self.delay)
            if delay:
                asyncio.get_running_loop().call_later(delay, self._late, send, data)
            else:
                send(data)

    def _late(self, send: Callable[[bytes], None], data: bytes) -> None:
        if self._front.port:
            send(data)

    async def has_sent(self, count: int) -> None:
        """Wait until so many datagrams went to the BMC's side."""
        while len(self.sent) < count:
            self._news.clear()
            await self._news.wait()

    def close(self) -> None:
        """Pass nothing any more."""
        self._front.port = 0
        for one in (self._front, *self._behind.values()):
            one.close()


@asynccontextmanager
async def bench(script: Script | None = None, *, cache: str = "", **changes: Any) -> AsyncIterator[Bench]:
    """Run a BMC while the block lasts.

    Args:
        cache: folder for profiles; empty = nothing is learned.
        changes: fields of its blueprint.
    """
    server, script = Server(), script or Script()
    loop = asyncio.get_running_loop()
    if isinstance(loop, virtual_loop.VirtualLoop):
        # A change is answered once it is on the disk, and a disk has no virtual time.
        loop.wait_for(lambda: server.store.writing)
    changes = {"users": USERS} | changes
    (place,) = endpoints(HOST, 0, 1, "ports")
    running = server.add(replace(BLUEPRINT, **changes), lambda _blueprint, _clock: FakeBackend(), place)
    script.attach(running.controller)
    relay = Relay(running.port)
    try:
        (table,) = running.controller.services.tables.values()
        yield Bench(relay, script, table, cache)
    finally:
        relay.close()
        await server.close()


def kind(datagram: bytes) -> int:
    """Payload type of an RMCP+ packet, without flags; -1 for a packet of v1.5, -2 for a ping."""
    if datagram[3] != 7:
        return -2
    return datagram[5] & 0x3F if datagram[4] == 6 else -1


def suite_of(open_session: bytes) -> int:
    """The authentication algorithm that an Open Session Request proposes: 1 = suite 3, 3 = suite 17."""
    return open_session[16 + 12] & 0x3F
