"""Factors that differ from reading to reading."""

from __future__ import annotations

import math

import pytest

from baseboard.client.sensor_factors import FactorTable, formula, walk
from baseboard.codes import AnalogFormat
from baseboard.commands.sensor.sensors import GetSensorReadingFactorsResponse
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula

LOW, HIGH = Formula(m=1), Formula(m=3, b=-20, b_exp=1)


def answer(following: int, m: int, b: int = 0, b_exponent: int = 0) -> GetSensorReadingFactorsResponse:
    return GetSensorReadingFactorsResponse(
        next_reading=following, m=m, tolerance=0, b=b, accuracy=0, accuracy_exponent=0, r_exponent=0,
        b_exponent=b_exponent,
    )  # fmt: skip


async def test_35_5_the_table_is_walked_through_from_the_entry_nearest_to_0() -> None:
    asked: list[int] = []

    async def ask(raw: int) -> GetSensorReadingFactorsResponse:
        asked.append(raw)
        return {0: answer(20, 1), 20: answer(99, 1), 99: answer(100, 1), 100: answer(20, 3, -20, 1)}[raw]

    table = await walk(ask, AnalogFormat.UNSIGNED)
    assert asked == [0, 20, 99, 100]
    assert list(table.entries) == [20, 99, 100]
    assert table.value(50) == 50
    assert table.value(120) == 160


async def test_35_5_a_sensor_with_one_formula_has_one_entry() -> None:
    async def ask(raw: int) -> GetSensorReadingFactorsResponse:
        return answer(raw, 2)

    assert list((await walk(ask, AnalogFormat.UNSIGNED)).entries) == [0]


def test_a_reading_takes_the_factors_of_the_nearest_entry() -> None:
    table = FactorTable({100: HIGH, 0: LOW, 99: LOW, 255: HIGH}, AnalogFormat.UNSIGNED)
    assert list(table.entries) == [0, 99, 100, 255]
    assert [table.formula(raw) for raw in (0, 60, 99, 100, 200)] == [LOW, LOW, LOW, HIGH, HIGH]
    signed = FactorTable({0x80: LOW, 0: HIGH}, AnalogFormat.TWOS_COMPLEMENT)
    assert (signed.formula(0xFF), signed.value(0x81)) == (HIGH, -127)


def test_a_value_becomes_the_nearest_reading() -> None:
    table = FactorTable({0: LOW, 99: LOW, 100: HIGH, 255: HIGH}, AnalogFormat.UNSIGNED)
    assert [table.raw(value) for value in (-9, 42.4, 99, 160, 1e9)] == [0, 42, 99, 120, 255]
    with pytest.raises(EncodeError):
        table.raw(math.nan)


def test_what_an_answer_holds() -> None:
    made = formula(answer(0, 3, -20, 1), AnalogFormat.ONES_COMPLEMENT)
    assert (made.m, made.b, made.b_exp, made.r_exp) == (3, -20, 1, 0)
    assert made.analog_format == AnalogFormat.ONES_COMPLEMENT
    assert made.linearization == 0
