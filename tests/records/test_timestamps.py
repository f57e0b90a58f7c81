"""Timestamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.records.timestamps import (
    LAST_SINCE_START,
    UNSPECIFIED,
    from_datetime,
    timestamp_text,
    to_datetime,
)


def test_a_date() -> None:
    assert to_datetime(0x67C6B390) == datetime(2025, 3, 4, 8, 2, 24, tzinfo=UTC)
    assert timestamp_text(0x67C6B390) == "2025-03-04 08:02:24"


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (0, "0 s after start"),
        (12, "12 s after start"),
        (LAST_SINCE_START, "536870912 s after start"),
        (UNSPECIFIED, "unspecified"),
    ],
)
def test_no_date(timestamp: int, text: str) -> None:
    assert to_datetime(timestamp) is None
    assert timestamp_text(timestamp) == text


def test_a_zone_counts_and_none_is_utc() -> None:
    assert from_datetime(datetime(2025, 3, 4, 8, 2, 24)) == 0x67C6B390
    there = timezone(timedelta(hours=2))
    assert from_datetime(datetime(2025, 3, 4, 10, 2, 24, tzinfo=there)) == 0x67C6B390


@given(st.integers(LAST_SINCE_START + 1, UNSPECIFIED - 1))
def test_dates_go_back(timestamp: int) -> None:
    time = to_datetime(timestamp)
    assert time is not None
    assert from_datetime(time) == timestamp
