"""Faults of the chassis, as Get Chassis Status sums up what the sensors reported (Table 28-3)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.shared import Sparse
from baseboard.codes import EventReadingType, SensorType

_OFFSET = 0x0F


class Fault(IntFlag):
    """What may be wrong with a chassis."""

    POWER = 0x01
    SUPPLY = 0x02
    INTERLOCK = 0x04
    OVERLOAD = 0x08
    MAINS = 0x10
    POWER_CONTROL = 0x20
    COOLING = 0x40
    DRIVE = 0x80
    INTRUSION = 0x100


_SPECIFIC = EventReadingType.SENSOR_SPECIFIC
_THRESHOLD = EventReadingType.THRESHOLD

# sensor type, event/reading type, offset (Tables 42-2 and 42-3) -> what that says about the chassis
_MEANING: dict[tuple[int, int, int], Fault] = {
    (SensorType.FAN, _THRESHOLD, 2): Fault.COOLING,  # lower critical, going low
    (SensorType.FAN, _THRESHOLD, 4): Fault.COOLING,  # lower non-recoverable, going low
    (SensorType.PHYSICAL_SECURITY, _SPECIFIC, 0): Fault.INTRUSION,
    (SensorType.POWER_SUPPLY, _SPECIFIC, 1): Fault.SUPPLY,
    (SensorType.POWER_UNIT, _SPECIFIC, 2): Fault.OVERLOAD,  # 240 VA power down
    (SensorType.POWER_UNIT, _SPECIFIC, 3): Fault.INTERLOCK,
    (SensorType.POWER_UNIT, _SPECIFIC, 4): Fault.MAINS,
    (SensorType.POWER_UNIT, _SPECIFIC, 5): Fault.POWER_CONTROL,
    (SensorType.POWER_UNIT, _SPECIFIC, 6): Fault.POWER,
    (SensorType.DRIVE_SLOT, _SPECIFIC, 1): Fault.DRIVE,
}


class Faults(Sparse):
    """The faults that the BMC's own sensors have reported and not taken back."""

    __slots__ = ("_active", "_address")
    PARTS = (("_active", dict),)

    _active: dict[tuple[int, int, int], Fault]

    def __init__(self, events: Events) -> None:
        self._address = events.address
        events.listeners.append(self._heard)

    def now(self) -> Fault:
        """All faults that hold."""
        faults = Fault(0)
        for fault in self._active.values():
            faults |= fault
        return faults

    def _heard(self, event: Event) -> None:
        offset = event.data[0] & _OFFSET
        fault = _MEANING.get((event.sensor_type, event.event_type, offset))
        # What software says about the same sensor types is about itself, not about this chassis.
        if fault is None or event.generator_id & 0xFF != self._address:
            return
        sensor = (event.generator_id, event.sensor_number, offset)
        if event.deassertion:
            self._active.pop(sensor, None)
        else:
            self._active[sensor] = fault
