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
from baseboard.bmc.bus_wiring import Buses
from baseboard.bmc.clock import Clock, LoopClock
from baseboard.bmc.controller import Controller
from baseboard.bmc.icmb_wiring import Lines
from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.lan_wiring import Wiring, wired
from baseboard.bmc.ports import Backend
from baseboard.bmc.serial_channel import SerialEndpoint
from baseboard.bmc.serial_channel.connector import connector_of
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sol_door import Socket
from baseboard.bmc.store import Journal, SqliteStore, StoreError
from baseboard.bmc.system_interface import Endpoint, opened
from baseboard.errors import TransportError
from baseboard.transports.host_network import HostNetwork
from baseboard.transports.loopback_udp import LoopbackShare, LoopbackUdp, Receive
from baseboard.transports.udp import UdpSocket

STORE_FILE = "baseboard.sqlite"

_POOL = 4096
_OTHER_FILES = 256


class RandomPool:
    """Unpredictable bytes from the operating system, fetched 4 kB at a time."""

    __slots__ = ("_end", "_pool")

    def __init__(self) -> None:
        self._pool = b""
        self._end = 0

    def __call__(self, size: int) -> bytes:
        """That many bytes, each given out once."""
        end = self._end
        given = self._pool[end : end + size]
        if len(given) < size:
            self._pool, end = secrets.token_bytes(max(_POOL, size)), 0
            given = self._pool[:size]
        self._end = end + size
        return given


@dataclass(frozen=True, slots=True)
class Place:
    """Where a BMC's LAN channel listens.

    Attributes:
        host: address.
        port: UDP port; 0 = any.
        shared: one socket of the whole process serves all addresses of the loopback network.
        wiring: a network of its own; None = sockets of the host.
    """

    host: str
    port: int
    shared: bool = False
    wiring: Wiring | None = None


class RunningBmc:
    """One BMC of a server.

    Attributes:
        controller: the BMC.
        endpoint: its LAN channel.
        host: address it listens on.
        port: port it listens on.
        serial: its serial channel; None = it has none.
        serial_line: where a console finds that; empty = nowhere.
        interface: its system interface; None = the host needs no hardware of one.
    """

    __slots__ = ("controller", "endpoint", "host", "interface", "port", "serial", "serial_line", "socket")

    def __init__(self, controller: Controller, endpoint: LanEndpoint) -> None:
        self.controller = controller
        self.endpoint = endpoint
        self.host = ""
        self.port = 0
        self.socket: UdpSocket | None = None
        self.serial: SerialEndpoint | None = None
        self.serial_line = ""
        self.interface: Endpoint | None = None


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
        self._shared: dict[int, LoopbackUdp] = {}
        self._names: set[str] = set()
        self._lines = Lines(self._clock)
        self._buses = Buses(self._clock)
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
        if controller.services.icmb is not None:
            controller.services.icmb.join(self._lines.of(controller.services.icmb.spec))
        self._join(controller)
        # A machine that the BMC itself starts looks for the hardware of the interface at once.
        running.interface = opened(blueprint.interface, controller, self._clock)
        controller.start()
        self._plug_in(running)
        return running

    async def close(self) -> None:
        """End every BMC and write what is still to be written."""
        for running in self.bmcs:
            if running.serial is not None:
                running.serial.close()
            if running.interface is not None:
                running.interface.close()
            running.endpoint.close()
            running.controller.services.bridging.leave()
            running.controller.stop()
            if running.socket is not None:
                running.socket.close()
        for socket in self._shared.values():
            socket.close()
        self._buses.close()
        self._lines.close()
        await self.store.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _plug_in(self, running: RunningBmc) -> None:
        """Give a BMC its serial channel, if it has one."""
        services = running.controller.services
        spec = services.home.blueprint.serial
        if spec is None:
            return
        running.serial = SerialEndpoint(running.controller, self._random, self._clock)
        connector = connector_of(spec.line, running.serial.bits_per_second, direct=spec.direct)
        if connector is not None:
            running.serial.attach(connector)
            running.serial_line = connector.place

    def _join(self, controller: Controller) -> None:
        """Put a BMC on its IPMB, where that is not its own alone."""
        blueprint = controller.services.home.blueprint
        bus = self._buses.of(blueprint.ipmb)
        if bus is None:
            return
        try:
            controller.services.bridging.join(bus)
        except ValueError as error:
            raise TransportError(f"{blueprint.identity.name}, IPMB {blueprint.ipmb.bus}: {error}") from error

    def _bind(self, running: RunningBmc, place: Place) -> None:
        endpoint = running.endpoint
        running.host = place.host
        running.controller.services.sol.open_socket = partial(self._open_other_port, place)
        if place.wiring is not None:
            network, mac = wired(place.wiring, endpoint.receive, self._clock)
            self._note_port(running, place.port)
            if mac is not None:
                _note_mac(running, mac)
            endpoint.attach(network)
            return
        if not place.shared:
            running.socket = UdpSocket(place.host, place.port, endpoint.receive, _drained)
            self._note_port(running, running.socket.port)
            endpoint.attach(HostNetwork(running.socket, place.host, endpoint.receive))
            return
        socket = self._shared_socket(place.port)
        share = LoopbackShare(socket, place.host, endpoint.receive)
        self._note_port(running, socket.port)
        endpoint.attach(HostNetwork(share, place.host, endpoint.receive))

    def _open_other_port(self, place: Place, port: int, receive: Receive) -> Socket | None:
        """A socket at another port of a BMC's address (SOL parameter 8)."""
        try:
            if place.wiring is not None:
                return None
            if not place.shared:
                return UdpSocket(place.host, port, receive, _drained)
            return LoopbackShare(self._shared_socket(port), place.host, receive)
        except TransportError:
            return None

    @staticmethod
    def _note_port(running: RunningBmc, port: int) -> None:
        """Have the BMC tell the port that it really has (LAN parameter 8, SOL parameter 8, Table 24-3)."""
        running.port = port
        home = running.controller.services.home
        lan = home.blueprint.lan
        if lan.port != port:
            home.blueprint = replace(home.blueprint, lan=replace(lan, port=port))

    def _shared_socket(self, port: int) -> LoopbackUdp:
        if port not in self._shared:
            self._shared[port] = LoopbackUdp(port, _drained)
        return self._shared[port]


def _note_mac(running: RunningBmc, mac: bytes) -> None:
    """Have the BMC tell the hardware address that its interface has (LAN parameter 5)."""
    home = running.controller.services.home
    home.blueprint = replace(home.blueprint, lan=replace(home.blueprint.lan, mac=mac))


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
