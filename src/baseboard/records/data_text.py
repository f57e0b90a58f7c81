"""What the event data columns of Table 42-3 say, put into words for one byte.

The columns are text, such as ``[7:4] interrupt type: 0 none; 1 SMI. [3:0] timer use: 1 BIOS FRB2``. They are
read here once, so that the tables in `baseboard.codes` stay the only place where the meanings are written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from baseboard.codes import RestartCause, event_data

_PART = re.compile(r"(?:^|[.;] )\[(\d)(?::(\d))?\] ")
_SEE = re.compile(r"(?:(.*); )?see (?:event_data_codes: )?(\w+)$")
_VALUE = re.compile(r"([0-9A-F]) (.+)$")

_SETS: dict[str, dict[int, str]] = {
    "fw_error": event_data.FW_ERROR,
    "fw_progress": event_data.FW_PROGRESS,
    "power_state": event_data.POWER_STATE,
    "slot_type": event_data.SLOT_TYPE,
    "version_change": event_data.VERSION_CHANGE,
    "fru_state_cause": event_data.FRU_STATE_CAUSE,
    "restart_causes": {int(cause): cause.text for cause in RestartCause},
}


class Part(NamedTuple):
    """Some bits of an event data byte.

    Attributes:
        high: their most significant bit.
        low: their least significant bit.
        label: what they tell; empty where the values say it all.
        values: what a value means, where the table says so.
    """

    high: int
    low: int
    label: str
    values: dict[int, str]

    def text(self, byte: int) -> str:
        """Say these bits of a byte; empty for a flag that is not set."""
        value = byte >> self.low & (1 << self.high - self.low + 1) - 1
        if not self.values and self.high == self.low:
            return self.label if value else ""
        meaning = self.values.get(value, str(value))
        if meaning == "not":  # the other side of a flag: "1 logical FRU device / 0 not"
            return ""
        return f"{self.label}: {meaning}" if self.label else meaning


@cache
def parts(column: str) -> tuple[Part, ...]:
    """Read a column of Table 42-3."""
    pieces = _PART.split(column)
    if len(pieces) == 1:
        return (_part(7, 0, column),)
    return tuple(
        _part(int(high), int(low or high), body.rstrip("."))
        for high, low, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    )


def _part(high: int, low: int, body: str) -> Part:
    see = _SEE.match(body)
    if see is not None:
        return Part(high, low, see[1] or "", _SETS[see[2]])
    label, colon, rest = body.partition(": ")
    if not colon:
        label, rest = "", body
    values = dict(_values(rest))
    if values:
        return Part(high, low, label, values)
    label, comma, rest = body.partition(", ")  # "user ID, 0 unspecified"
    return Part(high, low, label, dict(_values(rest)) if comma else {})


def _values(text: str) -> list[tuple[int, str]]:
    found = [_VALUE.match(one) for one in re.split(r"; | / ", text)]
    return [(int(one[1], 16), one[2]) for one in found if one is not None]


def data_text(column: str, byte: int) -> list[str]:
    """Say an event data byte.

    Args:
        column: what the table says about it, as `baseboard.codes.Offset` has it.
        byte: 0-255.

    Returns:
        A phrase for each thing it tells.
    """
    return [text for text in (part.text(byte) for part in parts(column)) if text]
