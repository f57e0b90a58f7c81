"""The states of a sensor in FreeIPMI's words."""

from __future__ import annotations

from enum import Enum
from typing import Final

from baseboard.cli.freeipmi.event_texts import GENERIC, GENERIC_SHORT, SPECIFIC, SPECIFIC_SHORT
from baseboard.cli.freeipmi.sensor_options import FIRST_OEM_TYPE

OK: Final = "OK"
"""What is said where no state holds."""

THRESHOLDS: Final = (
    "At or Below (<=) Lower Non-Critical Threshold",
    "At or Below (<=) Lower Critical Threshold",
    "At or Below (<=) Lower Non-Recoverable Threshold",
    "At or Above (>=) Upper Non-Critical Threshold",
    "At or Above (>=) Upper Critical Threshold",
    "At or Above (>=) Upper Non-Recoverable Threshold",
)
"""Thresholds that a reading has reached, in the order of their bits (Table 35-15)."""

_OFFSETS: Final = 15
_SPECIFIC: Final = 0x6F


class Kind(Enum):
    """Of which kind the states of an event/reading type are (Table 42-1)."""

    THRESHOLD = "threshold"
    GENERIC = "generic"
    SPECIFIC = "sensor specific"
    OEM = "OEM"
    UNKNOWN = "unknown"


def kind_of(event_type: int) -> Kind:
    """Tell of which kind an event/reading type is."""
    if event_type == 0x01:
        return Kind.THRESHOLD
    if 0x02 <= event_type <= 0x0C:
        return Kind.GENERIC
    if event_type == _SPECIFIC:
        return Kind.SPECIFIC
    return Kind.OEM if 0x70 <= event_type <= 0x7F else Kind.UNKNOWN


def reached(bits: int) -> list[str]:
    """Say the worst of the thresholds that were reached; nothing where none was."""
    return [text for bit, text in enumerate(THRESHOLDS) if bits >> bit & 1][-1:]


def events(
    event_type: int, sensor_type: int, bits: int, *, short: bool, ignore_unrecognized: bool = False
) -> list[str]:
    """Say which states or events these bits are; nothing where no bit is set.

    Args:
        short: leave the explanations out.
        ignore_unrecognized: leave bits out that no table knows.
    """
    kind = kind_of(event_type)
    if kind in (Kind.OEM, Kind.UNKNOWN) or (kind is Kind.SPECIFIC and sensor_type >= FIRST_OEM_TYPE):
        # Nothing is said of a maker's own sensor in no state, but of one of an own type something always.
        return [f"OEM Event = {bits:04X}h"] if kind is not Kind.SPECIFIC or bits & 0x7FFF else []
    found: list[str] = []
    for offset in (offset for offset in range(_OFFSETS) if bits >> offset & 1):
        text = _event(event_type, sensor_type, offset, short=short)
        if text:
            found.append(text)
        elif not ignore_unrecognized:
            found.append(f"Unrecognized Event = {1 << offset:04X}h")
    return found


def _event(event_type: int, sensor_type: int, offset: int, *, short: bool) -> str:
    if event_type == _SPECIFIC:
        texts, key, shorter = SPECIFIC.get(sensor_type, ()), sensor_type, SPECIFIC_SHORT
    else:
        texts, key, shorter = GENERIC.get(event_type, ()), event_type, GENERIC_SHORT
    if offset >= len(texts):
        return ""
    return shorter.get((key, offset), texts[offset]) if short else texts[offset]
