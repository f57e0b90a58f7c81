"""Choose M, B and the exponents for a range of values: what a maker of sensors does once, by hand.

The record holds M and B in 10 bits each and two exponents of ten (Table 43-1, bytes 25-30); `fit` finds
round steps, hardly coarser than the finest with which 256 readings still cover the range.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from baseboard.codes import AnalogFormat, Linearization
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula

_ENDS = {
    AnalogFormat.UNSIGNED: (0, 255),
    AnalogFormat.ONES_COMPLEMENT: (-127, 127),
    AnalogFormat.TWOS_COMPLEMENT: (-128, 127),
}
_LARGEST = 511
_EXPONENTS = range(-8, 8)
_SLACK = Fraction(107, 100)  # how much coarser a rounder step may be
_TRIES = 70  # 1.07^70 is more than 100


def fit(
    minimum: float,
    maximum: float,
    *,
    resolution: float | None = None,
    analog_format: AnalogFormat = AnalogFormat.UNSIGNED,
    tolerance: int = 0,
    accuracy: int = 0,
    accuracy_exp: int = 0,
) -> Formula:
    """Find a linear formula whose readings cover a range.

    Args:
        minimum: the lowest value that must be representable, in the sensor's unit.
        maximum: the highest one; above minimum.
        resolution: the value of one count, met exactly; without it the roundest of the nearly finest.
        analog_format: unsigned suits every console; with 2's complement and a range that holds 0, a
            reading is the value over the resolution.
        tolerance: passed on to the formula, and so are the next two.
        accuracy: in 1/100 percent.
        accuracy_exp: of ten, for the accuracy.

    Returns:
        A formula with ``formula.extremes()`` at or beyond both ends.

    Raises:
        EncodeError: the range is empty or infinite, or no M, B and exponents reach it.
    """
    if not (math.isfinite(minimum) and math.isfinite(maximum) and minimum < maximum):
        raise EncodeError(f"{minimum:g} to {maximum:g} is no range")
    if analog_format not in _ENDS:
        raise EncodeError(f"a reading of format {analog_format.text} covers no range")
    m, b, b_exp, r_exp = _factors(minimum, maximum, resolution, *_ENDS[analog_format])
    return Formula(
        m=m,
        b=b,
        b_exp=b_exp,
        r_exp=r_exp,
        linearization=Linearization.LINEAR,
        analog_format=analog_format,
        tolerance=tolerance,
        accuracy=accuracy,
        accuracy_exp=accuracy_exp,
    )


def _factors(
    minimum: float, maximum: float, resolution: float | None, lowest: int, highest: int
) -> tuple[int, int, int, int]:
    """Give M, B, B exponent and R exponent for readings from lowest to highest."""
    low, high = Fraction(repr(minimum)), Fraction(repr(maximum))
    finest = (high - low) / (highest - lowest)
    for m, r_exp in _steps(finest) if resolution is None else _exact(resolution):
        step = m * _power(r_exp)
        # A range around 0 that fits without an offset gets none: the nicest readings there are.
        offset = Fraction(0) if lowest * step <= low and high <= highest * step else low - lowest * step
        for b, b_exp in _offsets(offset / _power(r_exp)):
            reached = b * _power(b_exp + r_exp)
            if lowest * step + reached <= low and high <= highest * step + reached:
                return m, b, b_exp, r_exp
    raise EncodeError(f"no M, B and exponents reach from {minimum:g} to {maximum:g}")


def _power(exponent: int) -> Fraction:
    return Fraction(10) ** exponent


def _exact(resolution: float) -> list[tuple[int, int]]:
    """Give (M, R exponent) of every way to write a step."""
    wanted = Fraction(repr(resolution))
    ways = [(wanted / _power(exp), exp) for exp in reversed(_EXPONENTS)]
    return [(int(m), exp) for m, exp in ways if m.denominator == 1 and 0 < m <= _LARGEST]


def _steps(finest: Fraction) -> Iterator[tuple[int, int]]:
    """Give (M, R exponent) of steps from the finest on: of those that hardly differ the roundest first.

    The offset has three digits and may begin the readings far below the range, so that the finest step
    does not reach its end and a coarser one has to be tried.
    """
    for _ in range(_TRIES):
        alike = [
            (len(str(m)), m * _power(exp), m, exp)
            for exp in _EXPONENTS
            for m in range(
                max(math.ceil(finest / _power(exp)), 1),
                min(math.floor(finest * _SLACK / _power(exp)), _LARGEST) + 1,
            )
        ]
        yield from ((m, exp) for _, _, m, exp in sorted(alike))
        finest *= _SLACK


def _offsets(offset: Fraction) -> list[tuple[int, int]]:
    """Give (B, B exponent) at or below an offset in units of 10^R exponent, nearest first."""
    if not offset:
        return [(0, 0)]
    found = [(math.floor(offset / _power(exp)), exp) for exp in reversed(_EXPONENTS)]
    found = [(b, exp) for b, exp in found if -_LARGEST - 1 <= b <= _LARGEST]
    return sorted(found, key=lambda pair: offset - pair[0] * _power(pair[1]))
