"""Look-ups that join several tables: what an offset, a completion code or a software ID says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.codes.completion import CompletionCode
from baseboard.codes.generic import RANGES, Cc

if TYPE_CHECKING:
    from baseboard.codes.offset import Offset

_SENSOR_SPECIFIC: Final = 0x6F
_CODES = {int(code): code for code in vars(Cc).values() if isinstance(code, CompletionCode)}


def event_offset(event_type: int, sensor_type: int, offset: int) -> Offset | None:
    """What an offset says (§42).

    Args:
        event_type: event/reading type; generic, or 6Fh for the sensor type's own offsets.
        sensor_type: matters for event/reading type 6Fh only.
        offset: 0-15.

    Returns:
        The table's row; None where the table has none (OEM and reserved ones).
    """
    if event_type == _SENSOR_SPECIFIC:
        return specific_offsets().get(sensor_type, {}).get(offset)
    from baseboard.codes.generic_offsets import OFFSETS  # texts for people: who shows none does not load them

    return OFFSETS.get(event_type, {}).get(offset)


def specific_offsets() -> dict[int, dict[int, Offset]]:
    """Offsets by sensor type, for event/reading type 6Fh (Table 42-3)."""
    from baseboard.codes import sensor_offsets_05_0f, sensor_offsets_10_1f, sensor_offsets_20_2c

    return {**sensor_offsets_05_0f.OFFSETS, **sensor_offsets_10_1f.OFFSETS, **sensor_offsets_20_2c.OFFSETS}


def completion_text(code: int) -> str:
    """What a generic completion code says, or the range that it lies in; empty for a reserved one."""
    known = _CODES.get(code)
    if known is not None:
        return known.text
    return next((text for low, high, text in RANGES if low <= code <= high), "")


def software_text(software_id: int) -> str:
    """Which software a generator ID's byte means, bit 0 included; empty for a reserved one."""
    from baseboard.codes.software import SOFTWARE_IDS

    return next((text for ids, text in SOFTWARE_IDS if software_id in ids), "")
