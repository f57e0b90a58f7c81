"""Sensors with their thresholds, as ``sensor``, ``sensor -v`` and ``sensor get`` print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import padded, shown
from baseboard.cli.ipmitool.sdr_blocks import hysteresis_lines
from baseboard.cli.ipmitool.sdr_reading import SHORT, WORDS, readable, status_word
from baseboard.cli.ipmitool.sdr_states import enable_lines, state_lines, status_lines
from baseboard.cli.ipmitool.sdr_values import digits, shortest

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.maker import Maker
    from baseboard.cli.ipmitool.sdr_reading import Reading
    from baseboard.cli.ipmitool.sdr_record import Entry

_NONE: Final = "na"

# Bit of the mask, place of the value and title of each threshold, as they are listed.
_ORDER: Final = (
    (0x04, 3, "Lower Non-Recoverable"),
    (0x02, 2, "Lower Critical"),
    (0x01, 1, "Lower Non-Critical"),
    (0x08, 4, "Upper Non-Critical"),
    (0x10, 5, "Upper Critical"),
    (0x20, 6, "Upper Non-Recoverable"),
)


def _head(entry: Entry, kind: str, maker: Maker) -> list[str]:
    record = readable(entry)
    return [
        f"Sensor ID              : {shown(entry.sensor_name)} (0x{record.sensor_number:x})",
        f" Entity ID             : {record.entity_id:d}.{record.entity_instance:d}",
        f" Sensor Type ({kind}): {maker.sensor_type(record.sensor_type)}",
    ]


# ---- discrete sensors


def discrete_line(entry: Entry, reading: Reading, *, csv: bool) -> str:
    """One line: name, value, unit, states; no thresholds."""
    if csv:
        value = f"{_NONE},discrete,{_NONE}"
        if reading.valid:
            states = f"0x{reading.raw:x},discrete,0x{reading.low:02x}{reading.high:02x}"
            value = f"{reading.text},{reading.unit},ok" if reading.analog else states
        return ",".join((shown(entry.sensor_name), value, *(_NONE,) * 6))
    value = f"{_NONE:<10} | {'discrete':<10} | {_NONE:<6}"
    if reading.valid:
        states = f"0x{reading.low:<8x} | {'discrete':<10} | 0x{reading.low:02x}{reading.high:02x}"
        value = f"{reading.text:<10} | {reading.unit:<10} | {'ok':<6}" if reading.analog else states
    return "| ".join((f"{padded(entry.sensor_name, 16)} ", value, *(f"{_NONE:<10}",) * 6))


def discrete_block(entry: Entry, reading: Reading, maker: Maker) -> list[str]:
    """Everything about one."""
    record = readable(entry)
    lines = _head(entry, "Discrete", maker)
    if not reading.valid:
        return [*lines, " Unable to read sensor: Device Not Present", ""]
    if reading.analog:
        lines.append(f" Sensor Reading        : {reading.text} {reading.unit}")
    kind, event = record.sensor_type, record.event_type
    return [*lines, *state_lines(maker, "States Asserted", kind, event, reading.low, reading.high), ""]


# ---- sensors with thresholds


def threshold_values(entry: Entry, data: bytes | None) -> list[float | None]:
    """The six thresholds as numbers, in the order of the listing; None for those that cannot be read."""
    factors = entry.factors
    if not data or factors is None:
        return [None] * 6
    return [
        (float(data[place]) if factors.discrete else factors.value(data[place])) if data[0] & bit else None
        for bit, place, _ in _ORDER
    ]


def threshold_line(
    entry: Entry, reading: Reading, data: bytes | None, *, csv: bool, verbose: bool = False
) -> str:
    """One line: name, value, unit, status, thresholds.

    Args:
        data: what Get Sensor Thresholds answered; None if nothing.
        verbose: with the status in words.
    """
    status = status_word(reading, _NONE, WORDS if verbose else SHORT)
    unit = reading.unit
    thresholds = _thresholds(entry, data)
    if csv:
        value = digits(reading.value, 3) if reading.analog else f"0x{reading.raw:x}"
        value = value if reading.valid else _NONE
        return ",".join((shown(entry.sensor_name), value, unit, status, *thresholds))
    if not reading.valid:
        value = f"{_NONE:<10}"
    else:
        value = f"{digits(reading.value, 3):<10}" if reading.analog else f"0x{reading.raw:<8x}"
    start = f"{padded(entry.sensor_name, 16)} | {value} | {unit:<10} | {status:<6}"
    return "| ".join((start, *(f"{one:<10}" for one in thresholds)))


def _thresholds(entry: Entry, data: bytes | None) -> list[str]:
    values = threshold_values(entry, data)
    discrete = entry.factors is not None and entry.factors.discrete
    return [
        _NONE if value is None else f"0x{int(value):x}" if discrete else digits(value, 3) for value in values
    ]


def threshold_block(
    entry: Entry,
    reading: Reading,
    data: bytes | None,
    status: bytes | None,
    enables: bytes | None,
    maker: Maker,
) -> list[str]:
    """Everything about one.

    Args:
        data: what Get Sensor Thresholds answered; None if nothing.
        status: what Get Sensor Event Status answered; None if nothing.
        enables: what Get Sensor Event Enable answered; None if nothing.
    """
    record = readable(entry)
    lines = [*_head(entry, "Threshold", maker)]
    lines[-1] = lines[-1].replace(" (Threshold):", " (Threshold)  :")
    if reading.valid:
        lines.append(f" Sensor Reading        : {_value(entry, reading)}")
        lines.append(f" Status                : {status_word(reading, 'ns', WORDS)}")
        if not data:
            lines.append(" Sensor Threshold Settings not available")
        else:
            if entry.factors is not None:
                thresholds = zip(_ORDER, _thresholds(entry, data), strict=True)
                lines += [f" {title:<21} : {value}" for (_, _, title), value in thresholds]
            lines += hysteresis_lines(entry)
    else:
        # ipmitool begins the line with the reading before it knows that there is none.
        lines += [" Sensor Reading        :  Unable to read sensor: Device Not Present", ""]
    lines += status_lines(maker, status, record.sensor_type, record.event_type)
    lines += enable_lines(maker, enables, record.sensor_type, record.event_type)
    return [*lines, ""]


def _value(entry: Entry, reading: Reading) -> str:
    factors = entry.factors
    if factors is None:
        return f"0x{reading.raw:x} {reading.unit}"
    if not reading.analog:
        return f"0x{reading.raw:x} (+/- 0x{factors.tolerance:x}) {reading.unit}"
    tolerance = shortest(factors.tolerance_value(), 3)
    return f"{shortest(reading.value, 3)} (+/- {tolerance}) {reading.unit}"
