"""Masks and event offsets of thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import ThresholdBit, event_offset
from baseboard.records.thresholds import (
    LOWER,
    SDR_ORDER,
    THRESHOLDS,
    UPPER,
    ThresholdEvents,
    ThresholdMask,
    crossed,
    crossing_events,
    event_of,
    threshold_of,
)


def test_the_masks_are_those_of_the_code_table() -> None:
    assert [mask.name for mask in THRESHOLDS] == [bit.name for bit in ThresholdBit]
    assert [int(mask) for mask in THRESHOLDS] == [1 << bit for bit in ThresholdBit]
    assert [mask.abbreviation for mask in SDR_ORDER] == ["UNR", "UC", "UNC", "LNR", "LC", "LNC"]
    assert ThresholdMask.UNC is ThresholdMask.UPPER_NON_CRITICAL


def test_upper_and_lower_ones() -> None:
    some = ThresholdMask.UC | ThresholdMask.LNC
    assert some.abbreviation == "LNC|UC"
    assert (some.upper, some.lower) == (ThresholdMask.UC, ThresholdMask.LNC)
    assert ThresholdMask(0x3F) == LOWER | UPPER


@pytest.mark.parametrize("offset", range(12))
def test_an_offset_is_a_threshold_and_a_direction(offset: int) -> None:
    threshold, going_high = threshold_of(offset)
    assert event_of(threshold, going_high=going_high) == offset
    row = event_offset(1, 1, offset)
    assert row is not None
    words = threshold.name.replace("_", " ").replace("NON ", "NON-") if threshold.name else ""
    direction = "high" if going_high else "low"
    assert row.event.upper() == f"{words} - GOING {direction}".upper()
    assert ThresholdEvents(1 << offset).name == f"{threshold.name}_GOING_{direction.upper()}"


def test_crossing_is_up_for_upper_ones_and_down_for_lower_ones() -> None:
    assert crossing_events(ThresholdMask(0)) == 0
    assert crossing_events(ThresholdMask.UC | ThresholdMask.LC) == (
        ThresholdEvents.UPPER_CRITICAL_GOING_HIGH | ThresholdEvents.LOWER_CRITICAL_GOING_LOW
    )
    assert crossing_events(ThresholdMask(0x3F)) == 0xA95


def test_a_reading_is_compared_with_its_limits() -> None:
    limits = {ThresholdMask.UC: 90, ThresholdMask.UNC: 80, ThresholdMask.LC: -5}
    assert crossed(79, limits) == 0
    assert crossed(80, limits) == ThresholdMask.UNC
    assert crossed(90, limits) == ThresholdMask.UNC | ThresholdMask.UC
    assert crossed(-5, limits) == ThresholdMask.LC


@given(st.dictionaries(st.sampled_from(THRESHOLDS), st.integers(-128, 255)), st.integers(-128, 255))
def test_comparison_by_each(limits: dict[ThresholdMask, int], x: int) -> None:
    for one in THRESHOLDS:
        beyond = one in limits and (x >= limits[one] if one.upper else x <= limits[one])
        assert (one in crossed(x, limits)) == beyond
