"""What goes over an ICMB: packets, and how each stands out from the stream of bytes (ICMB v1.0).

How packets look on the wire was in no source that could be read (unverified). Known are their kinds, the
longest data, that a packet begins with a mark and ends with a checksum, and that a sender may begin anew. The
order of the fields here is our own; bytes that would look like a mark are escaped, in the manner of IPMI's
serial modes (§14.4.1)::

    START  destination (2)  source (2)  type  sequence  command  data (to 33)  checksum  STOP
"""

from __future__ import annotations

from typing import Final, NamedTuple

START: Final = 0xA5
STOP: Final = 0xA6
ESCAPE: Final = 0xAA
_TURN: Final = 0x10
"""The bit by which an escaped byte differs from what it stands for."""

REQUEST: Final = 0x00
RESPONSE: Final = 0x80
BROADCAST: Final = 0xFFFF
NO_ADDRESS: Final = 0x0000

UNANSWERED: Final = 0
"""Sequence number of a request that nobody is to answer."""

LONGEST_DATA: Final = 32
_SHORTEST: Final = 8
_LONGEST: Final = _SHORTEST + 1 + LONGEST_DATA
"""Bytes of a packet between its marks; a response has a completion code besides its data."""

MOST: Final = 2 + 2 * _LONGEST
"""Bytes that a packet can take on the line, each of them escaped."""

_SPECIAL: Final = frozenset((START, STOP, ESCAPE))


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
        """The packet as it goes over the line."""
        body = (
            self.destination.to_bytes(2, "little")
            + self.source.to_bytes(2, "little")
            + bytes((self.kind, self.sequence, self.cmd))
            + self.data
        )
        out = bytearray((START,))
        for byte in (*body, -sum(body) & 0xFF):
            out += bytes((ESCAPE, byte ^ _TURN)) if byte in _SPECIAL else bytes((byte,))
        out.append(STOP)
        return bytes(out)


class Broken(Exception):
    """Bytes that are no packet.

    Attributes:
        counter: the counter of the bridge's statistics that it belongs to.
    """

    def __init__(self, counter: str) -> None:
        super().__init__(counter)
        self.counter = counter


def decode(data: bytes) -> tuple[Packet, bool]:
    """Read what `Stream` told apart, or somebody sent in one piece.

    Returns: the packet, and whether its sender began anew within it.

    Raises:
        Broken: it is none.
    """
    if not data or data[0] != START:
        raise Broken("not_start")
    begin = data.rindex(START)
    body = _unescaped(data[begin + 1 : -1]) if data[-1] == STOP else b""
    if len(body) < _SHORTEST:
        raise Broken("runt_packets")
    if sum(body) & 0xFF or len(body) > _LONGEST:
        raise Broken("bad_checksums")
    kind = body[4]
    if kind not in (REQUEST, RESPONSE):
        raise Broken("unknown_types")
    destination, source = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
    return Packet(destination, source, kind, body[5], body[6], body[7:-1]), begin > 0


def _unescaped(data: bytes) -> bytes:
    """The bytes that are meant; an escape that stands for nothing is kept, for the checksum to find."""
    out = bytearray()
    escaped = False
    for byte in data:
        if escaped:
            out.append(byte ^ _TURN if byte ^ _TURN in _SPECIAL else byte)
        elif byte != ESCAPE:
            out.append(byte)
        escaped = byte == ESCAPE and not escaped
    return bytes(out)


class Stream:
    """Finds packets in what comes over a line; what lies between them is told too, for it counts."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes.

        Returns: what `decode` is to read, in order: packets from mark to mark, and pieces that are none.
        """
        found: list[bytes] = []
        for byte in data:
            if byte == START and self._buffer and self._buffer[0] != START:
                self._cut(found)
            self._buffer.append(byte)
            if (byte == STOP and self._buffer[0] == START) or len(self._buffer) >= MOST:
                self._cut(found)
        if self._buffer and self._buffer[0] != START:
            # Noise has no end of its own.
            self._cut(found)
        return found

    def _cut(self, found: list[bytes]) -> None:
        found.append(bytes(self._buffer))
        self._buffer.clear()
