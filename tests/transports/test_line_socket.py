"""A line that several others connect to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports.line_socket import GUESTS, Guest, LineDoor


class Party:
    """Who has come, what they said, and how many have gone."""

    def __init__(self) -> None:
        self.guests: list[Guest] = []
        self.heard: list[bytes] = []
        self.gone = 0
        self.moved = asyncio.Event()

    def came(self, guest: Guest) -> None:
        guest.heard, guest.left = self._hear, self._left
        self.guests.append(guest)
        self.moved.set()

    def _hear(self, data: bytes) -> None:
        self.heard.append(data)
        self.moved.set()

    def _left(self) -> None:
        self.gone += 1
        self.moved.set()

    async def until(self, counted: Callable[[], int], least: int) -> None:
        async with asyncio.timeout(10):
            while counted() < least:
                self.moved.clear()
                await self.moved.wait()

    async def guest(self, path: str) -> socket.socket:
        """Connect, and wait until that was noticed."""
        before = len(self.guests)
        made = await connected(path)
        await self.until(lambda: len(self.guests), before + 1)
        return made


def modes(folder: Path) -> list[int]:
    """Who may use what is there."""
    return [one.stat().st_mode & 0o777 for one in folder.iterdir()]


async def connected(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, path)
    return made


async def test_bytes_of_each_and_bytes_to_each(tmp_path: Path) -> None:
    party, path = Party(), str(tmp_path / "line")
    door = LineDoor(path, party.came)
    assert door.place == f"unix:{path}"
    assert modes(tmp_path) == [0o600]
    one, other = await party.guest(path), await party.guest(path)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(one, b"hello")
    await party.until(lambda: len(party.heard), 1)
    assert party.heard == [b"hello"]
    for guest in party.guests:
        assert guest.write(b"all") == 3
    assert [await loop.sock_recv(end, 10) for end in (one, other)] == [b"all", b"all"]
    one.close()
    await party.until(lambda: party.gone, 1)
    door.close()
    assert party.gone == 2
    assert await loop.sock_recv(other, 10) == b""
    other.close()
    assert modes(tmp_path) == []
    door.close()


async def test_there_is_room_for_so_many(tmp_path: Path) -> None:
    party, path = Party(), str(tmp_path / "line")
    door = LineDoor(path, party.came)
    ends = [await party.guest(path) for _ in range(GUESTS)]
    late = await connected(path)
    assert await asyncio.get_running_loop().sock_recv(late, 10) == b""
    for end in (*ends, late):
        end.close()
    door.close()


async def test_a_port_of_tcp_and_one_that_is_taken() -> None:
    party = Party()
    door = LineDoor(("127.0.0.1", 0), party.came)
    assert door.place == f"tcp:127.0.0.1:{door.port}"
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    await party.until(lambda: len(party.guests), 1)
    assert party.guests[0].write(b"hello") == 5
    assert await reader.readexactly(5) == b"hello"
    writer.close()
    with pytest.raises(TransportError):
        LineDoor(("127.0.0.1", door.port), party.came)
    door.close()
