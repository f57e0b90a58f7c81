"""Time stamps as JSON has them."""

from __future__ import annotations

import pytest

from baseboard.cli.results.times import iso, missing, since_1970


@pytest.mark.parametrize(
    ("stamp", "time", "why"),
    [
        (1795328129, "2026-11-22T06:15:29+00:00", None),
        (0x20000001, "1987-01-05T18:48:33+00:00", None),
        (0x20000000, None, "pre-init 536870912 s"),
        (0, None, "pre-init 0 s"),
        (0xFFFFFFFF, None, "unspecified"),
        (None, None, "none"),
    ],
)
def test_a_time_or_the_reason_why_there_is_none(stamp: int | None, time: str | None, why: str | None) -> None:
    assert (iso(stamp), missing(stamp)) == (time, why)


def test_times_before_1970_and_long_after_are_written_too() -> None:
    assert since_1970(-1) == "1969-12-31T23:59:59+00:00"
    assert since_1970(1 << 33) == "2242-03-16T12:56:32+00:00"
