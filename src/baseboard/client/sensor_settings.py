"""What can be set of a sensor: thresholds, hysteresis, and which events it sends (§35.6 to §35.13)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.client.sensor import NAMES, needs_factors, threshold_name
from baseboard.client.sensor_factors import FactorTable, walk
from baseboard.commands.sensor.sensors import (
    EventEnableAction,
    GetSensorEventEnable,
    GetSensorEventStatus,
    GetSensorEventStatusResponse,
    GetSensorHysteresis,
    GetSensorReadingFactors,
    GetSensorReadingFactorsResponse,
    GetSensorThreshold,
    RearmSensorEvents,
    SetSensorEventEnable,
    SetSensorHysteresis,
    SetSensorThreshold,
)
from baseboard.errors import EncodeError, NoEffect
from baseboard.records.thresholds import ThresholdMask

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target
    from baseboard.client.sensor import Sensor
    from baseboard.records.formula import Formula

ALL_EVENTS: Final = 0x7FFF
"""Every event that a sensor can have."""


class EventEnables(NamedTuple):
    """Which events of a sensor are sent; bit n of a mask is event offset n.

    Attributes:
        events_enabled: any at all.
        scanning_enabled: the sensor is read by its controller.
        assertions: the events that are sent when they begin.
        deassertions: those that are sent when they end.
    """

    events_enabled: bool
    scanning_enabled: bool
    assertions: int
    deassertions: int


class Hysteresis(NamedTuple):
    """How far a reading must come back before an event ends, in the sensor's unit."""

    positive: float
    negative: float


