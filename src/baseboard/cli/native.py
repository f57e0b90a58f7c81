"""``baseboard <noun> <verb>``: which part of the program a line is for."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING, Final, Protocol, cast

from baseboard import __version__
from baseboard.cli import verbs
from baseboard.cli.failures import DONE, USAGE
from baseboard.cli.long_options import OPTIONS, UsageError, split

if TYPE_CHECKING:
    from baseboard.cli.long_options import LongOption, Split

    class LocalVerb(Protocol):
        """What the module of a verb that logs into no BMC offers."""

        def run(self, line: Split) -> int:
            """Do it.

            Returns: the exit code.
            """
            ...


LOCAL: Final[dict[str, str]] = {
    "commands": "baseboard.cli.commands",
    "explain": "baseboard.cli.explain",
    "completion": "baseboard.cli.completion",
    "discover": "baseboard.cli.discover",
    "pet": "baseboard.cli.pet_listen",
    "firmware": "baseboard.cli.firmware_build",
}
"""Verbs that log into no BMC, and their modules."""


def run(arguments: list[str]) -> int:
    """Run a line.

    Returns: the exit code, see `baseboard.cli.failures`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # No sign that a terminal's encoding lacks stops a listing.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except UsageError as error:
        print(f"baseboard: {error}", file=sys.stderr)
        print(
            "usage: baseboard [OPTIONS] NOUN VERB [ARGUMENTS]; `baseboard --help` lists all", file=sys.stderr
        )
        return USAGE


def _run(arguments: list[str]) -> int:
    line = split(arguments, _of_verbs)
    if "version" in line.given or "V" in line.letters:
        print(f"baseboard {__version__}")
        return DONE
    if "help" in line.given or "h" in line.letters or line.words[:1] == ["help"]:
        from baseboard.cli import help_text

        return help_text.run(line.words[1:] if line.words[:1] == ["help"] else line.words)
    if not line.words:
        raise UsageError("no verb is given")
    noun = line.words[0]
    _options_fit(line)
    if noun in LOCAL:
        return cast("LocalVerb", importlib.import_module(LOCAL[noun])).run(line)
    if noun not in verbs.NOUNS and noun not in verbs.ALIASES and noun != "doctor":
        raise UsageError(unknown(noun))
    from baseboard.cli import console

    return console.run(line)


def _of_verbs() -> list[LongOption]:
    """The options that belong to verbs."""
    return [option for verb in (*verbs.VERBS, *verbs.OWN) for option in verb.options]


def unknown(noun: str) -> str:
    """Say that there is no such verb, and which one may have been meant."""
    import difflib

    known = [*verbs.NOUNS, *verbs.ALIASES, *(verb.words.split()[0] for verb in verbs.OWN)]
    near = difflib.get_close_matches(noun, known, 1)
    meant = f"; {near[0]}?" if near else ""
    from baseboard.cli.ipmitool.text import printable

    return f"{printable(noun)}: there is no such verb{meant}"


def _options_fit(line: Split) -> None:
    """A verb's own option with another verb would do nothing: say so."""
    if line.given.keys() <= {option.name for option in OPTIONS}:
        return
    verb = verbs.find(line.words) or next(
        (own for own in verbs.OWN if own.words in (line.words[0], " ".join(line.words[:2]))), None
    )
    own: tuple[LongOption, ...] = verb.options if verb is not None else ()
    there = {option.name for option in _of_verbs()}
    for name in line.given:
        if name in there - {option.name for option in own}:
            raise UsageError(f"--{name} does not belong to `{' '.join(line.words[:2])}`")
