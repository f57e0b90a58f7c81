"""One line per record, as ``sdr``, ``sdr elist`` and ``-c sdr`` print them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import padded, shown
from baseboard.cli.ipmitool.sdr_names import entity_name
from baseboard.cli.ipmitool.sdr_reading import (
    EXTENDED,
    SHORT,
    WORDS,
    is_threshold,
    measure,
    readable,
    status_word,
    taken,
)
from baseboard.cli.ipmitool.sdr_record import parse
from baseboard.cli.ipmitool.sdr_states import state_list
from baseboard.cli.ipmitool.sdr_values import digits, shortest
from baseboard.records.sdr import (
    EventOnlyRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerDeviceLocatorRecord,
)

if TYPE_CHECKING:
    from typing import TypeAlias

    from baseboard.cli.ipmitool.maker import Maker
    from baseboard.cli.ipmitool.sdr_reading import Reading
    from baseboard.cli.ipmitool.sdr_record import Entry

    Locator: TypeAlias = (
        EventOnlyRecord
        | ManagementControllerDeviceLocatorRecord
        | GenericDeviceLocatorRecord
        | FruDeviceLocatorRecord
    )

_VALUE_WIDTH = 17
_LINES: Final = 16_384
"""Different lines that are kept: 64 readings each of 256 sensors."""


def sensor_line(entry: Entry, reading: Reading) -> str:
    """Name, value, status."""
    record = readable(entry)
    full = isinstance(record, FullSensorRecord)
    if reading.valid:
        value = reading.value_text if reading.analog else f"0x{reading.low:02x}"
    elif reading.disabled:
        value = "disabled" if full else "Not Readable"
    else:
        value = "no reading" if full else "Not Readable"
    return f"{padded(entry.sensor_name, 16)} | {value:<{_VALUE_WIDTH}} | {_status(entry, reading, SHORT)}"


@lru_cache(maxsize=_LINES)
def steady_line(raw: bytes, data: bytes | None) -> str:
    """`sensor_line` of a record and an answer that alone make it (`steady`): made once for many alike."""
    entry = parse(0, raw)
    assert entry is not None
    reading = taken(data)
    if reading.answered and not reading.disabled:
        measure(entry, reading, 2)
    return sensor_line(entry, reading)


def sensor_extended_line(entry: Entry, reading: Reading, maker: Maker) -> str:
    """Name, number, status, entity, and value or states."""
    record = readable(entry)
    value = ""
    if reading.valid and is_threshold(record) and reading.analog:
        value = reading.value_text
    elif reading.valid:
        held = state_list(maker, record.sensor_type, record.event_type, reading.low, reading.high)
        value = held
        if reading.analog:
            # A comma even where states hold that have no words.
            comma = ", " if reading.low or reading.high & 0x7F else ""
            value = f"{reading.text} {reading.unit}{comma}{held}"
    else:
        value = "Disabled" if reading.disabled else "No Reading"
    return (
        f"{padded(entry.sensor_name, 16)} | {record.sensor_number:02X}h"
        f" | {_status(entry, reading, EXTENDED):<3}"
        f" | {record.entity_id:2d}.{record.entity_instance:d} | {value}"
    )


def _status(entry: Entry, reading: Reading, style: int) -> str:
    if is_threshold(readable(entry)):
        return status_word(reading, "ns", style)
    return "ok" if reading.valid else "ns"


def sensor_csv(entry: Entry, reading: Reading, maker: Maker, *, verbose: bool, extended: bool) -> str:
    """Name, value, unit, status, with commas between; more of a threshold sensor with ``-v``."""
    record = readable(entry)
    name = shown(entry.sensor_name)
    if not is_threshold(record):
        return f"{name},{_csv_states(entry, reading, maker)}"
    if not reading.valid:
        line = f"{name},,,ns"
    elif reading.analog:
        style = WORDS if verbose else EXTENDED if extended else SHORT
        status = status_word(reading, "ns", style)
        line = f"{name},{shortest(reading.value, 3)},{reading.unit},{status}"
    else:
        line = f"{name},{_csv_states(entry, reading, maker)}"
    return line + _csv_more(entry, maker) if verbose else line


def _csv_states(entry: Entry, reading: Reading, maker: Maker) -> str:
    record = readable(entry)
    place = f"{record.entity_id:d}.{record.entity_instance:d}"
    if not reading.valid or reading.unavailable:
        return f"{record.sensor_number:02X}h,ns,{place},No Reading"
    value = f"{reading.text},{reading.unit}" if reading.analog else f"{record.sensor_number:02X}h"
    held = state_list(maker, record.sensor_type, record.event_type, reading.low, reading.high)
    return f"{value},ok,{place},{held}"


def _csv_more(entry: Entry, maker: Maker) -> str:
    """Entity, sensor type, and the values that the record has: nominal, normal, thresholds, range."""
    record, factors = readable(entry), entry.factors
    line = (
        f",{record.entity_id:d}.{record.entity_instance:d},{entity_name(record.entity_id)}"
        f",{maker.sensor_type(record.sensor_type)},"
    )
    if not isinstance(record, FullSensorRecord) or factors is None:
        return line + "," * 10
    mask = record.readable_thresholds
    values = (
        (record.nominal_given, record.nominal_reading),
        (record.normal_minimum_given, record.normal_minimum),
        (record.normal_maximum_given, record.normal_maximum),
        (mask & mask.UNR, record.upper_non_recoverable),
        (mask & mask.UC, record.upper_critical),
        (mask & mask.UNC, record.upper_non_critical),
        (mask & mask.LNR, record.lower_non_recoverable),
        (mask & mask.LC, record.lower_critical),
        (mask & mask.LNC, record.lower_non_critical),
        (True, record.sensor_minimum),
        (True, record.sensor_maximum),
    )

    def said(raw: int) -> str:
        return f"0x{raw:02X}" if factors.discrete else digits(factors.value(raw), 3)

    return line + ",".join(said(raw) if given else "" for given, raw in values)


def locator_line(entry: Entry, record: Locator, *, csv: bool, extended: bool) -> str:
    """One line about an event-only sensor or a device."""
    name, column = shown(entry.device_name), padded(entry.device_name, 16)
    place = f"{record.entity_id:d}.{record.entity_instance:d}"
    wide = f"{record.entity_id:2d}.{record.entity_instance:d}"
    match record:
        case EventOnlyRecord():
            number = f"{record.sensor_number:02X}h"
            if csv:
                return f"{name},{number},ns,{place},Event-Only"
            if extended:
                return f"{column} | {number} | ns  | {wide} | Event-Only"
            return f"{column} | Event-Only        | ns"
        case ManagementControllerDeviceLocatorRecord():
            if csv:
                return f"{name},00h,ok,{place}"
            kind = "Static" if record.static else "Dynamic"
            where = f"{kind} MC @ {record.slave_address:02X}h"
            if extended:
                return f"{column} | 00h | ok  | {wide} | {where}"
            return f"{column} | {where} {' ' if record.static else ''} | ok"
        case GenericDeviceLocatorRecord():
            if csv:
                return f"{name},00h,ns,{place}"
            access, slave = record.access_address, entry.raw[6]
            if extended:
                device = f"Generic Device @{access:02X}h:{slave:02X}h.{record.oem:d}"
                return f"{column} | 00h | ns  | {wide} | {device}"
            return f"{column} | Generic @{access:02X}:{slave:02X}.{record.oem:<2d} | ok"
        case FruDeviceLocatorRecord():
            if csv:
                return f"{name},00h,ns,{place}"
            if extended:
                kind = "Logical" if record.logical else "Physical"
                return f"{column} | 00h | ns  | {wide} | {kind} FRU @{record.fru_device_id:02X}h"
            kind = "Log" if record.logical else "Phy"
            numbers = f"{record.entity_id:02x}.{record.entity_instance:x}"
            return f"{column} | {kind} FRU @{record.fru_device_id:02X}h {numbers} | ok"
