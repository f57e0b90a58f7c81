"""The UDP port of its own that SOL may have (SOL parameter 8, Table 24-3 bytes 10:11).

A door is a second socket of the LAN channel. Whatever comes in by it is answered by it, logins and requests
too: ipmiconsole opens a whole session at the port that it is told. What the BMC sends of SOL leaves by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address


class Socket(Protocol):
    """A bound socket."""

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram."""
        ...

    def close(self) -> None:
        """Free the port."""
        ...


OpenSocket: TypeAlias = Callable[[int, Callable[[bytes, "Address"], None]], Socket | None]
"""Binds another port at the LAN channel's address, for a receiver of datagrams; None = it cannot be had."""


def no_socket(port: int, receive: Callable[[bytes, Address], None]) -> Socket | None:
    """A BMC without an endpoint has no other port either."""
    del port, receive
    return None


class Through(tuple[str, int]):
    """A console's address that is reached through a door."""

    door: Door

    def __new__(cls, address: Address, door: Door) -> Through:
        """Keep the address, and through which socket it is reached."""
        made = super().__new__(cls, address)
        made.door = door
        return made

    def send(self, data: bytes) -> None:
        """Send a datagram there."""
        self.door.send(data, self)


class Door:
    """An open second port.

    Attributes:
        port: its number.
    """

    __slots__ = ("_receive", "_socket", "port")

    def __init__(self, port: int, open_socket: OpenSocket, receive: Callable[[bytes, Address], None]) -> None:
        """Bind it.

        Args:
            receive: takes a datagram as if it had come to the channel's own port.

        Raises:
            OSError: it cannot be had.
        """
        self.port, self._receive = port, receive
        socket = open_socket(port, self._received)
        if socket is None:
            raise OSError(f"UDP port {port} cannot be had")
        self._socket = socket

    def _received(self, data: bytes, address: Address) -> None:
        self._receive(data, Through(address, self))

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram from this port."""
        plain: Address = tuple(address)  # type: ignore[assignment]  # as the socket module wants it
        self._socket.send(data, plain)

    def address(self, heard: Address) -> Address:
        """Where what leaves by this port goes to a console that was heard last at an address."""
        return heard if isinstance(heard, Through) else Through(heard, self)

    def close(self) -> None:
        """Free the port."""
        self._socket.close()
