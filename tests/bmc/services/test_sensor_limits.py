"""Thresholds at work."""

from __future__ import annotations

import math

import pytest

from baseboard.bmc.services.sensor_limits import Limits
from baseboard.codes import AnalogFormat, Linearization
from baseboard.records.formula import Formula, to_signed

LNC, LC, LNR, UNC, UC, UNR = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
PLAIN = Formula()


def limits(having: int, raw: str, positive: int = 0, negative: int = 0, formula: Formula = PLAIN) -> Limits:
    return Limits(formula, having, bytes.fromhex(raw), positive, negative)


def test_35_13_an_upper_threshold_lets_go_one_count_beyond_its_hysteresis() -> None:
    """The specification's own example: threshold 98h, hysteresis 2, cleared at 95h."""
    upper = limits(UNC, "00 00 00 98 00 00", positive=2)
    assert upper.conditions(0x97, 0) == 0
    assert upper.conditions(0x98, 0) == 1 << 7
    assert upper.conditions(0x96, 1 << 7) == 1 << 7
    assert upper.conditions(0x95, 1 << 7) == 0
    assert upper.conditions(0x96, 0) == 0


def test_35_13_a_lower_threshold_lets_go_one_count_beyond_its_hysteresis() -> None:
    lower = limits(LC, "00 20 00 00 00 00", positive=9, negative=2)
    assert lower.conditions(0x21, 0) == 0
    assert lower.conditions(0x20, 0) == 1 << 2
    assert lower.conditions(0x22, 1 << 2) == 1 << 2
    assert lower.conditions(0x23, 1 << 2) == 0


def test_35_13_without_hysteresis_one_count_is_enough() -> None:
    both = limits(LNR | UNR, "00 00 10 00 00 F0")
    assert both.conditions(0xF0, 0) == 1 << 11
    assert both.conditions(0xEF, 1 << 11) == 0
    assert both.conditions(0x10, 0) == 1 << 4
    assert both.conditions(0x11, 1 << 4) == 0


def test_35_14_comparisons_know_no_hysteresis_and_no_threshold_that_is_not_there() -> None:
    some = limits(LC | UNC | UC, "FF 20 FF 60 80 00", positive=5, negative=5)
    assert some.comparisons(0x80) == UNC | UC
    assert some.comparisons(0x7F) == UNC
    assert some.comparisons(0x20) == LC
    assert some.comparisons(0x21) == 0


def test_thresholds_are_compared_as_numbers_of_the_data_format() -> None:
    """§35.13: the comparison is on the raw value interpreted by the sensor's format."""
    signed = limits(
        LNC | UNC, "F0 00 00 05 00 00", formula=Formula(analog_format=AnalogFormat.TWOS_COMPLEMENT)
    )
    assert signed.conditions(to_signed(0xEF, AnalogFormat.TWOS_COMPLEMENT), 0) == 1 << 0
    assert signed.conditions(0, 0) == 0
    assert signed.conditions(5, 0) == 1 << 7


def test_an_event_offset_knows_its_threshold() -> None:
    six = limits(0x3F, "01 02 03 04 05 06")
    assert [six.threshold(offset) for offset in (0, 2, 4, 7, 9, 11)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("having", "raw", "low", "high"),
    [
        (UNC | UC, "00 00 00 50 60 00", -math.inf, 0x4F * 0.5),
        (LNC | LC, "20 10 00 00 00 00", 0x21 * 0.5, math.inf),
        (LC | UC, "00 10 00 00 60 00", 0x11 * 0.5, 0x5F * 0.5),
        (0, "00 00 00 00 00 00", -math.inf, math.inf),
    ],
)
def test_between_its_bounds_no_value_crosses_anything(having: int, raw: str, low: float, high: float) -> None:
    half = Formula(m=5, r_exp=-1)
    some = limits(having, raw, formula=half)
    assert (some.low, some.high) == pytest.approx((low, high))
    for step in range(-100, 1400):
        value = step / 10
        if low < value < high:
            assert some.conditions(half.raw(value), 0) == 0


@pytest.mark.parametrize(
    ("having", "raw", "formula"),
    [
        (UNC, "00 00 00 00 00 00", PLAIN),
        (LNC, "FF 00 00 00 00 00", PLAIN),
        (UNC, "00 00 00 50 00 00", Formula(linearization=Linearization.RECIPROCAL)),
        (UNC, "00 00 00 50 00 00", Formula(m=-1)),
    ],
)
def test_where_a_comparison_of_values_would_be_wrong_the_interval_is_empty(
    having: int, raw: str, formula: Formula
) -> None:
    some = limits(having, raw, formula=formula)
    assert not some.low < some.high
