"""Numbers as they are typed behind a verb: in range, or the line is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from baseboard.cli.long_options import UsageError

_BYTE: Final = 0xFF


def number(word: str, what: str, most: int, least: int = 0) -> int:
    """A number, decimal or with ``0x``.

    Args:
        what: its name, for who typed another one.

    Raises:
        UsageError: it is none, or out of range.
    """
    try:
        value = int(word, 0)
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise UsageError(f"{word!r}: {what} is wanted, from {least} to {most:#x}")
    return value


def data(words: Sequence[str]) -> bytes:
    """Bytes, a word each."""
    return bytes(number(word, "a byte", _BYTE) for word in words)
