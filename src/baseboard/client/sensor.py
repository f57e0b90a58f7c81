"""What a sensor is and what it says: a record and a reading, joined (§35.14, §36.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from baseboard.client.sdr_entry import SdrEntry
from baseboard.codes import (
    Cc,
    EntityId,
    EventReadingType,
    Linearization,
    SensorType,
    SensorUnit,
    completion_text,
    event_offset,
)
from baseboard.records.formula import Formula
from baseboard.records.sdr import (
    CompactSensorRecord,
    EventOnlyRecord,
    FullSensorRecord,
    ReadableSensorRecord,
    SensorRecord,
)
from baseboard.records.thresholds import THRESHOLDS, ThresholdMask
from baseboard.records.units import unit_text

ABSENT_CODES: Final = frozenset(
    {
        Cc.PARAMETER_OUT_OF_RANGE,
        Cc.NOT_PRESENT,
        Cc.ILLEGAL_FOR_SENSOR,
        Cc.CANNOT_PROVIDE,
        Cc.DESTINATION_UNAVAILABLE,
        Cc.NOT_SUPPORTED_IN_STATE,
        Cc.UNSPECIFIED,
    }
)
"""What controllers say of a sensor that is not fitted (Q-ABSENT)."""

NAMES: Final = {one: str(one.name).lower() for one in THRESHOLDS}
"""The names of thresholds, such as ``upper_critical``, in the order of the commands."""

_MIRRORED: Final = dict(zip(THRESHOLDS, (*THRESHOLDS[3:], *THRESHOLDS[:3]), strict=True))
_LOWER: Final = ("lower_non_recoverable", "lower_critical", "lower_non_critical")
_UPPER: Final = ("upper_non_critical", "upper_critical", "upper_non_recoverable")
_WORST: Final = {"non_recoverable": "nr", "critical": "cr", "non_critical": "nc"}

_SCANNING, _EVENTS, _UNAVAILABLE = 0x40, 0x80, 0x20
_OFFSETS = 15
_OEM_TYPES = range(0x70, 0x80)


class NoReading(Enum):
    """Why a sensor has no reading."""

    ABSENT = "absent"
    DISABLED = "scanning disabled"
    UNAVAILABLE = "not available"
    EVENT_ONLY = "sends events only"
    SOFTWARE = "belongs to software of the system"
    NO_ANSWER = "no answer"
    REFUSED = "refused"
    NO_VALUE = "its formula gives no value"
    UNREACHABLE = "belongs to a controller to which the BMC passes nothing on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A sensor and what it said.

    Attributes:
        name: as its record has it.
        number: sensor number, 0-254.
        owner: slave address of the controller that has it, or software ID with bit 0 set.
        channel: on which that controller is.
        lun: its owner's logical unit.
        record_id: what finds its record.
        record: its record.
        entity_id: what it is a sensor of.
        entity_instance: which of those.
        sensor_type: what it is about.
        event_type: of which kind it is: thresholds, or which table of states.
        unit: of its readings, such as ``degrees C``; empty where there is none.
        reading: in that unit; None where there is none.
        raw: the reading as it came, 0-255; None where none came.
        states: what holds, in words: states of a discrete sensor, thresholds reached by another.
        state_bits: the same as bits, those included that no table knows.
        thresholds: by name, such as ``upper_critical``, in that unit; None if they were not asked for.
        by_value: a second opinion on ``status``, from the reading and the thresholds; empty if either is
            missing, or the thresholds make no sense. Hysteresis is a good reason for a difference.
        status: ``ok``, ``nc`` non-critical, ``cr`` critical, ``nr`` non-recoverable, ``ns`` no reading.
        reason: why there is no reading; None if there is one, or states.
        code: completion code behind that reason, where there was one.
        events_enabled: whether it may send events; None if it did not say.
        quirks: ids of known departures that were met.
    """

    name: str
    number: int
    owner: int
    channel: int
    lun: int
    record_id: int
    record: SensorRecord = field(repr=False)
    entity_id: EntityId
    entity_instance: int
    sensor_type: SensorType
    event_type: EventReadingType
    unit: str = ""
    reading: float | None = None
    raw: int | None = None
    states: tuple[str, ...] = ()
    state_bits: int = 0
    thresholds: Mapping[str, float] | None = None
    by_value: str = ""
    status: str = "ns"
    reason: NoReading | None = None
    code: int | None = None
    events_enabled: bool | None = None
    quirks: frozenset[str] = frozenset()

    @property
    def entity(self) -> str:
        """What it is a sensor of, in words, such as ``processor 1``."""
        return f"{self.entity_id.text or self.entity_id} {self.entity_instance}"

    @property
    def has_thresholds(self) -> bool:
        """Whether it measures, rather than being in states."""
        return self.event_type == EventReadingType.THRESHOLD

    @property
    def formula(self) -> Formula | None:
        """How its raw readings become values; None where its record has no formula."""
        return self.record.formula if isinstance(self.record, FullSensorRecord) else None

    @property
    def why(self) -> str:
        """Why there is no reading, in words; empty if there is one."""
        if self.reason is None:
            return ""
        if self.code is None:
            return self.reason.value
        return f"{self.reason.value} ({self.code:02X}h {completion_text(self.code)})"


