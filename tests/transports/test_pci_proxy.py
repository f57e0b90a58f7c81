"""The socket where QEMU's PCI proxy connects, with a QEMU that a test plays."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import stat
import struct
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.links.pci_proxy import Command, PciIdentity, PciProxy
from baseboard.transports.pci_proxy import PciProxyPort
from baseboard.transports.socket_wire import ListeningWire
from tests.transports.wires import Ear, until

IDENTITY = PciIdentity(0x1234, 0x5678, 0x0C0701, bar=0, size=16)


class Device:
    size = 2

    def read(self, register: int) -> int:
        return 0x5A

    def write(self, register: int, value: int) -> None:
        raise AssertionError((register, value))

    def reset(self) -> None:
        """Nothing is in it."""


class Bench:
    """A port, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "registers")
        self.told: list[str] = []
        self.port = PciProxyPort(self.path, self._plugged, lambda: self.told.append("unplugged"))

    def _plugged(self) -> PciProxy:
        self.told.append("plugged")
        return PciProxy(IDENTITY, Device())

    @property
    def mode(self) -> int | None:
        """Who may use the socket; None = it is not there."""
        path = Path(self.path)
        return stat.S_IMODE(path.stat().st_mode) if path.exists() else None

    async def connected(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, self.path)
        return made


async def asked(qemu: socket.socket, command: int, body: bytes = b"") -> int:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(qemu, struct.pack("<i4xQ", command, len(body)) + body)
    data = b""
    while len(data) < 24:
        data += await loop.sock_recv(qemu, 24 - len(data))
    kind, size, value = struct.unpack("<i4xQQ", data)
    assert (kind, size) == (Command.RET, 8)
    return int(value)


def read(register: int) -> bytes:
    return struct.pack("<QQI?3x", register, 0, 1, False)


async def test_one_machine_after_another_finds_the_device(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.port.place == f"unix:{bench.path}"
    assert bench.mode == 0o600
    for _ in range(3):
        assert not bench.port.connected
        with await bench.connected() as qemu:
            assert await asked(qemu, Command.BAR_READ, read(1)) == 0x5A
            assert await asked(qemu, Command.BAR_READ, read(2)) == 0xFF
            assert bench.port.connected
        await until(lambda: not bench.port.connected)
    assert bench.told == ["plugged", "unplugged"] * 3
    bench.port.close()
    assert bench.mode is None


async def test_descriptors_that_are_passed_do_not_stay(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with await bench.connected() as qemu:
        assert await asked(qemu, Command.CONFIG_READ, struct.pack("<IIi", 0, 0, 2)) == 0x1234
        before = len(os.listdir("/proc/self/fd"))
        mine, theirs = os.pipe()
        for command in (Command.SYNC_SYSMEM, Command.SET_IRQFD):
            message = struct.pack("<i4xQ", command, 8) + bytes(8)
            socket.send_fds(qemu, [message], [theirs] * 8)
        os.close(theirs)
        assert await asked(qemu, Command.CONFIG_READ, struct.pack("<IIi", 2, 0, 2)) == 0x5678
        assert len(os.listdir("/proc/self/fd")) == before + 1
        assert os.read(mine, 1) == b""  # nobody has the other end any more
        os.close(mine)
    bench.port.close()


async def test_whoever_speaks_something_else_is_hung_up_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tmp_path)
    with caplog.at_level(logging.WARNING), await bench.connected() as other:
        await asyncio.get_running_loop().sock_sendall(other, b"GET / HTTP/1.1\r\n\r\n")
        assert await asyncio.get_running_loop().sock_recv(other, 1) == b""
    assert bench.port.refused == 1
    assert "the connection is ended" in caplog.text
    with await bench.connected() as qemu:
        assert await asked(qemu, Command.BAR_READ, read(0)) == 0x5A
    bench.port.close()


async def test_a_place_that_somebody_has_cannot_be_had(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with pytest.raises(TransportError):
        Bench(tmp_path)
    bench.port.broken()
    bench.port.lost(TransportError("never"))
    bench.port.close()


async def test_hanging_up_on_nobody_does_nothing(tmp_path: Path) -> None:
    wire = ListeningWire(str(tmp_path / "socket"), Ear())
    wire.hang_up()
    assert not wire.carrier
    wire.close()
