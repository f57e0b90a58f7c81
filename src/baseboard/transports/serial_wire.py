"""A serial device as a wire: speed, breaks both ways and modem lines, by the system's own calls.

A null modem lies between: our RTS is the far end's CTS, our DTR its DSR and DCD; and the other way round.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import errno
import fcntl
import os
import termios
from typing import Final

from baseboard.errors import TransportError
from baseboard.transports.tty import RATES, make_raw
from baseboard.transports.wire import Listener, ModemLines, Wire

BREAK_S: Final = 0.25
"""How long a break is, seconds."""

LOOK: Final = 0.1
"""Seconds between two looks at the modem lines; nothing tells of them."""

_MARK: Final = 0xFF
# <asm-generic/ioctls.h>: break on and off; Python does not name them.
_TIOCSBRK: Final = 0x5427
_TIOCCBRK: Final = 0x5428
_HINTS: Final = {
    errno.ENOENT: "check the name of the device: /dev/ttyS0, /dev/ttyUSB0 ...",
    errno.EACCES: "join the group that owns it, dialout on most systems, or be root",
    errno.ENOTTY: "it is no serial line",
    errno.EBUSY: "another program has it",
}


class Marks:
    """Finds the breaks in what a terminal with PARMRK gives: FFh 00h 00h is one, FFh FFh is a byte FFh."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes | None]:
        """Take bytes.

        Returns: the characters in pieces, and None for each break between them.
        """
        data, self._rest = self._rest + data, b""
        found: list[bytes | None] = []
        plain = bytearray()
        at = 0
        while at < len(data):
            if data[at] != _MARK:
                plain.append(data[at])
                at += 1
                continue
            mark = data[at : at + 3]
            if mark[1:2] == b"\xff":
                plain.append(_MARK)
                at += 2
            elif len(mark) < 3:
                self._rest = mark
                break
            else:
                at += 3
                if mark[2]:
                    plain.append(mark[2])  # a parity or framing error; the character is all there is
                    continue
                if plain:
                    found.append(bytes(plain))
                    plain.clear()
                found.append(None)
        if plain:
            found.append(bytes(plain))
        return found


class SerialWire(Wire):
    """An open serial device, nobody else's meanwhile.

    Args:
        path: of the device.
        bits_per_second: its speed until `set_rate`.
        modem: its modem lines are wired; otherwise there is always somebody at the far end.
    """

    def __init__(self, path: str, bits_per_second: int, listener: Listener, *, modem: bool = False) -> None:
        """Open it.

        Raises:
            TransportError: it cannot be opened, or not at that speed.
        """
        super().__init__(path, listener)
        self._modem = modem
        self._marks = Marks()
        self._seen = ModemLines(False, False)
        self._timers: list[asyncio.TimerHandle] = []
        fd = _opened(path)
        try:
            self._before = termios.tcgetattr(fd)
            self._set_up(fd, bits_per_second)
        except (termios.error, OSError, TransportError) as error:
            os.close(fd)
            if isinstance(error, TransportError):
                raise
            raise _trouble(path, OSError(*error.args)) from error
        self._begin(fd)
        if modem:
            self._look()

    @property
    def carrier(self) -> bool:
        """Whether the far end asserts DTR; without modem lines, whether the device is open."""
        return self._fd >= 0 and (not self._modem or self._seen.dtr)

    def set_rate(self, bits_per_second: int) -> None:
        """Speak at this speed; one that the device does not have is left alone."""
        if self._fd >= 0:
            with contextlib.suppress(termios.error, TransportError, OSError):
                self._set_up(self._fd, bits_per_second)

    def send_break(self) -> None:
        """Hold the line in break for a quarter of a second."""
        if self._fd >= 0 and self._control(_TIOCSBRK, 0):
            self._later(BREAK_S, lambda: self._control(_TIOCCBRK, 0))

    def hold(self, held: bool) -> None:
        """Hold the far end: RTS is its CTS."""
        super().hold(held)
        self._set_line(termios.TIOCM_RTS, not held)

    def set_carrier(self, asserted: bool) -> None:
        """DTR is the far end's DSR and DCD."""
        self._set_line(termios.TIOCM_DTR, asserted)

    def outputs(self) -> ModemLines:
        """What the far end drives, as our CTS and DSR show it."""
        return self._seen if self._modem else super().outputs()

    def _take(self, data: bytes) -> None:
        for piece in self._marks.feed(data):
            if piece is None:
                self._listener.broken()
            else:
                self._listener.received(piece)

    def _set_up(self, fd: int, bits_per_second: int) -> None:
        if RATES.get(bits_per_second) is None:
            raise TransportError(f"Unsupported baud rate {bits_per_second} specified")
        make_raw(fd, bits_per_second)
        settings = termios.tcgetattr(fd)
        settings[0] |= termios.PARMRK
        termios.tcsetattr(fd, termios.TCSANOW, settings)

    def _look(self) -> None:
        """See what the far end does with its modem lines."""
        bits = array.array("i", [0])
        if not self._control(termios.TIOCMGET, bits):
            return
        seen = ModemLines(bool(bits[0] & termios.TIOCM_CTS), bool(bits[0] & termios.TIOCM_DSR))
        if seen != self._seen:
            self._seen = seen
            self._listener.changed()
        self._later(LOOK, self._look)

    def _set_line(self, line: int, asserted: bool) -> None:
        request = termios.TIOCMBIS if asserted else termios.TIOCMBIC
        self._control(request, array.array("i", [line]))

    def _control(self, request: int, argument: int | array.array[int]) -> bool:
        """Do something to the device, if it has what that takes; a pseudo terminal has not."""
        if self._fd < 0:
            return False
        try:
            if isinstance(argument, int):
                fcntl.ioctl(self._fd, request, argument)
            else:
                fcntl.ioctl(self._fd, request, argument, True)
        except OSError:
            return False
        return True

    def _later(self, seconds: float, action: object) -> None:
        assert callable(action)
        now = self._loop.time()
        self._timers = [timer for timer in self._timers if timer.when() > now and not timer.cancelled()]
        self._timers.append(self._loop.call_later(seconds, action))

    def _release(self, fd: int) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        with contextlib.suppress(termios.error, OSError):
            fcntl.ioctl(fd, _TIOCCBRK, 0)
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(fd, termios.TCSANOW, self._before)
        with contextlib.suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_UN)
        os.close(fd)


def _opened(path: str) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _trouble(path, error) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise _trouble(path, OSError(errno.EBUSY, os.strerror(errno.EBUSY))) from error
    return fd


def _trouble(path: str, error: OSError) -> TransportError:
    made = TransportError(f"{path}: {error.strerror or error}")
    made.hint = _HINTS.get(error.errno or 0, "")
    return made
