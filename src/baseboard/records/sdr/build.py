"""Make the records of everyday sensors from what a person knows: a name, a unit, a range, some limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from baseboard.codes import EventReadingType, SensorType, SensorUnit
from baseboard.errors import EncodeError
from baseboard.records.formula import Formula
from baseboard.records.sdr.compact import CompactSensorRecord
from baseboard.records.sdr.full import FullSensorRecord
from baseboard.records.sdr.sensor import Access, EventControl, threshold_masks
from baseboard.records.thresholds import SDR_ORDER, ThresholdMask, crossing_events

THRESHOLD_FIELDS = dict(
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
"""The field of a full record that holds each threshold."""

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
        fields: any other field of the record by its name, such as ``entity_id``.

    Raises:
        EncodeError: a value cannot be a reading of this formula, or a field is out of range.
    """
    values = {
        **_factors(formula),
        **_limits(formula, thresholds or {}, settable, eventful),
        **_hysteresis(formula, hysteresis),
        **_usual(formula, nominal, normal),
        **fields,
    }
    return FullSensorRecord(
        sensor_number=number,
        sensor_type=sensor_type,
        event_type=EventReadingType.THRESHOLD,
        base_unit=unit,
        id_string=name,
        **values,
    )


def _limits(
    formula: Formula, limits: Mapping[ThresholdMask, float], settable: ThresholdMask, eventful: ThresholdMask
) -> dict[str, Any]:
    """The fields about thresholds."""
    readable = ThresholdMask(sum(limits))
    events = crossing_events(readable & eventful)
    return {
        "init_thresholds": bool(readable & settable),
        "threshold_access": _access(readable, settable),
        "event_control": EventControl.PER_EVENT if events else EventControl.NO_EVENTS,
        **threshold_masks(readable, readable & settable, events, events),
        **{THRESHOLD_FIELDS[one]: formula.raw(limit) for one, limit in limits.items()},
    }


def _hysteresis(formula: Formula, hysteresis: float) -> dict[str, Any]:
    """The fields about hysteresis."""
    if hysteresis and not formula.m:
        raise EncodeError(f"a hysteresis of {hysteresis:g} counts nothing with M = 0")
    counts = round(hysteresis / formula.resolution()) if hysteresis else 0
    return {
        "init_hysteresis": bool(counts),
        "hysteresis_access": Access.SETTABLE if counts else Access.NONE,
        "positive_hysteresis": counts,
        "negative_hysteresis": counts,
    }


def _usual(formula: Formula, nominal: float | None, normal: tuple[float, float] | None) -> dict[str, Any]:
    """The fields about values that can be expected."""
    low, high = normal if normal is not None else (None, None)
    values: dict[str, Any] = {
        "sensor_maximum": formula.highest_raw,
        "sensor_minimum": formula.lowest_raw,
        "nominal_given": nominal is not None,
        "normal_minimum_given": low is not None,
        "normal_maximum_given": high is not None,
    }
    given = {"nominal_reading": nominal, "normal_minimum": low, "normal_maximum": high}
    return values | {name: formula.raw(value) for name, value in given.items() if value is not None}


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
        fields: any other field of the record by its name, such as ``entity_id``.

    Raises:
        EncodeError: a field is out of range.
    """
    reported = _mask(states)
    events = reported if eventful is None else _mask(eventful)
    values: dict[str, Any] = {
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
