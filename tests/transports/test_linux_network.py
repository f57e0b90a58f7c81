"""A LAN channel on an interface of Linux: its sockets, its ARPs, and what goes beside them.

The kernel is in memory and the interface the loopback device; real ones are in ``tests/vm/test_vlan.py``.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface
from typing import Any, ClassVar

import pytest

from baseboard.errors import TransportError
from baseboard.links import ethernet, ethernet_arp
from baseboard.links.network import Counters, NetworkReport, NetworkSettings, Tag, Via
from baseboard.testing.clock import VirtualClock
from baseboard.transports import linux_network
from baseboard.transports.linux_network import ABILITIES, ASIDE_S, LinuxNetwork
from baseboard.transports.udp import Address

MAC = bytes.fromhex("0200000000b1")


class Setup:
    """What sets the interface up: it notes what it is told."""

    device = "lo"
    failing: Exception | None = None
    refused: ClassVar[list[TransportError]] = []
    said = NetworkReport(hop_limit=61)

    def __init__(self, interface: str) -> None:
        self.applied: list[NetworkSettings] = []
        self.reports = self.ended = 0

    def begin(self) -> bytes:
        return MAC

    def apply(self, settings: NetworkSettings) -> list[TransportError]:
        if Setup.failing is not None:
            raise Setup.failing
        self.applied.append(settings)
        return Setup.refused

    def report(self, settings: NetworkSettings) -> NetworkReport:
        self.reports += 1
        if Setup.failing is not None:
            raise Setup.failing
        return Setup.said

    def end(self) -> None:
        self.ended += 1
        if Setup.failing is not None:
            raise Setup.failing


class Statistics:
    """Counters of a namespace."""

    closed = False

    def counters(self) -> Counters:
        return Counters(ip_received=7)

    def close(self) -> None:
        Statistics.closed = True


class Bench:
    """A network on the loopback device.

    Attributes:
        frames: far ends of the packet sockets that were opened, and at which interface.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, namespace: str = "") -> None:
        self.frames: list[tuple[str, socket.socket]] = []
        self.namespaces: list[str] = []
        self.heard = asyncio.Queue[tuple[bytes, Address]]()
        self.clock = VirtualClock()
        Setup.failing, Setup.refused, Setup.device, Statistics.closed = None, [], "lo", False
        monkeypatch.setattr(linux_network, "LinuxSetup", Setup)
        monkeypatch.setattr(linux_network, "Statistics", Statistics)
        monkeypatch.setattr(linux_network, "packet_socket", self._packet_socket)
        monkeypatch.setattr(linux_network, "inside", self._inside)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.settings = NetworkSettings(mac=MAC, ipv4=IPv4Interface("127.0.0.1/8"), port=port)
        self.network = LinuxNetwork("eth1", namespace, self._hear, self.clock)
        self.setup: Any = self.network._setup

    def _hear(self, data: bytes, address: Address) -> None:
        self.heard.put_nowait((data, address))

    def _inside(self, namespace: str, action: Callable[[], Any]) -> Any:
        self.namespaces.append(namespace)
        return action()

    def _packet_socket(self, interface: str) -> socket.socket:
        far, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        near.setblocking(False)
        far.setblocking(False)
        self.frames.append((interface, far))
        return near

    def close(self) -> None:
        self.network.close()
        for _, far in self.frames:
            far.close()

    async def ask(self, host: str) -> bytes:
        """What a console at that address is answered."""
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as console:
            console.settimeout(5)
            console.connect((host, self.settings.port))
            console.send(b"hello")
            _, address = await self.heard.get()
            self.network.send(b"back", address)
            return console.recv(100)


def received(far: socket.socket) -> list[ethernet.Frame]:
    """The frames that came to the far end."""
    found: list[ethernet.Frame] = []
    while True:
        try:
            frame = ethernet.parse(far.recv(2000))
        except BlockingIOError:
            return found
        assert frame is not None
        found.append(frame)


