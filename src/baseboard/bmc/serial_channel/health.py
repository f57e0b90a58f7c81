"""``SYS HEALTH QUERY``: how the system is, in a word for each of its parts (§14.8)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from baseboard.codes import EventReadingType, SensorType
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.bmc.context import Services
    from baseboard.bmc.services.sensor_template import SensorTemplate


class Health(IntEnum):
    """How a part is, the better first; UNKNOWN is what nothing tells about."""

    UNKNOWN = 0
    OK = 1
    NON_CRITICAL = 2
    CRITICAL = 3
    UNSPECIFIED_FAULT = 4
    NON_RECOVERABLE = 5


SHORT: Final = {
    Health.OK: "ok",
    Health.NON_CRITICAL: "nc",
    Health.CRITICAL: "cr",
    Health.NON_RECOVERABLE: "nr",
    Health.UNSPECIFIED_FAULT: "uf",
    Health.UNKNOWN: "??",
}
LONG: Final = {
    Health.OK: "OK",
    Health.NON_CRITICAL: "Non-critical",
    Health.CRITICAL: "Critical",
    Health.NON_RECOVERABLE: "Non-recoverable",
    Health.UNSPECIFIED_FAULT: "Unspecified fault",
    Health.UNKNOWN: "Unknown",
}
PARTS: Final = (
    ("T", "Temperature"), ("V", "Voltage"), ("PS", "PowerSystem"), ("C", "Cooling"), ("D", "Drives"),
    ("S", "Security"), ("O", "Other"),
)  # fmt: skip
"""Short and long name of each part, in the order of the answer."""

_PART_OF: Final[dict[int, str]] = {
    SensorType.TEMPERATURE: "T", SensorType.VOLTAGE: "V", SensorType.CURRENT: "PS",
    SensorType.POWER_SUPPLY: "PS", SensorType.POWER_UNIT: "PS", SensorType.FAN: "C",
    SensorType.COOLING_DEVICE: "C", SensorType.DRIVE_SLOT: "D", SensorType.PHYSICAL_SECURITY: "S",
    SensorType.PLATFORM_SECURITY_VIOLATION_ATTEMPT: "S",
}  # fmt: skip

_THRESHOLDS: Final = (
    (0b100100, Health.NON_RECOVERABLE), (0b010010, Health.CRITICAL), (0b001001, Health.NON_CRITICAL),
)  # fmt: skip
"""Comparison bits of a reading (Table 35-14): non-recoverable, critical, non-critical."""

_SEVERITY: Final = {
    1: Health.NON_CRITICAL, 2: Health.CRITICAL, 3: Health.NON_RECOVERABLE, 4: Health.NON_CRITICAL,
    5: Health.CRITICAL, 6: Health.NON_RECOVERABLE,
}  # fmt: skip
"""Offsets of event/reading type 07h (Table 42-2)."""

_SEVERITY_TYPE: Final = 0x07
_FAULTS: Final[dict[int, int]] = {
    SensorType.POWER_SUPPLY: 0b1111110, SensorType.POWER_UNIT: 0b1100000, SensorType.DRIVE_SLOT: 0b0001110,
    SensorType.PHYSICAL_SECURITY: 0b1111111, SensorType.PLATFORM_SECURITY_VIOLATION_ATTEMPT: 0b111111,
}  # fmt: skip
"""States of sensor-specific sensors that are faults (Table 42-3)."""

_ACPI: Final = ((0b1, "ON"), (0b10, "S1"), (0b100, "S2"), (0b1000, "S3"), (0b10000, "S4"), (0x100, "SLP"))


def power_word(services: Services) -> str:
    """``PWR``: ON, OFF, or the sleep state that a sensor tells."""
    if services.home.backend.power is None:
        return "??"
    if not services.chassis.is_on():
        return "OFF"
    for sensor in services.sensors.catalogue.sensors:
        if services.sensors.settings.of(sensor).sensor_type == SensorType.SYSTEM_ACPI_POWER_STATE:
            states = _states(services, sensor)
            return next((word for bit, word in _ACPI if states is not None and states & bit), "ON")
    return "ON"


def survey(services: Services) -> dict[str, Health]:
    """How each part is, by its short name; ``H`` is the worst of all."""
    parts = {short: Health.UNKNOWN for short, _ in PARTS}
    for sensor in services.sensors.catalogue.sensors:
        short = _PART_OF.get(services.sensors.settings.of(sensor).sensor_type, "O")
        parts[short] = max(parts[short], _health(services, sensor))
    return {"H": _worst(parts.values()), **parts}


def _worst(parts: Iterable[Health]) -> Health:
    return max(parts)


def _health(services: Services, sensor: SensorTemplate) -> Health:
    states = _states(services, sensor)
    if states is None:
        return Health.UNKNOWN
    if sensor.formula is not None:
        return next((health for bits, health in _THRESHOLDS if states & bits), Health.OK)
    settings = services.sensors.settings.of(sensor)
    if settings.event_type == _SEVERITY_TYPE:
        return max((health for bit, health in _SEVERITY.items() if states >> bit & 1), default=Health.OK)
    faults = _FAULTS.get(settings.sensor_type, 0)
    specific = settings.event_type == EventReadingType.SENSOR_SPECIFIC
    return Health.UNSPECIFIED_FAULT if specific and states & faults else Health.OK


def _states(services: Services, sensor: SensorTemplate) -> int | None:
    try:
        reading = services.sensors.reading(sensor)
    except CompletionError:
        return None
    return reading.states if reading.available else None
