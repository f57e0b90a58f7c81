"""Numbers as they are typed."""

from __future__ import annotations

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.typed_numbers import data, number


@pytest.mark.parametrize(("word", "value"), [("0", 0), ("130", 130), ("0x82", 130), ("0b11", 3)])
def test_decimal_and_others(word: str, value: int) -> None:
    assert number(word, "a byte", 0xFF) == value


@pytest.mark.parametrize("word", ["", "x", "256", "-1", "0x100", "1.0"])
def test_what_is_none_is_named_with_what_is_wanted(word: str) -> None:
    with pytest.raises(UsageError, match="a byte is wanted, from 0 to 0xff"):
        number(word, "a byte", 0xFF)


def test_bytes_a_word_each() -> None:
    assert data(["0x20", "24", "0"]) == b"\x20\x18\x00"
    with pytest.raises(UsageError):
        data(["0x20", "300"])