async def test_the_channel_is_at_its_interface_in_the_versions_that_it_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(monkeypatch, "bmc")
    assert (bench.network.mac, bench.network.abilities) == (MAC, ABILITIES)
    bench.network.apply(bench.settings)
    assert bench.setup.applied == [bench.settings]
    assert await bench.ask("127.0.0.1") == b"back"
    bench.network.send(b"nobody speaks it", ("::1", 9, 0, 0))
    bench.network.apply(replace(bench.settings, ipv6=True, ttl=9))
    assert await bench.ask("::1") == b"back"
    bench.network.apply(replace(bench.settings, ipv4=None, ipv6=True))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", bench.settings.port))
    assert set(bench.namespaces) == {"bmc"}
    assert bench.network.counters() == Counters(ip_received=7)
    bench.close()
    assert (bench.setup.ended, Statistics.closed) == (1, True)


async def test_at_another_interface_or_port_the_sockets_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.network.apply(replace(bench.settings, gratuitous_arps=True))
    before = bench.network._sockets[4]
    bench.network.apply(bench.settings)
    assert bench.network._sockets[4] is before
    bench.setup.device = "none0"
    bench.network.apply(bench.settings)
    assert bench.network._sockets == {}
    assert bench.network.counters() is None
    bench.close()


async def test_what_the_kernel_refuses_is_logged_and_the_bmc_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(monkeypatch, "bmc")
    Setup.refused = [TransportError("address fd00::5/64: refused")]
    bench.network.apply(bench.settings)
    assert await bench.ask("127.0.0.1") == b"back"
    Setup.failing = TransportError("there is no interface eth1")
    bench.network.apply(bench.settings)
    assert bench.network.report() == NetworkReport()
    bench.close()
    assert [record.getMessage() for record in caplog.records] == [
        "eth1: address fd00::5/64: refused",
        *["eth1: there is no interface eth1"] * 3,
    ]
    assert [record.levelno for record in caplog.records][:2] == [logging.ERROR] * 2


async def test_gratuitous_arps_come_at_their_interval_without_a_tag_of_ours(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(monkeypatch)
    bench.network.apply(replace(bench.settings, gratuitous_arps=True, arp_interval_s=2.0, tag=Tag(100)))
    bench.clock.advance(4)
    ((interface, far),) = bench.frames
    told = received(far)
    assert (interface, len(told)) == ("lo", 3)
    assert {frame.tag for frame in told} == {None}
    arp = ethernet_arp.parse(told[0].data)
    assert arp == ethernet_arp.gratuitous(MAC, IPv4Address("127.0.0.1"))
    far.close()
    bench.clock.advance(2)
    assert "gratuitous ARP" in caplog.text
    bench.network.apply(bench.settings)
    assert bench.clock.next_due() is None
    bench.network.apply(replace(bench.settings, gratuitous_arps=True, ipv4=None))
    assert bench.clock.next_due() is None
    bench.close()


async def test_an_alert_with_a_way_of_its_own_goes_as_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.network.apply(replace(bench.settings, ipv4=IPv4Interface("10.0.0.5/24"), tag=Tag(100)))
    for way in (Via(mac=b"\x02there"[:6], tag=Tag(200, 6)), Via(tag=Tag(300))):
        bench.network.send(b"trap", ("10.0.0.9", 162), way)
    ((interface, far),) = bench.frames
    sent, asked = received(far)
    assert (interface, sent.destination, sent.tag) == ("eth1", b"\x02there", Tag(200, 6))
    assert (asked.kind, asked.tag) == (ethernet.ARP, Tag(300))
    bench.network.apply(replace(bench.settings, ipv4=IPv4Interface("10.0.0.6/24"), arp_responses=True))
    bench.clock.advance(ASIDE_S)
    assert received(far) == []
    with pytest.raises(ConnectionRefusedError):
        far.send(b"nobody looks any more")
    bench.close()


async def test_an_alert_as_all_others_goes_by_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.network.send(b"too early", ("127.0.0.1", 9), Via(tag=Tag(7)))
    bench.network.apply(replace(bench.settings, ipv6=True, static=(IPv6Interface("::1/128"),)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.settimeout(5)
        receiver.bind(("127.0.0.1", 0))
        bench.network.send(b"trap", receiver.getsockname(), Via())
        assert receiver.recvfrom(100) == (b"trap", ("127.0.0.1", bench.settings.port))
    assert bench.frames == []
    bench.close()


async def test_what_the_kernel_said_holds_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    assert bench.network.report() == NetworkReport()
    bench.network.apply(bench.settings)
    for _ in range(3):
        assert bench.network.report().hop_limit == 61
    assert bench.setup.reports == 1
    bench.clock.advance(1)
    bench.network.report()
    assert bench.setup.reports == 2
    bench.close()
