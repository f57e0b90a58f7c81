"""A pseudo terminal that others open like a serial device."""

from __future__ import annotations

import os
import termios
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports.pty_wire import PtyWire
from tests.transports.wires import Ear, until


def opened(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)


async def test_whoever_opens_the_link_is_at_the_far_end_until_it_closes_it(tmp_path: Path) -> None:
    link, ear = tmp_path / "console", Ear()
    wire = PtyWire(str(link), ear)
    assert (wire.place, wire.carrier, wire.write(b"nobody")) == (str(link), False, 0)
    fd = opened(str(link))
    await until(lambda: wire.carrier)
    assert wire.write(b"\x03\r\xff raw") == 7
    await until(lambda: termios.tcgetattr(fd) is not None and _pending(fd))
    assert os.read(fd, 100) == b"\x03\r\xff raw"
    os.write(fd, b"back\n")
    await until(lambda: ear.data == b"back\n")
    os.close(fd)
    await until(lambda: not wire.carrier)
    fd = opened(wire.path)
    await until(lambda: wire.carrier)
    os.close(fd)
    assert ear.happened == ["opened", "changed", "changed", "changed"]
    wire.close()
    wire.close()
    assert not link.is_symlink()


async def test_what_somebody_wrote_who_went_again_is_not_lost() -> None:
    ear = Ear()
    wire = PtyWire("", ear)
    fd = opened(wire.path)
    os.write(fd, b"hello")
    os.close(fd)
    await until(lambda: ear.data == b"hello")
    wire.close()


async def test_the_speed_shows_at_the_other_side() -> None:
    wire = PtyWire("", Ear())
    fd = opened(wire.path)
    wire.set_rate(9600)
    assert termios.tcgetattr(fd)[4:6] == [termios.B9600, termios.B9600]
    wire.set_rate(12345)
    assert termios.tcgetattr(fd)[4] == termios.B9600
    os.close(fd)
    wire.close()
    wire.set_rate(9600)


async def test_a_held_terminal_lets_its_far_end_wait() -> None:
    ear = Ear()
    wire = PtyWire("", ear)
    fd = opened(wire.path)
    await until(lambda: wire.carrier)
    wire.hold(True)
    written = 0
    while True:
        try:
            written += os.write(fd, b"x" * 1000)
        except BlockingIOError:
            break
    assert ear.data == b""
    wire.hold(False)
    await until(lambda: len(ear.data) == written)
    os.close(fd)
    wire.close()


async def test_a_link_takes_the_place_of_a_link_and_of_nothing_else(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.symlink_to("/nowhere")
    wire = PtyWire(str(old), Ear())
    assert os.readlink(old) == wire.path
    old.unlink()
    old.write_text("somebody's")
    wire.close()
    assert old.read_text() == "somebody's"
    with pytest.raises(TransportError, match="File exists"):
        PtyWire(str(old), Ear())


def _pending(fd: int) -> bool:
    import array
    import fcntl

    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0] >= 7
