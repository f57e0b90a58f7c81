"""Readings and thresholds of a sensor as FreeIPMI comes by them, which is not always as others do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from baseboard.cli.freeipmi.sensor_events import Kind, kind_of
from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.codes import AnalogFormat, Cc, Linearization, SensorUnit
from baseboard.commands.sensor.sensors import GetSensorReading, GetSensorThreshold
from baseboard.errors import NoResponse
from baseboard.records.formula import to_signed
from baseboard.records.sdr import FullSensorRecord, ReadableSensorRecord
from baseboard.records.sdr.sensor import Access
from baseboard.records.thresholds import THRESHOLDS

_BMC_ADDRESS: Final = 0x20
_SOFTWARE: Final = 0x01
_SCANNING, _UNAVAILABLE = 0x40, 0x20
_STATES: Final = 0x7FFF
_WHOLE_ANSWER: Final = 3
_ALL_THRESHOLDS: Final = 8

_ABSENT: Final = frozenset(
    {
        Cc.NOT_PRESENT,
        Cc.ILLEGAL_FOR_SENSOR,
        Cc.PARAMETER_OUT_OF_RANGE,
        Cc.INVALID_DATA,
        Cc.CANNOT_PROVIDE,
        Cc.NOT_SUPPORTED_IN_STATE,
        Cc.DESTINATION_UNAVAILABLE,
    }
)
"""What controllers say of a sensor that is not fitted."""

_NO_THRESHOLDS: Final = frozenset({Cc.NOT_PRESENT, Cc.ILLEGAL_FOR_SENSOR})
_ASK_THE_RECORD: Final = frozenset({Cc.PARAMETER_OUT_OF_RANGE, Cc.UNSPECIFIED, Cc.INVALID_COMMAND})

NAMES: Final = tuple(str(one.name).lower() for one in THRESHOLDS)
"""The thresholds, in the order of Get Sensor Thresholds."""


class Broken(Exception):
    """No more can be shown of this BMC; the text says why."""


class Told(Enum):
    """What came of asking a sensor."""

    STATES = "its states"
    NOTHING = "it is not available"
    UNKNOWN = "its controller did not get at it"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor said.

    Attributes:
        told: what came of asking.
        value: in its unit; None where it has none.
        bits: its states, as they came.
    """

    told: Told
    value: float | None = None
    bits: int = 0


async def reading(bmc: Bmc, record: ReadableSensorRecord, number: int, *, bridge: bool) -> Reading:
    """Ask a sensor.

    Args:
        number: the sensor's, of those that share the record.
        bridge: ask other controllers than the BMC too.

    Raises:
        Broken: the BMC does not answer, or gives an answer that is none.
    """
    quirks = bmc.settings.quirks
    if record.owner_id & _SOFTWARE:
        return Reading(Told.NOTHING)
    target = None
    if not _is_bmc(record) and "Q-OWNER" not in quirks:
        if not bridge:
            return Reading(Told.NOTHING)
        target = Target(address=record.owner_id, channel=record.channel, lun=record.owner_lun)
    command = GetSensorReading.command
    try:
        data = bytes((number,))
        answer = await bmc.exchange(command.netfn, command.cmd, data, target=target, patient=False)
    except NoResponse:
        if target is None:
            raise Broken("ipmi_sensor_read: internal IPMI error") from None
        return Reading(Told.UNKNOWN)
    refused = _refusal(answer, scanning_matters="Q-SCANLIE" not in quirks)
    if refused is not None:
        return refused
    bits = int.from_bytes(answer[3:5], "little") & _STATES
    if kind_of(record.event_type) is Kind.UNKNOWN:
        return Reading(Told.NOTHING)
    return Reading(Told.STATES, _value(record, answer[1], states_too="Q-DISCRETEVAL" in quirks), bits)


def _is_bmc(record: ReadableSensorRecord) -> bool:
    return record.owner_id == _BMC_ADDRESS and record.owner_lun == 0


