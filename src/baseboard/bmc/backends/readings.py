"""From what programs print and files hold to readings of sensors."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from baseboard.errors import TransportError

_NUMBER: Final = re.compile(
    r"\s*([-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?)"
)
_BITS: Final = re.compile(r"0[xX][0-9a-fA-F]{1,4}")
_OFFSET: Final = re.compile(r"[0-9]{1,2}")
_SPLIT: Final = re.compile(r"[\s,]+")
_LAST_OFFSET: Final = 14
_NO_STATES: Final = ("none", "-")
_SHOWN: Final = 30


def number_of(text: str) -> float:
    """The number at the beginning of a text; what comes after it, such as a unit, does not count.

    Raises:
        TransportError: there is none.
    """
    found = _NUMBER.match(text)
    number = float(found[1]) if found is not None else math.nan
    if not math.isfinite(number):
        raise TransportError(f"{_shown(text)} is no number")
    return number


def states_of(text: str, words: Mapping[str, int]) -> int:
    """The states that a text stands for, bit n = offset n.

    Args:
        text: a word of ``words``; without any, offsets such as ``0 3``, bits such as ``0x09``, or ``none``.
        words: texts in small letters, and what they stand for.

    Raises:
        TransportError: it stands for none.
    """
    word = text.strip().lower()
    if words:
        states = words.get(word)
        if states is None:
            raise TransportError(f"{_shown(text)} is none of {', '.join(words)}")
        return states
    if word in _NO_STATES:
        return 0
    states = 0
    for part in _SPLIT.split(word):
        if _BITS.fullmatch(part):
            states |= int(part, 16) & 0x7FFF
        elif _OFFSET.fullmatch(part) and int(part) <= _LAST_OFFSET:
            states |= 1 << int(part)
        else:
            raise TransportError(f"{_shown(text)} is no list of states, such as 0 3, 0x09 or none")
    return states


def _shown(text: str) -> str:
    line = text.strip().partition("\n")[0][:_SHOWN]
    return '"' + "".join(letter if letter.isprintable() else "?" for letter in line) + '"'
