"""What is equal in all BMCs of one make-up: their sensors as shipped, ready for use."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sdr_build import curve_of, event_states, sensor_record
from baseboard.bmc.services.sensor_limits import Limits
from baseboard.bmc.shared import Shared
from baseboard.codes import EventReadingType, Linearization, SensorType
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula, to_signed
from baseboard.records.sdr import Access, FullSensorRecord, ReadableSensorRecord, SensorRecord
from baseboard.records.thresholds import THRESHOLDS

WATCHDOG, EVENT_LOG = "watchdog", "sel"
"""State rules of sensors whose states the controller itself knows."""

ALL_STATES = 0x7FFF
THRESHOLD_EVENTS = 0x0FFF
_ROW = struct.Struct("<6sBBBHHBB")
_EVENTS, _SCANNING = 1, 2
_RISING = frozenset(Linearization) - {
    Linearization.RECIPROCAL, Linearization.SQUARE, Linearization.NON_LINEAR,
}  # fmt: skip
"""What rises, or falls, all along: between two values that cross nothing there is none that does."""


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
        curve: from reading to value where one formula is not enough; None = it is.
        traits: what is special about it.
        settable: Set Sensor Reading And Event Status works.
        auto_rearm: its events are re-armed by itself.
        having: mask of its thresholds.
        threshold_access: how these can be got at.
        hysteresis: how its hysteresis can be got at.
        assertions: assertion events that it can send.
        deassertions: deassertion events that it can send.
        states: states that it can show.
        usual: states that are no news when the BMC starts.
        rule: whose rule makes its states.
        settings: as shipped.
        limits: of its thresholds as shipped; None without any.
    """

    __slots__ = (
        "assertions", "auto_rearm", "curve", "deassertions", "formula", "having", "hysteresis", "index",
        "limits", "lun", "name", "number", "readable", "record", "rule", "settable", "settings", "states",
        "threshold_access", "traits", "usual",
    )  # fmt: skip

    def __init__(self, index: int, spec: SensorSpec) -> None:
        record = sensor_record(spec)
        self.index, self.lun, self.number, self.name = index, spec.lun, spec.number, spec.name
        self.record = record.encode()
        self.auto_rearm, self.rule, self.traits = spec.auto_rearm, spec.physics.rule, spec.traits
        self.formula: Formula | None = None
        self.curve = curve_of(spec)
        self.having = 0
        self.threshold_access = self.hysteresis = Access.NONE
        self.readable = self.settable = False
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
        self.threshold_access, self.hysteresis = record.threshold_access, record.hysteresis_access
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
            events_enabled=self.eventful and spec.traits.events_enabled,
            scanning_enabled=spec.traits.scanning_enabled,
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

    def raw(self, value: float) -> int:
        """The reading nearest to a value of a sensor that measures.

        Raises:
            EncodeError: there is none.
        """
        if self.curve is not None:
            return self.curve.raw(value)
        assert self.formula is not None
        return self.formula.raw(value)

    def is_quiet_between(self, low: float, high: float) -> bool:
        """Whether no value between these two crosses a threshold, as shipped, of a sensor that measures."""
        assert self.limits is not None
        assert self.formula is not None
        if self.limits.low < self.limits.high:
            return self.limits.low < low and high < self.limits.high
        if self.curve is not None or self.formula.linearization not in _RISING:
            return False
        try:
            ends = [to_signed(self.raw(value), self.formula.analog_format) for value in (low, high)]
        except EncodeError:
            return False
        return not any(self.limits.conditions(x, 0) for x in ends)

    @property
    def key(self) -> int:
        """LUN and number in one."""
        return self.lun << 8 | self.number

    @property
    def eventful(self) -> bool:
        """Whether it can send events."""
        return bool(self.assertions | self.deassertions)


_PRESENT = {
    SensorType.PROCESSOR: 1 << 7,
    SensorType.POWER_SUPPLY: 1 << 0,
    SensorType.MEMORY: 1 << 6,
    SensorType.DRIVE_SLOT: 1 << 0,
    SensorType.SLOT: 1 << 2,
    SensorType.ENTITY_PRESENCE: 1 << 0,
    SensorType.BATTERY: 1 << 2,
}
"""States that say that the sensor's entity is there (Table 42-3)."""


def presence_states(sensor_type: int, event_type: int) -> int:
    """The states of a kind of sensor that say that its entity is there."""
    if event_type == EventReadingType.PRESENCE:
        return 1 << 1
    return _PRESENT.get(SensorType(sensor_type), 0) if event_type == EventReadingType.SENSOR_SPECIFIC else 0


class Catalogue:
    """The sensors of one make-up.

    Attributes:
        sensors: in the order of the blueprint.
        by_key: the same by LUN and number.
        measured: for scanning: index, name and quiet interval of those with thresholds.
        watched: for scanning: index, name and states of those whose states come from the system.
        logged: those whose states are the event log's.
        told: those whose states others report by events.
        guards: of those that need their entity: whose states tell that it is there, and which of them.
        removable: those that are not there at all without their entity.
    """

    __slots__ = (
        "by_key", "guards", "logged", "measured", "removable", "sensors", "specs", "told", "watched",
    )  # fmt: skip

    def __init__(self, specs: tuple[SensorSpec, ...]) -> None:
        self.specs = specs
        self.sensors = tuple(SensorTemplate(index, spec) for index, spec in enumerate(specs))
        self.by_key = {sensor.key: sensor for sensor in self.sensors}
        self.measured = tuple(
            (one.index, one.name, one.limits.low, one.limits.high)
            for one in self.sensors
            if one.limits is not None and one.eventful
        )
        self.guards = dict(self._guarded())
        self.removable = tuple(
            one for one in self.sensors if one.traits.removable and one.index in self.guards
        )
        self.told = tuple(one for one in self.sensors if one.rule == WATCHDOG)
        self.logged = tuple(one for one in self.sensors if one.rule == EVENT_LOG)
        own = (WATCHDOG, EVENT_LOG)
        self.watched = tuple(
            (one.index, one.name, one.states)
            for one in self.sensors
            if one.formula is None and one.eventful and one.rule not in own
        )

    def _guarded(self) -> Iterator[tuple[int, tuple[SensorTemplate, int]]]:
        """Sensors that need their entity, with the first sensor that tells whether that is there (§40.1)."""
        telling: dict[tuple[int, int], tuple[SensorTemplate, int]] = {}
        for spec, sensor in zip(self.specs, self.sensors, strict=True):
            here = spec.states & presence_states(spec.sensor_type, spec.event_type)
            if here and sensor.readable:
                telling.setdefault((spec.entity_id, spec.entity_instance), (sensor, here))
        for spec, sensor in zip(self.specs, self.sensors, strict=True):
            guard = telling.get((spec.entity_id, spec.entity_instance))
            needs = spec.traits.removable or spec.traits.ignore_if_absent
            if needs and guard is not None and guard[0] is not sensor:
                yield sensor.index, guard

    def quiet_within(self, swings: Mapping[str, tuple[float, float]]) -> bool:
        """Whether no limit is reached as long as readings stay between these; others have none."""
        return all(
            self.sensors[index].is_quiet_between(*swings[name])
            for index, name, _, _ in self.measured
            if name in swings
        )

    @property
    def scanned(self) -> bool:
        """Whether there is anything to scan for."""
        return bool(self.measured or self.watched or self.logged)


catalogue: Final = Shared(Catalogue)
"""The catalogue of these sensors; the same object for the same sensors."""