def _refusal(answer: bytes, *, scanning_matters: bool) -> Reading | None:
    """What an answer says that has no reading; None if it has."""
    code = answer[0]
    if code == Cc.NODE_BUSY:
        return Reading(Told.UNKNOWN)
    if code in _ABSENT:
        return Reading(Told.NOTHING)
    if (code and code != Cc.UNSPECIFIED) or len(answer) < _WHOLE_ANSWER:
        raise Broken("ipmi_sensor_read: internal IPMI error")
    flags = answer[2]
    if flags & _UNAVAILABLE or (scanning_matters and not flags & _SCANNING):
        return Reading(Told.NOTHING)
    if code:
        raise Broken("ipmi_sensor_read: internal IPMI error")
    return None


def _value(record: ReadableSensorRecord, raw: int, *, states_too: bool) -> float | None:
    if not isinstance(record, FullSensorRecord):
        return None
    kind = kind_of(record.event_type)
    measures = kind is Kind.THRESHOLD or (
        states_too
        and kind is not Kind.OEM
        and (record.percentage or record.base_unit != SensorUnit.UNSPECIFIED)
    )
    return decoded(record, raw) if measures else None


def convertible(record: FullSensorRecord) -> bool:
    """Whether FreeIPMI makes values of raw readings: an analog sensor with a formula of its own."""
    return record.analog_format != AnalogFormat.NONE and record.linearization <= Linearization.CUBE_ROOT


def decoded(record: FullSensorRecord, raw: int) -> float | None:
    """Convert a raw reading as FreeIPMI does: in floating point, step by step (§36.3).

    Ours is exact; the last digit that is printed may be another one.
    """
    if not convertible(record):
        return None
    x = float(to_signed(raw, record.analog_format)) * record.m
    return linearized((x + record.b * 10.0**record.b_exp) * 10.0**record.r_exp, record.linearization)


def linearized(y: float, linearization: int) -> float:
    """Apply a linearization function; what is no number or infinite in C is it here too."""
    function = _FUNCTIONS.get(linearization)
    try:
        return y if function is None else function(y)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan if y else -math.inf


def fixed(value: float, digits: int) -> str:
    """Print a number as C does."""
    return "-nan" if math.isnan(value) else f"{value:.{digits}f}"


_FUNCTIONS: Final[Mapping[int, Callable[[float], float]]] = {
    Linearization.LN: math.log,
    Linearization.LOG10: math.log10,
    Linearization.LOG2: math.log2,
    Linearization.E: math.exp,
    Linearization.EXP10: lambda y: math.pow(10.0, y),
    Linearization.EXP2: math.exp2,
    Linearization.RECIPROCAL: lambda y: 1.0 / y if y else y,
    Linearization.SQUARE: lambda y: math.pow(y, 2.0),
    Linearization.CUBE: lambda y: math.pow(y, 3.0),
    Linearization.SQUARE_ROOT: math.sqrt,
    Linearization.CUBE_ROOT: math.cbrt,
}


async def thresholds(bmc: Bmc, record: FullSensorRecord) -> Mapping[str, float]:
    """Give a sensor's thresholds by name, in its unit; those that can be read.

    They are asked of the BMC, whoever owns the sensor; where it does not know them, the record does.

    Raises:
        Broken: the BMC does not answer, or refuses for another reason.
    """
    if record.threshold_access == Access.NONE or not convertible(record):
        return {}
    raw = _recorded(record)
    if record.threshold_access != Access.FIXED:
        raw = await _asked(bmc, record, raw)
    values = {name: decoded(record, one) for name, one in raw.items()}
    return {name: value for name, value in values.items() if value is not None}


async def _asked(bmc: Bmc, record: FullSensorRecord, recorded: Mapping[str, int]) -> Mapping[str, int]:
    command = GetSensorThreshold.command
    try:
        answer = await bmc.exchange(command.netfn, command.cmd, bytes((record.sensor_number,)))
    except NoResponse:
        raise Broken("") from None
    if answer[0] in _NO_THRESHOLDS:
        return {}
    if answer[0] in _ASK_THE_RECORD:
        return recorded
    if answer[0] or len(answer) < _ALL_THRESHOLDS:
        raise Broken("")
    return {
        name: raw
        for bit, (name, raw) in enumerate(zip(NAMES, answer[2:8], strict=True))
        if answer[1] >> bit & 1
    }


def _recorded(record: FullSensorRecord) -> Mapping[str, int]:
    return {str(one.name).lower(): raw for one, raw in record.thresholds.items()}
