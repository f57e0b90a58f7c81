"""The sensor formula, both ways."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import AnalogFormat, Linearization
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula, to_raw, to_signed, unlinearized
from tests.records.vectors import entries, octets, vectors

FORMATS = {"1": AnalogFormat.ONES_COMPLEMENT, "2": AnalogFormat.TWOS_COMPLEMENT}
CURVES = [code for code in Linearization if 0 < code < Linearization.NON_LINEAR]


@vectors("conversion", "m")
def test_the_formula(raw: bytes, decoded: dict[str, Any]) -> None:
    formula = Formula(m=decoded["M"], b=decoded["B"], b_exp=decoded["K1"], r_exp=decoded["K2"])
    assert raw == b""
    assert formula.at(decoded["raw"]) == decoded["y"]
    if decoded["raw"] >= 0:
        assert formula.value(decoded["raw"]) == decoded["y"]
        assert formula.raw(decoded["y"]) == decoded["raw"]


@pytest.mark.parametrize(
    ("raw", "analog_format", "value"),
    [
        pytest.param(
            octets(one["hex"])[0], FORMATS[one["id"].split("_")[1]], one["decoded"]["value"], id=one["id"]
        )
        for one in entries("conversion", "fmt_")
    ],
)
def test_signed_readings(raw: int, analog_format: AnalogFormat, value: int) -> None:
    assert to_signed(raw, analog_format) == value
    assert Formula(analog_format=analog_format).value(raw) == value


def test_readings_of_a_sensor_in_volts() -> None:
    formula = Formula(m=59, r_exp=-3, tolerance=1, accuracy=1)
    assert [formula.value(raw) for raw in (0xCC, 0xF4, 0xA6)] == [12.036, 14.396, 9.794]
    assert formula.span(4) == 0.236
    assert formula.resolution() == 0.059
    assert formula.tolerance_value() == 0.0295
    assert formula.accuracy_percent() == 0.01
    assert formula.extremes() == (0, 15.045)


def test_accuracy_has_an_exponent() -> None:
    assert Formula(accuracy=682, accuracy_exp=3).accuracy_percent() == 6820


def test_the_b_exponent_may_be_negative() -> None:
    assert Formula(m=1, b=5, b_exp=-1).value(3) == 3.5
    assert Formula(m=1, b=5, b_exp=-1, r_exp=2).value(3) == 350


def test_a_sensor_without_readings_has_no_value() -> None:
    formula = Formula(analog_format=AnalogFormat.NONE)
    assert not formula.analog
    assert formula.value(5) is None
    assert to_signed(0xFF, AnalogFormat.NONE) == 0xFF
    with pytest.raises(EncodeError, match="no raw reading"):
        formula.raw(5)


@pytest.mark.parametrize(
    ("code", "x", "y"),
    [
        (Linearization.LN, 10, math.log(10)),
        (Linearization.LOG10, 100, 2),
        (Linearization.LOG2, 8, 3),
        (Linearization.E, 2, math.exp(2)),
        (Linearization.EXP10, 3, 1000),
        (Linearization.EXP2, 5, 32),
        (Linearization.RECIPROCAL, 4, 0.25),
        (Linearization.SQUARE, 12, 144),
        (Linearization.CUBE, 5, 125),
        (Linearization.SQUARE_ROOT, 81, 9),
        (Linearization.CUBE_ROOT, 27, 3),
        (Linearization.NON_LINEAR, 27, 27),
        (Linearization(0x71), 27, 27),
    ],
)
def test_linearizations(code: Linearization, x: int, y: float) -> None:
    formula = Formula(linearization=code)
    assert formula.value(x) == pytest.approx(y)
    assert formula.raw(y) == x


def test_every_linearization_of_the_table_is_done() -> None:
    bent = Formula(linearization=Linearization.LINEAR, m=3)
    assert [code for code in CURVES if Formula(linearization=code, m=3).value(5) == bent.value(5)] == []


def test_linearizations_of_what_they_cannot_take() -> None:
    def value(code: Linearization, x: int) -> float | None:
        return Formula(linearization=code, m=100, analog_format=AnalogFormat.TWOS_COMPLEMENT).at(x)

    assert value(Linearization.RECIPROCAL, 0) == 0
    assert value(Linearization.LN, 0) is None
    assert value(Linearization.LOG2, -3) is None
    assert value(Linearization.SQUARE_ROOT, -3) is None
    assert value(Linearization.CUBE_ROOT, -10) == -10
    assert value(Linearization.E, 127) is None
    assert value(Linearization.EXP10, 127) is None


def test_values_that_no_reading_stands_for() -> None:
    with pytest.raises(EncodeError, match="no raw reading"):
        Formula(m=0).raw(1)
    with pytest.raises(EncodeError, match="no raw reading"):
        Formula().raw(math.nan)
    with pytest.raises(EncodeError, match="04h"):
        Formula(linearization=Linearization.E).raw(-1)


def test_half_a_count_is_rounded_up_and_the_range_has_ends() -> None:
    formula = Formula(m=10)
    assert [formula.raw(value) for value in (14.9, 15, 24.9, -4, 99999, math.inf, -math.inf)] == [
        1, 2, 2, 0, 255, 255, 0,
    ]  # fmt: skip
    assert Formula(linearization=Linearization.LOG10).raw(400) == 255


@pytest.mark.parametrize(
    ("analog_format", "ends"),
    [
        (AnalogFormat.UNSIGNED, (0x00, 0xFF)),
        (AnalogFormat.ONES_COMPLEMENT, (0x80, 0x7F)),
        (AnalogFormat.TWOS_COMPLEMENT, (0x80, 0x7F)),
    ],
)
def test_the_ends_of_the_formats(analog_format: AnalogFormat, ends: tuple[int, int]) -> None:
    formula = Formula(analog_format=analog_format)
    assert (formula.lowest_raw, formula.highest_raw) == ends
    assert formula.raw(-1000) == ends[0]
    assert formula.raw(1000) == ends[1]
    assert formula.extremes() == tuple(to_signed(raw, analog_format) for raw in ends)


@given(st.integers(0, 0xFF), st.sampled_from([*AnalogFormat]))
def test_a_raw_reading_is_one_number(raw: int, analog_format: AnalogFormat) -> None:
    again = to_raw(to_signed(raw, analog_format), analog_format)
    # 1's complement has two zeros
    assert again == (0 if raw == 0xFF and analog_format == AnalogFormat.ONES_COMPLEMENT else raw)


FACTORS = {"m": st.integers(-512, 511).filter(bool), "b": st.integers(-512, 511)}
FACTORS |= {name: st.integers(-8, 7) for name in ("b_exp", "r_exp")}


@given(st.fixed_dictionaries(FACTORS), st.sampled_from([*AnalogFormat][:3]), st.integers(0, 0xFF))
def test_a_value_goes_back_to_its_reading(
    factors: dict[str, Any], analog_format: AnalogFormat, raw: int
) -> None:
    formula = Formula(analog_format=analog_format, **factors)
    x = to_signed(raw, analog_format)
    value = formula.value(raw)
    assert value is not None
    exact = (formula.m * x + formula.b * 10.0**formula.b_exp) * 10.0**formula.r_exp
    assert value == pytest.approx(exact, rel=1e-12, abs=1e-12 * max(1, abs(exact)))
    assert to_signed(formula.raw(value), analog_format) == x


@pytest.mark.parametrize("linearization", [Linearization.LINEAR, *CURVES])
def test_a_linearization_can_be_undone(linearization: Linearization) -> None:
    value = Formula(linearization=linearization).at(2)
    assert value is not None
    assert unlinearized(value, linearization) == pytest.approx(2)


def test_what_a_linearization_never_gives() -> None:
    with pytest.raises(EncodeError):
        unlinearized(-1, Linearization.EXP10)
    assert unlinearized(1000, Linearization.LN) == math.inf
