"""Our long options: found anywhere among the words, taken out before ipmitool's grammar reads the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.errors import BaseboardError
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class UsageError(BaseboardError):
    """What was typed cannot be meant."""


class LongOption(Value):
    """An option.

    Attributes:
        name: without the dashes.
        value: what its value is called; empty for an option without.
        summary: one line.
        choices: the values there are; empty if any is allowed.
        repeated: it may stand there more than once; its values are joined by commas.
    """

    name: str
    value: str
    summary: str
    choices: tuple[str, ...] = ()
    repeated: bool = False


JSON: Final = LongOption("json", "", "one document a host and line, schema baseboard/1, instead of text")
DRY_RUN: Final = LongOption("dry-run", "", "tell every request that would be sent; send nothing")
OPTIONS: Final = (
    JSON,
    LongOption("hosts", "FILE", "take hosts from a file, a list a line; - is standard input"),
    LongOption("parallel", "N", "at most so many hosts at a time (64)"),
    LongOption("no-fold", "", "several hosts: each line with its host, as it comes"),
    DRY_RUN,
    LongOption("wait", "", "power verbs: until the host really is on or off"),
    LongOption("yes", "", "several hosts: do what loses something, without asking"),
    LongOption("color", "WHEN", "auto, always or never", ("auto", "always", "never")),
    LongOption("no-cache", "", "neither read nor keep records and what was learned about a firmware"),
    LongOption("timeout", "SECONDS", "the time for the whole operation"),
    LongOption(
        "allow",
        "ID",
        "bear a departure from the specification that needs consent, such as Q-NOAUTHCODE; repeatable",
        repeated=True,
    ),
    LongOption("take-over", "", "end somebody's console to open ours"),
    LongOption("password-command", "COMMAND", "its first line of output is the password"),
    LongOption(
        "compat", "RELEASE", "print as this release of ipmitool: 1.8.18 or 1.8.19", ("1.8.18", "1.8.19")
    ),
    LongOption("version", "", "print the version"),
    LongOption("help", "", "print help; after a noun, its verbs"),
)
"""Options that stand with any verb."""

FOLLOW_INTERVAL: Final = LongOption("interval", "SECONDS", "time between two looks at the log (5)")
FOLLOW_COUNT: Final = LongOption("count", "N", "end after so many events")
WATCH_INTERVAL: Final = LongOption("interval", "SECONDS", "time between two readings (2)")
WATCH_COUNT: Final = LongOption(
    "count",
    "N",
    "end after so many rounds; each reads all, and --json prints all that it read",
)
PLOT_INTERVAL: Final = LongOption("interval", "SECONDS", "time between two readings (1)")
PLOT_COUNT: Final = LongOption("count", "N", "end after so many readings (60)")
BOOKMARK: Final = LongOption("bookmark", "FILE", "go on after the last event told, and remember it there")
ALL: Final = LongOption("all", "", "those of other documents too: PICMG, HPM.1, VITA, makers")
FORCE: Final = LongOption("force", "", "even if the file is there already")
RESPONSE: Final = LongOption(
    "response", "", "the bytes are a response: netfn, command, completion code, data"
)
KINDS: Final = ("request", "response", "message", "packet", "sdr", "sel", "fru")
KIND: Final = LongOption("as", "KIND", "what they are, if it is not seen by itself", KINDS)
ACKNOWLEDGE: Final = LongOption(
    "acknowledge", "PORT", "acknowledge traps at this port of their senders, such as 623; or source"
)
TRAP_COUNT: Final = LongOption("count", "N", "end after so many traps")
OUT: Final = LongOption("output", "FILE", "write there")

SHORT: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "I",
        "INTERFACE",
        "lanplus (with -H), lan, open (without), inband (without a driver), serial-basic, serial-terminal",
    ),
    ("H", "HOSTS", "host, host:port, [v6]:port, node[001-100], @group, several by commas"),
    ("p", "PORT", "UDP port (623)"),
    ("U", "USER", "name to log in by"),
    (
        "P",
        "PASSWORD",
        "password; everybody on this machine can read it, -f -E and --password-command are better",
    ),
    ("f", "FILE", "password from a file's first line"),
    ("E", "", "password from $IPMITOOL_PASSWORD or $IPMI_PASSWORD"),
    ("a", "", "ask for the password"),
    ("k", "KEY", "K_G as text"),
    ("y", "HEX", "K_G in hexadecimal"),
    ("Y", "", "ask for K_G"),
    ("K", "", "K_G from $IPMI_KGKEY"),
    ("L", "LEVEL", "CALLBACK, USER, OPERATOR or ADMINISTRATOR; + behind it looks up name and level"),
    ("C", "SUITE", "cipher suite (17, then 3)"),
    ("A", "TYPE", "v1.5: NONE, PASSWORD, MD2, MD5"),
    ("N", "SECONDS", "wait so long for the answer to a packet"),
    (
        "R",
        "N",
        "send a packet at most so often in all (4): 1 is no repetition, 0 the same as 4",
    ),
    ("4", "", "IPv4 only"),
    ("6", "", "IPv6 only"),
    ("t", "ADDRESS", "the controller at this slave address answers"),
    ("b", "CHANNEL", "it sits on this channel"),
    ("T", "ADDRESS", "the bridge on the way to it"),
    ("B", "CHANNEL", "the bridge's channel"),
    ("l", "LUN", "logical unit"),
    ("m", "ADDRESS", "own slave address"),
    ("d", "DEVICE", "open: N of /dev/ipmiN; inband: kcs@0xca2, smic@0xca9, bt@0xe4, ssif@i2c-0:0x10"),
    ("D", "LINE[:BAUD]", "serial line"),
    ("c", "", "comma-separated values"),
    ("v", "", "more; twice: every request and response, field by field"),
    ("Z", "", "times in UTC"),
    ("S", "FILE", "sensor data records from a file that `sdr dump` made"),
    ("O", "FILE", "texts of OEM events"),
    ("o", "TYPE", "quirks of a maker; list names them"),
    ("e", "SIGN", "escape sign of the console (~)"),
    ("z", "BYTES", "largest request"),
    ("s", "", "short for -o supermicro"),
    ("g", "", "short for -o intelwv2"),
    ("V", "", "print the version"),
    ("h", "", "print help"),
)
"""ipmitool's options, in the order in which help tells of them: letter, value, line."""

