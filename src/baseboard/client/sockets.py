"""UDP sockets that all sessions of a process share: one per address family and event loop, as a rule.

Two logins to one BMC at the same time cannot be told apart by address and port, and some BMCs ignore a second
one from a port that they know. So each takes another socket: as many are open as one BMC has sessions.
"""

from __future__ import annotations

# `socket` is this and as much again in Python, which takes 2 ms to import and is not needed here.
import _socket as socket
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from weakref import WeakKeyDictionary

from baseboard.errors import HostUnknown, Unreachable
from baseboard.transports import waiting
from baseboard.transports.udp import Address, UdpSocket

if TYPE_CHECKING:
    import asyncio

_ANY: Final = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}  # noqa: S104 - a client's own port
_FAMILIES: Final = {4: socket.AF_INET, 6: socket.AF_INET6}

Key: TypeAlias = tuple[str, int]
Place: TypeAlias = tuple[int, Address]
"""An address and its family."""

_Found: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]

Overhear: TypeAlias = Callable[[bool, bytes], None]
"""Told of each datagram: whether it was sent, and the datagram."""

overhearing: ContextVar[Overhear | None] = ContextVar("overhearing", default=None)
"""Who is told of the datagrams of every place on a socket that is taken in this context."""

_shared: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, list[SharedSocket]]] = WeakKeyDictionary()


class Peer:
    """One BMC's address on a shared socket, for one session at a time.

    Attributes:
        address: where datagrams go to and come from.
    """

    def __init__(self, shared: SharedSocket, address: Address) -> None:
        self.address = address
        self._shared = shared
        self._receivers: list[Callable[[bytes], None]] = []
        self._overhear = overhearing.get()
        self._doors: list[Key] = []

    def attach(self, receive: Callable[[bytes], None]) -> None:
        """Hand over every datagram from this address from now on, to each that is attached."""
        self._receivers.append(receive)

    def detach(self, receive: Callable[[bytes], None]) -> None:
        """Hand over no more; harmless when it is not attached."""
        if receive in self._receivers:
            self._receivers.remove(receive)

    def take(self, data: bytes) -> None:
        """A datagram came from there."""
        if self._overhear is not None:
            self._overhear(False, data)
        for receive in tuple(self._receivers):
            receive(data)

    def send(self, data: bytes, port: int = 0) -> None:
        """Send a datagram there; ``port``: to another port of the BMC than its own."""
        if self._overhear is not None:
            self._overhear(True, data)
        self._shared.send(data, _at(self.address, port) if port else self.address)

    def catch_up(self) -> None:
        """Take what has come and was not read yet, from whichever BMC of this socket."""
        self._shared.catch_up()

    def open_door(self, port: int) -> bool:
        """Take what comes from another port of the BMC too.

        Returns: False, where that port is another BMC's on this socket.
        """
        key = (self.address[0], port)
        if self._shared.peers.setdefault(key, self) is not self:
            return False
        self._doors.append(key)
        return True

    @property
    def keys(self) -> tuple[Key, ...]:
        """Where its datagrams come from."""
        return (self.address[:2], *self._doors)

    def close(self) -> None:
        """Take no more; the last one that leaves closes the socket. Harmless when it is closed already."""
        self._receivers.clear()
        self._shared.leave(self)


def _at(address: Address, port: int) -> Address:
    """Another port of the same host."""
    if len(address) == 2:
        return address[0], port
    return address[0], port, address[2], address[3]


class SharedSocket:
    """A socket and the BMCs that are spoken to over it.

    Attributes:
        peers: those BMCs by address and port.
        port: its own.
    """

    def __init__(self, family: int, neighbours: list[SharedSocket]) -> None:
        self.peers: dict[Key, Peer] = {}
        self._neighbours = neighbours
        self._socket = UdpSocket(_ANY[family], 0, self._received, lambda: None)
        self.port = self._socket.port
        neighbours.append(self)

    def join(self, address: Address) -> Peer:
        """Speak to another BMC."""
        peer = self.peers[address[:2]] = Peer(self, address)
        return peer

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram."""
        if self in self._neighbours:
            self._socket.send(data, address)

    def catch_up(self) -> None:
        """Hand over what has come and was not read yet."""
        if self in self._neighbours:
            self._socket.catch_up()

    def leave(self, peer: Peer) -> None:
        """A peer is done; without one the socket closes."""
        for key in peer.keys:
            if self.peers.get(key) is peer:
                del self.peers[key]
        if not self.peers and self in self._neighbours:
            self._neighbours.remove(self)
            self._socket.close()

    def _received(self, data: bytes, sender: Address) -> None:
        peer = self.peers.get(sender[:2])
        if peer is not None:
            peer.take(data)


def peer_at(place: Place, *, fresh: bool = False) -> Peer:
    """Take a place on a shared socket, for one session with the BMC at this address.

    Args:
        fresh: a socket of its own, and so a port that the BMC has not seen.
    """
    family, address = place
    by_family = _shared.setdefault(waiting.running(), {})
    sockets = by_family.setdefault(family, [])
    for shared in () if fresh else sockets:
        if address[:2] not in shared.peers:
            return shared.join(address)
    return SharedSocket(family, sockets).join(address)


async def find(host: str, port: int, family: int = 0) -> Place:
    """Find a BMC's address.

    Args:
        host: name or address; an IPv6 address may carry a zone, ``fe80::1%eth0``.
        family: 4 or 6 for addresses of that family only; 0 = whichever there is.

    Raises:
        HostUnknown: the name has no address.
        Unreachable: there is no route to any of its addresses.
    """
    wanted = _FAMILIES.get(family, socket.AF_UNSPEC)
    numeric = socket.AI_NUMERICHOST
    try:
        # An address needs no resolver, which asyncio would ask in a thread.
        # As bytes, since text goes through IDNA, whose tables are long to import.
        text = host.encode() if host.isascii() else host
        found: Sequence[_Found] = socket.getaddrinfo(
            text, port, family=wanted, type=socket.SOCK_DGRAM, flags=numeric
        )
    except (OSError, UnicodeError):
        try:
            loop = waiting.running()
            found = await loop.getaddrinfo(host, port, family=wanted, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "not a host name"
            raise HostUnknown("address", None, f"{host}: {reason}") from None
    problem = ""
    for kind, _, _, _, address in found:
        place = cast("Place", (kind, address))
        problem = _no_route(place)
        if not problem:
            return place
    raise Unreachable("address", None, f"{host}: {problem}")


def _no_route(place: Place) -> str:
    """Why nothing can be sent to an address; empty when something can. Nothing is sent to find out."""
    trial = socket.socket(place[0], socket.SOCK_DGRAM)
    try:
        trial.connect(place[1])
    except OSError as error:
        return error.strerror or str(error)
    finally:
        trial.close()
    return ""


async def peer(host: str, port: int, family: int = 0) -> Peer:
    """Find a BMC's address and take a place on a shared socket; see `find` and `peer_at`."""
    return peer_at(await find(host, port, family))
