"""Thresholds at work: which of them a reading has crossed, and how far it must go back (§35.13)."""

from __future__ import annotations

import math

from baseboard.codes import Linearization
from baseboard.records.formula import Formula, to_signed
from baseboard.records.thresholds import THRESHOLDS, UPPER, event_of


class Limits:
    """The thresholds of one sensor as numbers of its data format, ready to be compared.

    Attributes:
        low: a value above this one and below ``high`` has crossed nothing; it saves the conversion.
        high: see ``low``.
    """

    __slots__ = ("_raw", "_rows", "high", "low")

    def __init__(
        self, formula: Formula, having: int, thresholds: bytes, positive: int, negative: int
    ) -> None:
        """Take the settings of a sensor.

        Args:
            formula: from reading to value.
            having: mask of the thresholds that the sensor has.
            thresholds: six raw bytes in the order of the commands.
            positive: raw counts below an upper threshold at which it lets go.
            negative: raw counts above a lower one.
        """
        self._raw = thresholds
        rows: list[tuple[int, int, int, int, bool]] = []
        lower: list[int] = []
        upper: list[int] = []
        for one, raw in zip(THRESHOLDS, thresholds, strict=True):
            if not having & one:
                continue
            is_upper = one in UPPER
            event = 1 << event_of(one, going_high=is_upper)
            limit = to_signed(raw, formula.analog_format)
            # §35.13: with h = 2 an upper threshold of 98h lets go at 95h
            rows.append(
                (event, int(one), limit, limit - positive if is_upper else limit + negative, is_upper)
            )
            (upper if is_upper else lower).append(limit)
        self._rows = tuple(rows)
        self.low, self.high = _quiet(formula, lower, upper)

    def conditions(self, x: int, before: int) -> int:
        """The events that hold now, bit n = offset n.

        Args:
            x: the reading, as a number.
            before: the events that held last; their thresholds let go only beyond the hysteresis.
        """
        held = 0
        for event, _, limit, rest, is_upper in self._rows:
            if is_upper:
                if x >= limit or (before & event and x >= rest):
                    held |= event
            elif x <= limit or (before & event and x <= rest):
                held |= event
        return held

    def comparisons(self, x: int) -> int:
        """The thresholds at or beyond which a reading is, without hysteresis (Table 35-15, byte 4)."""
        return sum(
            one for _, one, limit, _, is_upper in self._rows if (x >= limit if is_upper else x <= limit)
        )

    def threshold(self, offset: int) -> int:
        """The raw threshold that an event offset is about."""
        return self._raw[offset >> 1]


def _quiet(formula: Formula, lower: list[int], upper: list[int]) -> tuple[float, float]:
    """The open interval of values whose readings cross nothing; an empty one where that takes thought."""
    lowest = to_signed(formula.lowest_raw, formula.analog_format)
    highest = to_signed(formula.highest_raw, formula.analog_format)
    nothing = (math.inf, -math.inf)
    if formula.linearization != Linearization.LINEAR or formula.m <= 0:
        return nothing
    # values out of range are shown as the ends of the range, so a threshold there is always crossed by them
    if (upper and min(upper) <= lowest) or (lower and max(lower) >= highest):
        return nothing
    low = formula.linear(max(lower) + 1) if lower else -math.inf
    high = formula.linear(min(upper) - 1) if upper else math.inf
    return low, high
