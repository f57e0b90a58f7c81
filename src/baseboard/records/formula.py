"""From a sensor's raw reading to its value and back (§36.3): y = L[(M·x + B·10^K1) · 10^K2].

K1 is the "B exponent" and K2 the "R exponent" of the record. Everything inside the brackets is computed
in whole numbers and divided once, so 1805 millivolts are 1.805 and not 1.8050000000000002.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from baseboard.codes import AnalogFormat, Linearization
from baseboard.errors import EncodeError
from baseboard.wire.value import Value

_UNSIGNED = frozenset((AnalogFormat.UNSIGNED, AnalogFormat.NONE))


def to_signed(raw: int, analog_format: int) -> int:
    """Give the number that a raw byte is in an analog data format; the inverse of ``to_raw``."""
    if raw < 0x80 or analog_format in _UNSIGNED:
        return raw
    return raw - (0xFF if analog_format == AnalogFormat.ONES_COMPLEMENT else 0x100)


def to_raw(x: int, analog_format: int) -> int:
    """Give the byte for a number; one out of range becomes the nearest that the format has."""
    if analog_format in _UNSIGNED:
        return min(max(x, 0), 0xFF)
    lowest = -0x7F if analog_format == AnalogFormat.ONES_COMPLEMENT else -0x80
    x = min(max(x, lowest), 0x7F)
    if x >= 0:
        return x
    return x + (0xFF if analog_format == AnalogFormat.ONES_COMPLEMENT else 0x100)


def _exp10(y: float) -> float:
    return math.pow(10, y)


def _reciprocal(y: float) -> float:
    # 1/0 is infinite; ipmitool and FreeIPMI show 0.
    return 1 / y if y else 0.0


def _square(y: float) -> float:
    return y * y


def _cube(y: float) -> float:
    return y * y * y


_Function = Callable[[float], float]

# L, and what undoes it (Table 43-1, byte 24). The others do nothing: linear, and 70h-7Fh, whose factors
# come per reading from Get Sensor Reading Factors (§35.5).
_LINEARIZATIONS: dict[int, tuple[_Function, _Function]] = {
    Linearization.LN: (math.log, math.exp),
    Linearization.LOG10: (math.log10, _exp10),
    Linearization.LOG2: (math.log2, math.exp2),
    Linearization.E: (math.exp, math.log),
    Linearization.EXP10: (_exp10, math.log10),
    Linearization.EXP2: (math.exp2, math.log2),
    Linearization.RECIPROCAL: (_reciprocal, _reciprocal),
    Linearization.SQUARE: (_square, math.sqrt),
    Linearization.CUBE: (_cube, math.cbrt),
    Linearization.SQUARE_ROOT: (math.sqrt, _square),
    Linearization.CUBE_ROOT: (math.cbrt, _cube),
}


def _scaled(number: int, exponent: int) -> float:
    power = int(10 ** abs(exponent))
    return float(number * power) if exponent >= 0 else number / power


def unlinearized(value: float, linearization: int) -> float:
    """Undo L: give the y with L[y] = value; the infinite for what is more than a float can be.

    Raises:
        EncodeError: L never gives the value.
    """
    functions = _LINEARIZATIONS.get(linearization)
    try:
        return value if functions is None else functions[1](value)
    except ValueError:
        raise EncodeError(f"{value:g} is no value of linearization {linearization:02X}h") from None
    except OverflowError:
        return math.inf


class Formula(Value, kw_only=True):
    """The factors of one sensor, as its record or Get Sensor Reading Factors gives them.

    Attributes:
        m: slope, -512 to 511.
        b: offset, -512 to 511.
        b_exp: K1, -8 to 7.
        r_exp: K2, -8 to 7.
        linearization: L, 0 to 7Fh.
        analog_format: how a raw byte is a number, 0 to 3.
        tolerance: in half raw counts, 0 to 63.
        accuracy: in 1/100 percent, 0 to 1023; times 10^accuracy_exp.
        accuracy_exp: 0 to 3.
    """

    m: int = 1
    b: int = 0
    b_exp: int = 0
    r_exp: int = 0
    linearization: Linearization = Linearization.LINEAR
    analog_format: AnalogFormat = AnalogFormat.UNSIGNED
    tolerance: int = 0
    accuracy: int = 0
    accuracy_exp: int = 0

    @property
    def analog(self) -> bool:
        """Does the sensor give numbers at all?"""
        return self.analog_format != AnalogFormat.NONE

    def value(self, raw: int) -> float | None:
        """Convert a reading.

        Args:
            raw: as the sensor gives it, 0-255.

        Returns:
            The value in the sensor's unit. None where there is none: the sensor is not analog, or L has no
            value there (a logarithm of nothing, a root of a negative number, more than a float can be).
        """
        return self.at(to_signed(raw, self.analog_format)) if self.analog else None

    def at(self, x: int) -> float | None:
        """Convert a reading that is a number already; else as ``value``."""
        y = self.linear(x)
        functions = _LINEARIZATIONS.get(self.linearization)
        if functions is None:
            return y
        try:
            return functions[0](y)
        except (ValueError, OverflowError):
            return None

    def linear(self, x: int) -> float:
        """(M·x + B·10^K1) · 10^K2, before the linearization."""
        if self.b_exp >= 0:
            return _scaled(self.m * x + self.b * 10**self.b_exp, self.r_exp)
        return _scaled(self.m * x * 10**-self.b_exp + self.b, self.r_exp + self.b_exp)

    def raw(self, value: float) -> int:
        """Convert a value to the reading nearest to it, as for Set Sensor Thresholds.

        Half a count is rounded up, as ipmitool and FreeIPMI do; a value beyond the sensor's range
        gives the end of the range.

        Raises:
            EncodeError: no reading can stand for it: sensor not analog, M is 0, or L never gives it.
        """
        if not self.analog or not self.m or math.isnan(value):
            raise EncodeError(f"no raw reading stands for {value:g} with {self}")
        y = unlinearized(value, self.linearization)
        x = (y / 10.0**self.r_exp - self.b * 10.0**self.b_exp) / self.m
        # Twenty times the range of a byte is out of every range, and still a whole number.
        return to_raw(math.floor(min(max(x, -5000.0), 5000.0) + 0.5), self.analog_format)

    def resolution(self) -> float:
        """Give the value of one raw count, before the linearization."""
        return _scaled(abs(self.m), self.r_exp)

    def span(self, counts: int) -> float:
        """Give the value of a hysteresis in raw counts: M·h·10^K2, without B (§36.3, §35.7)."""
        return _scaled(abs(self.m) * counts, self.r_exp)

    def tolerance_value(self) -> float:
        """Give the ± of a reading: tolerance is in half raw counts (§36.4)."""
        return _scaled(abs(self.m) * self.tolerance, self.r_exp) / 2

    def accuracy_percent(self) -> float:
        """Give the accuracy in percent (§36.4)."""
        return self.accuracy * int(10**self.accuracy_exp) / 100

    @property
    def lowest_raw(self) -> int:
        """The raw byte of the lowest number that the format has."""
        return to_raw(-0x80, self.analog_format)

    @property
    def highest_raw(self) -> int:
        """The raw byte of the highest number that the format has."""
        return to_raw(0xFF, self.analog_format)

    def extremes(self) -> tuple[float, float]:
        """Give the lowest and the highest value before the linearization."""
        ends = [
            self.linear(to_signed(raw, self.analog_format)) for raw in (self.lowest_raw, self.highest_raw)
        ]
        return min(ends), max(ends)
