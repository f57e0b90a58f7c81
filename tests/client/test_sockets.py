"""Shared sockets: who gets which datagram, how many there are, when they close."""

from __future__ import annotations

import asyncio
import socket

import pytest

from baseboard.client import sockets
from baseboard.client.sockets import Peer, find, peer, peer_at
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import HostUnknown, Unreachable
from baseboard.transports.udp import Address, UdpSocket
from tests.client.lan_bench import HOST, bench, on_virtual_time, passes


def place(port: int, host: str = HOST) -> sockets.Place:
    return socket.AF_INET, (host, port)


class Echo:
    """Answers every datagram with itself."""

    def __init__(self, host: str = HOST) -> None:
        self.senders: list[Address] = []
        self.socket = UdpSocket(host, 0, self.answer, lambda: None)
        self.port = self.socket.port

    def answer(self, data: bytes, sender: Address) -> None:
        self.senders.append(sender)
        self.socket.send(data, sender)


async def heard(one: Peer, data: bytes = b"hello") -> list[bytes]:
    """What a peer is handed after it sent something."""
    got: list[bytes] = []
    one.attach(got.append)
    one.send(data)
    await passes(0.1)
    one.detach(got.append)
    return got


def test_one_socket_for_many_bmcs() -> None:
    async def main() -> None:
        echoes = [Echo() for _ in range(5)]
        peers = [peer_at(place(echo.port)) for echo in echoes]
        for number, one in enumerate(peers):
            assert await heard(one, bytes((number,))) == [bytes((number,))]
        assert len({sender[1] for echo in echoes for sender in echo.senders}) == 1
        for one in peers:
            one.close()
            one.close()
        for echo in echoes:
            echo.socket.close()

    on_virtual_time(main())


def test_sessions_with_one_bmc_have_sockets_of_their_own() -> None:
    """Two logins at a time could not be told apart by address and port."""

    async def main() -> None:
        echo = Echo()
        first, second = (peer_at(place(echo.port)) for _ in range(2))
        assert await heard(first) == [b"hello"]
        assert await heard(second) == [b"hello"]
        assert len({sender[1] for sender in echo.senders}) == 2
        first.close()
        third = peer_at(place(echo.port))
        assert await heard(third) == [b"hello"]
        second.close()
        third.close()
        third.send(b"nothing goes out of a closed one")
        await passes(0.1)
        assert len(echo.senders) == 3
        echo.socket.close()

    on_virtual_time(main())


def test_strangers_are_not_heard() -> None:
    async def main() -> None:
        echo, stranger = Echo(), Echo()
        one = peer_at(place(echo.port))
        got: list[bytes] = []
        one.attach(got.append)
        one.send(b"hello")
        await passes(0.1)
        (console,) = echo.senders
        stranger.socket.send(b"spam", console)
        await passes(0.1)
        assert got == [b"hello"]
        one.close()
        echo.socket.close()
        stranger.socket.close()

    on_virtual_time(main())


def test_ipv6() -> None:
    async def main() -> None:
        echo = Echo("::1")
        one = await peer("::1", echo.port)
        other = await peer("::1", echo.port, family=6)
        assert await heard(one) == await heard(other) == [b"hello"]
        one.close()
        other.close()
        echo.socket.close()

    on_virtual_time(main())


def test_names_and_addresses() -> None:
    async def main() -> None:
        assert await find(HOST, 623) == place(623)
        assert (await find("localhost", 623, family=4))[1] == (HOST, 623)
        with pytest.raises(HostUnknown, match="::1"):
            await find("::1", 623, family=4)
        with pytest.raises(HostUnknown, match="no\\.\\.name"):
            await find("no..name", 623)

    asyncio.run(main())


def test_an_address_without_a_route() -> None:
    async def main() -> None:
        # A broadcast address is refused to a socket that did not ask for it, with nothing sent.
        with pytest.raises(Unreachable, match="255"):
            await find("255.255.255.255", 623)

    asyncio.run(main())


def test_many_sessions_at_a_time() -> None:
    """With one BMC, so that each needs a socket; all at once, and all closed."""

    async def main() -> None:
        from baseboard.bmc.blueprint import LanSpec

        async with bench(lan=LanSpec(session_slots=60)) as at:

            async def one() -> int:
                async with at.connection() as bmc:
                    return (await bmc.execute(GetDeviceId())).device_id

            assert await asyncio.gather(*(one() for _ in range(50))) == [0x20] * 50
            assert at.relay.consoles > 10
            assert not at.table.sessions
        assert sockets._shared[asyncio.get_running_loop()][socket.AF_INET] == []

    on_virtual_time(main())


def test_another_port_of_a_bmc_is_heard_and_spoken_to_unless_it_is_another_bmcs() -> None:
    async def speak() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.bind(("127.0.0.1", 0))
            door.setblocking(False)
            port = door.getsockname()[1]
            one = await peer("127.0.0.1", 9)
            got: list[bytes] = []
            one.attach(got.append)
            assert one.open_door(port)
            assert one.open_door(port)
            one.send(b"there", port)
            loop = asyncio.get_running_loop()
            data, sender = await loop.sock_recvfrom(door, 100)
            door.sendto(b"back", sender)
            for _ in range(500):
                if not got:
                    await asyncio.sleep(0.01)  # polls
            assert (data, got) == (b"there", [b"back"])
            one._shared.join(("127.0.0.1", 10))
            assert not one.open_door(10)
            shared = one._shared
            one.close()
            assert set(shared.peers) == {("127.0.0.1", 10)}
            shared.peers[("127.0.0.1", 10)].close()

    asyncio.run(speak())
