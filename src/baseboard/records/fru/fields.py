"""The type/length fields of a FRU area (FRU §13), and its checksum.

A field is a byte, [7:6] encoding and [5:0] number of bytes, and then these bytes. C1h ends the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from baseboard.codes import FruLanguage
from baseboard.errors import EncodeError
from baseboard.records.strings import Encoding, Text

END = 0xC1
"""What follows the last field; as a field it would be an 8-bit text of one byte."""

LONGEST = 63
"""Bytes of data that a field can have."""

ENGLISH = frozenset((FruLanguage.ENGLISH, FruLanguage.ENGLISH_ISO639))
"""Languages whose 8-bit text is ASCII + Latin 1; that of the others is two-byte Unicode."""

_TYPES = {
    Encoding.BINARY: 0,
    Encoding.BCD_PLUS: 1,
    Encoding.SIX_BIT: 2,
    Encoding.LATIN_1: 3,
    Encoding.UNICODE: 3,
}
_EIGHT_BIT = {True: Encoding.LATIN_1, False: Encoding.UNICODE}


def checksum(data: bytes | bytearray) -> int:
    """Give the byte that makes the sum of all bytes, itself included, 0 modulo 256."""
    return -sum(data) & 0xFF


class StoredField(NamedTuple):
    """A field found in an area.

    Attributes:
        text: what it holds.
        offset: where its type/length byte lies.
        missing: how many bytes its length promises beyond the end of the area.
    """

    text: Text
    offset: int
    missing: int


def read_fields(data: bytes, start: int, english: Iterator[bool]) -> tuple[list[StoredField], int | None]:
    """Read the fields up to the end mark.

    Args:
        data: the area without its checksum.
        start: offset of the first type/length byte.
        english: for one field after the other, whether its 8-bit text is English.

    Returns:
        The fields, and the offset of the end mark; None if there is none.
    """
    fields: list[StoredField] = []
    while start < len(data):
        if data[start] == END:
            return fields, start
        kind, length = data[start] >> 6, data[start] & LONGEST
        raw = data[start + 1 : start + 1 + length]
        encoding = _encoding(kind, next(english))
        fields.append(StoredField(Text.stored(raw, encoding), start, length - len(raw)))
        start += 1 + length
    return fields, None


def _encoding(kind: int, english: bool) -> Encoding:
    if kind == _TYPES[Encoding.LATIN_1]:
        return _EIGHT_BIT[english]
    return (Encoding.BINARY, Encoding.BCD_PLUS, Encoding.SIX_BIT)[kind]


def write_field(text: str, *, english: bool) -> bytes:
    """Give the type/length byte and the bytes of a text.

    A ``Text`` keeps its encoding; of two that the type byte cannot tell apart, 8-bit and Unicode, it gets
    the one that the language asks for. Any other string is written in that one too.

    Raises:
        EncodeError: it is longer than a field can be, or has characters without a code.
    """
    if not isinstance(text, Text):
        return _plain_field(text, english)
    wanted = _EIGHT_BIT[english]
    if text.encoding in _EIGHT_BIT.values() and text.encoding is not wanted:
        text = Text(text, wanted)
    return _field(text, english=english)


@lru_cache(maxsize=1024)
def _plain_field(text: str, english: bool) -> bytes:
    """The field of a string without an encoding of its own: names of makers are in many inventories."""
    return _field(Text(text, _EIGHT_BIT[english]), english=english)


def _field(text: Text, *, english: bool) -> bytes:
    if len(text.raw) > LONGEST:
        raise EncodeError(f"a FRU field of {len(text.raw)} bytes; at most {LONGEST} fit")
    head = _TYPES[text.encoding] << 6 | len(text.raw)
    if head == END:  # devices do store such a text, but every reader ends the area here
        return write_field(Text(str(text)), english=english)
    return bytes((head,)) + text.raw
