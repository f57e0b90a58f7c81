"""The table of verbs: what can be typed, what it takes, and a line about each.

Help, completion and man pages are made of it; `--json` asks it whether a verb lists, and a call with several
hosts what a verb loses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from baseboard.cli.verbs.verb import Verb as Verb

    VERBS: tuple[Verb, ...]
    """Every verb that logs into a BMC."""

    OWN: tuple[Verb, ...]
    """Verbs that ipmitool has not, in front of a noun."""
else:

    def __getattr__(name: str) -> object:
        # A line that does one verb pays for the rows of its noun, and not for all 300.
        match name:
            case "VERBS":
                value = tuple(verb for subject in _SUBJECTS for verb in _rows(subject))
            case "OWN" | "Verb":
                value = getattr(import_module(f"{__name__}.{name.lower()}"), name)
            case _:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


NOUNS: Final[dict[str, str]] = {
    "mc": "management controller: identity, reset, enables, watchdog, system information",
    "chassis": "power, boot device, identify light, restart policy",
    "power": "short for chassis power",
    "sdr": "sensor data records and their readings",
    "sensor": "sensors with thresholds; live table and chart",
    "sel": "system event log: list, follow, clear, time",
    "fru": "inventories: boards, chassis, products",
    "user": "users and passwords",
    "channel": "channels: access, medium, cipher suites",
    "lan": "LAN parameters, alert destinations, statistics",
    "lan6": "IPv6 parameters of a LAN channel",
    "sol": "serial console over LAN: parameters, console, log, watch",
    "serial": "serial channels: parameters, mux, callback, paging",
    "payload": "payloads besides IPMI messages: types, access, instances, encryption",
    "session": "who is logged in",
    "event": "send events to the controller",
    "pef": "platform event filters, alert policies",
    "dcmi": "data center management interface: power, temperatures, asset tag",
    "hpm": "firmware upgrades by HPM.1: check, upgrade, activate, roll back",
    "picmg": "FRUs of a shelf: activation, LEDs, power, links",
    "vita": "FRUs of a VPX chassis: activation, LEDs",
    "firewall": "firmware firewall: which commands the controller takes",
    "message": "the controller as a mailbox, and who is on its IPMB",
    "icmb": "the bridge to other chassis: state, discovery, requests, events",
    "forward": "commands that the controller hands to another one",
    "dmi": "SMBIOS tables: what they tell of the BMC, and tables made of what the BMC knows",
    "raw": "any request, byte by byte",
    "i2c": "master write-read on a private bus",
    "exec": "run lines of verbs from a file, over one session",
    "shell": "type verbs at a prompt, over one session",
    "set": "change an option for the lines that follow, in exec and shell",
}  # fmt: skip
"""ipmitool's nouns in the order in which help tells of them."""

ALIASES: Final[dict[str, str]] = {"bmc": "mc"}

OWN_NOUNS: Final[dict[str, str]] = {
    "message": "baseboard.cli.message",
    "icmb": "baseboard.cli.icmb",
    "forward": "baseboard.cli.forward",
    "payload": "baseboard.cli.payload",
    "serial": "baseboard.cli.serial",
    "dmi": "baseboard.cli.dmi",
}
"""Nouns that log into a BMC and that ipmitool has not: the module of each, which has ``run(call, words)``."""

_SUBJECTS: Final[dict[str, frozenset[str]]] = {
    "ipmitool": frozenset((
        "mc", "chassis", "power", "sdr", "sensor", "sel", "fru", "user", "channel", "lan", "lan6", "sol",
        "session", "event", "pef", "dcmi", "firewall", "raw", "i2c", "exec", "shell", "set",
    )),
    "controller": frozenset(("mc", "chassis", "user", "channel", "dcmi")),
    "bridging": frozenset(("message", "icmb", "forward")),
    "pef": frozenset(("pef",)),
    "firewall": frozenset(("firewall",)),
    "hpm": frozenset(("hpm", "picmg", "vita")),
    "lan": frozenset(("lan",)),
    "logs": frozenset(("sel",)),
    "payload": frozenset(("payload",)),
    "sensors": frozenset(("sdr", "sensor", "event")),
    "serial": frozenset(("serial",)),
    "dmi": frozenset(("dmi", "event")),
}  # fmt: skip
"""The modules of rows here, one for each subject, and the nouns that they have verbs of."""

_LONGEST: Final = 3


def _rows(subject: str) -> tuple[Verb, ...]:
    """The verbs of one of the modules."""
    rows: tuple[Verb, ...] = getattr(import_module(f"{__name__}.{subject}"), subject.upper())
    return rows


def names(words: list[str]) -> list[str]:
    """What a line may begin with, the longest first; nouns by the name that they have in the table."""
    known = [ALIASES.get(word, word) for word in words[:1]] + words[1:_LONGEST]
    return [" ".join(known[:length]) for length in range(len(known), 0, -1)]


def find(words: list[str]) -> Verb | None:
    """The verb that a line begins with; nouns are looked up by their alias too."""
    verbs = {verb.words: verb for verb in of(words[0])} if words else {}
    return next((verbs[name] for name in names(words) if name in verbs), None)


def name_of(words: list[str]) -> str:
    """The name of a line's verb, for ``--json``; its first words where the table has no such verb."""
    verb = find(words)
    return verb.words if verb is not None else " ".join([ALIASES.get(words[0], words[0]), *words[1:2]])


def of(noun: str) -> list[Verb]:
    """The verbs of a noun, or of one of ours."""
    noun = ALIASES.get(noun, noun)
    rows = (verb for subject, nouns in _SUBJECTS.items() if noun in nouns for verb in _rows(subject))
    return [verb for verb in rows if verb.words.partition(" ")[0] == noun]
