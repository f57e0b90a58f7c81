"""FreeIPMI's words for the devices of locator records (Table 43-12)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_INVENTORY: Final = (
    "unspecified",
    "DIMM Memory ID",
    "IPMI FRU Inventory",
    "System Processor Cartridge FRU / PIROM",
)
_PLAIN: Final = ("unspecified",)

DEVICE_TYPES: Final = MappingProxyType(
    {
        0x02: "DS1624 temperature sensor / EEPROM or equivalent",
        0x03: "DS1621 temperature sensor or equivalent",
        0x04: "LM75 Temperature Sensor or equivalent",
        0x05: "'Heceta' ASIC or similar",
        0x08: "EEPROM, 24C01 or equivalent",
        0x09: "EEPROM, 24C02 or equivalent",
        0x0A: "EEPROM, 24C04 or equivalent",
        0x0B: "EEPROM, 24C08 or equivalent",
        0x0C: "EEPROM, 24C16 or equivalent",
        0x0D: "EEPROM, 24C17 or equivalent",
        0x0E: "EEPROM, 24C32 or equivalent",
        0x0F: "EEPROM, 24C64 or equivalent",
        0x10: "FRU Inventory Device behind management controller",
        0x14: "PCF 8570 256 byte RAM or equivalent",
        0x15: "PCF 8573 clock/calendar or equivalent",
        0x16: "PCF 8574a 'i/o port' or equivalent",
        0x17: "PCF 8583 clock/calendar or equivalent",
        0x18: "PCF 8593 clock/calendar or equivalent",
        0x19: "Clock calendar, type not specified",
        0x1A: "PCF 8591 AD, D/A Converter or equivalent",
        0x1B: "i/o port, specific device not specified",
        0x1C: "A/D Converter, specific device not specified",
        0x1D: "D/A Converter, specific device not specified",
        0x1E: "A/D, D/A Converter, specific device not specified",
        0x1F: "LCD controller / Driver, specific device not specified",
        0x20: "Core Logic (chip set) Device, specific device not specified",
        0x21: "LMC6874 Intelligent Battery controller, or equivalent",
        0x22: "Intelligent Battery controller, specific device not specified",
        0x23: "Combo Management ASIC, specific device not specified",
        0x24: "Maxim 1617 Temperature Sensor",
        0xBF: "Other / unspecified device",
    }
)
"""The device types that the specification names."""

OEM_DEVICE: Final = "OEM specified device"
"""Device types C0h-FFh."""

MODIFIERS: Final = MappingProxyType(
    {
        **dict.fromkeys(DEVICE_TYPES, _PLAIN),
        **dict.fromkeys(range(0x08, 0x10), _INVENTORY),
        0x05: (
            "Heceta 1 e.g. LM78",
            "Heceta 2 e.g. LM79",
            "LM80",
            "Heceta 3 e.g. LM81/ DM9240 / DS1760",
            "Heceta 4",
            "Heceta 5",
        ),
        0x10: ("IPMI FRU Inventory", *_INVENTORY[1:]),
    }
)
"""What their modifiers mean."""
