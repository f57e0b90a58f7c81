"""A sensor of a satellite: a value that stays until it is written, and the events of crossing thresholds."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sdr_build import sensor_record
from baseboard.bmc.services.sensor_template import SensorTemplate
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.commands.sensor.sensors import (
    GetSensorReadingResponse,
    GetSensorThresholdResponse,
    ReadingOperation,
    SetSensorReadingAndEventStatus,
    SetSensorThreshold,
)
from baseboard.errors import CompletionError
from baseboard.records.formula import to_signed
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
    """

    __slots__ = ("_report", "_settings", "_template", "raw", "record", "states")

    def __init__(self, index: int, spec: SensorSpec, report: Report) -> None:
        self._report = report
        self._template = SensorTemplate(index, spec)
        self.record = sensor_record(spec)
        self._settings = self._template.settings
        measures = self._template.formula is not None
        self.raw = self._template.raw(spec.physics.on) if measures else 0
        self.states = self._conditions(0) if measures else spec.physics.states

    def reading(self) -> GetSensorReadingResponse:
        """§35.14: the reading, and the thresholds that it is at or beyond."""
        limits = self._template.limits_of(self._settings)
        shown = self.states if limits is None else limits.comparisons(self._number())
        return GetSensorReadingResponse(
            reading=self.raw,
            events_enabled=True,
            scanning_enabled=True,
            unavailable=False,
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
        if not self._template.having or request.thresholds & ~self._template.having:
            raise CompletionError(Cc.INVALID_DATA)
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
        merged = bytes(
            new if request.thresholds & one else old
            for one, old, new in zip(THRESHOLDS, self._settings.thresholds, given, strict=True)
        )
        self._settings = self._settings._replace(thresholds=merged)
        self._look()

    def write(self, request: SetSensorReadingAndEventStatus) -> None:
        """§35.17: the reading, for a sensor that measures; the states, for one that does not."""
        if self._template.formula is not None:
            if request.reading_operation != ReadingOperation.WRITE or request.reading is None:
                raise CompletionError(SetSensorReadingAndEventStatus.NOT_SETTABLE)
            self.raw = request.reading
            self._look()
        else:
            self._become(request.assertions & self._template.states)

    def rearm(self) -> None:
        """Tell anew of what holds."""
        held, self.states = self.states, 0
        self._become(held)

    def _number(self) -> int:
        formula = self._template.formula
        assert formula is not None
        return to_signed(self.raw, formula.analog_format)

    def _conditions(self, before: int) -> int:
        limits = self._template.limits_of(self._settings)
        return 0 if limits is None else limits.conditions(self._number(), before)

    def _look(self) -> None:
        self._become(self._conditions(self.states))

    def _become(self, states: int) -> None:
        """Report every state that began, and every one that ended."""
        began, ended = states & ~self.states, self.states & ~states
        self.states = states
        for offset in range(_OFFSETS):
            if began & self._template.assertions & 1 << offset:
                self._tell(offset, deassertion=False)
            elif ended & self._template.deassertions & 1 << offset:
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
