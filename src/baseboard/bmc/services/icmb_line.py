"""An ICMB in the process: bridges that share one line, and what a packet on it looks like (ICMB v1.0).

How packets look on the wire was in no source that could be read. Known are their kinds, the longest data,
that a packet begins with a mark and ends with a checksum, and that bridges contend for the line; the order of
the fields here is our own::

    mark  destination (2)  source (2)  type  sequence  command  data (to 33)  checksum
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from baseboard.bmc.clock import Clock

MARK: Final = 0xA5
REQUEST: Final = 0x00
RESPONSE: Final = 0x80
BROADCAST: Final = 0xFFFF
NO_ADDRESS: Final = 0x0000

UNANSWERED: Final = 0
"""Sequence number of a request that nobody is to answer."""

LONGEST_DATA: Final = 32
_SHORTEST: Final = 9
_BYTE_S: Final = 10 / 19_200
"""Seconds that a byte takes with its start and stop bits."""


class Packet(NamedTuple):
    """One packet.

    Attributes:
        kind: request or response.
        data: of a response the completion code first.
    """

    destination: int
    source: int
    kind: int
    sequence: int
    cmd: int
    data: bytes

    def encode(self) -> bytes:
        """The packet with its mark and its checksum."""
        body = (
            self.destination.to_bytes(2, "little")
            + self.source.to_bytes(2, "little")
            + bytes((self.kind, self.sequence, self.cmd))
            + self.data
        )
        return bytes((MARK,)) + body + bytes((-sum(body) & 0xFF,))


class Broken(Exception):
    """Bytes that are no packet.

    Attributes:
        counter: the counter of the bridge's statistics that it belongs to.
    """

    def __init__(self, counter: str) -> None:
        super().__init__(counter)
        self.counter = counter


def decode(data: bytes) -> tuple[Packet, bool]:
    """Read a packet.

    Returns: the packet, and whether its sender began anew within it.

    Raises:
        Broken: it is none.
    """
    if not data or data[0] != MARK:
        raise Broken("not_start")
    # An address may begin with the mark's byte too: only what makes no sense otherwise was begun anew.
    restarted = data[1:2] == data[:1] and bool(sum(data[1:]) & 0xFF) and not sum(data[2:]) & 0xFF
    if restarted:
        data = data[1:]
    if len(data) < _SHORTEST:
        raise Broken("runt_packets")
    if sum(data[1:]) & 0xFF:
        raise Broken("bad_checksums")
    kind = data[5]
    if kind not in (REQUEST, RESPONSE):
        raise Broken("unknown_types")
    destination, source = int.from_bytes(data[1:3], "little"), int.from_bytes(data[3:5], "little")
    return Packet(destination, source, kind, data[6], data[7], data[8:-1]), restarted


class Listener(Protocol):
    """A bridge on the line."""

    def receive(self, data: bytes) -> None:
        """Take what went over the line; it may be anything."""
        ...


class IcmbLine:
    """The line.

    Attributes:
        free_at: until when somebody sends.
    """

    __slots__ = ("_clock", "_listeners", "free_at")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Listener] = []
        self.free_at = 0.0

    def attach(self, listener: Listener) -> None:
        """Connect a bridge."""
        self._listeners.append(listener)

    def detach(self, listener: Listener) -> None:
        """Disconnect it."""
        self._listeners.remove(listener)

    def send(self, data: bytes, sender: Listener | None = None) -> bool:
        """Send to all others.

        Returns: whether the arbitration was won; it is lost while somebody else sends.
        """
        now = self._clock.now()
        if now < self.free_at:
            return False
        self.free_at = now + len(data) * _BYTE_S
        for listener in self._listeners:
            if listener is not sender:
                self._clock.call_at(self.free_at, _delivery(self, listener, data))
        return True

    def has(self, listener: Listener) -> bool:
        """Whether a bridge is on the line."""
        return listener in self._listeners


def _delivery(line: IcmbLine, listener: Listener, data: bytes) -> Callable[[], None]:
    def deliver() -> None:
        if line.has(listener):
            listener.receive(data)

    return deliver
