"""From raw sensor bytes to numbers and their digits, as C's doubles make them.

`baseboard.records.formula` computes in whole numbers, so 3 tenths are 0.3. ipmitool multiplies doubles, so
they are 0.30000000000000004, and what it prints depends on it: only what is exactly integral is shown without
decimals, and the last digit is rounded from that double. Equal output needs equal arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

from baseboard.codes import AnalogFormat, Linearization
from baseboard.wire.value import Changing

if TYPE_CHECKING:
    from baseboard.records.sdr import FullSensorRecord

_INT_MAX: Final = 0x7FFFFFFF
_NOT_A_NUMBER: Final = math.copysign(math.nan, -1.0)
"""What an invalid operation gives where ipmitool runs: C prints it as ``-nan``; of log10 alone as ``nan``."""


def _log(function: Callable[[float], float], otherwise: float = _NOT_A_NUMBER) -> Callable[[float], float]:
    def of(y: float) -> float:
        if y == 0:
            return -math.inf
        return function(y) if y > 0 else otherwise

    return of


def _power(base: float) -> Callable[[float], float]:
    def of(y: float) -> float:
        try:
            return math.pow(base, y)
        except OverflowError:
            return math.inf

    return of


def _exponential(y: float) -> float:
    try:
        return math.exp(y)
    except OverflowError:
        return math.inf


def _reciprocal(y: float) -> float:
    return math.copysign(math.inf, y) if y == 0 else math.pow(y, -1.0)


def _square_root(y: float) -> float:
    return math.sqrt(y) if y >= 0 else _NOT_A_NUMBER


_LINEARIZATIONS: Final[dict[int, Callable[[float], float]]] = {
    Linearization.LN: _log(math.log),
    Linearization.LOG10: _log(math.log10, math.nan),
    Linearization.LOG2: _log(lambda y: math.log(y) / math.log(2.0)),
    Linearization.E: _exponential,
    Linearization.EXP10: _power(10.0),
    Linearization.EXP2: _power(2.0),
    Linearization.RECIPROCAL: _reciprocal,
    Linearization.SQUARE: lambda y: math.pow(y, 2.0),
    Linearization.CUBE: lambda y: math.pow(y, 3.0),
    Linearization.SQUARE_ROOT: _square_root,
    Linearization.CUBE_ROOT: math.cbrt,
}


class Factors(Changing):
    """The factors of one sensor; those of a non-linear one change with every reading.

    Attributes:
        m: slope.
        b: offset.
        b_exp: K1.
        r_exp: K2.
        tolerance: in half raw counts.
        linearization: L.
        analog_format: how a raw byte is a number.
    """

    m: int
    b: int
    b_exp: int
    r_exp: int
    tolerance: int
    linearization: int
    analog_format: int

    @classmethod
    def of(cls, record: FullSensorRecord) -> Self:
        """Take them from a record."""
        return cls(
            record.m,
            record.b,
            record.b_exp,
            record.r_exp,
            record.tolerance,
            record.linearization,
            record.analog_format,
        )

    @property
    def discrete(self) -> bool:
        """Whether the sensor gives no numbers."""
        return self.analog_format == AnalogFormat.NONE

    def value(self, raw: int) -> float:
        """Convert a reading or a threshold."""
        if self.discrete:
            return 0.0
        return self._linearized((self.m * self._signed(raw) + self.b * 10.0**self.b_exp) * 10.0**self.r_exp)

    def hysteresis(self, raw: int) -> float:
        """Convert a hysteresis; ipmitool puts it through the linearization too."""
        if self.discrete:
            return 0.0
        return self._linearized(self.m * self._signed(raw) * 10.0**self.r_exp)

    def tolerance_value(self) -> float:
        """Convert the tolerance, likewise."""
        if self.discrete:
            return 0.0
        return self._linearized(self.m * (self._signed(self.tolerance) / 2) * 10.0**self.r_exp)

    def _signed(self, raw: int) -> int:
        if self.analog_format == AnalogFormat.UNSIGNED or raw < 0x80:
            return raw
        if self.analog_format == AnalogFormat.ONES_COMPLEMENT:
            raw = raw + 1 & 0xFF
        return raw - 0x100 if raw & 0x80 else raw

    def _linearized(self, y: float) -> float:
        function = _LINEARIZATIONS.get(self.linearization)
        return y if function is None else function(y)


def integral(value: float) -> bool:
    """Whether C's ``value == (int)value`` holds: it does not for what an ``int`` cannot hold."""
    return math.isfinite(value) and abs(value) <= _INT_MAX + 1 and value == math.trunc(value)


def digits(value: float, decimals: int) -> str:
    """Write a number as C's ``%.*f`` does."""
    text = f"{value:.{decimals}f}"
    return f"-{text}" if math.isnan(value) and math.copysign(1.0, value) < 0 else text


def shortest(value: float, decimals: int) -> str:
    """Write a number without decimals where it is integral, else with so many."""
    return digits(value, 0 if integral(value) else decimals)
