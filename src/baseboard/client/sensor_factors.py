"""The factors of a sensor whose formula differs from reading to reading (§35.5, §36.2)."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from baseboard.codes import AnalogFormat
from baseboard.commands.sensor.sensors import GetSensorReadingFactorsResponse
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula, to_signed

READINGS: Final = 256

Ask = Callable[[int], Awaitable[GetSensorReadingFactorsResponse]]
"""Asks for the factors of a raw reading."""


class FactorTable:
    """All factors of a sensor, each with the reading that it is kept under.

    Attributes:
        entries: the table, in the order of the readings.
        analog_format: how a raw byte is a number.
    """

    def __init__(self, entries: Mapping[int, Formula], analog_format: AnalogFormat) -> None:
        self.entries = dict(sorted(entries.items()))
        self.analog_format = analog_format

    def formula(self, raw: int) -> Formula:
        """Give the factors for a reading: those of the nearest entry (§35.5)."""
        x = to_signed(raw, self.analog_format)
        return self.entries[
            min(self.entries, key=lambda entry: abs(to_signed(entry, self.analog_format) - x))
        ]

    def value(self, raw: int) -> float:
        """Convert a reading to a value in the sensor's unit."""
        return self.formula(raw).linear(to_signed(raw, self.analog_format))

    def raw(self, value: float) -> int:
        """Convert a value to the reading whose value is nearest.

        Raises:
            EncodeError: it is no number.
        """
        if math.isnan(value):
            raise EncodeError("no raw reading stands for nan")
        return min(range(READINGS), key=lambda raw: abs(self.value(raw) - value))


async def walk(ask: Ask, analog_format: AnalogFormat) -> FactorTable:
    """Read a sensor's whole table, as §35.5 has it: each answer says which reading to ask for next.

    Raises:
        CompletionError: the sensor has none.
    """
    found: dict[int, Formula] = {}
    # a reading without an entry leads to the nearest one; from there on each leads to the next
    raw = (await ask(0)).next_reading
    while raw not in found:
        answer = await ask(raw)
        found[raw] = formula(answer, analog_format)
        raw = answer.next_reading
    return FactorTable(found, analog_format)


def formula(answer: GetSensorReadingFactorsResponse, analog_format: AnalogFormat) -> Formula:
    """Give the formula that an answer holds; there is no linearization behind it."""
    return Formula(
        m=answer.m,
        b=answer.b,
        b_exp=answer.b_exponent,
        r_exp=answer.r_exponent,
        analog_format=analog_format,
        tolerance=answer.tolerance,
        accuracy=answer.accuracy,
        accuracy_exp=answer.accuracy_exponent,
    )
