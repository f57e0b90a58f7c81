"""TCP and Unix sockets as wires: one connects to a serial server, or QEMU's ``-serial``, or is waited for."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import stat
from pathlib import Path
from typing import Final, TypeAlias

from baseboard.errors import TransportError
from baseboard.transports.wire import Listener, Wire

Where: TypeAlias = str | tuple[str, int]
"""The path of a Unix socket, or host and port of TCP; hosts are addresses, not names."""

_UNDER_WAY: Final = (errno.EINPROGRESS, errno.EAGAIN)


def place_of(where: Where) -> str:
    """A place for people."""
    return f"unix:{where}" if isinstance(where, str) else f"tcp:{where[0]}:{where[1]}"


def _made(where: Where) -> socket.socket:
    if isinstance(where, str):
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        made = socket.socket(socket.AF_INET6 if ":" in where[0] else socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A far end whose power went says nothing; the system finds out.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    made.setblocking(False)
    return made


class SocketWire(Wire):
    """A connection to a far end that listens."""

    def __init__(self, where: Where, listener: Listener) -> None:
        """Begin to connect; `Listener.opened` or `Listener.lost` tells what came of it.

        Raises:
            TransportError: it fails at once.
        """
        super().__init__(place_of(where), listener)
        self._socket = _made(where)
        self._connecting = True
        code = self._socket.connect_ex(where)
        if code and code not in _UNDER_WAY:
            self._socket.close()
            raise TransportError(f"{self.place}: {os.strerror(code)}")
        self._loop.add_writer(self._socket.fileno(), self._connected)

    def close(self) -> None:
        """See `Wire.close`; also while it connects."""
        if self._connecting:
            self._connecting = False
            self._loop.remove_writer(self._socket.fileno())
            self._socket.close()
        super().close()

    def _connected(self) -> None:
        self._connecting = False
        self._loop.remove_writer(self._socket.fileno())
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._socket.close()
            self._ended(os.strerror(code))
            return
        self._begin(self._socket.fileno())

    def _release(self, fd: int) -> None:
        self._socket.close()


class ListeningWire(Wire):
    """Waits for a far end; one at a time, others are turned away.

    Attributes:
        port: TCP port that it listens at; 0 for a Unix socket.
    """

    def __init__(self, where: Where, listener: Listener) -> None:
        """Listen.

        Raises:
            TransportError: somebody else listens there, or it cannot be had.
        """
        super().__init__(place_of(where), listener)
        self._door = listening_socket(where, self.place)
        self._path = where if isinstance(where, str) else ""
        self.port: int = 0 if isinstance(where, str) else self._door.getsockname()[1]
        if not isinstance(where, str):
            self.place = place_of((where[0], self.port))
        self._guest: socket.socket | None = None
        self._open = True
        self._loop.add_reader(self._door.fileno(), self._knocked)

    def close(self) -> None:
        """See `Wire.close`; listening ends too."""
        super().close()
        if self._open:
            self._open = False
            self._loop.remove_reader(self._door.fileno())
            self._door.close()
            if self._path:
                Path(self._path).unlink(missing_ok=True)

    def hang_up(self) -> None:
        """End the connection with whoever is there; the next one may come."""
        if self.carrier:
            self._ended("")

    def _knocked(self) -> None:
        try:
            guest, _ = self._door.accept()
        except OSError:
            return
        self._hear_out()
        if self._guest is not None:
            guest.close()
            return
        guest.setblocking(False)
        if not self._path:
            guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            guest.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._guest = guest
        self._begin(guest.fileno())
        self._listener.changed()

    def _hear_out(self) -> None:
        """Take the last words of a guest that has hung up, so that it does not keep out the next one."""
        while self._guest is not None and self._wanted() and _hung_up(self._guest):
            self._readable()

    def _ended(self, reason: str) -> None:
        """The guest has gone; the next one may come."""
        del reason
        super().close()
        self._listener.changed()

    def _release(self, fd: int) -> None:
        if self._guest is not None:
            self._guest.close()
            self._guest = None


def _hung_up(connection: socket.socket) -> bool:
    """Whether the far end has closed it; what it sent before can still be read."""
    look = select.poll()
    look.register(connection, 0)
    return any(what & select.POLLHUP for _, what in look.poll(0))


def listening_socket(where: Where, place: str) -> socket.socket:
    """Listen at a place; the socket of a path is its owner's alone.

    Args:
        place: the same for people.

    Raises:
        TransportError: somebody else listens there, or it cannot be had.
    """
    made = _made(where)
    try:
        if isinstance(where, str):
            _make_way(where)
            before = os.umask(0o177)  # the socket is its owner's alone
            try:
                made.bind(where)
            finally:
                os.umask(before)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(where)
        made.listen(1)
    except OSError as error:
        made.close()
        raise TransportError(f"{place}: {error.strerror or error}") from error
    return made


def _make_way(path: str) -> None:
    """Take away the socket of somebody who does not listen any more; nothing else."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(Path(path).lstat().st_mode):
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
            trial.setblocking(False)
            if trial.connect_ex(path) == errno.ECONNREFUSED:
                Path(path).unlink()
