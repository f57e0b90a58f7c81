"""Curves, and the factors along them."""

from __future__ import annotations

import math

import pytest

from baseboard.codes import Linearization
from baseboard.errors import EncodeError
from baseboard.records.curve import Curve

THERMISTOR = ((0, -40.0), (60, 0.0), (180, 60.0), (255, 135.0))


def test_36_2_the_values_are_those_of_the_points_and_straight_between_them() -> None:
    curve = Curve(THERMISTOR)
    for raw, value in THERMISTOR:
        assert curve.values[raw] == pytest.approx(value, abs=0.2)
    assert curve.values[120] == pytest.approx(30, abs=0.2)
    assert list(curve.values) == sorted(curve.values)


def test_35_5_each_straight_piece_has_factors_of_its_own() -> None:
    curve = Curve(((0, 0.0), (100, 50.0), (200, 250.0)))
    first, second = curve.factors(10), curve.factors(150)
    assert (first.linear(10), first.linear(99)) == (5.0, 49.5)
    assert (second.linear(100), second.linear(200)) == (50.0, 250.0)
    assert curve.factors(99) is first
    assert curve.factors(100) is second
    assert curve.values[220] == 290.0


def test_35_5_the_table_can_be_walked_through_from_any_reading() -> None:
    """The reading after the last entry is that of the first; a reading between leads to the nearest entry."""
    curve = Curve(THERMISTOR)
    assert curve.table == (0, 59, 60, 179, 180, 255)
    assert [curve.following(raw) for raw in curve.table] == [59, 60, 179, 180, 255, 0]
    assert curve.following(20) == 0
    assert curve.following(50) == 59
    assert curve.following(130) == 179
    for raw in range(256):
        factors = curve.factors(raw)
        nearest = min(curve.table, key=lambda one: (abs(one - raw), curve.factors(one) is not factors))
        assert curve.factors(nearest) is curve.factors(raw)


def test_a_curve_that_begins_above_0_goes_on_below_its_first_point() -> None:
    curve = Curve(((100, 10.0), (200, 20.0)))
    assert curve.factors(0) is curve.factors(255)
    assert curve.table == (100, 200)
    assert (curve.following(0), curve.following(255), curve.following(200)) == (100, 200, 100)
    assert curve.values[0] == 0


def test_a_value_becomes_the_nearest_reading() -> None:
    curve = Curve(((0, 0.0), (100, 50.0), (200, 250.0)))
    values = (0, 10, 10.2, 10.3, 50, 51.2, 250)
    assert [curve.raw(value) for value in values] == [0, 20, 20, 21, 100, 101, 200]
    assert (curve.raw(-1e9), curve.raw(1e9)) == (0, 255)
    assert [curve.raw(curve.values[raw]) for raw in range(256)] == list(range(256))
    with pytest.raises(EncodeError):
        curve.raw(math.nan)


def test_the_record_says_that_the_factors_are_not_everywhere_the_same() -> None:
    formula = Curve(THERMISTOR).formula(200)
    assert formula.linearization == Linearization.NON_LINEAR
    assert formula.m == Curve(THERMISTOR).factors(200).m


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0, 0.0),),
        ((0, 0.0), (0, 1.0)),
        ((0, 0.0), (256, 1.0)),
        ((-1, 0.0), (9, 1.0)),
        ((0, 1.0), (9, 1.0)),
        ((0, math.nan), (9, 1.0)),
        ((0, 0.0), (9, math.inf)),
        ((0, -math.inf), (9, 0.0)),
        ((0, 0.0), (1, 1e12)),
        ((0, 1e20), (1, 2e20)),
        ((0, 0.0), (254, 1000.0), (255, 1000.1)),
    ],
)
def test_what_is_no_curve(points: tuple[tuple[int, float], ...]) -> None:
    with pytest.raises(EncodeError):
        Curve(points)
