"""One socket is every BMC of the loopback network, and each BMC hears and answers as itself alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.links.network import NetworkSettings
from baseboard.transports.loopback_udp import LoopbackShare, LoopbackUdp, headers_of
from baseboard.transports.udp import DRAIN, ROUND, Address

USUAL = NetworkSettings(mac=bytes(6))
ONE, TWO, NOBODY = "127.0.7.1", "127.0.7.2", "127.0.7.3"
_RECEIVE_TTL = 12  # IP_RECVTTL

Heard = list[tuple[str, bytes, Address]]


class Shared:
    """A shared socket, and what was heard by whom."""

    def __init__(self, *hosts: str, answering: bool = False) -> None:
        self.heard: Heard = []
        self.drained: list[int] = []
        self.arrived: Callable[[], bool] = lambda: False
        self.early: list[bool] = []
        self._answering, self._more = answering, asyncio.Event()
        self.socket = LoopbackUdp(0, self._rest)
        self.shares = {host: LoopbackShare(self.socket, host, self._receiver(host)) for host in hosts}

    def _receiver(self, host: str) -> Callable[[bytes, Address], None]:
        def receive(data: bytes, sender: Address) -> None:
            self.heard.append((host, data, sender))
            if self._answering:
                self.shares[host].send(data, sender)
                self.early.append(self.arrived())

        return receive

    def _rest(self) -> None:
        self.drained.append(len(self.heard))
        self._more.set()

    async def woken(self) -> None:
        self._more.clear()
        await self._more.wait()

    async def until(self, count: int) -> None:
        while len(self.heard) < count:
            await self.woken()


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(5)
        yield made


async def test_each_address_hears_what_is_for_it_and_answers_as_itself(peer: socket.socket) -> None:
    shared = Shared(ONE, TWO)
    peer.sendto(b"unserved", (NOBODY, shared.socket.port))
    for host in (ONE, TWO):
        peer.sendto(host.encode(), (host, shared.socket.port))
    await shared.until(2)
    here = peer.getsockname()
    assert shared.heard == [(host, host.encode(), here) for host in (ONE, TWO)]
    assert not shared.shares[TWO].speaks_ipv6
    shared.shares[TWO].send(b"from two", here)
    assert peer.recvfrom(100) == (b"from two", (TWO, shared.socket.port))
    shared.shares[ONE].send(b"too long" * 10_000, here)
    shared.socket.close()


async def test_who_left_hears_nothing_any_more(peer: socket.socket) -> None:
    shared = Shared(ONE, TWO)
    shared.shares[ONE].close()
    for host in (ONE, TWO):
        peer.sendto(b"hello", (host, shared.socket.port))
    await shared.until(1)
    assert [host for host, _, _ in shared.heard] == [TWO]
    shared.shares[ONE].close()
    shared.socket.close()


async def test_a_taken_port_is_named() -> None:
    shared = Shared()
    with pytest.raises(TransportError, match=f"port {shared.socket.port}: Address already in use"):
        LoopbackUdp(shared.socket.port, lambda: None)
    shared.socket.close()


async def test_what_did_not_come_by_the_loopback_device_is_dropped(
    peer: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is told of as if it had come by another device."""
    with monkeypatch.context() as patched:
        patched.setattr(socket, "if_nametoindex", lambda name: 0x7FFF)
        elsewhere = Shared(ONE)
    peer.sendto(b"hello", (ONE, elsewhere.socket.port))
    await elsewhere.woken()
    assert elsewhere.drained == [0]
    elsewhere.socket.close()


async def test_a_wake_up_takes_a_bounded_number_of_datagrams(peer: socket.socket) -> None:
    shared = Shared(ONE)
    for number in range(DRAIN + 5):
        peer.sendto(b"%d" % number, (ONE, shared.socket.port))
    await shared.until(DRAIN + 5)
    assert shared.drained == [DRAIN, DRAIN + 5]
    assert [data for _, data, _ in shared.heard] == [b"%d" % number for number in range(DRAIN + 5)]
    shared.socket.close()


async def test_answers_of_a_round_go_out_together_from_each_address(peer: socket.socket) -> None:
    shared = Shared(ONE, TWO, answering=True)
    for number in range(3):
        for host in (ONE, TWO):
            peer.sendto(b"%d" % number, (host, shared.socket.port))
    await shared.until(6)
    back = [peer.recvfrom(100) for _ in range(6)]
    assert back == [(b"%d" % n, (host, shared.socket.port)) for host in (ONE, TWO) for n in range(3)]
    shared.socket.close()


async def test_answers_wait_for_the_end_of_their_round_and_no_longer(peer: socket.socket) -> None:
    shared = Shared(ONE, answering=True)

    def arrived() -> bool:
        peer.setblocking(False)
        try:
            return bool(peer.recv(100, socket.MSG_PEEK))
        except BlockingIOError:
            return False

    shared.arrived = arrived
    for _ in range(ROUND + 1):
        peer.sendto(b"hello", (ONE, shared.socket.port))
    await shared.until(ROUND + 1)
    assert shared.early == [False] * ROUND + [True]
    # After a datagram that came alone, in the round before, the next answer goes out at once.
    while True:
        try:
            peer.recv(100)
        except BlockingIOError:
            break
    peer.sendto(b"again", (ONE, shared.socket.port))
    await shared.until(ROUND + 2)
    assert shared.early[-1]
    shared.socket.close()


async def test_an_error_reported_late_and_a_datagram_of_nobody_knows_where_do_no_harm(
    peer: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Troubled:
        """The socket, with a refusal of an earlier answer and a datagram without its address in front."""

        def __init__(self, real: object) -> None:
            self._real: Any = real
            self._first: list[tuple[object, ...] | None] = [None, (b"lost", [], 0, ("127.0.0.1", 9))]

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        def recvmsg(self, size: int, ancillary: int) -> object:
            if not self._first:
                return self._real.recvmsg(size, ancillary)
            first = self._first.pop(0)
            if first is None:
                raise ConnectionRefusedError
            return first

    shared = Shared(ONE)
    monkeypatch.setattr(shared.socket, "_socket", Troubled(shared.socket._socket))
    peer.sendto(b"hello", (ONE, shared.socket.port))
    await shared.until(1)
    assert [data for _, data, _ in shared.heard] == [b"hello"]
    shared.socket.close()


@pytest.mark.parametrize("ttl", [USUAL.ttl, 33])
async def test_a_share_has_headers_of_its_own(peer: socket.socket, ttl: int) -> None:
    shared = Shared(ONE, TWO)
    settings = NetworkSettings(mac=bytes(6), ttl=ttl)
    shared.shares[TWO].configure(settings)
    peer.setsockopt(socket.IPPROTO_IP, _RECEIVE_TTL, 1)
    for host, wanted in ((ONE, USUAL.ttl), (TWO, ttl)):
        shared.shares[host].send(b"trap", peer.getsockname())
        data, ancillary, _, sender = peer.recvmsg(100, 100)
        assert (data, sender) == (b"trap", (host, shared.socket.port))
        assert [body[0] for _, kind, body in ancillary if kind == socket.IP_TTL] == [wanted]
    # What the socket does by itself takes no memory of a BMC, and no time of a datagram.
    assert len(shared.shares[TWO].control()) == (1 if ttl == USUAL.ttl else 3)
    assert headers_of(settings)[0] == (socket.IPPROTO_IP, socket.IP_TTL, ttl.to_bytes(4, "little"))
    shared.socket.close()
