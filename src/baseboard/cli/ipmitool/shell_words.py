"""The words of a line of ``shell`` and ``exec``, which know quotes but no escapes."""

from __future__ import annotations

import re
from typing import Final

# A word in quotes ends with them, whatever comes behind; quotes inside a word are letters, but hold blanks.
_WORD: Final = re.compile(
    r"""[ \t]* (?: "(?P<double>[^"]*)"?[^ \t]* | '(?P<single>[^']*)'?[^ \t]*
    | (?P<plain>(?: [^ \t"'] | "[^"]*"? | '[^']*'? )+) )""",
    re.VERBOSE,
)


def split(line: str) -> list[str]:
    """Split a line; a quoted word may have blanks."""
    words: list[str] = []
    for found in _WORD.finditer(line.strip()):
        word = found["double"] if found["double"] is not None else found["single"]
        words.append(found["plain"] if word is None else word)
    return words
