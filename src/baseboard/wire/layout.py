"""The specification's byte column, parsed.

=================  ========================================================
``"3"``            one byte
``"8:10"``         bytes 8 to 10, least significant first
``"3[7]"``         a bit
``"3[6:4]"``       bits
``"1:2[11:0]"``    bits of a little-endian word
``"26[7:6]|25"``   one number in pieces, most significant first
``"3|4"``          hence also a word that is sent most significant byte first
``"4:"``           from byte 4 to the end, or as far as the field's count says
``"+1"``, ...      the same forms, counted from the end of the field of variable
                   size before it (the specification's N+1)
=================  ========================================================
"""

from __future__ import annotations

import functools
import re

from baseboard.errors import LayoutError

from .value import Value

_PIECE = re.compile(r"(\+?)(\d+)(?:(:)(\d*))?(?:\[(\d+)(?::(\d+))?\])?")


class Piece(Value):
    """A run of bits inside the little-endian number that bytes ``first`` to ``last`` make.

    Attributes:
        first: number of the first byte, as the table counts.
        last: number of the last byte; None when the place runs to the end of the data.
        high: most significant bit, counted from bit 0 of byte ``first``.
        low: least significant bit, counted likewise.
        partial: bits were named, so that the piece need not be whole bytes.
    """

    first: int
    last: int | None
    high: int
    low: int
    partial: bool

    @property
    def width(self) -> int:
        """Bits in the piece."""
        return self.high - self.low + 1

    @property
    def mask(self) -> int:
        """The bits taken, where bit 8 * n is bit 0 of byte n."""
        return ((1 << self.width) - 1) << (8 * self.first + self.low)


class Place(Value):
    """Where a field lies.

    Attributes:
        pieces: the pieces of its number, the most significant first.
        relative: its bytes count from the end of a field of variable size.
        first: the lowest byte number.
        last: the highest; None when the place is open-ended.
        open_ended: the size is found only in the data.
        whole: the field is a run of whole bytes, named as such.
        width: bits in all pieces; 0 when open-ended.
        mask: the bits taken, where bit 8 * n is bit 0 of byte n.
    """

    pieces: tuple[Piece, ...]
    relative: bool
    first: int
    last: int | None
    open_ended: bool
    whole: bool
    width: int
    mask: int


@functools.cache
def parse(column: str) -> Place:
    """Read a byte column.

    Raises:
        LayoutError: it has none of the forms above, or its pieces overlap.
    """
    pieces: list[Piece] = []
    signs: set[str] = set()
    for part in column.split("|"):
        match = _PIECE.fullmatch(part.strip())
        if match is None:
            raise LayoutError(f"{column!r} is no byte column")
        signs.add(match[1])
        pieces.append(_piece(column, match))
    if len(signs) > 1:
        raise LayoutError(f"{column!r} mixes bytes with and without '+'")
    first = min(piece.first for piece in pieces)
    if any(piece.last is None for piece in pieces):
        if len(pieces) > 1:
            raise LayoutError(f"{column!r}: a piece of a number has an end")
        return Place(tuple(pieces), signs == {"+"}, first, None, True, True, 0, 0)
    mask = 0
    for piece in pieces:
        if mask & piece.mask:
            raise LayoutError(f"{column!r} names a bit twice")
        mask |= piece.mask
    last = max(piece.last for piece in pieces if piece.last is not None)
    whole = len(pieces) == 1 and not pieces[0].partial
    width = sum(piece.width for piece in pieces)
    return Place(tuple(pieces), signs == {"+"}, first, last, False, whole, width, mask)


def _piece(column: str, match: re.Match[str]) -> Piece:
    start, colon, end, high, low = match[2], match[3], match[4], match[5], match[6]
    first = int(start)
    if colon and not end:
        if high is not None:
            raise LayoutError(f"{column!r}: bits of an unknown number of bytes")
        return Piece(first, None, -1, 0, partial=False)
    last = int(end) if end else first
    if last < first:
        raise LayoutError(f"{column!r} runs backwards")
    size = 8 * (last - first + 1)
    if high is None:
        return Piece(first, last, size - 1, 0, partial=False)
    top, bottom = int(high), int(high if low is None else low)
    if not size > top >= bottom:
        raise LayoutError(f"{column!r}: bits {top}:{bottom} of {size}")
    return Piece(first, last, top, bottom, partial=True)