def sensors_of(entries: Iterable[SdrEntry]) -> Iterator[Sensor]:
    """Give the sensors that records describe, not yet read; a shared record has several."""
    for entry in entries:
        record = entry.record
        if isinstance(record, CompactSensorRecord | EventOnlyRecord):
            for shared in record.sensors():
                yield _sensor(entry, record, shared.number, shared.entity_instance, shared.name)
        elif isinstance(record, FullSensorRecord):
            yield _sensor(entry, record, record.sensor_number, record.entity_instance, str(record.id_string))


def _sensor(
    entry: SdrEntry,
    record: FullSensorRecord | CompactSensorRecord | EventOnlyRecord,
    number: int,
    instance: int,
    name: str,
) -> Sensor:
    unit, quirks = ("", frozenset[str]()) if isinstance(record, EventOnlyRecord) else _unit(record)
    return Sensor(
        name=name,
        number=number,
        owner=record.owner_id,
        channel=record.channel,
        lun=record.owner_lun,
        record_id=entry.record_id,
        record=record,
        entity_id=record.entity_id,
        entity_instance=instance,
        sensor_type=record.sensor_type,
        event_type=record.event_type,
        unit=unit,
        quirks=quirks,
    )


def _unit(record: ReadableSensorRecord) -> tuple[str, frozenset[str]]:
    """The unit; a modifier that names no second unit is dropped (Q-UNITMOD)."""
    if record.modifier_use and record.modifier_unit == SensorUnit.UNSPECIFIED:
        text = unit_text(record.base_unit, rate=record.rate_unit, percentage=record.percentage)
        return text, frozenset({"Q-UNITMOD"})
    return record.unit, frozenset()


def unread(sensor: Sensor, reason: NoReading, code: int | None = None, *quirks: str) -> Sensor:
    """Give a sensor that could not be read."""
    return replace(sensor, reason=reason, code=code, quirks=sensor.quirks | set(quirks))


def read(sensor: Sensor, answer: bytes, *, believe_disabled: bool = False) -> Sensor:
    """Give a sensor with what it answered to Get Sensor Reading.

    Args:
        sensor: not yet read.
        answer: completion code and data, of whatever length.
        believe_disabled: take a value for real although scanning is said to be disabled (Q-SCANLIE).
    """
    code = answer[0]
    if code in ABSENT_CODES or (not code and len(answer) < 3):
        return unread(sensor, NoReading.ABSENT, code or None, "Q-ABSENT")
    if code:
        return unread(sensor, NoReading.REFUSED, code)
    raw, flags = answer[1], answer[2]
    quirks = set(sensor.quirks)
    if len(answer) < 4:
        quirks.add("Q-SHORT")
    low, high = (*answer[3:5], 0, 0)[:2]
    sensor = replace(sensor, raw=raw, events_enabled=bool(flags & _EVENTS))
    if flags & _UNAVAILABLE:
        return unread(replace(sensor, raw=None), NoReading.UNAVAILABLE, None, *quirks)
    if not flags & _SCANNING:
        if not believe_disabled:
            return unread(sensor, NoReading.DISABLED, None, *quirks)
        quirks.add("Q-SCANLIE")
    if sensor.has_thresholds:
        return _measured(sensor, raw, low & 0x3F, quirks)
    return _discrete(sensor, raw, low | (high & 0x7F) << 8, quirks)


