"""The ID string of a Sensor Data Record, its type/length byte included (§43.15).

The type/length byte is not the one of a FRU field: 00 is Unicode, and [4:0] is the length. The specification
counts characters, and most readers and writers bytes; both agree for the only encoding worth writing, 8 bits.
"""

from __future__ import annotations

from typing import Self

from baseboard.errors import EncodeError
from baseboard.records.strings import Encoding, Text, decode_text

LONGEST = 16
"""Bytes that an ID string may have."""

_LENGTH = 0x1F
_ENCODINGS = (Encoding.UNICODE, Encoding.BCD_PLUS, Encoding.SIX_BIT, Encoding.LATIN_1)
_BITS = {Encoding.BCD_PLUS: 4, Encoding.SIX_BIT: 6}


class IdString(Text):
    """The name of a sensor or a device, and how its record stores it.

    Attributes:
        tail: the type/length byte, the string and whatever else stood behind it in the record.
    """

    tail: bytes

    @classmethod
    def read(cls, tail: bytes) -> Self:
        """Read the end of a record, from its type/length byte on; any bytes give a name.

        The length is taken for bytes. Where the record ends too early for that, but is just long enough
        for as many characters, the writer has counted characters.
        """
        if not tail:
            self = cls.stored(b"", Encoding.LATIN_1)
        else:
            encoding, length, rest = _ENCODINGS[tail[0] >> 6], tail[0] & _LENGTH, tail[1:]
            self = cls.stored(rest[:length], encoding)
            if len(rest) < length == _characters(rest, encoding, length):
                self = str.__new__(cls, decode_text(rest, encoding)[:length])
                self.encoding, self.raw = encoding, rest
        self.tail = bytes(tail)
        return self

    @staticmethod
    def write(text: str) -> bytes:
        """Give the end of a record, from its type/length byte on.

        An ``IdString`` is written as it was read; a ``Text`` in its encoding, any other string in 8 bits.

        Raises:
            EncodeError: it is longer than 16 bytes, or has characters without a code.
        """
        if isinstance(text, IdString):
            return text.tail
        stored = text if isinstance(text, Text) else Text(text)
        if stored.encoding not in _ENCODINGS or len(stored.raw) > LONGEST:
            raise EncodeError(
                f"ID string {text!r}: {stored.encoding.value}, {len(stored.raw)} of {LONGEST} bytes"
            )
        return bytes((_ENCODINGS.index(stored.encoding) << 6 | len(stored.raw),)) + stored.raw


def _characters(rest: bytes, encoding: Encoding, length: int) -> int:
    """Give the length if the rest is exactly what so many characters take up, else -1."""
    bits = _BITS.get(encoding, 8)
    return length if len(rest) == -(-length * bits // 8) else -1


class IdStringCodec:
    """Makes an `IdString` of the end of a record, and any string the end of a record."""

    def decode(self, raw: bytes) -> str:
        return IdString.read(raw)

    def encode(self, value: str) -> bytes:
        return IdString.write(value)


ID_STRING = IdStringCodec()
