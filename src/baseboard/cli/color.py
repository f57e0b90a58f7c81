"""Colours of what was printed for people: states of sensors, and errors. The text itself stays the same."""

from __future__ import annotations

import re
from typing import Final

_RED, _YELLOW, _GREEN, _DIM, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"

_STATES: Final = {
    "ok": _GREEN,
    "nc": _YELLOW,
    "lnc": _YELLOW,
    "unc": _YELLOW,
    "cr": _RED,
    "lcr": _RED,
    "ucr": _RED,
    "nr": _RED,
    "lnr": _RED,
    "unr": _RED,
    "ns": _DIM,
    "na": _DIM,
}
"""ipmitool's words for a sensor's state: they stand alone between bars."""

_STATE: Final = re.compile(
    r"(?<=\| )(" + "|".join(sorted(_STATES, key=len, reverse=True)) + r")(?= *(\||$))", re.M
)


def paint(text: str) -> str:
    """Put colours on the states of sensors."""
    return _STATE.sub(lambda found: f"{_STATES[found[1]]}{found[1]}{_PLAIN}", text)


def error(text: str) -> str:
    """A line about a failure."""
    return f"{_RED}{text}{_PLAIN}"
