"""BMCs at work: the LAN channel over real sockets, and what a server keeps (§13, §23.4)."""

from __future__ import annotations

import asyncio
import resource
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv6Address
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import Blueprint, Identity, LanSpec
from baseboard.bmc.blueprint.interfaces import InterfaceSpec, RegistersSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.controller import Controller
from baseboard.bmc.lan_wiring import Wiring
from baseboard.bmc.ports import Board
from baseboard.bmc.server import (
    STORE_FILE,
    Place,
    RandomPool,
    RunningBmc,
    Server,
    raise_file_limit,
)
from baseboard.bmc.services.lan_network import Plain
from baseboard.bmc.store import StoreError
from baseboard.commands.app.device import GetSystemGuid
from baseboard.commands.app.users import GetUserName, SetUserName
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.crypto.suites import SUITES
from baseboard.errors import TransportError
from baseboard.rmcp import asf
from baseboard.rmcp.console_events import Answered, SessionOpened
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from baseboard.transports.frames import Switch
from tests.bmc.consoles import ADMIN, EVERYBODY, LAN, OPEN_LAN
from tests.bmc.fakes import BLUEPRINT, GUID, FakeBackend

HERE = ("192.0.2.9", 9999)
PING = asf.Ping(tag=0x55).encode()
PONG = asf.Pong(0x55).encode()
APP, TRANSPORT = 0x06, 0x0C


# Random bytes


def test_random_bytes_are_given_out_once_whatever_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def token_bytes(size: int) -> bytes:
        drawn.append(bytes((len(drawn) + 1,)) * size)
        return drawn[-1]

    monkeypatch.setattr(secrets, "token_bytes", token_bytes)
    pool = RandomPool()
    assert pool(16) + pool(4080) == bytes((1,)) * 4096
    assert pool(10) == bytes((2,)) * 10
    assert pool(5000) == bytes((3,)) * 5000
    assert [len(one) for one in drawn] == [4096, 4096, 5000]


def test_random_bytes_come_from_the_operating_system() -> None:
    pool = RandomPool()
    assert len({pool(16) for _ in range(1000)}) == 1000
    assert pool(0) == b""


# The LAN channel in memory


class UdpConsole:
    """A console at a real socket."""

    def __init__(self, running: RunningBmc, source: str = "127.0.0.1") -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((source, 0))
        self._socket.connect((running.host, running.port))
        login = Login(username=ADMIN.name, password=ADMIN.password, privilege=4)
        self.console = ConsoleV20(login, SUITES[17], secrets.token_bytes)

    async def exchange(self, data: bytes) -> bytes:
        await self._loop.sock_sendall(self._socket, data)
        return await self._loop.sock_recv(self._socket, 4096)

    async def login(self) -> None:
        self.console.open(self._loop.time())
        event = await self._event()
        assert isinstance(event, SessionOpened), event

    async def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes:
        self.console.request(netfn, cmd, data, self._loop.time())
        event = await self._event()
        assert isinstance(event, Answered), event
        return event.data

    async def _event(self) -> object:
        while True:
            for data in self.console.outgoing():
                await self._loop.sock_sendall(self._socket, data)
            due = self.console.deadline()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    self.console.receive(await self._loop.sock_recv(self._socket, 4096), self._loop.time())
            self.console.expire(self._loop.time())
            events = self.console.events()
            if events:
                return events[0]

    def close(self) -> None:
        self._socket.close()


def fake(blueprint: Blueprint, clock: Clock) -> FakeBackend:
    return FakeBackend()


def named(name: str, first: int = 0) -> Blueprint:
    """A blueprint of that name, whose GUID begins with that byte."""
    identity = Identity(name, bytes((first,)) + GUID[1:])
    return replace(BLUEPRINT, identity=identity, users=EVERYBODY, lan=replace(OPEN_LAN, session_slots=4))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    made = Server(tmp_path / "store")
    yield made
    await made.close()


