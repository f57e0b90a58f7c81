"""A line over a Unix or TCP socket that several others connect to: bytes of each, and bytes to each."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from baseboard.errors import TransportError
from baseboard.transports.socket_wire import Where, listening_socket, place_of
from baseboard.transports.wire import Wire

GUESTS: Final = 32
"""Connections at a time."""

Heard = Callable[[bytes], None]


class Guest:
    """Somebody who has connected.

    Attributes:
        heard: takes what comes from there; put there by whoever is told of the guest.
        left: called once when it has gone.
    """

    __slots__ = ("_gone", "_wire", "heard", "left")

    def __init__(self, made: socket.socket, place: str, gone: Callable[[Guest], None]) -> None:
        self.heard: Heard = _to_nobody
        self.left: Callable[[], None] = _nobody
        self._gone = gone
        self._wire = _GuestWire(made, place, self)

    def write(self, data: bytes) -> int:
        """Send bytes.

        Returns: how many were taken; what does not fit is lost, as on a line that is not listened to.
        """
        return self._wire.write(data)

    def close(self) -> None:
        """End the connection."""
        left, self.left = self.left, _nobody
        self._gone(self)
        self._wire.close()
        left()

    # ---- the listener of its wire

    def opened(self) -> None:
        """It is there from the start."""

    def received(self, data: bytes) -> None:
        """Hand on what came."""
        self.heard(data)

    def broken(self) -> None:
        """A socket has no break."""

    def changed(self) -> None:
        """A socket has no modem lines."""

    def lost(self, error: TransportError) -> None:
        """It has gone."""
        self.close()


class _GuestWire(Wire):
    """The stream of a guest."""

    def __init__(self, made: socket.socket, place: str, guest: Guest) -> None:
        super().__init__(place, guest)
        self._socket = made
        self._begin(made.fileno())

    def _release(self, fd: int) -> None:
        self._socket.close()


class LineDoor:
    """Where others connect to a line.

    Args:
        came: takes each guest as it comes.

    Attributes:
        place: where it is, for people.
        port: TCP port; 0 for a Unix socket.
    """

    def __init__(self, where: Where, came: Callable[[Guest], None]) -> None:
        """Listen.

        Raises:
            TransportError: somebody else listens there, or it cannot be had.
        """
        self._came = came
        self._door = listening_socket(where, place_of(where))
        self._path = where if isinstance(where, str) else ""
        self.port: int = 0 if isinstance(where, str) else self._door.getsockname()[1]
        self.place = place_of(where if isinstance(where, str) else (where[0], self.port))
        self._guests: set[Guest] = set()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._door.fileno(), self._knocked)

    def close(self) -> None:
        """End every connection, and listen no more; harmless when that has been done."""
        for guest in tuple(self._guests):
            guest.close()
        if self._door.fileno() >= 0:
            self._loop.remove_reader(self._door.fileno())
            self._door.close()
            if self._path:
                Path(self._path).unlink(missing_ok=True)

    def _knocked(self) -> None:
        try:
            made, _ = self._door.accept()
        except OSError:
            return
        if len(self._guests) >= GUESTS:
            made.close()
            return
        made.setblocking(False)
        if not self._path:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # A far end whose power went says nothing; the system finds out.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        guest = Guest(made, self.place, self._guests.discard)
        self._guests.add(guest)
        self._came(guest)


def _to_nobody(data: bytes) -> None:
    """Nobody listens yet."""


def _nobody() -> None:
    """Nobody is to be told."""
