"""The forms of the byte column, and what is none."""

from __future__ import annotations

import pytest

from baseboard.errors import LayoutError
from baseboard.wire.layout import parse


@pytest.mark.parametrize(
    ("column", "first", "last", "width", "whole"),
    [
        ("3", 3, 3, 8, True),
        ("8:10", 8, 10, 24, True),
        ("3[7]", 3, 3, 1, False),
        ("3[6:4]", 3, 3, 3, False),
        ("1:2[11:0]", 1, 2, 12, False),
        ("26[7:6]|25", 25, 26, 10, False),
        ("4:", 4, None, 0, True),
        ("3 | 4", 3, 4, 16, False),
    ],
)
def test_forms(column: str, first: int, last: int | None, width: int, whole: bool) -> None:
    place = parse(column)
    assert (place.first, place.last, place.width, place.whole) == (first, last, width, whole)
    assert place.open_ended is (last is None)
    assert not place.relative


def test_bits_taken_are_counted_from_byte_0() -> None:
    assert parse("0").mask == 0xFF
    assert parse("1[3:0]").mask == 0x0F00
    assert parse("26[7:6]|25").mask == (0xC0 << 208) + (0xFF << 200)


def test_plus_counts_from_a_field_of_variable_size() -> None:
    place = parse("+2[7:6]|+1")
    assert place.relative
    assert (place.first, place.width) == (1, 10)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("", "no byte column"),
        ("x", "no byte column"),
        ("3[7:6", "no byte column"),
        ("4:[3]", "unknown number of bytes"),
        ("4:3", "backwards"),
        ("3[8]", "bits 8:8 of 8"),
        ("3[2:5]", "bits 2:5 of 8"),
        ("+1|2", "mixes"),
        ("4:|3", "has an end"),
        ("3|3[0]", "twice"),
    ],
)
def test_what_is_no_column(column: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason):
        parse(column)
