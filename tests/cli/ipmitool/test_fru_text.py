"""The strings of a FRU area."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.fru_text import readable, taken


@pytest.mark.parametrize(
    ("data", "text", "behind"),
    [
        ("c3 414243", "ABC", 4),
        ("03 0102ff", "0102ff", 4),
        ("42 12ab", "12 -", 3),
        ("83 298418", None, 4),
        ("84 658e1c 01", None, 5),
        ("c0", "", 1),
        ("00", "", 1),
        ("80", "", 1),
        ("c4 4100 4243", "A", 5),
        ("c5 4142", "AB", 6),
        ("", "", 1),
    ],
)
def test_a_string_and_what_is_behind_it(data: str, text: str | None, behind: int) -> None:
    found, place = taken(bytes.fromhex(data), 0)
    assert place == behind
    if text is not None:
        assert readable(found) == text


def test_six_bit_letters_come_in_fours() -> None:
    found, _ = taken(bytes.fromhex("83 64c9b2"), 0)
    assert found == b"DELL"
    partial, _ = taken(bytes.fromhex("81 64"), 0)
    assert partial is not None
    assert len(partial) == 4


def test_a_string_cannot_reach_the_terminal_raw() -> None:
    found, _ = taken(b"\xc4\x1b[2J", 0)
    assert readable(found) == "\\x1b[2J"
