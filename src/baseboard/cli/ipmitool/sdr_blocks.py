"""Everything about one record, as ``sdr -v`` and ``sdr get`` print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_names import device_name, entity_name
from baseboard.cli.ipmitool.sdr_reading import WORDS, is_threshold, readable, status_word
from baseboard.cli.ipmitool.sdr_states import enable_lines, state_lines, status_lines
from baseboard.cli.ipmitool.sdr_values import digits, shortest
from baseboard.records.sdr import (
    Access,
    EventOnlyRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerDeviceLocatorRecord,
)
from baseboard.records.thresholds import ThresholdMask

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.maker import Maker
    from baseboard.cli.ipmitool.sdr_lines import Locator
    from baseboard.cli.ipmitool.sdr_reading import Reading
    from baseboard.cli.ipmitool.sdr_record import Entry, Readable

_CONTROL = ("Per-threshold", "Entire Sensor Only", "Global Disable Only", "No Events From Sensor")
_INITIALIZATION = ("Enable", "Disable", "Do Not Init Controller", "Reserved")

# In the order in which they are listed.
_LETTERS = (
    (ThresholdMask.LNR, "lnr"),
    (ThresholdMask.LC, "lcr"),
    (ThresholdMask.LNC, "lnc"),
    (ThresholdMask.UNC, "unc"),
    (ThresholdMask.UC, "ucr"),
    (ThresholdMask.UNR, "unr"),
)
_CAPABILITIES = (
    "Chassis Device",
    "Bridge",
    "IPMB Event Generator",
    "IPMB Event Receiver",
    "FRU Inventory Device",
    "SEL Device",
    "SDR Repository",
    "Sensor Device",
)


def sensor_block(
    entry: Entry, reading: Reading, status: bytes | None, enables: bytes | None, maker: Maker
) -> list[str]:
    """A sensor that can be read.

    Args:
        status: what Get Sensor Event Status answered; None if nothing.
        enables: what Get Sensor Event Enable answered; None if nothing.
    """
    record = readable(entry)
    kind, event = int(record.sensor_type), int(record.event_type)
    lines = [
        f"Sensor ID              : {shown(entry.sensor_name)} (0x{record.sensor_number:x})",
        f" Entity ID             : {_entity(record)}",
    ]
    if is_threshold(record):
        lines += _threshold_part(entry, reading, maker)
    else:
        lines += _discrete_part(entry, reading, maker)
    lines += status_lines(maker, status, kind, event)
    lines += enable_lines(maker, enables, kind, event)
    if not is_threshold(record):
        lines.append(f" OEM                   : {record.oem:X}")
    return [*lines, ""]


def _entity(record: Readable | Locator) -> str:
    return f"{record.entity_id:d}.{record.entity_instance:d} ({entity_name(record.entity_id)})"


def _missing(reading: Reading) -> str:
    return "Disabled" if reading.disabled else "No Reading"


def _discrete_part(entry: Entry, reading: Reading, maker: Maker) -> list[str]:
    record = readable(entry)
    kind = int(record.sensor_type)
    value = _missing(reading)
    if reading.valid:
        value = f"{reading.text} {reading.unit}" if reading.analog else f"{reading.raw:x}h"
    return [
        f" Sensor Type (Discrete): {maker.sensor_type(kind)} (0x{kind:02x})",
        f" Sensor Reading        : {value}",
        f" Event Message Control : {_CONTROL[record.event_control]}",
        *state_lines(maker, "States Asserted", kind, record.event_type, reading.low, reading.high),
    ]


def _threshold_part(entry: Entry, reading: Reading, maker: Maker) -> list[str]:
    record = readable(entry)
    kind = int(record.sensor_type)
    lines = [
        f" Sensor Type (Threshold)  : {maker.sensor_type(kind)} (0x{kind:02x})",
        f" Sensor Reading        : {_value(entry, reading)}",
        f" Status                : {status_word(reading, 'Not Available', WORDS)}",
        *_recorded(entry),
        *hysteresis_lines(entry),
        *_range(entry),
        f" Event Message Control : {_CONTROL[record.event_control]}",
        f" Readable Thresholds   : {_thresholds(record, record.readable_thresholds)}",
        f" Settable Thresholds   : {_thresholds(record, record.settable_thresholds)}",
    ]
    if record.compared_thresholds:
        lines.append(f" Threshold Read Mask   : {_letters(record.compared_thresholds)}")
    return lines


def _value(entry: Entry, reading: Reading) -> str:
    factors = entry.factors
    if not reading.valid:
        return _missing(reading)
    if factors is None:
        return f"0x{reading.raw:02X} {reading.unit}"
    if factors.discrete:
        return f"0x{reading.raw:02X} (+/- 0x{factors.tolerance:02X}) {reading.unit}"
    tolerance = shortest(factors.tolerance_value(), 3)
    return f"{shortest(reading.value, 3)} (+/- {tolerance}) {reading.unit}"


def _recorded(entry: Entry) -> list[str]:
    """Nominal and normal values, and thresholds as the record has them."""
    record, factors = entry.record, entry.factors
    if not isinstance(record, FullSensorRecord) or factors is None:
        return []
    mask = record.readable_thresholds if record.init_thresholds else ThresholdMask(0)
    values = (
        (record.nominal_given, "Nominal Reading", record.nominal_reading),
        (record.normal_minimum_given, "Normal Minimum", record.normal_minimum),
        (record.normal_maximum_given, "Normal Maximum", record.normal_maximum),
        (mask & mask.UNR, "Upper non-recoverable", record.upper_non_recoverable),
        (mask & mask.UC, "Upper critical", record.upper_critical),
        (mask & mask.UNC, "Upper non-critical", record.upper_non_critical),
        (mask & mask.LNR, "Lower non-recoverable", record.lower_non_recoverable),
        (mask & mask.LC, "Lower critical", record.lower_critical),
        (mask & mask.LNC, "Lower non-critical", record.lower_non_critical),
    )
    return [
        f" {title:<21} : " + (f"0x{raw:02X}" if factors.discrete else digits(factors.value(raw), 3))
        for given, title, raw in values
        if given
    ]


def hysteresis_lines(entry: Entry) -> list[str]:
    """The hysteresis that the record tells."""
    record, factors = readable(entry), entry.factors
    lines: list[str] = []
    for title, raw in (
        ("Positive Hysteresis", record.positive_hysteresis),
        ("Negative Hysteresis", record.negative_hysteresis),
    ):
        value = None if factors is None or factors.discrete else factors.hysteresis(raw)
        if raw in (0x00, 0xFF) or value == 0.0:
            said = "Unspecified"
        else:
            said = f"0x{raw:02X}" if value is None else digits(value, 3)
        lines.append(f" {title}   : {said}")
    return lines


def _range(entry: Entry) -> list[str]:
    """The least and the most that the sensor gives; what says nothing is the end of the range of a byte."""
    record, factors = entry.record, entry.factors
    if not isinstance(record, FullSensorRecord) or factors is None:
        return []
    lines: list[str] = []
    for title, raw, ends in (
        ("Minimum", record.sensor_minimum, (0x00, 0xFF, 0x80)),
        ("Maximum", record.sensor_maximum, (0xFF, 0x00, 0x7F)),
    ):
        if factors.discrete:
            said = f"0x{raw:02X}"
        else:
            value = factors.value(raw)
            unspecified = raw == ends[factors.analog_format] or value == 0.0
            said = "Unspecified" if unspecified else digits(value, 3)
        lines.append(f" {title} sensor range  : {said}")
    return lines


def _thresholds(record: Readable, mask: ThresholdMask) -> str:
    if record.threshold_access == Access.NONE:
        return "No Thresholds"
    return "Thresholds Fixed" if record.threshold_access == Access.FIXED else _letters(mask)


def _letters(mask: ThresholdMask) -> str:
    return "".join(f"{letters} " for one, letters in _LETTERS if one in mask)


# ---- devices and event-only sensors


def locator_block(entry: Entry, record: Locator, maker: Maker) -> list[str]:
    """An event-only sensor or a device."""
    match record:
        case EventOnlyRecord():
            kind = int(record.sensor_type)
            return [
                f"Sensor ID              : {shown(entry.device_name)} (0x{record.sensor_number:x})",
                f"Entity ID              : {_entity(record)}",
                f"Sensor Type            : {maker.sensor_type(kind)} (0x{kind:02x})",
                "",
            ]
        case ManagementControllerDeviceLocatorRecord():
            return _controller(entry, record)
        case GenericDeviceLocatorRecord():
            return _generic(entry, record)
        case FruDeviceLocatorRecord():
            return _fru(entry, record)


def _head(entry: Entry, record: Locator) -> list[str]:
    return [
        f"Device ID              : {shown(entry.whole_name)}",
        f"Entity ID              : {_entity(record)}",
    ]


def _controller(entry: Entry, record: ManagementControllerDeviceLocatorRecord) -> list[str]:
    def required(flag: bool) -> str:
        return "Required" if flag else "Not Required"

    return [
        *_head(entry, record),
        f"Device Slave Address   : {record.slave_address:02X}h",
        f"Channel Number         : {record.channel:01X}h",
        f"ACPI System P/S Notif  : {required(record.notify_system_power)}",
        f"ACPI Device P/S Notif  : {required(record.notify_device_power)}",
        f"Controller Presence    : {'Static' if record.static else 'Dynamic'}",
        f"Logs Init Agent Errors : {'Yes' if record.logs_initialization_errors else 'No'}",
        f"Event Message Gen      : {_INITIALIZATION[record.global_initialization]}",
        "Device Capabilities",
        *(
            f" {title:<21} : {'Yes' if record.capabilities << place & 0x80 else 'No'}"
            for place, title in enumerate(_CAPABILITIES)
        ),
        "",
    ]


def _generic(entry: Entry, record: GenericDeviceLocatorRecord) -> list[str]:
    # ipmitool takes byte 7 for the address, bit 0 included, byte 8 [7:5] alone for the channel, and byte 9
    # [7:5] for the address span, where the specification has [2:0] (Table 43-6).
    raw = entry.raw
    return [
        *_head(entry, record),
        f"Device Access Address  : {record.access_address:02X}h",
        f"Device Slave Address   : {raw[6]:02X}h",
        f"Address Span           : {raw[8] >> 5:02X}h",
        f"Channel Number         : {raw[7] >> 5:01X}h",
        f"LUN.Bus                : {record.access_lun:01X}h.{record.private_bus_id:01X}h",
        *_device(record),
    ]


def _fru(entry: Entry, record: FruDeviceLocatorRecord) -> list[str]:
    what = "Logical FRU Device     " if record.logical else "Slave Address          "
    return [
        *_head(entry, record),
        f"Device Access Address  : {record.access_address:02X}h",
        f"{what}: {record.fru_device_id:02X}h",
        f"Channel Number         : {record.channel:01X}h",
        f"LUN.Bus                : {record.access_lun:01X}h.{record.private_bus_id:01X}h",
        *_device(record),
    ]


def _device(record: GenericDeviceLocatorRecord | FruDeviceLocatorRecord) -> list[str]:
    kind, modifier = record.device_type, record.device_type_modifier
    return [
        f"Device Type.Modifier   : {kind:01X}h.{modifier:01X}h ({device_name(kind, modifier)})",
        f"OEM                    : {record.oem:02X}h",
        "",
    ]
