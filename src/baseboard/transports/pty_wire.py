"""A pseudo terminal as a wire: somebody opens its other side like a serial device."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import termios
from pathlib import Path
from typing import Final

from baseboard.errors import TransportError
from baseboard.transports.tty import RATES, make_raw
from baseboard.transports.wire import CHUNK, Listener, Wire

LOOK: Final = 0.2
"""Seconds between two looks whether somebody has opened the other side; nothing tells."""


def open_pty() -> tuple[int, int, str]:
    """Make a pseudo terminal that carries bytes as they are.

    Returns: this side, the other side, and the other side's path.

    Raises:
        TransportError: there is none left.
    """
    try:
        ours, theirs = os.openpty()
    except OSError as error:
        raise TransportError(f"a pseudo terminal cannot be had: {error.strerror}") from error
    make_raw(theirs, 115200)
    os.set_blocking(ours, False)
    return ours, theirs, os.ttyname(theirs)


class PtyWire(Wire):
    """A pseudo terminal.

    Args:
        link: a symbolic link to it that is made here, and taken away at the end; empty = none.

    Attributes:
        path: the device that others open.
    """

    def __init__(self, link: str, listener: Listener) -> None:
        """Open it.

        Raises:
            TransportError: it cannot be had, or the link not made.
        """
        ours, theirs, self.path = open_pty()
        super().__init__(link or self.path, listener)
        os.close(theirs)
        self._link = link
        self._there = False
        self._timer: asyncio.TimerHandle | None = None
        try:
            self._make_link()
        except OSError as error:
            os.close(ours)
            raise TransportError(f"{link}: {error.strerror}") from error
        self._begin(ours)

    @property
    def carrier(self) -> bool:
        """Whether somebody has the other side open."""
        return self._fd >= 0 and self._there

    def set_rate(self, bits_per_second: int) -> None:
        """Others see it as the device's speed, ``stty -F``; bytes go as fast as ever."""
        rate = RATES.get(bits_per_second)
        if self._fd < 0 or rate is None:
            return
        with contextlib.suppress(termios.error):
            settings = termios.tcgetattr(self._fd)
            settings[4] = settings[5] = rate
            termios.tcsetattr(self._fd, termios.TCSANOW, settings)

    def _make_link(self) -> None:
        if not self._link:
            return
        link = Path(self._link)
        if link.is_symlink():
            link.unlink()  # of one that ended without taking it away
        link.symlink_to(self.path)

    def _begin(self, fd: int) -> None:
        super()._begin(fd)
        self._look()

    def _wanted(self) -> bool:
        """Without anybody at the other side reading fails at once, again and again."""
        return super()._wanted() and self._there

    def _look(self) -> None:
        """See whether somebody has the other side open; while nobody has, look again in a while."""
        self._timer = None
        if self._fd < 0:
            return
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        seen = dict(poll.poll(0)).get(self._fd, 0)
        there = not seen & select.POLLHUP
        if not there:
            self._timer = self._loop.call_later(LOOK, self._look)
        if there is not self._there:
            self._there = there
            self._out.clear()
            self._watch()
            self._listener.changed()
        if not there and seen & select.POLLIN and not self._held:
            self._readable()  # of somebody who wrote and went again

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            if self._there:
                self._look()
            return
        self._take(data)

    def _release(self, fd: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._there = False
        os.close(fd)
        link = Path(self._link)
        if self._link and link.is_symlink() and os.readlink(link) == self.path:
            link.unlink()
