"""Whether the states of a sensor are good or bad: FreeIPMI's rules, and those of the user's file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from baseboard.cli.freeipmi.sensor_events import Kind, kind_of
from baseboard.cli.freeipmi.state_rules import RULES

DEFAULT: Final = Path("/etc/freeipmi/freeipmi_interpret_sensor.conf")
"""What is read when no other file is named, if it is there."""

WORDS: Final = ("Nominal", "Warning", "Critical")
NONE: Final = "N/A"
"""What is said of a sensor that there are no rules for, or that is in no known state."""

_LETTERS: Final = "NWC"
_THRESHOLD_BITS: Final = 0x3F
_STATE_BITS: Final = 0x7FFF
_MOST_RULES: Final = 15


class RulesError(Exception):
    """The user's file cannot be used; the text says why."""


class States:
    """The rules that hold.

    Args:
        changed: by name, how bad the user takes a state to be, 0 to 2.
    """

    def __init__(self, changed: Mapping[str, int] | None = None) -> None:
        self._changed = changed or {}

    @classmethod
    def read(cls, file: str) -> States:
        """Take a file's rules, by the name that was given, or where FreeIPMI has it.

        Raises:
            RulesError: there is none, or it is not understood.
        """
        try:
            text = (Path(file) if file else DEFAULT).read_text(errors="surrogateescape")
        except OSError:
            if file:
                raise RulesError(f"sensor state config file '{file}' does not exist") from None
            return cls()
        try:
            return cls(_parsed(text))
        except ValueError:
            named = f" '{file}'" if file else ""
            raise RulesError(f"sensor state config file{named} parse error") from None

    def state(self, event_type: int, sensor_type: int, bits: int, *, ignore_unrecognized: bool) -> str:
        """Say how bad it is that a sensor is in these states.

        Args:
            ignore_unrecognized: pay no heed to states that no table knows.
        """
        kind = kind_of(event_type)
        rules = RULES.get((event_type, 0 if kind is Kind.THRESHOLD else sensor_type))
        if rules is None:
            return NONE
        bits &= _THRESHOLD_BITS if kind is Kind.THRESHOLD else _STATE_BITS
        prefix, words = rules
        worst, levels = 0, [self._level(prefix, word) for word in words.split()]
        # FreeIPMI looks at so many rules and no more, that of no state included.
        del levels[_MOST_RULES:]
        for place, level in enumerate(levels):
            if bits >> (place - 1) & 1 if place else not bits:
                worst = max(worst, level)
        if bits >> (len(levels) - 1) and kind is not Kind.THRESHOLD and not ignore_unrecognized:
            return NONE
        return WORDS[worst]

    def _level(self, prefix: str, word: str) -> int:
        name, _, letter = word.partition("=")
        return self._changed.get((prefix + name).lower(), _LETTERS.index(letter))


def _parsed(text: str) -> dict[str, int]:
    """Read lines of a rule's name and its word.

    Raises:
        ValueError: a name or a word is not known.
    """
    known = {
        (prefix + word.partition("=")[0]).lower()
        for prefix, words in RULES.values()
        for word in words.split()
    }
    found: dict[str, int] = {}
    for line in text.splitlines():
        name, *rest = line.partition("#")[0].split() or [""]
        if not name:
            continue
        if name.lower() in _OTHERS:
            continue
        if name.lower() not in known or len(rest) != 1:
            raise ValueError(line)
        found[name.lower()] = [word.lower() for word in WORDS].index(rest[0].lower())
    return found


_OTHERS: Final = frozenset({"ipmi_oem_bitmask", "ipmi_oem_value"})
"""Rules for sensors of makers."""
