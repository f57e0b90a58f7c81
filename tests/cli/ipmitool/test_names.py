"""Text that a BMC keeps as bytes."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.names import padded, shown, string


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"admin", "admin"),
        ("é".encode(), "é"),
        (b"\xff", "\\xff"),
        (b"\x1b[31m", "\\x1b[31m"),
        (b"a\nb", "a\\x0ab"),
    ],
)
def test_nothing_reaches_the_terminal_raw(data: bytes, text: str) -> None:
    assert shown(data) == text


def test_a_string_ends_at_its_first_zero() -> None:
    assert string(b"public\0\0x") == "public"


def test_a_column_is_as_wide_as_its_bytes() -> None:
    assert padded(b"ab", 4) == "ab  "
    assert padded("é".encode(), 4) == "é  "
    assert padded(b"abcdef", 4) == "abcdef"
