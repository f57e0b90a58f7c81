"""A sensor whose readings no single formula converts: a curve, and the factors along it (§35.5, §36.2).

The curve is given at some readings and straight between them. Each straight piece has factors of its own,
which Get Sensor Reading Factors returns; consoles compute with those, and so does the controller itself.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from baseboard.codes import Linearization
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula

_LAST = 0xFF
_EXPONENTS = range(-8, 8)
_LEAST, _MOST = -512, 511


class Curve:
    """A curve and its factors.

    Args:
        points: raw reading and value at each bend; both rise from point to point.

    Attributes:
        values: of every reading, as the factors give it.
        table: the readings that have an entry of factors, through which §35.5 lets consoles walk.

    Raises:
        EncodeError: the points are no such curve, or no factors come near it.
    """

    __slots__ = ("_pieces", "_starts", "table", "values")

    def __init__(self, points: Sequence[tuple[int, float]]) -> None:
        _check(points)
        ends = list(pairwise(points))
        self._starts = tuple(start for (start, _), _ in ends)
        self._pieces = tuple(_piece(*start, *end) for start, end in ends)
        self.values = tuple(self._at(raw) for raw in range(_LAST + 1))
        if any(after < before for before, after in pairwise(self.values)):
            raise EncodeError("the curve is too steep for factors of ten bits")
        lasts = (*(start - 1 for start in self._starts[1:]), points[-1][0])
        self.table = tuple(sorted({*self._starts, *lasts}))

    def raw(self, value: float) -> int:
        """Give the reading whose value is nearest; beyond the curve's ends the last one there.

        Raises:
            EncodeError: it is no number.
        """
        if math.isnan(value):
            raise EncodeError("no raw reading stands for nan")
        place = bisect_left(self.values, value)
        if place == 0 or place > _LAST:
            return min(place, _LAST)
        below, above = self.values[place - 1], self.values[place]
        return place if above - value <= value - below else place - 1

    def factors(self, raw: int) -> Formula:
        """Give the factors for a reading; they are those of the table's nearest entry."""
        return self._pieces[max(bisect_right(self._starts, raw) - 1, 0)]

    def following(self, raw: int) -> int:
        """Give the reading to ask for next (§35.5, byte 2).

        That is the table's next entry, after the last the first, if the table has an entry for the reading;
        else the entry that was used instead, the nearest.
        """
        if raw in self.table:
            return self.table[(self.table.index(raw) + 1) % len(self.table)]
        own = self.factors(raw)
        return min((one for one in self.table if self.factors(one) is own), key=lambda one: abs(one - raw))

    def formula(self, raw: int) -> Formula:
        """Give what the sensor's record says: the factors near a reading, marked as those of some only."""
        return replace(self.factors(raw), linearization=Linearization.NON_LINEAR)

    def _at(self, raw: int) -> float:
        return self.factors(raw).linear(raw)


def _check(points: Sequence[tuple[int, float]]) -> None:
    if len(points) < 2:
        raise EncodeError("a curve has two points or more")
    for (raw, value), (further, higher) in pairwise(points):
        if not 0 <= raw < further <= _LAST or not (math.isfinite(value) and value < higher < math.inf):
            raise EncodeError(f"from {raw}: {value:g} to {further}: {higher:g} the curve does not rise")


def _piece(start: int, low: float, end: int, high: float) -> Formula:
    """The factors that come nearest to a straight line between two points."""
    slope = (high - low) / (end - start)
    found: tuple[float, int, Formula] | None = None
    for r_exp in _EXPONENTS:
        m = round(slope / 10.0**r_exp)
        if not 0 < m <= _MOST:
            continue
        # the line goes through the middle of the piece, so that what M rounds away is shared by its ends
        offset = ((low + high) / 2 - m * 10.0**r_exp * (start + end) / 2) / 10.0**r_exp
        for b_exp in _EXPONENTS:
            b = round(offset / 10.0**b_exp)
            if not _LEAST <= b <= _MOST:
                continue
            formula = Formula(m=m, b=b, b_exp=b_exp, r_exp=r_exp)
            wrong = max(abs(formula.linear(start) - low), abs(formula.linear(end) - high))
            effort = abs(r_exp) + abs(b_exp)
            if found is None or (wrong, effort) < found[:2]:
                found = wrong, effort, formula
    if found is None:
        raise EncodeError(f"no factors of ten bits go from {low:g} to {high:g}")
    return found[2]
