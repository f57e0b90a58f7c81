"""A LAN channel on sockets of the host: what counts there, and what does not (§23)."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from ipaddress import IPv6Interface

import pytest

from baseboard.links.network import (
    ACTIVE,
    DISABLED,
    PENDING,
    Abilities,
    NetworkReport,
    NetworkSettings,
    Tag,
    Via,
)
from baseboard.transports.host_network import HostNetwork
from baseboard.transports.loopback_udp import LoopbackShare, LoopbackUdp
from baseboard.transports.udp import Address, UdpSocket

OURS = IPv6Interface("::1/128")
USUAL = NetworkSettings(mac=bytes(6))


class Channel:
    """A network on a socket of the host, and what came."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.heard = asyncio.Queue[tuple[bytes, Address]]()
        self.socket = UdpSocket(host, 0, self._hear, lambda: None)
        self.network = HostNetwork(self.socket, host, self._hear)
        self.settings = replace(USUAL, port=self.socket.port)

    def _hear(self, data: bytes, address: Address) -> None:
        self.heard.put_nowait((data, address))

    def apply(self, static: IPv6Interface | None = None, *, ipv6: bool = True, hop_limit: int = 64) -> None:
        self.network.apply(replace(self.settings, ipv6=ipv6, static=(static,), hop_limit=hop_limit))

    def status(self) -> int:
        return self.network.report().static[0]

    def close(self) -> None:
        self.network.close()
        self.socket.close()


async def ask(channel: Channel, host: str) -> bytes:
    """What a console at that address is answered."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as console:
        console.settimeout(5)
        console.connect((host, channel.settings.port))
        console.send(b"hello")
        data, address = await channel.heard.get()
        assert data == b"hello"
        channel.network.send(b"back", address)
        return console.recv(100)


async def test_the_channel_is_where_its_socket_is() -> None:
    channel = Channel()
    channel.apply(ipv6=False)
    assert await ask(channel, "127.0.0.1") == b"back"
    assert channel.status() == DISABLED
    assert (channel.network.abilities, channel.network.counters()) == (Abilities(), None)
    channel.close()


async def test_ipv6_is_spoken_too_where_the_host_has_the_address() -> None:
    channel = Channel()
    channel.apply(OURS)
    assert channel.status() == ACTIVE
    assert await ask(channel, "::1") == b"back"
    assert await ask(channel, "127.0.0.1") == b"back"
    channel.apply(OURS, hop_limit=9)
    assert await ask(channel, "::1") == b"back"
    channel.apply(OURS, ipv6=False)
    assert channel.status() == DISABLED
    channel.apply(None)
    assert channel.status() == DISABLED
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", channel.settings.port))
    channel.network.send(b"nobody speaks it", ("::1", 9, 0, 0))
    channel.close()


async def test_an_address_that_cannot_be_had_is_pending() -> None:
    channel, other = Channel(), Channel()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as taken:
        taken.bind(("::1", channel.settings.port))
        channel.apply(OURS)
        assert channel.status() == PENDING
    channel.apply(OURS)
    assert channel.status() == ACTIVE
    channel.close()
    other.close()


async def test_what_is_on_loopback_is_never_opened_to_others() -> None:
    channel = Channel()
    channel.apply(IPv6Interface("::/128"))
    channel.apply(IPv6Interface("2001:db8::5/64"))
    assert channel.status() == PENDING
    channel.close()


async def test_a_channel_on_ipv6_has_that_address_anyhow() -> None:
    channel = Channel("::1")
    channel.apply(OURS)
    assert channel.status() == ACTIVE
    assert await ask(channel, "::1") == b"back"
    channel.network.send(b"nobody speaks it", ("127.0.0.1", 9))
    channel.close()


@pytest.mark.parametrize("settings", [USUAL, replace(USUAL, ttl=33, tag=Tag(100))])
async def test_a_share_of_a_socket_has_headers_of_its_own(settings: NetworkSettings) -> None:
    shared = LoopbackUdp(0, lambda: None)
    share = LoopbackShare(shared, "127.0.5.1", lambda data, address: None)
    network = HostNetwork(share, "127.0.5.1", lambda data, address: None)
    network.apply(settings)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as console:
        console.settimeout(5)
        console.setsockopt(socket.IPPROTO_IP, 12, 1)  # IP_RECVTTL
        console.setsockopt(socket.IPPROTO_IP, 13, 1)  # IP_RECVTOS
        console.bind(("127.0.0.1", 0))
        network.send(b"trap", console.getsockname(), Via(tag=Tag(7)))
        data, ancillary, _, sender = console.recvmsg(100, 100)
    told = {kind: body[0] for _, kind, body in ancillary}
    assert (data, sender) == (b"trap", ("127.0.5.1", shared.port))
    assert (told[socket.IP_TTL], told[socket.IP_TOS]) == (settings.ttl, 0x10)
    assert network.report() == NetworkReport(static=(DISABLED,))
    network.close()
    shared.close()
