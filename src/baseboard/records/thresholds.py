"""Thresholds of a sensor and the masks about them (§35.8, §35.10, Table 43-1 bytes 15-20).

One threshold has a bit in three kinds of mask: readable, settable and "comparison is returned" masks hold
`ThresholdMask`; event masks hold `ThresholdEvents`, whose bits are the offsets of event type 01h.
"""

from __future__ import annotations

import enum


class ThresholdMask(enum.IntFlag):
    """A bit per threshold, in the order of Get and Set Sensor Thresholds (§35.8)."""

    LOWER_NON_CRITICAL = 0x01
    LOWER_CRITICAL = 0x02
    LOWER_NON_RECOVERABLE = 0x04
    UPPER_NON_CRITICAL = 0x08
    UPPER_CRITICAL = 0x10
    UPPER_NON_RECOVERABLE = 0x20

    LNC, LC, LNR, UNC, UC, UNR = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20

    @property
    def abbreviation(self) -> str:
        """The letters that people use, such as ``UNC``; several with ``|`` between."""
        return "|".join(letters for one, letters in _LETTERS.items() if one in self)

    @property
    def upper(self) -> ThresholdMask:
        """Those of them that a reading crosses by going up."""
        return self & UPPER

    @property
    def lower(self) -> ThresholdMask:
        """Those of them that a reading crosses by going down."""
        return self & LOWER


_LETTERS = {
    ThresholdMask.LOWER_NON_CRITICAL: "LNC",
    ThresholdMask.LOWER_CRITICAL: "LC",
    ThresholdMask.LOWER_NON_RECOVERABLE: "LNR",
    ThresholdMask.UPPER_NON_CRITICAL: "UNC",
    ThresholdMask.UPPER_CRITICAL: "UC",
    ThresholdMask.UPPER_NON_RECOVERABLE: "UNR",
}

THRESHOLDS = tuple(_LETTERS)
"""The six, in the order of the commands: LNC LC LNR UNC UC UNR."""

SDR_ORDER = THRESHOLDS[::-1]
"""The six, in the order of SDR bytes 37-42: UNR UC UNC LNR LC LNC."""

LOWER = ThresholdMask(0x07)
UPPER = ThresholdMask(0x38)


class ThresholdEvents(enum.IntFlag):
    """A bit per event of a threshold sensor; bit n is event offset n (Table 42-2, type 01h)."""

    LOWER_NON_CRITICAL_GOING_LOW = 1 << 0
    LOWER_NON_CRITICAL_GOING_HIGH = 1 << 1
    LOWER_CRITICAL_GOING_LOW = 1 << 2
    LOWER_CRITICAL_GOING_HIGH = 1 << 3
    LOWER_NON_RECOVERABLE_GOING_LOW = 1 << 4
    LOWER_NON_RECOVERABLE_GOING_HIGH = 1 << 5
    UPPER_NON_CRITICAL_GOING_LOW = 1 << 6
    UPPER_NON_CRITICAL_GOING_HIGH = 1 << 7
    UPPER_CRITICAL_GOING_LOW = 1 << 8
    UPPER_CRITICAL_GOING_HIGH = 1 << 9
    UPPER_NON_RECOVERABLE_GOING_LOW = 1 << 10
    UPPER_NON_RECOVERABLE_GOING_HIGH = 1 << 11


def event_of(threshold: ThresholdMask, *, going_high: bool) -> int:
    """Give the event offset of one threshold, 0-11."""
    return 2 * THRESHOLDS.index(threshold) + going_high


def threshold_of(offset: int) -> tuple[ThresholdMask, bool]:
    """Give the threshold that an event offset (0-11) is about, and whether it says "going high"."""
    return THRESHOLDS[offset >> 1], bool(offset & 1)


def crossing_events(thresholds: ThresholdMask) -> ThresholdEvents:
    """Give the events that say something got worse: upper ones going high, lower ones going low."""
    return ThresholdEvents(
        sum(1 << event_of(one, going_high=one in UPPER) for one in THRESHOLDS if one in thresholds)
    )


def crossed(x: int, thresholds: dict[ThresholdMask, int]) -> ThresholdMask:
    """Compare a reading with thresholds, all as the numbers they are in the sensor's format (§35.13).

    Args:
        x: the reading.
        thresholds: by one bit of the mask.

    Returns:
        The upper ones that it is at or above, and the lower ones that it is at or below.
    """
    return ThresholdMask(
        sum(one for one, limit in thresholds.items() if (x >= limit if one in UPPER else x <= limit))
    )
