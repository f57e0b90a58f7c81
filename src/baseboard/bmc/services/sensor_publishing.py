"""From what happened to a sensor to the event that says so: which are sent, and with what data (§35.10)."""

from __future__ import annotations

from dataclasses import replace

from baseboard.bmc.services.events import BMC_ADDRESS, Event, Events
from baseboard.bmc.services.sensor_settings import SensorSettings
from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate, Settings
from baseboard.bmc.services.sensor_watch import Watch
from baseboard.bmc.services.sensor_writing import EventDataWritten

_UNSPECIFIED = 0xFF
_TRIGGER = 0x50
"""Event data 1 of a threshold event: byte 2 holds the reading, byte 3 the threshold (Table 29-6)."""


class Publisher:
    """Sends the events of one BMC's sensors, as they are set.

    It also judges what other services say of their sensors, such as the watchdog's: those can be switched off
    and given another type like any other's.
    """

    __slots__ = ("_catalogue", "_events", "_settings", "_watch")

    def __init__(self, events: Events, catalogue: Catalogue, settings: SensorSettings, watch: Watch) -> None:
        self._events, self._catalogue, self._settings, self._watch = events, catalogue, settings, watch
        events.judge = self._judged

    def send(
        self, sensor: SensorTemplate, shown: int, began: int, over: int, data: EventDataWritten | None = None
    ) -> None:
        """Send events: what is over, the worst first, and then what began, the worst last.

        Args:
            sensor: whose.
            shown: its raw reading, or its states.
            began: assertion events, bit n = offset n.
            over: deassertion events.
            data: event data that somebody wrote together with the reading.
        """
        settings = self._settings.of(sensor)
        if not settings.events_enabled:
            return
        for offset in reversed(_offsets(over & settings.deassertions)):
            self._send(sensor, settings, shown, offset, data, deassertion=True)
        for offset in _offsets(began & settings.assertions):
            self._send(sensor, settings, shown, offset, data, deassertion=False)

    def _send(
        self,
        sensor: SensorTemplate,
        settings: Settings,
        shown: int,
        offset: int,
        written: EventDataWritten | None,
        *,
        deassertion: bool,
    ) -> None:
        limits = self._settings.limits(sensor)
        if written is not None:
            first = written.data[0] & 0xF0 | offset if written.keep_offset else written.data[0]
            data = bytes((first, *written.data[1:]))
        elif limits is not None:
            data = bytes((_TRIGGER | offset, shown, limits.threshold(offset)))
        else:
            data = bytes((offset, _UNSPECIFIED, _UNSPECIFIED))
        self._events.send(
            Event(
                sensor_type=settings.sensor_type,
                sensor_number=sensor.number,
                event_type=settings.event_type,
                data=data,
                deassertion=deassertion,
                generator_id=BMC_ADDRESS | sensor.lun << 8,
            )
        )

    def _judged(self, event: Event) -> Event | None:
        """An event that another service tells of, as its sensor's settings have it; None = not to be sent.

        A service knows its sensor by type and number; on which LUN it is, the catalogue knows.
        """
        sensor = self._about(event)
        if sensor is None:
            return event
        bit = 1 << (event.data[0] & 0xF)
        if sensor in self._catalogue.told:
            state = bit & sensor.states
            self._watch.change(sensor, self._watch.held(sensor) & ~state if event.deassertion else state)
        settings = self._settings.of(sensor)
        has = sensor.deassertions if event.deassertion else sensor.assertions
        enabled = settings.deassertions if event.deassertion else settings.assertions
        # what the record does not know of cannot have been switched off one by one
        if bit & has & ~enabled or (sensor.eventful and not _on(settings)):
            return None
        return replace(
            event,
            sensor_type=settings.sensor_type,
            event_type=settings.event_type,
            generator_id=BMC_ADDRESS | sensor.lun << 8,
        )

    def _about(self, event: Event) -> SensorTemplate | None:
        if event.generator_id & 0xFF != BMC_ADDRESS:
            return None
        alike = (
            sensor
            for sensor in self._catalogue.sensors
            if sensor.number == event.sensor_number and sensor.settings.sensor_type == event.sensor_type
        )
        return next(alike, None)


def _on(settings: Settings) -> bool:
    return settings.events_enabled and settings.scanning_enabled


def _offsets(mask: int) -> list[int]:
    return [offset for offset in range(mask.bit_length()) if mask >> offset & 1]
