"""A serial device: breaks in what it gives, modem lines, speed; pseudo terminals stand for devices."""

from __future__ import annotations

import array
import fcntl
import os
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.transports.pty_wire import open_pty
from baseboard.transports.serial_wire import Marks, SerialWire
from baseboard.transports.wire import ModemLines
from tests.transports.wires import Ear, until


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ([b"plain"], [b"plain"]),
        ([b"a\xff\x00\x00b"], [b"a", None, b"b"]),
        ([b"\xff\xff\xff\xff"], [b"\xff\xff"]),
        ([b"a\xff", b"\x00", b"\x00b"], [b"a", None, b"b"]),
        ([b"\xff", b"\xff"], [b"\xff"]),
        ([b"\xff\x00xyz"], [b"xyz"]),  # a framing error with its character
        ([b"\xff\x00\x00\xff\x00\x00"], [None, None]),
        ([b""], []),
    ],
)
def test_breaks_are_found_wherever_the_pieces_end(pieces: list[bytes], found: list[bytes | None]) -> None:
    marks = Marks()
    assert [one for piece in pieces for one in marks.feed(piece)] == found


@pytest.fixture
def device() -> Iterator[tuple[int, str]]:
    ours, theirs, path = open_pty()
    yield ours, path
    os.close(ours)
    os.close(theirs)


async def test_bytes_breaks_and_speed(device: tuple[int, str]) -> None:
    ours, path = device
    ear = Ear()
    wire = SerialWire(path, 19200, ear)
    assert (wire.carrier, wire.outputs()) == (True, ModemLines(True, True))
    wire.write(b"out\xff")
    await until(lambda: _waits(ours))
    assert os.read(ours, 100) == b"out\xff"
    os.write(ours, b"one\xfftwo")  # the terminal doubles FFh, as it marks breaks by it
    await until(lambda: ear.data == b"one\xfftwo")
    wire._take(b"\xff\x00\x00more")
    assert (ear.happened, bytes(ear.data[-4:])) == (["opened", "broken"], b"more")
    wire.set_rate(9600)
    assert termios.tcgetattr(ours)[4] == termios.B9600
    wire.set_rate(1234567)
    assert termios.tcgetattr(ours)[4] == termios.B9600
    wire.close()
    wire.close()
    wire.set_rate(19200)
    wire.send_break()


async def test_nobody_else_has_the_device_meanwhile(device: tuple[int, str]) -> None:
    _, path = device
    wire = SerialWire(path, 9600, Ear())
    with pytest.raises(TransportError, match="busy") as caught:
        SerialWire(path, 9600, Ear())
    assert caught.value.hint == "another program has it"
    wire.close()
    SerialWire(path, 9600, Ear()).close()


async def test_what_is_no_serial_line(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="No such file") as caught:
        SerialWire(str(tmp_path / "ttyS9"), 9600, Ear())
    assert "check the name" in caught.value.hint
    plain = tmp_path / "plain"
    plain.write_text("")
    with pytest.raises(TransportError, match="ioctl"):
        SerialWire(str(plain), 9600, Ear())


async def test_a_speed_that_there_is_not(device: tuple[int, str]) -> None:
    with pytest.raises(TransportError, match="Unsupported baud rate 1234"):
        SerialWire(device[1], 1234, Ear())


class Lines:
    """Modem lines for a device that has none: what was done to them, and what the far end drives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[int, int]] = []
        self.driven = 0
        self._real = fcntl.ioctl
        monkeypatch.setattr(fcntl, "ioctl", self)

    def __call__(self, fd: int, request: int, argument: Any = 0, mutate: bool = True) -> Any:
        if request == termios.TIOCMGET:
            argument[0] = self.driven
            return 0
        if request in (termios.TIOCMBIS, termios.TIOCMBIC, 0x5427, 0x5428):
            self.done.append((request, argument[0] if isinstance(argument, array.array) else argument))
            return 0
        return self._real(fd, request, argument, mutate)


async def test_modem_lines_of_a_null_modem(device: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines, ear = Lines(monkeypatch), Ear()
    wire = SerialWire(device[1], 9600, ear, modem=True)
    assert not wire.carrier
    lines.driven = termios.TIOCM_DSR | termios.TIOCM_CTS
    await until(lambda: wire.carrier)
    assert wire.outputs() == ModemLines(rts=True, dtr=True)
    lines.driven = termios.TIOCM_DSR
    await until(lambda: wire.outputs() == ModemLines(rts=False, dtr=True))
    assert ear.happened == ["opened", "changed", "changed"]
    wire.hold(True)
    wire.hold(False)
    wire.set_carrier(False)
    wire.set_carrier(True)
    assert lines.done == [
        (termios.TIOCMBIC, termios.TIOCM_RTS),
        (termios.TIOCMBIS, termios.TIOCM_RTS),
        (termios.TIOCMBIC, termios.TIOCM_DTR),
        (termios.TIOCMBIS, termios.TIOCM_DTR),
    ]
    lines.done.clear()
    wire.send_break()
    await until(lambda: len(lines.done) == 2)
    assert [request for request, _ in lines.done] == [0x5427, 0x5428]
    wire.close()


def _waits(fd: int) -> bool:
    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0] > 0