class SensorSettings(ABC):
    """The part of ``bmc.sensors`` that changes sensors; each change is read back."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    @abstractmethod
    async def find(self, name: str) -> Sensor:
        """Give a sensor by its name."""

    @abstractmethod
    def target(self, sensor: Sensor) -> Target:
        """Tell whom a sensor's commands go to."""

    @abstractmethod
    async def thresholds(self, sensor: Sensor | str) -> dict[str, float]:
        """Ask for a sensor's thresholds."""

    async def _known(self, sensor: Sensor | str) -> Sensor:
        return await self.find(sensor) if isinstance(sensor, str) else sensor

    async def factors(self, sensor: Sensor | str) -> FactorTable:
        """Ask for all factors of a sensor whose formula differs from reading to reading (§35.5).

        Raises:
            EncodeError: its readings have no formula at all.
            CompletionError: the controller has no factors of it.
        """
        known = await self._known(sensor)
        if known.formula is None:
            raise EncodeError(f"{known.name}: its readings have no formula")

        async def ask(raw: int) -> GetSensorReadingFactorsResponse:
            request = GetSensorReadingFactors(sensor_number=known.number, reading=raw)
            return await self._bmc.execute(request, target=self.target(known))

        return await walk(ask, known.formula.analog_format)

    async def conversion(self, sensor: Sensor | str) -> Formula | FactorTable:
        """Give what converts a sensor's readings to values and back: its formula, or all of its factors.

        Raises:
            EncodeError: its readings have no formula.
            CompletionError: the controller has no factors of it.
        """
        known = await self._known(sensor)
        return await self.factors(known) if needs_factors(known) else _formula(known)

    async def set_thresholds(
        self,
        sensor: Sensor | str,
        *,
        lower_non_recoverable: float | None = None,
        lower_critical: float | None = None,
        lower_non_critical: float | None = None,
        upper_non_critical: float | None = None,
        upper_critical: float | None = None,
        upper_non_recoverable: float | None = None,
    ) -> dict[str, float]:
        """Set some thresholds, in the sensor's unit; the others stay.

        Returns: all thresholds as they are now; a value is the nearest that the sensor can have.

        Raises:
            EncodeError: the sensor's readings have no formula.
            CompletionError: the controller refused.
            NoEffect: it did not, but they are not what was set.
        """
        known = await self._known(sensor)
        wanted = {
            ThresholdMask.LNC: lower_non_critical,
            ThresholdMask.LC: lower_critical,
            ThresholdMask.LNR: lower_non_recoverable,
            ThresholdMask.UNC: upper_non_critical,
            ThresholdMask.UC: upper_critical,
            ThresholdMask.UNR: upper_non_recoverable,
        }
        formula = await self.conversion(known)
        named = {NAMES[one]: value for one, value in wanted.items()}
        meant = {one: named[threshold_name(known, one)] for one in wanted}
        raw = {one: formula.raw(value) for one, value in meant.items() if value is not None}
        request = SetSensorThreshold(
            sensor_number=known.number,
            thresholds=ThresholdMask(sum(raw)),
            **{NAMES[one]: value for one, value in raw.items()},
        )
        target = self.target(known)
        await self._bmc.execute(request, target=target)
        now = await self._bmc.execute(GetSensorThreshold(sensor_number=known.number), target=target)
        for one, value in raw.items():
            if getattr(now, NAMES[one]) != value:
                raise NoEffect(
                    f"{known.name}: {NAMES[one]} was set to {formula.value(value)}"
                    f" and is {formula.value(getattr(now, NAMES[one]))}"
                )
        return await self.thresholds(known)

    async def hysteresis(self, sensor: Sensor | str) -> Hysteresis:
        """Ask for a sensor's hysteresis, in its unit."""
        known = await self._known(sensor)
        formula = _formula(known)
        request = GetSensorHysteresis(sensor_number=known.number)
        answer = await self._bmc.execute(request, target=self.target(known))
        return Hysteresis(formula.span(answer.positive_going), formula.span(answer.negative_going))

    async def set_hysteresis(self, sensor: Sensor | str, positive: float, negative: float) -> Hysteresis:
        """Set a sensor's hysteresis, in its unit.

        Returns: what it is now; a value is the nearest that the sensor can have.

        Raises:
            EncodeError: the sensor's readings have no formula, or a value is more than 255 counts.
            NoEffect: the controller did not refuse, but it is not what was set.
        """
        known = await self._known(sensor)
        formula = _formula(known)
        counts = [round(value / formula.resolution()) for value in (positive, negative)]
        request = SetSensorHysteresis(
            sensor_number=known.number, positive_going=counts[0], negative_going=counts[1]
        )
        await self._bmc.execute(request, target=self.target(known))
        now = await self.hysteresis(known)
        wanted = Hysteresis(formula.span(counts[0]), formula.span(counts[1]))
        if now != wanted:
            raise NoEffect(f"{known.name}: hysteresis was set to {tuple(wanted)} and is {tuple(now)}")
        return now

    async def event_enables(self, sensor: Sensor | str) -> EventEnables:
        """Ask which events a sensor sends (§35.11)."""
        known = await self._known(sensor)
        request = GetSensorEventEnable(sensor_number=known.number)
        answer = await self._bmc.execute(request, target=self.target(known))
        return EventEnables(
            answer.events_enabled, answer.scanning_enabled, answer.assertions, answer.deassertions
        )

    async def set_event_enables(
        self,
        sensor: Sensor | str,
        *,
        events_enabled: bool | None = None,
        scanning_enabled: bool | None = None,
        assertions: int | None = None,
        deassertions: int | None = None,
    ) -> EventEnables:
        """Say which events a sensor sends; what is left out stays as it is.

        Raises:
            CompletionError: the controller refused.
            NoEffect: it did not, but the enables are not what was set.
        """
        known = await self._known(sensor)
        before = await self.event_enables(known)
        wanted = EventEnables(
            before.events_enabled if events_enabled is None else events_enabled,
            before.scanning_enabled if scanning_enabled is None else scanning_enabled,
            before.assertions if assertions is None else assertions,
            before.deassertions if deassertions is None else deassertions,
        )
        on = wanted.assertions & ~before.assertions, wanted.deassertions & ~before.deassertions
        off = before.assertions & ~wanted.assertions, before.deassertions & ~wanted.deassertions
        for action, (begin, end) in (
            (EventEnableAction.DISABLE_SELECTED, off),
            (EventEnableAction.ENABLE_SELECTED, on),
        ):
            if begin or end:
                await self._enable(known, wanted, action, begin, end)
        if not any((*on, *off)):
            await self._enable(known, wanted, EventEnableAction.LEAVE, 0, 0)
        now = await self.event_enables(known)
        if now != wanted:
            raise NoEffect(f"{known.name}: event enables were set to {tuple(wanted)} and are {tuple(now)}")
        return now

    async def _enable(
        self, sensor: Sensor, wanted: EventEnables, action: EventEnableAction, begin: int, end: int
    ) -> None:
        request = SetSensorEventEnable(
            sensor_number=sensor.number,
            events_enabled=wanted.events_enabled,
            scanning_enabled=wanted.scanning_enabled,
            action=action,
            assertions_low=begin & 0xFF,
            assertions_high=begin >> 8,
            deassertions_low=end & 0xFF,
            deassertions_high=end >> 8,
        )
        await self._bmc.execute(request, target=self.target(sensor))

    async def event_status(self, sensor: Sensor | str) -> GetSensorEventStatusResponse:
        """Ask which events of a sensor hold, or have occurred if it is re-armed by hand (§35.13)."""
        known = await self._known(sensor)
        return await self._bmc.execute(
            GetSensorEventStatus(sensor_number=known.number), target=self.target(known)
        )

    async def rearm(
        self, sensor: Sensor | str, *, assertions: int = ALL_EVENTS, deassertions: int = ALL_EVENTS
    ) -> None:
        """Forget events of a sensor, so that they are reported again if they still hold (§35.12)."""
        known = await self._known(sensor)
        every = assertions == deassertions == ALL_EVENTS
        request = RearmSensorEvents(
            sensor_number=known.number,
            selected=not every,
            assertions_low=None if every else assertions & 0xFF,
            assertions_high=None if every else assertions >> 8,
            deassertions_low=None if every else deassertions & 0xFF,
            deassertions_high=None if every else deassertions >> 8,
        )
        await self._bmc.execute(request, target=self.target(known))


def _formula(sensor: Sensor) -> Formula:
    if sensor.formula is None:
        raise EncodeError(f"{sensor.name}: its readings have no formula")
    return sensor.formula
