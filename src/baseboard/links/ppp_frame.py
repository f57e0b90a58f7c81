"""PPP frames on an asynchronous line: flags, escapes, the frame check sequence (RFC 1662).

::

    7Eh  FFh 03h  protocol  information  FCS (2 bytes, least significant first)  7Eh

Address and control may be left out, and the first byte of the protocol where it is 0, if the ends agreed so.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

FLAG: Final = 0x7E
ESCAPE: Final = 0x7D
_FLIP: Final = 0x20
_ADDRESS: Final = b"\xff\x03"
_GOOD: Final = 0xF0B8
_FCS_SIZE: Final = 2
_CONTROLS: Final = 32

ALL_CONTROLS: Final = 0xFFFFFFFF
"""The map with which every link begins: each character below 20h is escaped."""

LONGEST: Final = 1600
"""Bytes of a frame that is taken, check included; longer ones are dropped. The usual MRU is 1500."""


def _table() -> tuple[int, ...]:
    made: list[int] = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
        made.append(value)
    return tuple(made)


_FCS: Final = _table()


def fcs(data: Buffer, start: int = 0xFFFF) -> int:
    """The running check of some bytes; F0B8h over a frame with its own check at the end (RFC 1662, C.2)."""
    for byte in data:
        start = start >> 8 ^ _FCS[(start ^ byte) & 0xFF]
    return start


class Frame(NamedTuple):
    """What is between two flags.

    Attributes:
        protocol: number of the protocol, such as C021h.
        data: the packet of that protocol.
    """

    protocol: int
    data: bytes


def frame(
    protocol: int, data: bytes, *, accm: int = ALL_CONTROLS, acfc: bool = False, pfc: bool = False
) -> bytes:
    """Put a packet between two flags.

    Args:
        protocol: its number.
        data: the packet.
        accm: control characters that are escaped, bit n = character n.
        acfc: leave address and control out.
        pfc: shorten a protocol number below 100h to one byte.
    """
    number = bytes((protocol,)) if pfc and protocol < 0x100 else protocol.to_bytes(2, "big")
    body = (b"" if acfc else _ADDRESS) + number + data
    body += (fcs(body) ^ 0xFFFF).to_bytes(_FCS_SIZE, "little")
    out = bytearray((FLAG,))
    for byte in body:
        if byte in (FLAG, ESCAPE) or (byte < _CONTROLS and accm >> byte & 1):
            out += bytes((ESCAPE, byte ^ _FLIP))
        else:
            out.append(byte)
    out.append(FLAG)
    return bytes(out)


class Phase(enum.Enum):
    """Where in a frame the last byte was."""

    OUTSIDE = "before the first flag, or in a frame that is dropped"
    INSIDE = "behind a flag"
    ESCAPED = "behind an escape character"


class Seen(enum.Enum):
    """What a byte is."""

    FLAG = "flag"
    ESCAPE = "escape character"
    IGNORED = "a control character that the line put there"
    DATA = "any other byte"
    TOO_MUCH = "data in a frame that is full"


class Step(NamedTuple):
    """What is done about a byte, and where that leads."""

    action: Callable[[Deframer, int], None]
    phase: Phase


class Deframer:
    """Finds the frames among the bytes of a line.

    Attributes:
        phase: where in a frame the last byte was.
        accm: control characters that are ignored unless escaped, bit n = character n.
        dropped: frames that were begun and came to nothing: wrong check, too long, aborted.
    """

    def __init__(self, accm: int = ALL_CONTROLS) -> None:
        self.phase = Phase.OUTSIDE
        self.accm = accm
        self.dropped = 0
        self._body = bytearray()
        self._frames: list[Frame] = []

    def receive(self, data: Buffer) -> list[Frame]:
        """Take what came over the line.

        Returns: the frames that came whole, oldest first.
        """
        for byte in data:
            step = self.TABLE[self.phase, self._seen(byte)]
            step.action(self, byte)
            self.phase = step.phase
        frames, self._frames = self._frames, []
        return frames

    def _seen(self, byte: int) -> Seen:
        if byte == FLAG:
            return Seen.FLAG
        if byte < _CONTROLS and self.accm >> byte & 1:
            return Seen.IGNORED
        if byte == ESCAPE:
            return Seen.ESCAPE
        return Seen.TOO_MUCH if len(self._body) >= LONGEST else Seen.DATA

    def _nothing(self, byte: int) -> None:
        """Noise, or what the line itself put there."""

    def _take(self, byte: int) -> None:
        self._body.append(byte)

    def _take_flipped(self, byte: int) -> None:
        self._body.append(byte ^ _FLIP)

    def _begin(self, byte: int) -> None:
        self._body.clear()

    def _drop(self, byte: int) -> None:
        self.dropped += 1
        self._body.clear()

    def _end(self, byte: int) -> None:
        """A flag ends a frame and begins the next; two flags in a row have nothing between them."""
        body, self._body = bytes(self._body), bytearray()
        if not body:
            return
        if len(body) <= _FCS_SIZE or fcs(body) != _GOOD:
            self.dropped += 1
            return
        body = body[:-_FCS_SIZE].removeprefix(_ADDRESS)
        # The last byte of a protocol number is odd, the first of two is even (RFC 1661 §2).
        size = 1 if body and body[0] & 1 else 2
        if len(body) < size:
            self.dropped += 1
            return
        self._frames.append(Frame(int.from_bytes(body[:size], "big"), body[size:]))

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.OUTSIDE, Seen.FLAG): Step(_begin, Phase.INSIDE),
        (Phase.OUTSIDE, Seen.ESCAPE): Step(_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.IGNORED): Step(_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.DATA): Step(_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.TOO_MUCH): Step(_nothing, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.FLAG): Step(_end, Phase.INSIDE),
        (Phase.INSIDE, Seen.ESCAPE): Step(_nothing, Phase.ESCAPED),
        (Phase.INSIDE, Seen.IGNORED): Step(_nothing, Phase.INSIDE),
        (Phase.INSIDE, Seen.DATA): Step(_take, Phase.INSIDE),
        (Phase.INSIDE, Seen.TOO_MUCH): Step(_drop, Phase.OUTSIDE),
        # An escape before a flag is how a sender gives a frame up (RFC 1662 §4.3).
        (Phase.ESCAPED, Seen.FLAG): Step(_drop, Phase.INSIDE),
        (Phase.ESCAPED, Seen.ESCAPE): Step(_take_flipped, Phase.INSIDE),
        (Phase.ESCAPED, Seen.IGNORED): Step(_nothing, Phase.ESCAPED),
        (Phase.ESCAPED, Seen.DATA): Step(_take_flipped, Phase.INSIDE),
        (Phase.ESCAPED, Seen.TOO_MUCH): Step(_drop, Phase.OUTSIDE),
    }
