"""Pseudo-devices that give and take whole messages: one end of a pair of sockets is the device's file."""

from __future__ import annotations

import os
import socket


class DeviceFile:
    """What a driver does behind its file.

    Attributes:
        opened: how often the file was opened.
        refusal: what opening fails with, as a number of errno; 0 = it does not.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.refusal = 0
        self._ours: socket.socket | None = None

    def __del__(self) -> None:
        if self._ours is not None:
            self._ours.close()

    def open(self, path: str) -> int:
        """Open it, as `open_file` does."""
        if self.refusal:
            raise OSError(self.refusal, os.strerror(self.refusal))
        self.opened += 1
        if self._ours is not None:
            self._ours.close()
        theirs, self._ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.setblocking(False)
        theirs.setblocking(False)
        return theirs.detach()

    @property
    def driver(self) -> socket.socket:
        """The driver's end."""
        assert self._ours is not None
        return self._ours

    def give(self, message: bytes) -> None:
        """Have a message to be read."""
        self.driver.send(message)

    def taken(self) -> bytes | None:
        """What was written, one message; None = nothing."""
        try:
            return self.driver.recv(4096)
        except BlockingIOError:
            return None

    def close(self) -> None:
        """The driver goes away."""
        self.driver.close()
