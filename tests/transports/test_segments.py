"""Several datagrams in one system call."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest

from baseboard.transports import segments
from baseboard.transports.segments import LARGEST, MOST, Control, runs
from baseboard.transports.udp import Address

NOWHERE: Address = ("192.0.2.1", 623)
_RECEIVE_TTL = 12  # IP_RECVTTL
MARK: Control = (socket.IPPROTO_IP, socket.IP_TTL, b"\x07\0\0\0")


class Refusing:
    """A socket that takes only so much at a time, and notes what it took."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.taken: list[tuple[list[bytes], list[Control], Address]] = []

    def sendmsg(
        self, datagrams: Sequence[bytes], control: Sequence[Control], flags: int, address: Address
    ) -> None:
        if len(datagrams) > self._most:
            raise OSError("refused")
        self.taken.append((list(datagrams), list(control), address))


def sizes(*given: int) -> list[list[int]]:
    return [[len(one) for one in run] for run in runs([bytes(size) for size in given])]


@pytest.mark.parametrize(
    ("given", "cut"),
    [
        ((), []),
        ((5,), [[5]]),
        ((5, 5, 5), [[5, 5, 5]]),
        ((5, 6, 6, 5), [[5], [6, 6], [5]]),
        ((LARGEST, LARGEST), [[LARGEST, LARGEST]]),
        ((LARGEST + 1, LARGEST + 1), [[LARGEST + 1], [LARGEST + 1]]),
        ((7,) * (MOST + 2), [[7] * MOST, [7, 7]]),
    ],
)
def test_a_call_carries_datagrams_of_one_size(given: tuple[int, ...], cut: list[list[int]]) -> None:
    assert sizes(*given) == cut


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer,
    ):
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        yield ours, peer


def test_each_arrives_as_a_datagram_of_its_own(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, peer = pair
    datagrams = [b"one", b"two", b"more", b"last", b"."]
    segments.send(ours, datagrams, peer.getsockname())
    assert [peer.recv(100) for _ in datagrams] == datagrams


def test_what_goes_with_them_goes_with_each(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, peer = pair
    peer.setsockopt(socket.IPPROTO_IP, _RECEIVE_TTL, 1)
    segments.send(ours, [b"one", b"two", b"three"], peer.getsockname(), [MARK])
    for datagram in (b"one", b"two", b"three"):
        data, ancillary, _, _ = peer.recvmsg(100, 64)
        assert (data, ancillary[0][2]) == (datagram, MARK[2])


def test_what_is_refused_together_goes_one_by_one() -> None:
    refusing = Refusing(most=1)
    segments.send(cast(Any, refusing), [b"one", b"two"], NOWHERE, [MARK])
    assert refusing.taken == [([b"one"], [MARK], NOWHERE), ([b"two"], [MARK], NOWHERE)]


def test_what_is_refused_altogether_is_lost() -> None:
    refusing = Refusing(most=0)
    segments.send(cast(Any, refusing), [b"one", b"two", b"three"], NOWHERE)
    assert not refusing.taken
