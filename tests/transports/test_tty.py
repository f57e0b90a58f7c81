"""A serial line, with a pseudo-terminal in its place."""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports.tty import RATES, TtyLine


class Far:
    """The far end of a line, and what the near end hears.

    Attributes:
        path: the near end's device.
        heard: all bytes that came.
        errors: what ended the line.
    """

    def __init__(self) -> None:
        self.fd, self.near = os.openpty()
        self.path = os.ttyname(self.near)
        self.heard = bytearray()
        self.errors: list[TransportError] = []
        self.more = asyncio.Event()
        os.set_blocking(self.fd, False)

    def close(self) -> None:
        for fd in (self.fd, self.near):
            if fd >= 0:
                os.close(fd)

    def hang_up(self) -> None:
        """Close the far end."""
        os.close(self.fd)
        self.fd = -1

    def received(self, data: bytes) -> None:
        self.heard += data
        self.more.set()

    def lost(self, error: TransportError) -> None:
        self.errors.append(error)
        self.more.set()

    async def until(self, size: int = 0, errors: int = 0) -> None:
        while len(self.heard) < size or len(self.errors) < errors:
            self.more.clear()
            await self.more.wait()

    def open(self, baud: int = 115200) -> TtyLine:
        return TtyLine(self.path, baud, self.received, self.lost)


@pytest.fixture
def far() -> Iterator[Far]:
    made = Far()
    yield made
    made.close()


async def test_bytes_go_both_ways_as_they_are(far: Far) -> None:
    line = far.open()
    every = bytes(range(256))
    os.write(far.fd, every)
    await far.until(256)
    assert bytes(far.heard) == every
    line.send(every)
    assert os.read(far.fd, 1000) == every
    line.close()


@pytest.mark.parametrize("baud", [9600, 19200, 115200])
async def test_the_line_has_its_rate_and_gets_back_what_it_had(far: Far, baud: int) -> None:
    before = termios.tcgetattr(far.near)
    line = far.open(baud)
    iflag, oflag, cflag, lflag, inward, outward, _ = termios.tcgetattr(far.near)
    assert inward == outward == RATES[baud] == getattr(termios, f"B{baud}")
    assert cflag & termios.CSIZE == termios.CS8
    assert cflag & (termios.CLOCAL | termios.CREAD) == termios.CLOCAL | termios.CREAD
    assert not cflag & (termios.PARENB | termios.CSTOPB | termios.CRTSCTS)
    assert not lflag & (termios.ICANON | termios.ECHO | termios.ISIG)
    assert not iflag & (termios.IXON | termios.ICRNL | termios.ISTRIP)
    assert not oflag & termios.OPOST
    line.close()
    assert termios.tcgetattr(far.near) == before
    line.close()


async def test_what_does_not_fit_goes_out_later(far: Far) -> None:
    line = far.open()
    everything = bytes(range(256)) * 600
    line.send(everything[:100_000])
    line.send(everything[100_000:])
    got, more = bytearray(), asyncio.Event()
    asyncio.get_running_loop().add_reader(far.fd, more.set)
    while len(got) < len(everything):
        more.clear()
        await more.wait()
        got += os.read(far.fd, 65536)
    asyncio.get_running_loop().remove_reader(far.fd)
    assert got == everything
    line.send(b"more")
    assert os.read(far.fd, 10) == b"more"
    line.close()


async def test_a_line_that_goes_is_told_once(far: Far) -> None:
    line = far.open()
    far.hang_up()
    await far.until(errors=1)
    assert str(far.errors[0]).startswith(f"{far.path}: ")
    line.send(b"nobody hears")
    line.close()
    assert len(far.errors) == 1


async def test_a_line_that_goes_while_it_is_written_to_is_told(far: Far) -> None:
    line = far.open()
    far.hang_up()
    line.send(b"x")
    assert len(far.errors) == 1
    line.close()


@pytest.mark.parametrize(
    ("outcome", "errors"),
    [
        (b"", ["the line was closed"]),
        (BlockingIOError(), []),
        (InterruptedError(), []),
        (OSError("gone"), ["gone"]),
    ],
)
async def test_what_reading_may_come_to(
    far: Far, monkeypatch: pytest.MonkeyPatch, outcome: bytes | OSError, errors: list[str]
) -> None:
    line, tried = far.open(), asyncio.Event()

    def read(fd: int, size: int) -> bytes:
        tried.set()
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", read)
        os.write(far.fd, b"x")
        await tried.wait()
    assert [str(error) for error in far.errors] == [f"{far.path}: {text}" for text in errors]
    line.close()


async def test_a_device_that_is_not_there_or_no_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="Could not open device at /nowhere: No such file") as caught:
        TtyLine("/nowhere", 9600, lambda _: None, lambda _: None)
    assert "/dev/ttyS0" in caught.value.hint
    plain = tmp_path / "file"
    plain.write_text("")
    with pytest.raises(TransportError, match="Inappropriate ioctl") as caught:
        TtyLine(str(plain), 9600, lambda _: None, lambda _: None)
    assert "no serial line" in caught.value.hint
    with pytest.raises(TransportError, match="Is a directory") as caught:
        TtyLine(str(tmp_path), 9600, lambda _: None, lambda _: None)
    assert caught.value.hint == ""


@pytest.mark.parametrize("baud", [0, 12345, -1])
async def test_a_rate_that_nobody_has_is_refused(far: Far, baud: int) -> None:
    with pytest.raises(TransportError, match=f"Unsupported baud rate {baud} specified"):
        far.open(baud)
