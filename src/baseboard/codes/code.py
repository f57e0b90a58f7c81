"""A code table of the specification: an enum whose members know the words of their row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from baseboard.wire import OpenEnum


class _Row(int):
    """A number with the words that stand beside it."""

    text: str


def row(code: int, text: str) -> int:
    """A row of a table: its code, and its words for the member's ``text``.

    It says ``int`` (and is one), so that type checkers know a member for a number.
    """
    number = _Row(code)
    number.text = text
    return number


class Code(OpenEnum):
    """A code with the text of its row; unknown codes survive, and know the range they lie in.

    Attributes:
        text: the row's words; for a code without a row those of its range, such as ``reserved``.
    """

    _value_: int
    text: str

    def __new__(cls, value: int) -> Self:
        member = int.__new__(cls, value)
        member._value_ = int(value)
        member.text = value.text if isinstance(value, _Row) else ""
        return member

    def __init_subclass__(cls, ranges: Sequence[tuple[int, int, str]] = ()) -> None:
        super().__init_subclass__()
        _RANGES[cls] = ranges

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        member = super()._missing_(value)
        if member is not None:
            member.text = next((text for low, high, text in _RANGES[cls] if low <= member <= high), "")
        return member


_RANGES: dict[type[Code], Sequence[tuple[int, int, str]]] = {}
"""By enum: first and last code and the words of every row that names more than one code."""
