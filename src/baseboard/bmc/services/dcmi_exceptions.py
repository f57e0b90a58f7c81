"""What DCMI's limits do when they are not kept: entries in the log, and power off (DCMI 1.5, 6.6, 6.7)."""

from __future__ import annotations

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.home import Home
from baseboard.codes import ChassisControl, EventReadingType, RestartCause, SensorType
from baseboard.errors import CompletionError

LIMIT_EXCEEDED = 1
"""Offset of event/reading type 05h (Table 42-2)."""

TRANSITION_TO_POWER_OFF = 2
"""Offset of event/reading type 0Ah (Table 42-2)."""


_NO_SENSOR = SensorSpec(0, "", SensorType.POWER_UNIT)


class Exceptions:
    """The exception actions of all limits."""

    __slots__ = ("_chassis", "_events", "_home")

    def __init__(self, home: Home, events: Events, chassis: Chassis) -> None:
        self._home, self._events, self._chassis = home, events, chassis

    def power_limit(self, *, off: bool) -> None:
        """The power stayed above its limit.

        Args:
            off: the system's power goes too.
        """
        self._power_unit(EventReadingType.LIMIT, LIMIT_EXCEEDED)
        if off:
            self._power_off()

    def thermal_limit(self, sensor: int, *, off: bool) -> None:
        """A temperature stayed above its limit.

        Args:
            sensor: its sensor number.
            off: the system's power goes too.
        """
        # Unverified: which event DCMI means. The sensor's own are of thresholds, so its settings say nothing
        # about this one.
        data = bytes((LIMIT_EXCEEDED, 0xFF, 0xFF))
        self._events.send(Event(SensorType.TEMPERATURE, sensor, EventReadingType.LIMIT, data))
        if off:
            self._power_off()

    def _power_off(self) -> None:
        """Switch a system off that is on, and say so: the event is due within a second."""
        if not self._chassis.is_on():
            return
        try:
            self._chassis.control(ChassisControl.POWER_DOWN, RestartCause.UNKNOWN)
        except CompletionError:  # there are no power lines
            return
        self._power_unit(EventReadingType.AVAILABILITY, TRANSITION_TO_POWER_OFF)

    def _power_unit(self, kind: EventReadingType, offset: int) -> None:
        """An event of the power unit's sensor for such events, one for nothing else first."""
        fitting = [
            one
            for one in self._home.blueprint.sensors
            if one.sensor_type == SensorType.POWER_UNIT and one.event_type == kind
        ]
        number = max(fitting, key=lambda one: one.record, default=_NO_SENSOR).number
        event = Event(SensorType.POWER_UNIT, number, kind, bytes((offset, 0xFF, 0xFF)))
        if fitting:
            self._events.publish(event)
        else:
            self._events.send(event)
