"""Words of a file that stand for codes of the specification, and texts that differ between BMCs."""

from __future__ import annotations

import difflib
import json
import re
from typing import TypeVar

from baseboard.bmc.configuration.spots import Spot
from baseboard.wire import OpenEnum

C = TypeVar("C", bound=OpenEnum)

_NUMBER = re.compile(r"\{n(?::0(\d))?\}")


def code(kind: type[C], word: str | int, spot: Spot) -> C:
    """The code that a word or a number stands for.

    Args:
        kind: the table; its members' names are the words, in small letters.
        word: what stands in the file.
        spot: where.
    """
    if isinstance(word, int):
        return kind(word)
    member = kind.__members__.get(word.upper())
    if member is None:
        raise spot.wrong(unknown_word(word, [name.lower() for name in kind.__members__], "the code's number"))
    return member


def unknown_word(word: str, words: list[str], otherwise: str = "") -> str:
    """What to say of a word that is none of a list."""
    near = difflib.get_close_matches(word.lower(), words, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    more = f", or {otherwise}" if otherwise else ""
    return f"found {json.dumps(word)}{hint}; allowed is one of {', '.join(words)}{more}"


def numbered(text: str, number: int, name: str = "") -> str:
    """Put a number for ``{n}`` and ``{n:03}``, and the BMC's name for ``{name}``."""
    return _NUMBER.sub(lambda found: f"{number:0{found[1] or 0}}", text).replace("{name}", name)


def varies(text: str) -> bool:
    """Whether the text has a place for a number or a name."""
    return "{name}" in text or _NUMBER.search(text) is not None
