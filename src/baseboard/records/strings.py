"""The five ways a record stores text, each both ways (§43.15, FRU §13).

========  =====================  ====================================================
encoding  in an SDR, bits [7:6]  in a FRU field, bits [7:6]
========  =====================  ====================================================
BINARY    --                     00: bytes without meaning, shown as hex
UNICODE   00                     11, where the language is not English
BCD_PLUS  01                     01: two of ``0-9``, blank and ``-.:,_`` in a byte
SIX_BIT   10                     10: four of blank to ``_`` in three bytes
LATIN_1   11                     11, where the language is English
========  =====================  ====================================================
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Self

from baseboard.errors import EncodeError

BCD_DIGITS = "0123456789 -.:,_"
"""BCD plus by nibble; FRU §13.1 reserves the last three, which devices use all the same."""

SIX_BIT_FIRST = 0x20
"""The ASCII code that a packed 6-bit 0 stands for."""


class Encoding(enum.Enum):
    """How the bytes of a text are to be read."""

    BINARY = "binary"
    UNICODE = "unicode"
    BCD_PLUS = "BCD plus"
    SIX_BIT = "6-bit ASCII"
    LATIN_1 = "8-bit ASCII + Latin 1"


class Text(str):
    """A stored text: a string for every purpose, which knows the bytes that it was stored as.

    Records and FRU areas give their texts as this class and take any string, so that what was read is
    written back byte for byte, whatever encoding a device used. Trailing NULs are padding: they stay
    in ``raw`` and are no part of the string.

    Attributes:
        encoding: how ``raw`` is to be read.
        raw: the bytes, without the type/length byte.
    """

    encoding: Encoding
    raw: bytes

    def __new__(cls, text: str = "", encoding: Encoding = Encoding.LATIN_1) -> Self:
        """Store a text.

        Args:
            text: what to store; for ``BINARY`` hex digits, as ``bytes.fromhex`` takes them.
            encoding: how.

        Raises:
            EncodeError: a character has no code in this encoding.
        """
        return cls.stored(encode_text(text, encoding), encoding)

    def __getnewargs__(self) -> tuple[str, Encoding]:  # type: ignore[override]  # str's own has no encoding
        return str(self), self.encoding

    @classmethod
    def stored(cls, raw: bytes, encoding: Encoding) -> Self:
        """Read a text from its bytes; any bytes give one."""
        self = str.__new__(cls, decode_text(raw, encoding))
        self.encoding, self.raw = encoding, bytes(raw)
        return self


def encode_text(text: str, encoding: Encoding) -> bytes:
    """Give the bytes that hold a text.

    A last BCD digit or a 6-bit group without partner is filled up with blanks, which is what it reads
    back as. An 8-bit text of one character gets a NUL: a length of one is reserved (§43.15) and would end
    a FRU area (C1h).

    Raises:
        EncodeError: a character has no code in this encoding.
    """
    try:
        return _ENCODERS[encoding](text)
    except ValueError:  # UnicodeError is one
        raise EncodeError(f"{text!r} cannot be written as {encoding.value}") from None


def decode_text(raw: bytes, encoding: Encoding) -> str:
    """Read a text from its bytes: every byte gives something, NULs at the end do not."""
    return _DECODERS[encoding](raw).rstrip("\0")


def pack_bcd_plus(text: str) -> bytes:
    """Two digits in a byte, the first in the high nibble; FRU §13.1: most significant digit first."""
    nibbles = [BCD_DIGITS.index(char) for char in text]
    if len(nibbles) % 2:
        nibbles.append(BCD_DIGITS.index(" "))
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


def unpack_bcd_plus(raw: bytes) -> str:
    """Read BCD plus: every nibble is a character."""
    return "".join(BCD_DIGITS[byte >> 4] + BCD_DIGITS[byte & 0xF] for byte in raw)


def pack_six_bit(text: str) -> bytes:
    """Four characters in three bytes, the first in the least significant bits (FRU §13.2)."""
    packed = 0
    for place, char in enumerate(text):
        code = ord(char) - SIX_BIT_FIRST
        if not 0 <= code < 64:
            raise ValueError(char)
        packed |= code << 6 * place
    return packed.to_bytes((6 * len(text) + 7) // 8, "little")


def unpack_six_bit(raw: bytes) -> str:
    """Read packed 6-bit ASCII: as many characters as the bytes have room for."""
    packed = int.from_bytes(raw, "little")
    return "".join(chr((packed >> 6 * place & 0x3F) + SIX_BIT_FIRST) for place in range(8 * len(raw) // 6))


def _pack_latin_1(text: str) -> bytes:
    raw = text.encode("latin-1")
    return raw + b"\0" if len(raw) == 1 else raw


def _unpack_unicode(raw: bytes) -> str:
    # LS byte first; half a character at the end is not one.
    return raw[: len(raw) & ~1].decode("utf-16-le", "replace")


_ENCODERS: dict[Encoding, Callable[[str], bytes]] = {
    Encoding.BINARY: bytes.fromhex,
    Encoding.UNICODE: lambda text: text.encode("utf-16-le"),
    Encoding.BCD_PLUS: pack_bcd_plus,
    Encoding.SIX_BIT: pack_six_bit,
    Encoding.LATIN_1: _pack_latin_1,
}

_DECODERS: dict[Encoding, Callable[[bytes], str]] = {
    Encoding.BINARY: lambda raw: raw.hex().upper(),
    Encoding.UNICODE: _unpack_unicode,
    Encoding.BCD_PLUS: unpack_bcd_plus,
    Encoding.SIX_BIT: unpack_six_bit,
    Encoding.LATIN_1: lambda raw: raw.decode("latin-1"),
}
