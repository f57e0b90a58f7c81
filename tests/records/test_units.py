"""Units in words."""

from __future__ import annotations

import pytest

from baseboard.codes import ModifierUse, RateUnit, SensorUnit
from baseboard.records.units import unit_text


@pytest.mark.parametrize(
    ("base", "modifier", "use", "rate", "percentage", "text"),
    [
        (SensorUnit.DEGREES_C, SensorUnit.UNSPECIFIED, ModifierUse.NONE, RateUnit.NONE, False, "degrees C"),
        (SensorUnit.UNSPECIFIED, SensorUnit.UNSPECIFIED, ModifierUse.NONE, RateUnit.NONE, True, "%"),
        (SensorUnit.UNSPECIFIED, SensorUnit.UNSPECIFIED, ModifierUse.NONE, RateUnit.NONE, False, ""),
        (SensorUnit.WATTS, SensorUnit.UNSPECIFIED, ModifierUse.NONE, RateUnit.NONE, True, "% Watts"),
        (SensorUnit.BYTE, SensorUnit.HOUR, ModifierUse.NONE, RateUnit.PER_S, False, "byte per s"),
        (SensorUnit.VOLTS, SensorUnit.HZ, ModifierUse.DIVIDE, RateUnit.NONE, False, "Volts / Hz"),
        (
            SensorUnit.AMPS,
            SensorUnit.KPA,
            ModifierUse.MULTIPLY,
            RateUnit.PER_HOUR,
            True,
            "% Amps * kPa per hour",
        ),
        (SensorUnit.VOLTS, SensorUnit.HZ, ModifierUse(3), RateUnit.NONE, False, "Volts"),
        (SensorUnit(0xF0), SensorUnit.UNSPECIFIED, ModifierUse.NONE, RateUnit.NONE, False, "F0h"),
    ],
)
def test_units(
    base: SensorUnit, modifier: SensorUnit, use: ModifierUse, rate: RateUnit, percentage: bool, text: str
) -> None:
    assert unit_text(base, modifier, use, rate, percentage=percentage) == text