_VALUED: Final = frozenset(letter for letter, value, _ in SHORT if value)


class Split(Value):
    """A command line taken apart.

    Attributes:
        given: long options by name, with their value.
        letters: the short options that are there.
        rest: everything else, short options and words, in their order.
        words: the words alone.
    """

    given: dict[str, str]
    letters: frozenset[str]
    rest: list[str]
    words: list[str]


def split(arguments: Sequence[str], own: Callable[[], Iterable[LongOption]] = tuple) -> Split:
    """Take the long options out of a command line.

    Args:
        own: tells the options that belong to verbs, when one is there that does not stand with all.

    Raises:
        UsageError: an option is unknown, lacks its value or has one too many.
    """
    options = {option.name: option for option in OPTIONS}
    given: dict[str, str] = {}
    letters: set[str] = set()
    rest: list[str] = []
    words: list[str] = []
    left = iter(arguments)
    for word in left:
        if word == "--":
            after = list(left)
            rest += ["--", *after]
            words += after
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name not in options:
                options = {option.name: option for option in own()} | options
            option = options.get(name)
            if option is None:
                raise UsageError(f"--{name}: there is no such option; --help lists all")
            found = _value(option, value if equals else None, left)
            given[name] = f"{given[name]},{found}" if option.repeated and name in given else found
        elif word.startswith("-") and len(word) > 1:
            rest.append(word)
            _letters(word, letters, rest, left)
        else:
            rest.append(word)
            words.append(word)
    return Split(given, frozenset(letters), rest, words)


def _value(option: LongOption, value: str | None, left: Iterator[str]) -> str:
    if not option.value:
        if value is not None:
            raise UsageError(f"--{option.name} takes no value")
        return ""
    if value is None:
        value = next(left, None)
    if value is None:
        raise UsageError(f"--{option.name} needs {option.value}")
    if option.choices and value not in option.choices:
        raise UsageError(
            f"--{option.name} is {', '.join(option.choices[:-1])} or {option.choices[-1]}, not {value}"
        )
    return value


def _letters(word: str, letters: set[str], rest: list[str], left: Iterator[str]) -> None:
    """Go through a bundle of short options, as getopt does: one with a value takes what is left."""
    bundle = word[1:]
    while bundle:
        letter, bundle = bundle[0], bundle[1:]
        letters.add(letter)
        if letter in _VALUED:
            if not bundle:
                value = next(left, None)
                rest += [] if value is None else [value]
            return


def number(given: Mapping[str, str], name: str, otherwise: float, *, least: float = 0) -> float:
    """The value of an option that is a number.

    Raises:
        UsageError: it is none, or too small.
    """
    if name not in given:
        return otherwise
    try:
        value = float(given[name])
    except ValueError:
        value = float("nan")
    if not least <= value < 1e9:
        raise UsageError(f"--{name}: {given[name]} is no number from {least:g} on")
    return value