def _measured(sensor: Sensor, raw: int, bits: int, quirks: set[str]) -> Sensor:
    reading = None if sensor.formula is None else sensor.formula.value(raw)
    reached = ThresholdMask(bits)
    return replace(
        sensor,
        reading=reading,
        states=tuple(threshold_name(sensor, one).replace("_", " ") for one in NAMES if one in reached),
        state_bits=bits,
        status=_status(reached),
        reason=NoReading.NO_VALUE if reading is None and _analog(sensor) else None,
        quirks=frozenset(quirks),
    )


def threshold_name(sensor: Sensor, one: ThresholdMask) -> str:
    """Name a threshold; the greater a raw reading of a 1/x sensor is, the less is its value (§36.5)."""
    formula = sensor.formula
    inverse = formula is not None and formula.linearization == Linearization.RECIPROCAL
    return NAMES[_MIRRORED[one] if inverse else one]


def judged(sensor: Sensor) -> Sensor:
    """Add the second opinion on a sensor that was read, with its thresholds."""
    limits, reading = sensor.thresholds, sensor.reading
    if not limits or reading is None:
        return sensor
    ordered = [limits[name] for name in (*_LOWER, *_UPPER) if name in limits]
    if ordered != sorted(ordered):
        return replace(sensor, quirks=sensor.quirks | {"Q-THRODD"})
    below = [name for name in _LOWER if name in limits and reading <= limits[name]]
    above = [name for name in reversed(_UPPER) if name in limits and reading >= limits[name]]
    crossed = [*below, *above]
    by_value = _WORST[crossed[0].partition("_")[2]] if crossed else "ok"
    said = {state.replace(" ", "_") for state in sensor.states}
    # One that is reached still, though the value is back, may be a matter of hysteresis.
    wrong = set(crossed) - said or (above and said & {*_LOWER}) or (below and said & {*_UPPER})
    quirks = sensor.quirks | {"Q-THRBITS"} if wrong else sensor.quirks
    return replace(sensor, by_value=by_value, quirks=quirks)


def _status(reached: ThresholdMask) -> str:
    """The worst of the thresholds that were reached."""
    if reached & (ThresholdMask.LNR | ThresholdMask.UNR):
        return "nr"
    if reached & (ThresholdMask.LC | ThresholdMask.UC):
        return "cr"
    return "nc" if reached else "ok"


def _analog(sensor: Sensor) -> bool:
    return sensor.formula is not None and sensor.formula.analog


def _discrete(sensor: Sensor, raw: int, bits: int, quirks: set[str]) -> Sensor:
    """A sensor with states; one whose record names a unit is believed to measure as well (Q-DISCRETEVAL)."""
    states: list[str] = []
    for offset in range(_OFFSETS):
        if not bits >> offset & 1:
            continue
        row = event_offset(sensor.event_type, sensor.sensor_type, offset)
        if row is not None:
            states.append(row.event)
        elif sensor.event_type in _OEM_TYPES or sensor.sensor_type >= 0xC0:
            states.append(f"state {offset}")
        else:
            quirks.add("Q-ILLEGALSTATE")
    reading = None
    if sensor.unit and _analog(sensor) and sensor.formula is not None:
        reading = sensor.formula.value(raw)
        quirks.add("Q-DISCRETEVAL")
    return replace(
        sensor, reading=reading, states=tuple(states), state_bits=bits, status="ok", quirks=frozenset(quirks)
    )


def needs_factors(sensor: Sensor) -> bool:
    """Whether the factors of its formula differ from reading to reading (§35.5)."""
    return sensor.formula is not None and sensor.formula.linearization >= Linearization.NON_LINEAR
