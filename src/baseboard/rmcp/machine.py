"""The shape of every protocol machine: bytes and time in, bytes and events out."""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeVar

Buffer: TypeAlias = bytes | bytearray | memoryview
"""What may be given to a machine; it keeps copies only."""

Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int]
"""Where a datagram came from and goes to, as the socket module names it; no machine looks into it."""

E = TypeVar("E")


class Machine(Protocol[E]):
    """A protocol without I/O that speaks with one peer.

    ``now`` is monotonic seconds and never runs backwards.
    """

    def receive(self, data: Buffer, now: float) -> None:
        """Take what the peer sent."""
        ...

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent, oldest first; each thing once."""
        ...

    def events(self) -> list[E]:
        """Hand over what happened, oldest first; each event once."""
        ...

    def deadline(self) -> float | None:
        """Tell when `expire` is next due: that moment or earlier; None while no timer runs."""
        ...

    def expire(self, now: float) -> None:
        """Do what is due by now; harmless when nothing is."""
        ...


class Endpoint(Protocol[E]):
    """A protocol without I/O that speaks with many peers, told apart by address."""

    def receive(self, data: bytes, address: Address, now: float) -> None:
        """Take a datagram."""
        ...

    def outgoing(self) -> list[tuple[bytes, Address]]:
        """Hand over the datagrams to be sent, oldest first; each once."""
        ...

    def events(self) -> list[E]:
        """Hand over what happened, oldest first; each event once."""
        ...

    def deadline(self) -> float | None:
        """Tell when `expire` is next due: that moment or earlier; None while no timer runs."""
        ...

    def expire(self, now: float) -> None:
        """Do what is due by now; harmless when nothing is."""
        ...
