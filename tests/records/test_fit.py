"""Formulas for ranges."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baseboard.codes import AnalogFormat
from baseboard.errors import EncodeError
from baseboard.records.fit import fit


@pytest.mark.parametrize(
    ("minimum", "maximum", "resolution", "ends"),
    [
        (0, 255, 1, (0, 255)),
        (0, 100, 0.4, (0, 102)),
        (0, 14, 0.055, (0, 14.025)),
        (0, 20000, 80, (0, 20400)),
        (-40, 125, 0.65, (-40, 125.75)),
        (10.8, 13.2, 0.01, (10.8, 13.35)),
        (0, 1e-6, 1e-8, (0, 2.55e-6)),
    ],
)
def test_steps_are_round(
    minimum: float, maximum: float, resolution: float, ends: tuple[float, float]
) -> None:
    formula = fit(minimum, maximum)
    assert formula.resolution() == resolution
    assert formula.extremes() == ends


def test_the_resolution_can_be_asked_for() -> None:
    formula = fit(-40, 80, resolution=0.5, tolerance=1, accuracy=50, accuracy_exp=1)
    assert formula.resolution() == 0.5
    assert formula.value(0) == -40
    assert (formula.tolerance, formula.accuracy, formula.accuracy_exp) == (1, 50, 1)


def test_a_signed_range_around_zero_has_no_offset() -> None:
    formula = fit(-50, 100, resolution=1, analog_format=AnalogFormat.TWOS_COMPLEMENT)
    assert (formula.m, formula.b, formula.r_exp) == (1, 0, 0)
    assert formula.value(0xFF) == -1
    assert fit(-50, 100, resolution=1, analog_format=AnalogFormat.ONES_COMPLEMENT).value(0xFE) == -1


def test_a_signed_range_off_zero_has_one() -> None:
    formula = fit(1000, 1200, resolution=1, analog_format=AnalogFormat.TWOS_COMPLEMENT)
    assert formula.value(0x80) == 992  # 1128 has too many digits for B
    assert formula.extremes() == (992, 1247)


@pytest.mark.parametrize(
    ("minimum", "maximum", "resolution", "analog_format"),
    [
        (1, 1, None, AnalogFormat.UNSIGNED),
        (2, 1, None, AnalogFormat.UNSIGNED),
        (0, math.inf, None, AnalogFormat.UNSIGNED),
        (0, 1000, 1, AnalogFormat.UNSIGNED),  # 256 steps of 1 do not reach
        (0, 1, 0.123456, AnalogFormat.UNSIGNED),  # no M is that exact
        (0, 1e30, None, AnalogFormat.UNSIGNED),
        (1e30, 1e30 + 1e20, None, AnalogFormat.UNSIGNED),
        (0, 1, None, AnalogFormat.NONE),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    minimum: float, maximum: float, resolution: float | None, analog_format: AnalogFormat
) -> None:
    with pytest.raises(EncodeError, match=r"range|reach"):
        fit(minimum, maximum, resolution=resolution, analog_format=analog_format)


ENDS = st.floats(-1e6, 1e6).map(lambda value: round(value, 4))


@given(ENDS, ENDS, st.sampled_from([*AnalogFormat][:3]))
def test_the_range_is_covered(one: float, other: float, analog_format: AnalogFormat) -> None:
    assume(abs(one - other) > 1e-3)
    minimum, maximum = min(one, other), max(one, other)
    formula = fit(minimum, maximum, analog_format=analog_format)
    low, high = formula.extremes()
    assert low <= minimum
    assert maximum <= high
    # B has three digits: what it is off by comes on top.
    assert high - low < 1.5 * (maximum - minimum) + 0.05 * max(abs(minimum), abs(maximum))
