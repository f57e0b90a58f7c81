"""The states of discrete sensors and the event bits of all, in ipmitool's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.event_texts import ANY, Row

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.maker import Maker

_INDENT: Final = " " * 25
_UNAVAILABLE, _MESSAGES = 0x20, 0x80

# Threshold events by offset (Table 42-2, type 01h).
_EVENTS: Final = tuple(
    f"{threshold}{way}" for threshold in ("lnc", "lcr", "lnr", "unc", "ucr", "unr") for way in ("-", "+")
)


def states(rows: Iterable[Row], low: int, high: int) -> list[str]:
    """Give the words of the states that hold, offset by offset.

    Args:
        rows: of this kind of sensor; those that depend on event data say nothing about states.
        low: states 7 to 0.
        high: states 14 to 8.
    """
    held = low | (high & 0x7F) << 8
    return [row.text for row in rows if row.data == ANY and held >> row.offset & 1]


def state_list(maker: Maker, sensor_type: int, event_type: int, low: int, high: int) -> str:
    """Give the states that hold in one line, as the long listing has them."""
    return ", ".join(states(maker.rows(sensor_type, event_type), low, high))


def state_lines(
    maker: Maker, title: str, sensor_type: int, event_type: int, low: int, high: int
) -> list[str]:
    """Give the states that hold, a line each under a title; nothing if there are none or no words."""
    rows = maker.rows(sensor_type, event_type)
    if not (low or high & 0x7F) or not any(row.data == ANY for row in rows):
        return []
    held = [f"{_INDENT}[{text}]" for text in states(rows, low, high)]
    return [f" {title:<21} : {maker.sensor_type(sensor_type)}", *held]


def status_lines(maker: Maker, data: bytes | None, sensor_type: int, event_type: int) -> list[str]:
    """Say what Get Sensor Event Status answered; nothing if it did not."""
    if not data:
        return []
    if data[0] & _UNAVAILABLE:
        return [" Event Status          : Unavailable"]
    lines = [] if data[0] & _MESSAGES else [" Event Status          : Event Messages Disabled"]
    return lines + _events(maker, "Assertion Events", "Deassertion Events", data, sensor_type, event_type)


def enable_lines(maker: Maker, data: bytes | None, sensor_type: int, event_type: int) -> list[str]:
    """Say what Get Sensor Event Enable answered; nothing if it did not."""
    if not data:
        return []
    lines = [] if data[0] & _MESSAGES else [" Event Enable          : Event Messages Disabled"]
    return lines + _events(maker, "Assertions Enabled", "Deassertions Enabled", data, sensor_type, event_type)


def _events(
    maker: Maker, begun: str, ended: str, data: bytes, sensor_type: int, event_type: int
) -> list[str]:
    if event_type != 1:
        lines: list[str] = []
        for title, bits in ((begun, data[1:3]), (ended, data[3:5])):
            if bits:
                low, high = bits.ljust(2, b"\0")
                lines += state_lines(maker, title, sensor_type, event_type, low, high)
        return lines
    lines = [f" {begun:<21} : {_threshold_events(data[1:3])}"]
    # For the status, ipmitool looks for deasserted events only where both bytes have some.
    wanted = all if begun == "Assertion Events" else any
    if len(data) > 3 and wanted(data[3:5]):
        lines.append(f" {ended:<21} : {_threshold_events(data[3:5])}")
    return lines


def _threshold_events(bits: bytes) -> str:
    held = int.from_bytes(bits[:2], "little")
    return "".join(f"{name} " for offset, name in enumerate(_EVENTS) if held >> offset & 1)