async def test_a_console_logs_in_over_udp_and_is_told_the_port_it_used(server: Server) -> None:
    running = server.add(named("one"), fake, Place("127.0.0.1", 0))
    assert running.port not in (0, LanSpec().port)
    port = running.port.to_bytes(2, "little")
    console = UdpConsole(running)
    await console.login()
    assert (await console.ask(APP, 0x37))[1:] == GUID[::-1]
    assert await console.ask(TRANSPORT, 0x02, bytes((LAN, 8, 0, 0))) == b"\x00\x11" + port
    assert await console.ask(TRANSPORT, 0x22, bytes((LAN, 8, 0, 0))) == b"\x00\x11" + port
    activated = await console.ask(APP, 0x48, bytes.fromhex("01 01 c0 00 00 00"))
    assert (activated[0], activated[9:11]) == (0, port)
    console.close()

    known = named("two")
    known = replace(known, lan=replace(known.lan, port=running.port))
    again = server.add(known, fake, Place("127.0.3.1", running.port))
    assert again.controller.services.home.blueprint is known


async def test_bmcs_on_one_socket_are_told_apart_by_their_addresses(server: Server) -> None:
    places = [Place("127.0.1.1", 0, shared=True), Place("127.0.1.2", 0, shared=True)]
    running = [server.add(named(f"bmc {n}", n), fake, place) for n, place in enumerate(places)]
    assert running[0].port == running[1].port
    assert [one.host for one in running] == ["127.0.1.1", "127.0.1.2"]
    consoles = [UdpConsole(one) for one in running]
    for number, console in enumerate(consoles):
        assert await console.exchange(PING) == PONG
        await console.login()
        guid = await console.ask(APP, GetSystemGuid.command.cmd)
        assert guid[-1] == number
        console.close()


async def test_what_was_answered_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Server(tmp_path)
    console = UdpConsole(first.add(named("kept"), fake, Place("127.0.0.1", 0)))
    await console.login()
    request = SetUserName(user_id=7, user_name=b"kept".ljust(16, b"\0"))
    assert await console.ask(APP, 0x45, request.encode()) == b"\0"
    console.close()
    with pytest.raises(StoreError):
        Server(tmp_path)
    await first.close()
    assert (tmp_path / STORE_FILE).stat().st_mode & 0o777 == 0o600

    second = Server(tmp_path)
    console = UdpConsole(second.add(named("kept"), fake, Place("127.0.0.1", 0)))
    await console.login()
    answer = await console.ask(APP, 0x46, GetUserName(user_id=7).encode())
    assert answer == b"\0" + b"kept".ljust(16, b"\0")
    console.close()
    await second.close()


