"""Units, entities and devices; the expected words are ipmitool's."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.sdr_names import device_name, entity_name, unit_name


@pytest.mark.parametrize(
    ("percentage", "use", "base", "modifier", "text"),
    [
        (False, 0, 1, 0, "degrees C"),
        (True, 0, 0, 0, "percent"),
        (True, 0, 18, 0, "% RPM"),
        (False, 1, 4, 5, "Volts/Amps"),
        (True, 2, 6, 0x60, "% Watts*invalid"),
        (False, 3, 92, 1, "grams"),
        (False, 0, 93, 0, "invalid"),
        (False, 0, 0, 0, "unspecified"),
    ],
)
def test_units(percentage: bool, use: int, base: int, modifier: int, text: str) -> None:
    assert unit_name(percentage=percentage, modifier_use=use, base=base, modifier=modifier) == text


def test_entities_and_devices() -> None:
    assert entity_name(0x07) == "System Board"
    assert entity_name(0xC1) == "PICMG AdvancedMC Module"
    assert entity_name(0x55) == "Unknown (0x55)"
    assert device_name(0x10, 0x02) == "IPMI FRU Inventory"
    assert device_name(0x00, 0x08) == "EEPROM, 24C01"
    assert device_name(0x08, 0x01) == "Unknown (0x801)"
