"""Make the records of everyday sensors from what a person knows: a name, a unit, a range, some limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from baseboard.codes import EntityId, EventReadingType, SensorType, SensorUnit
from baseboard.records.formula import Formula
from baseboard.records.sdr.compact import CompactSensorRecord
from baseboard.records.sdr.full import FullSensorRecord
from baseboard.records.sdr.sensor import Access, EventControl, threshold_masks
from baseboard.records.thresholds import SDR_ORDER, ThresholdMask, crossing_events

_FIELDS = dict(
    zip(
        SDR_ORDER,
        (
            "upper_non_recoverable",
            "upper_critical",
            "upper_non_critical",
            "lower_non_recoverable",
            "lower_critical",
            "lower_non_critical",
        ),
        strict=True,
    )
)
_ALL = ThresholdMask(0x3F)


def threshold_sensor(
    *,
    number: int,
    name: str,
    sensor_type: SensorType,
    unit: SensorUnit,
    formula: Formula,
    thresholds: Mapping[ThresholdMask, float] | None = None,
    settable: ThresholdMask = _ALL,
    eventful: ThresholdMask = _ALL,
    hysteresis: float = 0,
    nominal: float | None = None,
    normal: tuple[float, float] | None = None,
    entity_id: EntityId = EntityId.SYSTEM_BOARD,
    entity_instance: int = 1,
    **fields: Any,
) -> FullSensorRecord:
    """Make the record of a sensor that measures something.

    Args:
        number: sensor number, 0-254.
        name: at most 16 characters.
        sensor_type: what it is about.
        unit: what it counts in.
        formula: from raw readings to values of that unit; `baseboard.records.fit.fit` finds one for a range.
        thresholds: the limits by one bit of the mask, as values; the others it does not have.
        settable: those that Set Sensor Thresholds may change, if it has them.
        eventful: those that send an event when they are crossed and when they are left again, if it has them.
        hysteresis: as a value, for both directions.
        nominal: the value it usually has.
        normal: lowest and highest value that are normal.
        entity_id: what it is a sensor of.
        entity_instance: which one of these.
        fields: any other field of the record, by its name.

    Raises:
        EncodeError: a value cannot be a reading of this formula, or a field is out of range.
    """
    limits = thresholds or {}
    readable = ThresholdMask(sum(limits))
    events = crossing_events(readable & eventful)
    counts = round(hysteresis / formula.resolution()) if hysteresis else 0
    low, high = normal if normal is not None else (None, None)
    values: dict[str, Any] = {
        "entity_id": entity_id,
        "entity_instance": entity_instance,
        "init_thresholds": bool(readable & settable),
        "init_hysteresis": bool(counts),
        "hysteresis_access": Access.SETTABLE if counts else Access.NONE,
        "threshold_access": _access(readable, settable),
        "event_control": EventControl.PER_EVENT if events else EventControl.NO_EVENTS,
        "base_unit": unit,
        "nominal_given": nominal is not None,
        "normal_minimum_given": low is not None,
        "normal_maximum_given": high is not None,
        "nominal_reading": 0 if nominal is None else formula.raw(nominal),
        "normal_minimum": 0 if low is None else formula.raw(low),
        "normal_maximum": 0 if high is None else formula.raw(high),
        "sensor_maximum": formula.highest_raw,
        "sensor_minimum": formula.lowest_raw,
        "positive_hysteresis": counts,
        "negative_hysteresis": counts,
        **threshold_masks(readable, readable & settable, events, events),
        **{_FIELDS[one]: formula.raw(limit) for one, limit in limits.items()},
        **_factors(formula),
        **fields,
    }
    return FullSensorRecord(
        sensor_number=number,
        sensor_type=sensor_type,
        event_type=EventReadingType.THRESHOLD,
        id_string=name,
        **values,
    )


def _access(readable: ThresholdMask, settable: ThresholdMask) -> Access:
    if not readable:
        return Access.NONE
    return Access.SETTABLE if readable & settable else Access.READABLE


def _factors(formula: Formula) -> dict[str, Any]:
    """The fields of a record that say its formula."""
    return {
        "m": formula.m,
        "b": formula.b,
        "b_exp": formula.b_exp,
        "r_exp": formula.r_exp,
        "linearization": formula.linearization,
        "analog_format": formula.analog_format,
        "tolerance": formula.tolerance,
        "accuracy": formula.accuracy,
        "accuracy_exp": formula.accuracy_exp,
    }


def discrete_sensor(
    *,
    number: int,
    name: str,
    sensor_type: SensorType,
    states: Iterable[int],
    eventful: Iterable[int] | None = None,
    event_type: EventReadingType = EventReadingType.SENSOR_SPECIFIC,
    entity_id: EntityId = EntityId.SYSTEM_BOARD,
    entity_instance: int = 1,
    **fields: Any,
) -> CompactSensorRecord:
    """Make the record of a sensor that is in one or more states.

    Args:
        number: sensor number, 0-254.
        name: at most 16 characters.
        sensor_type: what it is about.
        states: the offsets it can report, 0-14.
        eventful: the offsets it sends events about; all its states, if not given.
        event_type: which table the offsets are of; by default that of the sensor type.
        entity_id: what it is a sensor of.
        entity_instance: which one of these.
        fields: any other field of the record, by its name.

    Raises:
        EncodeError: a field is out of range.
    """
    reported = _mask(states)
    events = reported if eventful is None else _mask(eventful)
    values: dict[str, Any] = {
        "entity_id": entity_id,
        "entity_instance": entity_instance,
        "init_hysteresis": False,
        "event_control": EventControl.PER_EVENT if events else EventControl.NO_EVENTS,
        "assertion_mask": events,
        "deassertion_mask": events,
        "reading_mask": reported,
        **fields,
    }
    return CompactSensorRecord(
        sensor_number=number, sensor_type=sensor_type, event_type=event_type, id_string=name, **values
    )


def _mask(offsets: Iterable[int]) -> int:
    return sum(1 << offset for offset in set(offsets))
