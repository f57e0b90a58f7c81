"""The unit of a reading in words: base unit, modifier unit, rate and percentage (§43.17, Table 43-15)."""

from __future__ import annotations

from baseboard.codes import ModifierUse, RateUnit, SensorUnit

_SIGNS = {ModifierUse.DIVIDE: " / ", ModifierUse.MULTIPLY: " * "}


def unit_text(
    base: SensorUnit,
    modifier: SensorUnit = SensorUnit.UNSPECIFIED,
    modifier_use: ModifierUse = ModifierUse.NONE,
    rate: RateUnit = RateUnit.NONE,
    *,
    percentage: bool = False,
) -> str:
    """Say what a sensor counts in, such as ``degrees C``, ``% Watts`` or ``bit per s``.

    Args:
        base: SDR byte 22.
        modifier: SDR byte 23.
        modifier_use: how the modifier joins the base unit; a reserved code is taken for "not".
        rate: per which time.
        percentage: the reading is a percentage of the unit; of what it says when the base is unspecified.

    Returns:
        The text; empty where the record names no unit.
    """
    text = _name(base)
    sign = _SIGNS.get(modifier_use)
    if sign is not None:
        text += sign + _name(modifier)
    if rate is not RateUnit.NONE:
        text = f"{text} {rate.text}"
    return f"% {text}".strip() if percentage else text.strip()


def _name(unit: SensorUnit) -> str:
    return "" if unit is SensorUnit.UNSPECIFIED else unit.text or str(unit)
