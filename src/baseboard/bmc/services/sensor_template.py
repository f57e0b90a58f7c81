"""What is equal in all BMCs of one make-up: their sensors as shipped, ready for use."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sdr_build import event_states, sensor_record
from baseboard.bmc.services.sensor_limits import Limits
from baseboard.codes import EventReadingType
from baseboard.records.formula import Formula
from baseboard.records.sdr import Access, FullSensorRecord, ReadableSensorRecord, SensorRecord
from baseboard.records.thresholds import THRESHOLDS

WATCHDOG, EVENT_LOG = "watchdog", "sel"
"""State rules of sensors whose states the controller itself knows."""

ALL_STATES = 0x7FFF
THRESHOLD_EVENTS = 0x0FFF
_ROW = struct.Struct("<6sBBBHHBB")
_EVENTS, _SCANNING = 1, 2


class Settings(NamedTuple):
    """What of a sensor can be set.

    Attributes:
        thresholds: six raw bytes in the order of the commands.
        positive: positive-going hysteresis, raw counts.
        negative: negative-going hysteresis, raw counts.
        events_enabled: its event messages are on.
        scanning_enabled: it is looked at.
        assertions: assertion events that are sent, bit n = offset n.
        deassertions: deassertion events that are sent.
        sensor_type: Table 42-3.
        event_type: event/reading type code.
    """

    thresholds: bytes
    positive: int
    negative: int
    events_enabled: bool
    scanning_enabled: bool
    assertions: int
    deassertions: int
    sensor_type: int
    event_type: int

    def row(self) -> bytes:
        """The settings as they are kept."""
        switches = self.events_enabled * _EVENTS | self.scanning_enabled * _SCANNING
        return _ROW.pack(*self[:3], switches, *self[5:])

    @classmethod
    def of_row(cls, row: bytes) -> Settings:
        """The settings that were kept."""
        thresholds, positive, negative, switches, *rest = _ROW.unpack(row)
        return cls(
            thresholds, positive, negative, bool(switches & _EVENTS), bool(switches & _SCANNING), *rest
        )


class SensorTemplate:
    """One sensor as it is shipped.

    Attributes:
        index: its place among the sensors of the BMC.
        lun: owner LUN.
        number: sensor number.
        name: as in the blueprint.
        record: its SDR with a record ID of 0.
        formula: from reading to value; None = the sensor has states and no analog reading.
        readable: Get Sensor Reading works; not so for event-only sensors.
        settable: Set Sensor Reading And Event Status works.
        auto_rearm: its events are re-armed by itself.
        having: mask of its thresholds, which all can be read and set.
        hysteresis: it has a hysteresis, which can be read and set.
        assertions: assertion events that it can send.
        deassertions: deassertion events that it can send.
        states: states that it can show.
        usual: states that are no news when the BMC starts.
        rule: whose rule makes its states.
        settings: as shipped.
        limits: of its thresholds as shipped; None without any.
    """

    __slots__ = (
        "assertions", "auto_rearm", "deassertions", "formula", "having", "hysteresis", "index", "limits",
        "lun", "name", "number", "readable", "record", "rule", "settable", "settings", "states", "usual",
    )  # fmt: skip

    def __init__(self, index: int, spec: SensorSpec) -> None:
        record = sensor_record(spec)
        self.index, self.lun, self.number, self.name = index, spec.lun, spec.number, spec.name
        self.record = record.encode()
        self.auto_rearm, self.rule = spec.auto_rearm, spec.physics.rule
        self.formula: Formula | None = None
        self.having = 0
        self.hysteresis = self.readable = self.settable = False
        self.states = 0 if spec.event_type == EventReadingType.THRESHOLD else spec.states
        self.assertions, self.deassertions = event_states(spec), 0
        # a state that the blueprint does not foresee is news; what a rule or a source shows it cannot foresee
        foreseen = not self.rule and not spec.source
        self.usual = spec.physics.states | spec.physics.states_off if foreseen else ALL_STATES
        if isinstance(record, ReadableSensorRecord):
            self._read(record)
        self.settings = self._defaults(spec, record)
        self.limits = self.limits_of(self.settings)

    def _read(self, record: ReadableSensorRecord) -> None:
        self.readable, self.settable = True, record.settable_reading
        events = THRESHOLD_EVENTS if record.has_thresholds else ALL_STATES
        self.assertions, self.deassertions = record.assertion_mask & events, record.deassertion_mask & events
        self.having = int(record.readable_thresholds)
        self.hysteresis = record.hysteresis_access == Access.SETTABLE
        if isinstance(record, FullSensorRecord) and record.has_thresholds:
            self.formula = record.formula

    def _defaults(self, spec: SensorSpec, record: SensorRecord) -> Settings:
        thresholds, counts = bytes(6), 0
        if isinstance(record, FullSensorRecord):
            shipped = record.thresholds
            thresholds = bytes(shipped.get(one, 0) for one in THRESHOLDS)
            counts = record.positive_hysteresis
        return Settings(
            thresholds,
            counts,
            counts,
            events_enabled=bool(self.assertions | self.deassertions),
            scanning_enabled=True,
            assertions=self.assertions,
            deassertions=self.deassertions,
            sensor_type=spec.sensor_type,
            event_type=spec.event_type,
        )

    def limits_of(self, settings: Settings) -> Limits | None:
        """The sensor's thresholds by these settings; None without any."""
        if self.formula is None:
            return None
        return Limits(self.formula, self.having, settings.thresholds, settings.positive, settings.negative)

    @property
    def key(self) -> int:
        """LUN and number in one."""
        return self.lun << 8 | self.number

    @property
    def eventful(self) -> bool:
        """Whether it can send events."""
        return bool(self.assertions | self.deassertions)


class Catalogue:
    """The sensors of one make-up.

    Attributes:
        sensors: in the order of the blueprint.
        by_key: the same by LUN and number.
        measured: for scanning: index, name and quiet interval of those with thresholds.
        watched: for scanning: index, name and states of those whose states come from the system.
        logged: those whose states are the event log's.
        told: those whose states others report by events.
    """

    __slots__ = ("by_key", "logged", "measured", "sensors", "specs", "told", "watched")

    def __init__(self, specs: tuple[SensorSpec, ...]) -> None:
        self.specs = specs
        self.sensors = tuple(SensorTemplate(index, spec) for index, spec in enumerate(specs))
        self.by_key = {sensor.key: sensor for sensor in self.sensors}
        self.measured = tuple(
            (one.index, one.name, one.limits.low, one.limits.high)
            for one in self.sensors
            if one.limits is not None and one.eventful
        )
        self.told = tuple(one for one in self.sensors if one.rule == WATCHDOG)
        self.logged = tuple(one for one in self.sensors if one.rule == EVENT_LOG)
        own = (WATCHDOG, EVENT_LOG)
        self.watched = tuple(
            (one.index, one.name, one.states)
            for one in self.sensors
            if one.formula is None and one.eventful and one.rule not in own
        )

    @property
    def scanned(self) -> bool:
        """Whether there is anything to scan for."""
        return bool(self.measured or self.watched or self.logged)


@lru_cache(maxsize=64)
def catalogue(specs: tuple[SensorSpec, ...]) -> Catalogue:
    """The catalogue of these sensors; the same object for the same sensors."""
    return Catalogue(specs)
