"""SDR type 01h: a sensor with everything about it (Table 43-1)."""

from __future__ import annotations

from baseboard.codes import AnalogFormat, Linearization, SdrType, SensorDirection
from baseboard.records.formula import Formula
from baseboard.records.id_string import ID_STRING
from baseboard.records.sdr.record import Sdr
from baseboard.records.sdr.sensor import ReadableSensorRecord
from baseboard.records.thresholds import SDR_ORDER, ThresholdMask
from baseboard.wire import at


@Sdr.of(SdrType.FULL_SENSOR)
class FullSensorRecord(ReadableSensorRecord):
    """A sensor, the formula of its readings and its thresholds at power-up (Table 43-1)."""

    init_thresholds: bool = at("11[4]", default=True)
    analog_format: AnalogFormat = at("21[7:6]", default=AnalogFormat.UNSIGNED)
    linearization: Linearization = at("24[6:0]", default=Linearization.LINEAR)
    m: int = at("26[7:6]|25", "slope", signed=True, default=1)
    tolerance: int = at("26[5:0]", "in half raw counts", default=0)
    b: int = at("28[7:6]|27", "offset", signed=True, default=0)
    accuracy: int = at("29[7:4]|28[5:0]", "in 1/100 percent, times 10^accuracy_exp", default=0)
    accuracy_exp: int = at("29[3:2]", default=0)
    direction: SensorDirection = at("29[1:0]", default=SensorDirection.UNSPECIFIED)
    r_exp: int = at("30[7:4]", "exponent of the result, K2", signed=True, default=0)
    b_exp: int = at("30[3:0]", "exponent of the offset, K1", signed=True, default=0)
    normal_minimum_given: bool = at("31[2]", default=False)
    normal_maximum_given: bool = at("31[1]", default=False)
    nominal_given: bool = at("31[0]", default=False)
    nominal_reading: int = at("32", "raw, and so are the next bytes", default=0)
    normal_maximum: int = at("33", default=0)
    normal_minimum: int = at("34", default=0)
    sensor_maximum: int = at("35", default=0xFF)
    sensor_minimum: int = at("36", default=0)
    upper_non_recoverable: int = at("37", default=0)
    upper_critical: int = at("38", default=0)
    upper_non_critical: int = at("39", default=0)
    lower_non_recoverable: int = at("40", default=0)
    lower_critical: int = at("41", default=0)
    lower_non_critical: int = at("42", default=0)
    positive_hysteresis: int = at("43", "in raw counts", default=0)
    negative_hysteresis: int = at("44", "in raw counts", default=0)
    oem: int = at("47", default=0)
    id_string: str = at("48:", "type/length byte and name", codec=ID_STRING, count="length-42", default="")

    @property
    def formula(self) -> Formula:
        """How raw readings become values."""
        return Formula(
            m=self.m,
            b=self.b,
            b_exp=self.b_exp,
            r_exp=self.r_exp,
            linearization=self.linearization,
            analog_format=self.analog_format,
            tolerance=self.tolerance,
            accuracy=self.accuracy,
            accuracy_exp=self.accuracy_exp,
        )

    @property
    def thresholds(self) -> dict[ThresholdMask, int]:
        """Its thresholds at power-up as raw readings, those that can be read; in the order of the record."""
        raw = (
            self.upper_non_recoverable,
            self.upper_critical,
            self.upper_non_critical,
            self.lower_non_recoverable,
            self.lower_critical,
            self.lower_non_critical,
        )
        return {one: x for one, x in zip(SDR_ORDER, raw, strict=True) if one in self.readable_thresholds}

    def value(self, raw: int) -> float | None:
        """Convert a raw reading; None where it has no value (see `Formula.value`)."""
        return self.formula.value(raw)

    def value_text(self, raw: int) -> str:
        """Say a raw reading with its unit, such as ``45 degrees C``; in hex where it has no value."""
        value = self.value(raw)
        return f"{raw:02X}h" if value is None else f"{value:.6g} {self.unit}".rstrip()
