"""FreeIPMI's configuration file: a key and its value a line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baseboard.cli.freeipmi.options import Given, Option

DEFAULT: Final = Path("/etc/freeipmi/freeipmi.conf")
"""What is read when no other file is named, if it is there."""

INSTEAD: Final = "BASEBOARD_FREEIPMI_CONF"
"""Names another file to read in its place; ``--config-file`` counts more."""

_SPELLED: Final = {"k_g": "k-g"}
_ENABLED: Final = {"enable": True, "enabled": True, "yes": True, "on": True, "1": True,
                   "disable": False, "disabled": False, "no": False, "off": False, "0": False}  # fmt: skip


def read_into(given: Given, options: Iterable[Option], program: str) -> None:
    """Fill in what the command line left open.

    A key may be an option's long name or that with the program's before it, which counts more. A file may be
    a pipe, so it is read once, from its beginning. Keys of other programs are theirs.

    Raises:
        Leave: a value is wrong, or the file that was named cannot be read.
    """
    named = given.values.get("config-file")
    path = Path(os.environ.get(INSTEAD) or DEFAULT) if named is None else Path(named)
    try:
        text = path.read_text(errors="surrogateescape")
    except OSError as error:
        if named is None:
            return
        given.fail(f"Config File Error: {named}: {error.strerror}")
    known = {option.word: option for option in options}
    found: dict[str, tuple[bool, str]] = {}
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].strip().partition(" ")
        own = key.startswith(f"{program}-")
        word = _SPELLED.get(key, key).removeprefix(f"{program}-").replace("_", "-")
        if word in known and (own or not found.get(word, (False, ""))[0]):
            found[word] = own, _unquoted(value.strip())
    for word, (_, value) in found.items():
        if word in given.values or word == "config-file":
            continue
        if known[word].takes:
            given.values[word] = value
        elif _switch(given, word, value):
            given.values[word] = ""


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _switch(given: Given, word: str, value: str) -> bool:
    if value.lower() not in _ENABLED:
        given.fail(f"Config File Error: invalid value '{value}' for {word}")
    return _ENABLED[value.lower()]
