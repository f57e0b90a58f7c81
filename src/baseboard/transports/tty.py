"""A serial line: bytes in and out of a terminal device, as they are (8 data bits, no parity, 1 stop bit)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import termios
from collections.abc import Callable
from typing import Final

from baseboard.errors import TransportError

RATES: Final[dict[int, int]] = {
    int(name[1:]): getattr(termios, name) for name in dir(termios) if name[:1] == "B" and name[1:].isdecimal()
}
"""Bits a second that this system's terminals know, and its own name for each."""

_CHUNK: Final = 4096
_HINTS: Final = {
    errno.ENOENT: "check the name of the device: /dev/ttyS0, /dev/ttyUSB0 ...",
    errno.EACCES: "join the group that owns it, dialout on most systems, or be root",
    errno.ENOTTY: "it is no serial line",
}
_LOST: Final = "the line was closed"


class TtyLine:
    """An open line.

    Args:
        path: of the device.
        baud: bits a second.
        received: called with each piece that comes.
        lost: called once when the line is gone.

    Raises:
        TransportError: it cannot be opened, or not at that rate.
    """

    def __init__(
        self,
        path: str,
        baud: int,
        received: Callable[[bytes], None],
        lost: Callable[[TransportError], None],
    ) -> None:
        self.path = path
        self._received, self._lost = received, lost
        self._out = bytearray()
        self._fd = _opened(path)
        try:
            self._before = termios.tcgetattr(self._fd)
            make_raw(self._fd, baud)
        except (termios.error, TransportError) as error:
            os.close(self._fd)
            if isinstance(error, TransportError):
                raise
            raise _trouble(path, OSError(*error.args)) from error
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._fd, self._readable)

    def send(self, data: bytes) -> None:
        """Send; what the line does not take at once goes out as it can."""
        if self._fd < 0:
            return
        waiting = bool(self._out)
        self._out += data
        if not waiting:
            self._write()

    def close(self) -> None:
        """Give the line back as it was; harmless when it is closed already."""
        if self._fd < 0:
            return
        fd, self._fd = self._fd, -1
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)
        with contextlib.suppress(termios.error):  # a line that is gone takes no settings
            termios.tcsetattr(fd, termios.TCSANOW, self._before)
        os.close(fd)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, _CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error.strerror or str(error))
            return
        if data:
            self._received(data)
        else:
            self._end(_LOST)

    def _write(self) -> None:
        try:
            sent = os.write(self._fd, self._out)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._end(error.strerror or str(error))
            return
        del self._out[:sent]
        if self._out:
            self._loop.add_writer(self._fd, self._write)
        else:
            self._loop.remove_writer(self._fd)

    def _end(self, reason: str) -> None:
        self.close()
        self._lost(TransportError(f"{self.path}: {reason}"))


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _trouble(path, error) from error


def _trouble(path: str, error: OSError) -> TransportError:
    made = TransportError(f"Could not open device at {path}: {error.strerror}")
    made.hint = _HINTS.get(error.errno or 0, "")
    return made


def make_raw(fd: int, baud: int) -> None:
    """Raw bytes at a rate; the modem's lines are not looked at, what came before is thrown away.

    Raises:
        TransportError: there is no such rate.
        termios.error: it is no terminal.
    """
    rate = RATES.get(baud)
    if not rate:
        raise TransportError(f"Unsupported baud rate {baud} specified")
    iflag, oflag, cflag, lflag, _, _, characters = termios.tcgetattr(fd)
    iflag &= ~(
        termios.IGNBRK
        | termios.BRKINT
        | termios.PARMRK
        | termios.INPCK
        | termios.ISTRIP
        | termios.INLCR
        | termios.IGNCR
        | termios.ICRNL
        | termios.IXON
        | termios.IXOFF
        | termios.IXANY
    )
    oflag &= ~termios.OPOST
    cflag &= ~(termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS)
    cflag |= termios.CS8 | termios.CLOCAL | termios.CREAD
    lflag &= ~(termios.ICANON | termios.ECHO | termios.ECHONL | termios.ISIG | termios.IEXTEN)
    settings = [iflag, oflag, cflag, lflag, rate, rate, characters]
    termios.tcsetattr(fd, termios.TCSAFLUSH, settings)
