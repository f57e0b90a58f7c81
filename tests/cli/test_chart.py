"""Charts in a terminal."""

from __future__ import annotations

import math

from baseboard.cli.chart import chart, sparkline


def test_a_rising_line_rises_from_left_to_right() -> None:
    assert chart([0.0, 1.0, 2.0, 3.0], 12, 4, plain=True) == [
        "3.0 |   *",
        "2.0 |  *",
        "1.0 | *",
        "0.0 |*",
    ]


def test_braille_has_two_columns_and_four_rows_in_a_character() -> None:
    (line,) = chart([0.0, 1.0, 2.0, 3.0], 12, 1)
    assert line == "3.0 ┤⡠⠊"
    dots = [bin(ord(sign) - 0x2800).count("1") for sign in "⡠⠊"]
    assert dots == [2, 2]


def test_of_too_many_values_the_latest_are_drawn() -> None:
    lines = chart([0.0] * 50 + [9.0], 10, 2, plain=True)
    assert all(len(line) <= 10 for line in lines)
    assert lines[0].endswith("*")


def test_gaps_stay_empty_and_bounds_may_be_given() -> None:
    lines = chart([1.0, None, math.nan, 3.0], 20, 3, low=0.0, high=2.0, plain=True)
    assert lines == ["2.0 |   *", "1.0 |*", "0.0 |"]


def test_a_value_that_never_changes_is_in_the_middle() -> None:
    lines = chart([50.0, 50.0], 20, 3, plain=True)
    assert [line.count("*") for line in lines] == [0, 2, 0]
    assert chart([0.0], 20, 3, plain=True)[1].endswith("*")


def test_without_readings_there_is_no_chart() -> None:
    assert chart([], 20, 3) == ["no readings"]
    assert chart([None, math.inf], 20, 3) == ["no readings"]


def test_a_course_in_one_line() -> None:
    assert sparkline([0.0, 7.0, None, 3.5], 8) == "▁█ ▅"
    assert sparkline([1.0, 2.0, 3.0], 2) == "▁█"
    assert sparkline([None, None], 5) == "  "
    assert sparkline([5.0], 5) in "▁▂▃▄▅▆▇█"
