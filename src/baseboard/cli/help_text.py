"""``--help``: all nouns and options, or the verbs of a noun, out of the table of verbs."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from baseboard import __doc__ as about
from baseboard.cli import verbs
from baseboard.cli.failures import DONE, USAGE
from baseboard.cli.long_options import OPTIONS, SHORT, LongOption

_WIDE = 34


def run(words: list[str]) -> int:
    """Print help.

    Args:
        words: a noun or verb; none for an overview.
    """
    if not words:
        print(overview(), end="")
        return DONE
    found = _meant(words)
    if not found:
        from baseboard.cli.native import unknown

        print(f"baseboard: {unknown(words[0])}", file=sys.stderr)
        return USAGE
    print(of_verbs(found), end="")
    return DONE


def _meant(words: list[str]) -> list[verbs.Verb]:
    exact = verbs.find(words)
    if exact is not None and len(words) > 1:
        return [exact]
    return verbs.of(words[0]) or [own for own in verbs.OWN if own.words.split()[0] == words[0]]


def overview() -> str:
    """Everything that can be typed, a line each."""
    parts = [
        "usage: baseboard [OPTIONS] NOUN VERB [ARGUMENTS]\n",
        f"{str(about).splitlines()[0]}\n",
        "Nouns of a BMC, as ipmitool has them (`baseboard help NOUN` lists the verbs):\n"
        + "".join(_row(noun, text) for noun, text in verbs.NOUNS.items()),
        "On top of ipmitool's verbs:\n"
        + "".join(_row(f"{verb.words} {verb.arguments}", verb.summary) for verb in ours()),
        "Options, as ipmitool's:\n"
        + "".join(_row(f"-{letter} {value}", text) for letter, value, text in SHORT),
        "Options of our own:\n" + long(OPTIONS),
        "Exit codes: 0 done, 1 failed, 2 usage, 3 unreachable, 4 login refused, 5 privilege refused,\n"
        "6 cipher suite refused, 7 no session left, 8 not IPMI, 9 no answer, 10 device, 11 some hosts\n",
    ]
    return "\n".join(parts)


def ours() -> list[verbs.Verb]:
    """The verbs that ipmitool has not."""
    under = {"sel follow", "sensor watch", "sensor plot", "sol log", "sol watch"}
    return [*verbs.OWN, *(verb for verb in verbs.VERBS if verb.words in under)]


def of_verbs(found: Iterable[verbs.Verb]) -> str:
    """The verbs with their arguments and options."""
    text = ""
    for verb in found:
        text += _row(f"{verb.words} {verb.arguments}", verb.summary)
        text += long(verb.options, "    ")
        if verb.loses:
            text += _row("", f"loses: {verb.loses}; several hosts want --yes")
    return text


def long(options: Iterable[LongOption], indent: str = "") -> str:
    """Rows about long options."""
    return "".join(_row(f"{indent}--{option.name} {option.value}", option.summary) for option in options)


def _row(what: str, text: str) -> str:
    what = "  " + what.rstrip()
    if len(what) > _WIDE - 2:
        return f"{what}\n{'':{_WIDE}}{text}\n"
    return f"{what:{_WIDE}}{text}\n"
