"""BMCs at work: transports, controllers and backends wired together in one process."""

from __future__ import annotations

import asyncio
import resource
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.clock import Clock, LoopClock
from baseboard.bmc.controller import Controller
from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.ports import Backend
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, SqliteStore, StoreError
from baseboard.transports.udp import Address, LoopbackUdp, UdpSocket

STORE_FILE = "baseboard.sqlite"

_POOL = 4096
_OTHER_FILES = 256


class RandomPool:
    """Unpredictable bytes from the operating system, fetched 4 kB at a time."""

    __slots__ = ("_left", "_pool")

    def __init__(self) -> None:
        self._pool = b""
        self._left = 0

    def __call__(self, size: int) -> bytes:
        """That many bytes, each given out once."""
        if size > self._left:
            self._pool = secrets.token_bytes(max(_POOL, size))
            self._left = len(self._pool)
        start = len(self._pool) - self._left
        self._left -= size
        return self._pool[start : start + size]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a BMC's LAN channel listens.

    Attributes:
        host: address.
        port: UDP port; 0 = any.
        shared: one socket of the whole process serves all addresses of the loopback network.
    """

    host: str
    port: int
    shared: bool = False


class RunningBmc:
    """One BMC of a server.

    Attributes:
        controller: the BMC.
        endpoint: its LAN channel.
        host: address it listens on.
        port: port it listens on.
    """

    __slots__ = ("controller", "endpoint", "host", "port", "socket")

    def __init__(self, controller: Controller, endpoint: LanEndpoint) -> None:
        self.controller = controller
        self.endpoint = endpoint
        self.host = ""
        self.port = 0
        self.socket: UdpSocket | None = None


class Server:
    """The BMCs of one process, over one store.

    Args:
        directory: where the store's file is; None = a temporary one that goes at the end.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = LoopClock(self._loop)
        self._temporary = tempfile.TemporaryDirectory(prefix="baseboard-") if directory is None else None
        folder = Path(self._temporary.name) if self._temporary is not None else directory
        assert folder is not None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.store = SqliteStore(folder / STORE_FILE, self._loop)
        self._random = RandomPool()
        self._shared: dict[int, tuple[LoopbackUdp, dict[str, LanEndpoint]]] = {}
        self._names: set[str] = set()
        self.bmcs: list[RunningBmc] = []

    def add(
        self, blueprint: Blueprint, backend: Callable[[Blueprint, Clock], Backend], place: Place
    ) -> RunningBmc:
        """Start a BMC.

        Raises:
            TransportError: its address cannot be bound.
            StoreError: there is a BMC of that name already, and they would share their state.
        """
        if blueprint.identity.name in self._names:
            raise StoreError(f"two BMCs are called {blueprint.identity.name}")
        self._names.add(blueprint.identity.name)
        journal = Journal(self.store, blueprint.identity.name)
        home = Home(blueprint, journal, self._clock, backend(blueprint, self._clock), self._random)
        controller = Controller(home)
        running = RunningBmc(controller, LanEndpoint(controller, self._random, self._clock))
        self._bind(running, place)
        self.bmcs.append(running)
        controller.start()
        return running

    async def close(self) -> None:
        """End every BMC and write what is still to be written."""
        for running in self.bmcs:
            running.endpoint.close()
            running.controller.stop()
            if running.socket is not None:
                running.socket.close()
        for socket, _ in self._shared.values():
            socket.close()
        await self.store.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _bind(self, running: RunningBmc, place: Place) -> None:
        endpoint = running.endpoint
        running.host = place.host
        if not place.shared:
            running.socket = UdpSocket(place.host, place.port, endpoint.receive, _drained)
            endpoint.bind(running.socket.send)
            self._note_port(running, running.socket.port)
            return
        socket, endpoints = self._shared_socket(place.port)
        socket.serve(place.host)
        endpoints[place.host] = endpoint
        endpoint.bind(partial(socket.send, source=place.host))
        self._note_port(running, socket.port)

    @staticmethod
    def _note_port(running: RunningBmc, port: int) -> None:
        """Have the BMC tell the port that it really has (LAN parameter 8, SOL parameter 8, Table 24-3)."""
        running.port = port
        home = running.controller.services.home
        lan = home.blueprint.lan
        if lan.port != port:
            home.blueprint = replace(home.blueprint, lan=replace(lan, port=port))

    def _shared_socket(self, port: int) -> tuple[LoopbackUdp, dict[str, LanEndpoint]]:
        if port not in self._shared:
            endpoints: dict[str, LanEndpoint] = {}

            def receive(data: bytes, sender: Address, host: str) -> None:
                endpoints[host].receive(data, sender)

            self._shared[port] = LoopbackUdp(port, receive, _drained), endpoints
        return self._shared[port]


def _drained() -> None:
    """Each datagram is dealt with as it comes, so nothing is left for the end of a wake-up."""


def raise_file_limit(sockets: int) -> int:
    """Let this process have that many sockets besides what it has open, as far as the system allows.

    Returns: how many there is room for.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return sockets if soft == resource.RLIM_INFINITY else soft - _OTHER_FILES