def inside(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_without_a_directory_the_store_goes_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    server = Server()
    server.add(named("one"), fake, Place("127.0.0.1", 0))
    (folder,) = inside(tmp_path)
    assert (folder / STORE_FILE).exists()
    assert folder.stat().st_mode & 0o777 == 0o700
    await server.close()
    assert inside(tmp_path) == []


async def test_two_bmcs_of_one_name_would_share_their_state(server: Server) -> None:
    running = server.add(named("one"), fake, Place("127.0.0.1", 0))
    with pytest.raises(StoreError, match="two BMCs are called one"):
        server.add(named("one"), fake, Place("127.0.0.1", 0))
    assert server.bmcs == [running]


async def test_an_address_that_is_taken_is_told_and_leaves_the_others_at_work(server: Server) -> None:
    running = server.add(named("one"), fake, Place("127.0.0.1", 0))
    with pytest.raises(TransportError, match=f"port {running.port}"):
        server.add(named("two"), fake, Place("127.0.0.1", running.port))
    assert server.bmcs == [running]
    console = UdpConsole(running)
    assert await console.exchange(PING) == PONG
    console.close()


async def test_a_server_that_closes_stops_bmcs_and_hosts(tmp_path: Path) -> None:
    server = Server(tmp_path)
    backends: list[FakeBackend] = []

    def made(blueprint: Blueprint, clock: Clock) -> FakeBackend:
        backends.append(FakeBackend())
        return backends[-1]

    for place in (Place("127.0.0.1", 0), Place("127.0.2.1", 0, shared=True)):
        server.add(named(place.host), made, place)
    await server.close()
    assert [backend.calls[-1] for backend in backends] == ["stop", "stop"]
    for running in server.bmcs:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind((running.host, running.port))


class Finding(FakeBackend):
    """A host that looks for the hardware of its system interface as soon as it is connected."""

    def connect(self, board: Board) -> None:
        super().connect(board)
        assert isinstance(board, Controller)
        endpoint = board.services.home.blueprint.interface.endpoint
        assert isinstance(endpoint, RegistersSpec)
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(endpoint.listen.removeprefix("unix:"))
        self.calls.append("found")


def with_registers(path: Path) -> Blueprint:
    endpoint = RegistersSpec(f"unix:{path}")
    return replace(named("a"), interface=InterfaceSpec("smic", endpoint=endpoint))


async def test_the_hardware_of_the_interface_is_there_before_the_host_looks_for_it(tmp_path: Path) -> None:
    server, host = Server(tmp_path), Finding()
    server.add(with_registers(tmp_path / "r"), lambda *_: host, Place("127.0.0.1", 0))
    await server.close()
    assert host.calls == ["found", "start", "stop"]


async def test_an_interface_that_cannot_be_had_is_told_before_the_host_starts(tmp_path: Path) -> None:
    server, host = Server(tmp_path), FakeBackend()
    with pytest.raises(TransportError, match="No such file"):
        server.add(with_registers(tmp_path / "none" / "r"), lambda *_: host, Place("127.0.0.1", 0))
    await server.close()
    assert host.calls == ["stop"]


# Limits


@pytest.mark.parametrize(
    ("soft", "hard", "asked", "set_to", "room"),
    [
        (1024, 4096, 5000, 4096, 4096 - 256),
        (1024, 65536, 5000, 5256, 5000),
        (1024, resource.RLIM_INFINITY, 5000, 5256, 5000),
        (65536, 65536, 5000, None, 65536 - 256),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 5000, None, 5000),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked: int, set_to: int | None, room: int
) -> None:
    changed: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: changed.append(limits))
    assert raise_file_limit(asked) == room
    assert changed == ([] if set_to is None else [(set_to, hard)])


async def test_a_bmc_has_a_network_of_its_own_where_it_is_wired_so(server: Server) -> None:
    """Its hardware address is its own, and no other port of it can be opened."""
    switch, seen = Switch(), list[bytes]()
    switch.plug(seen.append)
    blueprint = replace(
        named("wired"), lan=replace(OPEN_LAN, ip="10.1.0.2", mac=b"\x02wired"[:6], ipv6_enables=2)
    )
    place = Place("10.1.0.2", 623, wiring=Wiring(plug=switch.plug))
    running = server.add(blueprint, fake, place)
    assert (running.host, running.port, running.socket) == ("10.1.0.2", 623, None)
    assert {frame[6:12] for frame in seen} == {b"\x02wired"}
    assert running.controller.services.sol.open_socket(9623, lambda data, address: None) is None


async def test_an_interface_brings_its_hardware_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = bytes(range(6))
    network = Plain(lambda data, address: None)
    monkeypatch.setattr("baseboard.bmc.server.wired", lambda *made_with: (network, mac))
    running = server.add(named("wired"), fake, Place("10.1.0.2", 623, wiring=Wiring(interface="eth1")))
    assert running.controller.services.lan.get(5, 0) == mac


async def test_ipv6_is_spoken_too_when_the_bmc_is_told(server: Server) -> None:
    """LAN parameters 51 and 56: the same port, at another address of the host."""
    running = server.add(named("one"), fake, Place("127.0.0.1", 0))
    lan = running.controller.services.lan
    lan.set(p6.Ipv6StaticAddress(set_selector=0, enabled=True, address=IPv6Address("::1"), prefix_length=128))
    lan.set(p6.Ipv6Enables(addressing=p6.Addressing.BOTH))
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as console:
        console.setblocking(False)
        console.connect(("::1", running.port))
        answer = b""
        while not answer:
            with suppress(ConnectionRefusedError, TimeoutError):
                await loop.sock_sendall(console, PING)
                answer = await asyncio.wait_for(loop.sock_recv(console, 100), 0.2)
    assert answer == PONG
    assert lan.get(56, 0)[-1] == p6.Ipv6AddressStatus.ACTIVE
