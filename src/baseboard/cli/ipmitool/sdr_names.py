"""Names that ipmitool has for units, sensor types, entities and devices: not the specification's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from baseboard.cli.ipmitool.text import val2str


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(" | "))


UNITS: Final = _names(
    "unspecified | degrees C | degrees F | degrees K | Volts | Amps | Watts | Joules | Coulombs | VA "
    "| Nits | lumen | lux | Candela | kPa | PSI | Newton | CFM | RPM | Hz | microsecond | "
    "millisecond | second | minute | hour | day | week | mil | inches | feet | cu in | cu feet | mm "
    "| cm | m | cu cm | cu m | liters | fluid ounce | radians | steradians | revolutions | cycles | "
    "gravities | ounce | pound | ft-lb | oz-in | gauss | gilberts | henry | millihenry | farad | "
    "microfarad | ohms | siemens | mole | becquerel | PPM | reserved | Decibels | DbA | DbC | gray | "
    "sievert | color temp deg K | bit | kilobit | megabit | gigabit | byte | kilobyte | megabyte | "
    "gigabyte | word | dword | qword | line | hit | miss | retry | reset | overflow | underrun | "
    "collision | packets | messages | characters | error | correctable error | uncorrectable error | "
    "fatal error | grams"
)
"""Sensor units by code (Table 43-15)."""

SENSOR_TYPES: Final = _names(
    "reserved | Temperature | Voltage | Current | Fan | Physical Security | Platform Security | "
    "Processor | Power Supply | Power Unit | Cooling Device | Other | Memory | Drive Slot / Bay | "
    "POST Memory Resize | System Firmwares | Event Logging Disabled | Watchdog1 | System Event | "
    "Critical Interrupt | Button | Module / Board | Microcontroller | Add-in Card | Chassis | Chip "
    "Set | Other FRU | Cable / Interconnect | Terminator | System Boot Initiated | Boot Error | OS "
    "Boot | OS Critical Stop | Slot / Connector | System ACPI Power State | Watchdog2 | Platform "
    "Alert | Entity Presence | Monitor ASIC | LAN | Management Subsys Health | Battery | Session "
    "Audit | Version Change | FRU State"
)
"""Sensor types by code (Table 42-3), up to 2Ch."""

_ENTITIES: Final = _names(
    "Unspecified | Other | Unknown | Processor | Disk or Disk Bay | Peripheral Bay | System "
    "Management Module | System Board | Memory Module | Processor Module | Power Supply | Add-in "
    "Card | Front Panel Board | Back Panel Board | Power System Board | Drive Backplane | System "
    "Internal Expansion Board | Other System Board | Processor Board | Power Unit | Power Module | "
    "Power Management | Chassis Back Panel Board | System Chassis | Sub-Chassis | Other Chassis "
    "Board | Disk Drive Bay | Peripheral Bay | Device Bay | Fan Device | Cooling Unit | "
    "Cable/Interconnect | Memory Device | System Management Software | BIOS | Operating System | "
    "System Bus | Group | Remote Management Device | External Environment | Battery | Processing "
    "Blade | Connectivity Switch | Processor/Memory Module | I/O Module | Processor/IO Module | "
    "Management Controller Firmware | IPMI Channel | PCI Bus | PCI Express Bus | SCSI Bus (parallel) "
    "| SATA/SAS Bus | Processor/Front-Side Bus | Real Time Clock(RTC) | Reserved | Air Inlet | "
    "Reserved | Reserved | Reserved | Reserved | Reserved | Reserved | Reserved | Reserved | Air "
    "Inlet | Processor | Baseboard/Main System Board"
)

ENTITIES: Final[Mapping[int, str]] = dict(enumerate(_ENTITIES)) | {
    0xA0: "PICMG Front Board",
    0xC0: "PICMG Rear Transition Module",
    0xC1: "PICMG AdvancedMC Module",
    0xF0: "PICMG Shelf Management Controller",
    0xF1: "PICMG Filtration Unit",
    0xF2: "PICMG Shelf FRU Information",
    0xF3: "PICMG Alarm Panel",
}
"""Entities by ID (Table 43-13)."""

DEVICES: Final[Mapping[int, str]] = {
    0x00: "Reserved",
    0x01: "Reserved",
    0x02: "DS1624 temperature sensor",
    0x03: "DS1621 temperature sensor",
    0x04: "LM75 Temperature Sensor",
    0x05: "Heceta ASIC",
    0x06: "Reserved",
    0x07: "Reserved",
    0x08: "EEPROM, 24C01",
    0x09: "EEPROM, 24C02",
    0x0A: "EEPROM, 24C04",
    0x0B: "EEPROM, 24C08",
    0x0C: "EEPROM, 24C16",
    0x0D: "EEPROM, 24C17",
    0x0E: "EEPROM, 24C32",
    0x0F: "EEPROM, 24C64",
    0x1000: "IPMI FRU Inventory",
    0x1001: "DIMM Memory ID",
    0x1002: "IPMI FRU Inventory",
    0x1003: "System Processor Cartridge FRU",
    0x11: "Reserved",
    0x12: "Reserved",
    0x13: "Reserved",
    0x14: "PCF 8570 256 byte RAM",
    0x15: "PCF 8573 clock/calendar",
    0x16: "PCF 8574A I/O Port",
    0x17: "PCF 8583 clock/calendar",
    0x18: "PCF 8593 clock/calendar",
    0x19: "Clock calendar",
    0x1A: "PCF 8591 A/D, D/A Converter",
    0x1B: "I/O Port",
    0x1C: "A/D Converter",
    0x1D: "D/A Converter",
    0x1E: "A/D, D/A Converter",
    0x1F: "LCD Controller/Driver",
    0x20: "Core Logic (Chip set) Device",
    0x21: "LMC6874 Intelligent Battery controller",
    0x22: "Intelligent Batter controller",
    0x23: "Combo Management ASIC",
    0x24: "Maxim 1617 Temperature Sensor",
    0xBF: "Other/Unspecified",
}
"""Devices by type times 256 plus modifier, and by type alone where no modifier is looked at (Table 43-12)."""


def entity_name(entity_id: int) -> str:
    """Name an entity."""
    return val2str(entity_id, ENTITIES)


def device_name(device_type: int, modifier: int) -> str:
    """Name a device; ipmitool looks the pair up as one number."""
    return val2str(device_type << 8 | modifier, DEVICES)


def unit_name(*, percentage: bool, modifier_use: int, base: int, modifier: int) -> str:
    """Name what a sensor counts in; the rate is never told.

    Args:
        percentage: of the unit; of nothing in particular where the base unit is unspecified.
        modifier_use: 1 base unit / modifier unit, 2 base unit * modifier unit.
        base: SDR byte 22.
        modifier: SDR byte 23.
    """
    name = _unit(base)
    percent = "% " if percentage else ""
    if modifier_use == _MULTIPLY:
        return f"{percent}{name}*{_unit(modifier)}"
    if modifier_use == _DIVIDE:
        return f"{percent}{name}/{_unit(modifier)}"
    return "percent" if percentage and not base else percent + name


_DIVIDE, _MULTIPLY = 1, 2


def _unit(code: int) -> str:
    return UNITS[code] if code < len(UNITS) else "invalid"
