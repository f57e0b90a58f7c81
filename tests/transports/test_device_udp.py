"""UDP at one interface: each peer is answered by the address that it spoke to."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack

import pytest

from baseboard.errors import TransportError
from baseboard.transports.device_udp import MOST_PEERS, DeviceUdp, device_socket
from baseboard.transports.udp import Address


class Taker:
    """A socket at the loopback device, and what came."""

    def __init__(self, host: str) -> None:
        self.heard = asyncio.Queue[tuple[bytes, Address]]()
        self.socket = DeviceUdp(device_socket(host, 0, "lo"), lambda *one: self.heard.put_nowait(one))


@pytest.mark.parametrize(("wildcard", "host"), [("0.0.0.0", "127.0.0.1"), ("::", "::1")])  # noqa: S104 - lo alone
async def test_datagrams_are_taken_and_answered(wildcard: str, host: str) -> None:
    taker = Taker(wildcard)
    peer = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    peer.settimeout(5)
    peer.connect((host, taker.socket.port))
    peer.send(b"hello")
    data, address = await taker.heard.get()
    assert (data, address[:2]) == (b"hello", peer.getsockname()[:2])
    taker.socket.send(b"back", address)
    assert peer.recv(100) == b"back"
    peer.close()
    taker.socket.close()


async def test_only_so_many_peers_are_remembered() -> None:
    taker = Taker("::")
    first: Address | None = None
    with ExitStack() as open_until_the_end:  # else the system may give one port twice
        for _ in range(MOST_PEERS + 1):
            peer = open_until_the_end.enter_context(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
            peer.sendto(b"hello", ("::1", taker.socket.port))
            _, address = await taker.heard.get()
            first = first or address
    known = taker.socket._spoken_to
    assert len(known) == MOST_PEERS
    assert first not in known
    taker.socket.close()


async def test_who_was_not_heard_of_is_sent_to_all_the_same() -> None:
    taker = Taker("::")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as peer:
        peer.settimeout(5)
        peer.bind(("::1", 0))
        taker.socket.send(b"trap", ("::1", peer.getsockname()[1], 0, 0))
        assert peer.recv(100) == b"trap"
    taker.socket.close()


def test_an_interface_that_is_not_there_is_told() -> None:
    with pytest.raises(TransportError, match="No such device"):
        device_socket("::", 0, "none0")
