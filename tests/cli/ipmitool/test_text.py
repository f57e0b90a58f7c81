"""ipmitool's ways of writing numbers, names and times; expected values are its own."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool import text
from baseboard.cli.options import Options
from tests.cli.ipmitool.scenes import utc

START = Options()
OLD = Options(compat="1.8.18")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("CPU1 Temp", "CPU1 Temp"),
        ("", ""),
        ("Größe µ", "Größe µ"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\x7f\x00", "a\\x0ab\\x09c\\x7f\\x00"),
        ("\x9b31m", "\\x9b31m"),
        ("\udce9", "\\xe9"),
        ("\u202e", "\\u202e"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_nothing_that_a_terminal_would_obey_is_printed(given: str, shown: str) -> None:
    assert text.printable(given) == shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0xC0, "Node busy"),
        (0xC3, "Timeout"),
        (0xC4, "Out of space"),
        (0xD1, "Device firmeware in update mode"),
        (0xD2, "BMC initialization in progress"),
        (0xFF, "Unspecified error"),
        (0x80, "Unknown (0x80)"),
        (0x0A, "Unknown (0x0A)"),
    ],
)
def test_completion_codes_have_ipmitools_words(code: int, words: str) -> None:
    assert text.completion(code) == words


def test_names_are_found_in_any_case() -> None:
    assert text.str2val("operator", text.PRIVILEGES) == 3
    assert text.str2val("OPERATORS", text.PRIVILEGES) == 0xFF
    assert text.str2val("x", text.AUTH_TYPES, otherwise=-1) == -1
    assert text.val2str(0xF, text.PRIVILEGES) == "NO ACCESS"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0),
        ("10", 10),
        ("010", 8),
        ("0x1f", 31),
        ("0X1F", 31),
        ("+5", 5),
        (" 5", 5),
        ("", 0),
        ("255", 255),
        ("256", None),
        ("-1", None),
        ("09", None),
        ("0x", None),
        ("5 ", None),
        ("1_0", None),
        ("-", None),
        ("+-5", None),
        ("٣", None),
        ("five", None),
    ],
)
def test_numbers_are_read_as_c_reads_them(word: str, value: int | None) -> None:
    assert text.byte(word) == value


def test_a_number_may_be_negative_where_that_is_in_range() -> None:
    assert text.number("-0x10", -20, 20) == -16
    assert text.number("", 1, 2) is None


# `date -u -d @...` says which moments these are.
@pytest.mark.parametrize(
    ("stamp", "string", "numeric", "date", "clock"),
    [
        (1795328129, "Sun Nov 22 06:15:29 2026 UTC", "11/22/26 06:15:29 UTC", "11/22/26", "06:15:29 UTC"),
        (2819, "S+ 00:46:59", "S+ 00:46:59", "S+ 70/001", "00:46:59 GMT"),
        (90000, "S+ 70 years 002 days 01:00:00", "S+ 70/002 01:00:00", "S+ 70/002", "01:00:00 GMT"),
        (0xFFFFFFFF, "Unspecified", "Unspecified", "Unspecified", "Unspecified"),
        (0x20000000, "Mon Jan  5 18:48:32 1987 GMT", "01/05/87 18:48:32 GMT", "01/05/87", "18:48:32 GMT"),
    ],
)
def test_times_are_written_as_ipmitool_writes_them(
    stamp: int, string: str, numeric: str, date: str, clock: str
) -> None:
    with utc():
        assert text.timestamp_string(stamp, START) == string
        assert text.timestamp_numeric(stamp, START) == numeric
        assert text.timestamp_date(stamp, START) == date
        assert text.timestamp_time(stamp, START) == clock


def test_z_is_utc_which_c_calls_gmt() -> None:
    with utc():
        assert text.timestamp_numeric(1795328129, Options(utc=True)) == "11/22/26 06:15:29 GMT"


def test_1_8_18_has_four_digits_for_the_year_and_no_zone() -> None:
    with utc():
        assert text.timestamp_numeric(1795328129, OLD) == "11/22/2026 06:15:29"
        assert text.timestamp_date(1795328129, OLD) == "11/22/2026"
        assert text.timestamp_time(1795328129, OLD) == "06:15:29"
        assert text.timestamp_string(1795328129, OLD) == "Sun Nov 22 06:15:29 2026"


def test_a_stamp_of_its_own_format_may_be_unknown() -> None:
    assert text.strftime("%x", 0xFFFFFFFF, START) == "Unknown"
