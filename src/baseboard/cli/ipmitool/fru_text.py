"""The strings of a FRU area as ipmitool takes them: it goes on where others would stop."""

from __future__ import annotations

from typing import Final

from baseboard.cli.ipmitool.names import string

BCD_PLUS: Final = b"0123456789 -.:,_"
END: Final = 0xC1
_BINARY, _BCD, _SIX_BIT = 0, 1, 2


def taken(data: bytes, offset: int) -> tuple[bytes | None, int]:
    """Take a string; gives it, None where there is none at all, and the offset behind it.

    Args:
        data: of the area.
        offset: of the type/length byte.
    """
    if offset >= len(data):
        return None, offset + 1
    kind, length = data[offset] >> 6, data[offset] & 0x3F
    raw = data[offset + 1 : offset + 1 + length].ljust(length, b"\0")
    behind = offset + 1 + length
    if kind == _SIX_BIT:
        return _six_bit(raw), behind
    if not length:
        return None, behind
    if kind == _BINARY:
        return raw.hex().encode(), behind
    if kind == _BCD:
        return bytes(BCD_PLUS[digit] for byte in raw for digit in (byte >> 4, byte & 0xF)), behind
    return raw, behind


def _six_bit(raw: bytes) -> bytes:
    """Four letters of each three bytes, begun or not."""
    text = bytearray()
    for at in range(0, len(raw), 3):
        bits = int.from_bytes(raw[at : at + 3], "little")
        text += bytes((bits >> shift & 0x3F) + 0x20 for shift in (0, 6, 12, 18))
    return bytes(text)


def readable(text: bytes | None) -> str:
    """A string that was taken, up to its first 00h."""
    return "" if text is None else string(text)
