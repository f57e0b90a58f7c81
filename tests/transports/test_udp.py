"""UDP sockets hand over every datagram, with its sender, and send from where they were asked."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Iterator

import pytest

from baseboard.errors import TransportError
from baseboard.links.network import NetworkSettings
from baseboard.transports.udp import DRAIN, ROUND, Address, UdpSocket

_FLOW_INFO = 11  # IPV6_FLOWINFO


class Heard:
    """What a socket handed over."""

    def __init__(self) -> None:
        self.datagrams: list[tuple[bytes, Address]] = []
        self.drained: list[int] = []
        self.more = asyncio.Event()

    def receive(self, data: bytes, sender: Address) -> None:
        self.datagrams.append((data, sender))

    def rest(self) -> None:
        self.drained.append(len(self.datagrams))
        self.more.set()

    async def until(self, count: int) -> None:
        while len(self.datagrams) < count:
            self.more.clear()
            await self.more.wait()


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(5)
        yield made


async def test_datagrams_come_with_their_sender_and_answers_go_back(peer: socket.socket) -> None:
    heard = Heard()
    ours = UdpSocket("127.0.0.1", 0, heard.receive, heard.rest)
    assert ours.host == "127.0.0.1"
    peer.sendto(b"ping", (ours.host, ours.port))
    await heard.until(1)
    assert heard.datagrams == [(b"ping", peer.getsockname())]
    ours.send(b"pong", heard.datagrams[0][1])
    assert peer.recvfrom(100) == (b"pong", ("127.0.0.1", ours.port))
    ours.close()


async def test_a_wake_up_takes_a_bounded_number_of_datagrams(peer: socket.socket) -> None:
    heard = Heard()
    ours = UdpSocket("127.0.0.1", 0, heard.receive, heard.rest)
    for number in range(DRAIN + 5):
        peer.sendto(b"%d" % number, (ours.host, ours.port))
    await heard.until(DRAIN + 5)
    assert heard.drained == [DRAIN, DRAIN + 5]
    assert [data for data, _ in heard.datagrams] == [b"%d" % number for number in range(DRAIN + 5)]
    ours.close()


async def test_catching_up_takes_all_that_is_here(peer: socket.socket) -> None:
    heard = Heard()
    ours = UdpSocket("127.0.0.1", 0, heard.receive, heard.rest)
    for number in range(2 * DRAIN + 5):
        peer.sendto(b"%d" % number, (ours.host, ours.port))
    ours.catch_up()
    assert [data for data, _ in heard.datagrams] == [b"%d" % number for number in range(2 * DRAIN + 5)]
    assert heard.drained == [2 * DRAIN + 5]
    ours.catch_up()
    assert len(heard.datagrams) == 2 * DRAIN + 5
    ours.close()


async def test_who_closes_the_socket_while_it_catches_up_ends_that(peer: socket.socket) -> None:
    got: list[bytes] = []

    def receive(data: bytes, sender: object) -> None:
        got.append(data)
        ours.close()

    ours = UdpSocket("127.0.0.1", 0, receive, lambda: None)
    for _ in range(2):
        peer.sendto(b"bye", (ours.host, ours.port))
    ours.catch_up()
    assert got == [b"bye"]


class Counting(socket.socket):
    """Counts how often it is read."""

    reads = 0

    def recvfrom(self, *given: int) -> tuple[bytes, Address]:
        """Of the system, counted."""
        self.reads += 1
        return super().recvfrom(*given)


async def test_a_socket_that_is_closed_by_what_it_took_is_read_no_further(peer: socket.socket) -> None:
    opened = Counting(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind(("127.0.0.1", 0))
    opened.setblocking(False)
    drained = asyncio.Event()
    ours = UdpSocket("", 0, lambda data, sender: ours.close(), drained.set, opened)
    peer.sendto(b"bye", (ours.host, ours.port))
    await drained.wait()
    assert opened.reads == 2


async def test_a_refused_answer_does_not_stop_the_socket(peer: socket.socket) -> None:
    heard = Heard()
    ours = UdpSocket("127.0.0.1", 0, heard.receive, heard.rest)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()
    ours.send(b"to nobody", nobody)
    ours.send(b"too long" * 10_000, peer.getsockname())
    peer.sendto(b"still there?", (ours.host, ours.port))
    await heard.until(1)
    ours.close()


async def test_ipv6_works_the_same() -> None:
    heard = Heard()
    ours = UdpSocket("::1", 0, heard.receive, heard.rest)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::1", 0))
        other.sendto(b"six", ("::1", ours.port))
        await heard.until(1)
        assert heard.datagrams[0][1][:2] == other.getsockname()[:2]
    ours.close()


async def test_a_taken_port_is_named() -> None:
    heard = Heard()
    ours = UdpSocket("127.0.0.1", 0, heard.receive, heard.rest)
    with pytest.raises(TransportError, match=rf"127\.0\.0\.1 port {ours.port}: Address already in use"):
        UdpSocket("127.0.0.1", ours.port, heard.receive, heard.rest)
    ours.close()


async def test_packets_carry_what_they_are_told() -> None:
    """LAN parameters 7 and 52-54; the flow label is lent by the system for each peer."""
    settings = NetworkSettings(mac=bytes(6), ttl=33, hop_limit=9, flow_label=0x12345)
    for host, family, level, wanted, kind, value in (
        ("127.0.0.1", socket.AF_INET, socket.IPPROTO_IP, 12, socket.IP_TTL, 33),  # IP_RECVTTL
        ("::1", socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, socket.IPV6_HOPLIMIT, 9),
    ):
        ours = UdpSocket(host, 0, lambda data, sender: None, lambda: None)
        ours.configure(settings)
        assert ours.speaks_ipv6 == (":" in host)
        with socket.socket(family, socket.SOCK_DGRAM) as peer:
            peer.settimeout(5)
            peer.setsockopt(level, wanted, 1)
            peer.bind((host, 0))
            for _ in range(2):
                ours.send(b"trap", peer.getsockname())
                data, ancillary, _, sender = peer.recvmsg(100, 100)
                assert (data, sender[:2]) == (b"trap", (host, ours.port))
                assert [body[0] for _, found, body in ancillary if found == kind] == [value]
        ours.close()


async def test_answers_to_one_peer_wait_for_the_others_of_a_round(peer: socket.socket) -> None:
    heard, sent = Heard(), [b"%d" % number for number in range(ROUND + 3)]
    arrived: list[int] = []

    def answer(data: bytes, sender: Address) -> None:
        heard.receive(data, sender)
        ours.send(data, sender)
        peer.setblocking(False)
        try:
            peer.recv(100, socket.MSG_PEEK)
        except BlockingIOError:
            arrived.append(0)
        else:
            arrived.append(1)

    ours = UdpSocket("127.0.0.1", 0, answer, heard.rest)
    for data in sent:
        peer.sendto(data, (ours.host, ours.port))
    await heard.until(len(sent))
    # During the first round nothing came back, and after it all that it answers.
    assert arrived == [0] * ROUND + [1] * 3
    assert [peer.recv(100) for _ in sent] == sent
    ours.close()


async def test_datagrams_of_a_flow_are_labelled_together_too() -> None:
    heard = Heard()

    def answer(data: bytes, sender: Address) -> None:
        heard.receive(data, sender)
        ours.send(data, sender)

    ours = UdpSocket("::1", 0, answer, heard.rest)
    ours.configure(NetworkSettings(mac=bytes(6), flow_label=0x12345))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.setsockopt(socket.IPPROTO_IPV6, _FLOW_INFO, 1)
        other.bind(("::1", 0))
        other.settimeout(5)
        for data in (b"one", b"two"):
            other.sendto(data, ("::1", ours.port))
        await heard.until(2)
        for data in (b"one", b"two"):
            answered, ancillary, _, _ = other.recvmsg(100, 64)
            assert (answered, ancillary[0][2][-3:]) == (data, b"\x01\x23\x45")
    ours.close()


async def test_after_a_datagram_that_came_alone_an_answer_does_not_wait(peer: socket.socket) -> None:
    heard = Heard()
    arrived: list[bool] = []

    def answer(data: bytes, sender: Address) -> None:
        heard.receive(data, sender)
        ours.send(data, sender)
        arrived.append(bool(select.select([peer], [], [], 0)[0]))

    ours = UdpSocket("127.0.0.1", 0, answer, heard.rest)
    peer.sendto(b"alone", (ours.host, ours.port))
    await heard.until(1)
    assert peer.recv(100) == b"alone"
    for data in (b"one", b"two"):
        peer.sendto(data, (ours.host, ours.port))
    await heard.until(3)
    assert arrived == [False, True, True]
    ours.close()
