"""A sensor of a satellite: a value that stays until it is written, and the events of crossing thresholds."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sdr_build import sensor_record
from baseboard.bmc.services.sensor_settings import with_thresholds
from baseboard.bmc.services.sensor_template import ALL_STATES, SensorTemplate
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.commands.sensor.sensors import (
    EventEnableAction,
    GetSensorEventEnableResponse,
    GetSensorEventStatusResponse,
    GetSensorHysteresisResponse,
    GetSensorReadingFactorsResponse,
    GetSensorReadingResponse,
    GetSensorThresholdResponse,
    GetSensorTypeResponse,
    ReadingOperation,
    SetSensorEventEnable,
    SetSensorHysteresis,
    SetSensorReadingAndEventStatus,
    SetSensorThreshold,
)
from baseboard.errors import CompletionError
from baseboard.records.formula import to_signed
from baseboard.records.sdr import Access
from baseboard.records.thresholds import THRESHOLDS, ThresholdMask

_OFFSETS = 15
_READING_AND_THRESHOLD = 0x50
"""Event data 1: trigger reading in byte 2, trigger threshold in byte 3 (Table 29-6)."""

_UNUSED = 0xFF
_STATES_END = 0x80

Report = Callable[[PlatformEvent], None]


class SatelliteSensor:
    """One sensor.

    Attributes:
        record: its SDR, without an owner.
        raw: its reading, if it measures.
        states: what holds: events of its thresholds, or its states.
        ended: what held before and does so no more.
    """

    __slots__ = ("_report", "_settings", "_template", "ended", "raw", "record", "states")

    def __init__(self, index: int, spec: SensorSpec, report: Report) -> None:
        self._report = report
        self._template = SensorTemplate(index, spec)
        self.record = sensor_record(spec)
        self._settings = self._template.settings
        self.ended = 0
        measures = self._template.formula is not None
        self.raw = self._template.raw(spec.physics.on) if measures else 0
        self.states = self._conditions(0) if measures else spec.physics.states

    def reading(self) -> GetSensorReadingResponse:
        """§35.14: the reading, and the thresholds that it is at or beyond."""
        limits = self._template.limits_of(self._settings)
        shown = self.states if limits is None else limits.comparisons(self._number())
        return GetSensorReadingResponse(
            reading=self.raw,
            events_enabled=self._settings.events_enabled,
            scanning_enabled=self._settings.scanning_enabled,
            unavailable=not self._settings.scanning_enabled,
            states_low=shown & 0xFF,
            states_high=shown >> 8 | _STATES_END,
        )

    def thresholds(self) -> GetSensorThresholdResponse:
        """§35.9."""
        having = self._template.having
        if not having:
            raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
        values = zip(THRESHOLDS, self._settings.thresholds, strict=True)
        lnc, lc, lnr, unc, uc, unr = (raw if having & one else 0 for one, raw in values)
        return GetSensorThresholdResponse(
            readable=ThresholdMask(having),
            lower_non_critical=lnc,
            lower_critical=lc,
            lower_non_recoverable=lnr,
            upper_non_critical=unc,
            upper_critical=uc,
            upper_non_recoverable=unr,
        )

    def set_thresholds(self, request: SetSensorThreshold) -> None:
        """§35.8: those that the mask names."""
        given = bytes(
            (
                request.lower_non_critical,
                request.lower_critical,
                request.lower_non_recoverable,
                request.upper_non_critical,
                request.upper_critical,
                request.upper_non_recoverable,
            )
        )
        self._settings = with_thresholds(self._template, self._settings, int(request.thresholds), given)
        self._look()

    def hysteresis(self) -> GetSensorHysteresisResponse:
        """§35.7."""
        if self._template.hysteresis == Access.NONE:
            raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
        settings = self._settings
        return GetSensorHysteresisResponse(positive_going=settings.positive, negative_going=settings.negative)

    def set_hysteresis(self, request: SetSensorHysteresis) -> None:
        """§35.6."""
        if self._template.hysteresis == Access.NONE:
            raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
        self._settings = self._settings._replace(
            positive=request.positive_going, negative=request.negative_going
        )
        self._look()

    def factors(self) -> GetSensorReadingFactorsResponse:
        """§35.5: one formula is enough for all of its readings."""
        formula = self._template.formula
        if formula is None:
            raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
        return GetSensorReadingFactorsResponse(
            next_reading=self.raw,
            m=formula.m,
            tolerance=formula.tolerance,
            b=formula.b,
            accuracy=formula.accuracy,
            accuracy_exponent=formula.accuracy_exp,
            r_exponent=formula.r_exp,
            b_exponent=formula.b_exp,
        )

    def type(self) -> GetSensorTypeResponse:
        """§35.16."""
        return GetSensorTypeResponse(
            sensor_type=SensorType(self._settings.sensor_type),
            event_reading_type=EventReadingType(self._settings.event_type),
        )

    def enables(self) -> GetSensorEventEnableResponse:
        """§35.11."""
        settings = self._settings
        return GetSensorEventEnableResponse(
            events_enabled=settings.events_enabled,
            scanning_enabled=settings.scanning_enabled,
            assertions_low=settings.assertions & 0xFF,
            assertions_high=settings.assertions >> 8,
            deassertions_low=settings.deassertions & 0xFF,
            deassertions_high=settings.deassertions >> 8,
        )

    def enable(self, request: SetSensorEventEnable) -> None:
        """§35.10: events that the sensor cannot send stay off."""
        assertions, deassertions = self._settings.assertions, self._settings.deassertions
        if request.action == EventEnableAction.ENABLE_SELECTED:
            assertions |= request.assertions & self._template.assertions
            deassertions |= request.deassertions & self._template.deassertions
        elif request.action == EventEnableAction.DISABLE_SELECTED:
            assertions &= ~request.assertions
            deassertions &= ~request.deassertions
        elif request.action != EventEnableAction.LEAVE:
            raise CompletionError(Cc.INVALID_DATA)
        self._settings = self._settings._replace(
            events_enabled=request.events_enabled,
            scanning_enabled=request.scanning_enabled,
            assertions=assertions,
            deassertions=deassertions,
        )
        self._look()

    def status(self) -> GetSensorEventStatusResponse:
        """§35.13: its events are re-armed by itself, so it is what holds now."""
        holds = self.states & self._template.assertions
        gone = self.ended & self._template.deassertions
        return GetSensorEventStatusResponse(
            events_enabled=self._settings.events_enabled,
            scanning_enabled=self._settings.scanning_enabled,
            unavailable=not self._settings.scanning_enabled,
            assertions_low=holds & 0xFF,
            assertions_high=holds >> 8,
            deassertions_low=gone & 0xFF,
            deassertions_high=gone >> 8,
        )

    def write(self, request: SetSensorReadingAndEventStatus) -> None:
        """§35.17: the reading, for a sensor that measures; the states, for one that does not."""
        if self._template.formula is not None:
            if request.reading_operation != ReadingOperation.WRITE or request.reading is None:
                raise CompletionError(SetSensorReadingAndEventStatus.NOT_SETTABLE)
            self.raw = request.reading
            self._look()
        else:
            self._become(request.assertions & self._template.states)

    def rearm(self, assertions: int = ALL_STATES) -> None:
        """Tell anew of what holds of these."""
        held = self.states
        self.states &= ~assertions
        self.ended &= ~assertions
        self._become(held)

    def _number(self) -> int:
        formula = self._template.formula
        assert formula is not None
        return to_signed(self.raw, formula.analog_format)

    def _conditions(self, before: int) -> int:
        limits = self._template.limits_of(self._settings)
        return 0 if limits is None else limits.conditions(self._number(), before)

    def _look(self) -> None:
        """What is not scanned changes nothing."""
        if self._settings.scanning_enabled and self._template.formula is not None:
            self._become(self._conditions(self.states))

    def _become(self, states: int) -> None:
        """Report every state that began, and every one that ended, as far as somebody wants to hear of it."""
        began, ended = states & ~self.states, self.states & ~states
        self.states = states
        self.ended = (self.ended | ended) & ~states
        settings = self._settings
        if not settings.events_enabled:
            return
        for offset in range(_OFFSETS):
            if began & settings.assertions & 1 << offset:
                self._tell(offset, deassertion=False)
            elif ended & settings.deassertions & 1 << offset:
                self._tell(offset, deassertion=True)

    def _tell(self, offset: int, *, deassertion: bool) -> None:
        limits = self._template.limits_of(self._settings)
        measured = limits is not None
        self._report(
            PlatformEvent(
                sensor_type=SensorType(self._settings.sensor_type),
                sensor_number=self._template.number,
                deassertion=deassertion,
                event_type=EventReadingType(self._settings.event_type),
                event_data1=offset | (_READING_AND_THRESHOLD if measured else 0),
                event_data2=self.raw if measured else _UNUSED,
                event_data3=_UNUSED if limits is None else limits.threshold(offset),
            )
        )
