"""Where a virtual machine connects: a socket that listens, for one machine at a time.

Not a serial line: what is sent goes out whole or not at all, and a machine that is dead makes way for
the next. A machine is never cut off, as long as we can help it: it is told that nothing more comes, and it
is the one that closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from ipaddress import ip_address
from typing import Final

from baseboard.errors import TransportError
from baseboard.transports.socket_wire import ListeningWire, Where
from baseboard.transports.wire import ROOM, Listener

_IDLE, _INTERVAL, _PROBES = 10, 5, 3
"""TCP: seconds of silence until the far end is probed, between probes, and how many may stay unanswered."""

PARTING: Final = 5.0
"""Seconds that a machine has to close a connection of which it was told that nothing more comes."""

FAREWELL: Final = 0.2
"""Seconds of that at the very end, when nothing else is waited for."""

_MOST_PARTING: Final = 8
"""Connections that are left to be closed by their machines; others are cut off."""

_CHUNK: Final = 4096
_LAST_PORT: Final = 0xFFFF
_LONGEST_PATH: Final = 107
"""Bytes of the path of a Unix socket (sun_path, less its end)."""


def where_of(text: str) -> Where:
    """A place from its text: ``unix:PATH`` or ``tcp:ADDRESS:PORT``; port 0 = any that is free.

    Raises:
        TransportError: it is none.
    """
    kind, _, rest = text.partition(":")
    if kind == "unix" and rest and "\0" not in rest and len(rest.encode()) <= _LONGEST_PATH:
        return rest
    host, _, port = rest.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if kind == "tcp" and port.isascii() and port.isdecimal() and int(port[:6]) <= _LAST_PORT:
        try:
            ip_address(host.partition("%")[0])
        except ValueError:
            raise TransportError(f"{host!r} is no IP address") from None
        return host, int(port)
    raise TransportError(
        f"{text!r} is no place; it is unix:PATH, at most {_LONGEST_PATH} bytes, or tcp:ADDRESS:PORT"
    )


class MachineSocket(ListeningWire):
    """A listening socket, and the machine that is connected to it; another is turned away.

    QUIRK QEMU 7.2 (hw/ipmi/ipmi_bmc_extern.c): a request that it cannot send, since the connection was closed
    and it has not seen that yet, stays in its buffer; at the guest's next request it aborts, guest and all.
    So a connection is shut down in our direction only, and read on until QEMU closes it.
    """

    def __init__(self, listen: str, listener: Listener) -> None:
        """Listen.

        Raises:
            TransportError: somebody else listens there, or it cannot be had.
        """
        self._parting: dict[socket.socket, asyncio.TimerHandle] = {}
        self._ending = False
        super().__init__(where_of(listen), listener)

    def send(self, data: bytes) -> bool:
        """Send all of it, or nothing.

        Returns: whether it could be taken; it cannot when nobody is there, or does not read.
        """
        if len(self._out) + len(data) > ROOM or not self.carrier:
            return False
        return self.write(data) == len(data)

    def dismiss(self) -> None:
        """End the connection to the machine; it may come again, or another."""
        if self._guest is not None:
            self._ended("dismissed")

    def close(self) -> None:
        """See `Wire.close`; waits a moment for the machine to see it."""
        self._ending = True
        super().close()
        for guest in tuple(self._parting):
            self._parted(guest)

    def _knocked(self) -> None:
        if self._guest is not None and _gone(self._guest):
            self._ended("gone")
        if self._guest is None:
            super()._knocked()
            return
        with contextlib.suppress(OSError):
            other, _ = self._door.accept()
            self._part(other)

    def _begin(self, fd: int) -> None:
        if self._guest is not None and self._guest.family != socket.AF_UNIX:
            # A machine whose power went says nothing, and the next one would be turned away for hours.
            self._guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _IDLE)
            self._guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _INTERVAL)
            self._guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES)
        super()._begin(fd)

    def _release(self, fd: int) -> None:
        guest, self._guest = self._guest, None
        if guest is None:
            return
        if self._ending:
            _farewell(guest)
        else:
            self._part(guest)

    def _part(self, guest: socket.socket) -> None:
        """Tell it that nothing more comes, and let it close."""
        try:
            guest.setblocking(False)
            guest.shutdown(socket.SHUT_WR)
        except OSError:
            guest.close()
            return
        if len(self._parting) >= _MOST_PARTING:
            guest.close()
            return
        self._loop.add_reader(guest.fileno(), self._drain, guest)
        self._parting[guest] = self._loop.call_later(PARTING, self._parted, guest)

    def _drain(self, guest: socket.socket) -> None:
        """Forget what it still sends."""
        with contextlib.suppress(BlockingIOError, InterruptedError):
            try:
                if guest.recv(_CHUNK):
                    return
            except ConnectionError:
                pass  # it is over too
            self._parted(guest)

    def _parted(self, guest: socket.socket) -> None:
        self._parting.pop(guest).cancel()
        self._loop.remove_reader(guest.fileno())
        guest.close()


def _gone(guest: socket.socket) -> bool:
    """Whether there is nothing left to read but the end."""
    try:
        return guest.recv(1, socket.MSG_PEEK) == b""
    except (BlockingIOError, InterruptedError):
        return False
    except OSError:
        return True


def _farewell(guest: socket.socket) -> None:
    """The same as parting, and stay until it is over, or time is."""
    until = time.monotonic() + FAREWELL
    with guest, contextlib.suppress(OSError):
        guest.shutdown(socket.SHUT_WR)
        while (left := until - time.monotonic()) > 0:
            guest.settimeout(left)
            if not guest.recv(_CHUNK):
                return
