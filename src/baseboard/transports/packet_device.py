"""Device files that give and take whole messages, one a read and one a write: those of BMC chips.

A device that fails, because its driver was taken away or reset, is opened again until it is back.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from collections import deque
from collections.abc import Callable
from typing import Final

from baseboard.errors import TransportError

AGAIN_S: Final = 1.0
"""Seconds until a device that failed is opened again."""

WAITING: Final = 16
"""Messages that wait until the device takes them; the oldest is dropped."""

MISSES: Final = 8
"""Reads that may fail one after the other: a host that resets its side takes back what it had asked."""

_LOG: Final = logging.getLogger("baseboard.device")
_BUFFER: Final = 4096
_HINTS: Final = {
    errno.EBUSY: "another program has it open, and only one may",
    errno.EACCES: "only root may open it, unless a udev rule lets a group",
    errno.ENOENT: "its driver is not loaded, or the device tree has it switched off",
}

OpenFile = Callable[[str], int]
"""Opens a device and gives its descriptor."""


def open_file(path: str) -> int:
    """Open a device as it is to be: for both ways, without waiting."""
    return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)


class PacketDevice:
    """An open device.

    Args:
        path: its file.
        take: called with each message that comes.
        came_back: called when it was opened again, after which nothing that was under way is any more.
        polled: its driver waits in a write until the host has taken the one before, whatever it is asked;
            so it is asked first. Other drivers never say that they can be written to, and need not be asked.

    Attributes:
        path: its file.
        fd: its descriptor; -1 = it is not open.

    Raises:
        TransportError: it cannot be opened.
    """

    def __init__(
        self,
        path: str,
        take: Callable[[bytes], None],
        came_back: Callable[[], None],
        opener: OpenFile = open_file,
        *,
        polled: bool = False,
    ) -> None:
        self.path = path
        self.fd = -1
        self._take, self._came_back, self._opener = take, came_back, opener
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[bytes] = deque(maxlen=WAITING)
        self._polled, self._misses = polled, 0
        self._open()

    def write(self, data: bytes) -> None:
        """Write one message at once.

        Raises:
            OSError: the device refuses it, or is not there.
        """
        if self.fd < 0:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        os.write(self.fd, data)

    def send(self, data: bytes) -> None:
        """Write one message as soon as the device takes it; one that it refuses is dropped."""
        if not self._polled:
            self._try(data)
        elif self.fd >= 0:
            if not self._waiting:
                self._loop.add_writer(self.fd, self._writable)
            self._waiting.append(data)

    def drop_waiting(self) -> None:
        """Forget what waits to be written."""
        self._waiting.clear()
        if self.fd >= 0:
            self._loop.remove_writer(self.fd)

    def close(self) -> None:
        """Close it; harmless when it is closed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.drop_waiting()
        if self.fd >= 0:
            self._loop.remove_reader(self.fd)
            os.close(self.fd)
            self.fd = -1

    def _open(self) -> None:
        try:
            self.fd = self._opener(self.path)
        except OSError as error:
            hint = _HINTS.get(error.errno or 0)
            told = f": {hint}" if hint else ""
            raise TransportError(f"{self.path}: {error.strerror or error}{told}") from error
        self._misses = 0
        self._loop.add_reader(self.fd, self._readable)

    def _try(self, data: bytes) -> None:
        try:
            self.write(data)
        except OSError as error:
            # KCS and SSIF say so of an answer to a request that the host has given up.
            _LOG.debug("%s: an answer was not taken: %s", self.path, error.strerror or error)

    def _writable(self) -> None:
        self._try(self._waiting.popleft())
        if not self._waiting:
            self.drop_waiting()

    def _readable(self) -> None:
        """One message for each time that there is one: a second read might wait for the host."""
        try:
            data = os.read(self.fd, _BUFFER)
        except BlockingIOError:
            return
        except OSError as error:
            self._misses += 1
            if self._misses >= MISSES:
                self._failed(error.strerror or str(error))
            return
        self._misses = 0
        if data:
            self._take(data)
        else:
            self._failed("nothing more comes of it")

    def _failed(self, reason: str) -> None:
        _LOG.warning("%s: %s; it will be opened again", self.path, reason)
        self.close()
        self._timer = self._loop.call_later(AGAIN_S, self._again)

    def _again(self) -> None:
        self._timer = None
        try:
            self._open()
        except TransportError:
            self._timer = self._loop.call_later(AGAIN_S, self._again)
        else:
            _LOG.warning("%s: is back", self.path)
            self._came_back()
