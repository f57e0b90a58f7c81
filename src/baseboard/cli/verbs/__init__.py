"""The table of verbs: what can be typed, what it takes, and a line about each.

Help, completion and man pages are made of it; `--json` asks it whether a verb lists, and a call with several
hosts what a verb loses.
"""

from __future__ import annotations

from typing import Final

from baseboard.cli.long_options import ACKNOWLEDGE, ALL, FORCE, KIND, OUT, RESPONSE, TRAP_COUNT
from baseboard.cli.verbs.bridging import BRIDGING
from baseboard.cli.verbs.controller import CONTROLLER
from baseboard.cli.verbs.dmi import DMI, PLACE, QEMU
from baseboard.cli.verbs.firewall import FIREWALL
from baseboard.cli.verbs.hpm import HPM, IMAGE
from baseboard.cli.verbs.ipmitool import IPMITOOL
from baseboard.cli.verbs.lan import LAN
from baseboard.cli.verbs.logs import LOGS
from baseboard.cli.verbs.payload import PAYLOAD
from baseboard.cli.verbs.pef import PEF
from baseboard.cli.verbs.sensors import SENSORS
from baseboard.cli.verbs.serial import SERIAL
from baseboard.cli.verbs.verb import Verb as Verb

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

VERBS: Final[tuple[Verb, ...]] = (
    *IPMITOOL, *CONTROLLER, *BRIDGING, *PEF, *FIREWALL, *HPM, *LAN, *LOGS, *PAYLOAD, *SENSORS, *SERIAL, *DMI,
)  # fmt: skip
"""Every verb that logs into a BMC, a module of rows for each subject."""

OWN: Final[tuple[Verb, ...]] = (
    Verb("lab", "", "simulated servers with BMCs on loopback, until Ctrl-C"),
    Verb("bmc init", "FILE", "write an annotated description of a BMC", options=(FORCE,)),
    Verb("bmc run", "FILE ...", "run the BMCs that files describe"),
    Verb(
        "bmc smbios",
        "FILE",
        "write SMBIOS tables of a machine that a file describes",
        options=(OUT, FORCE, QEMU, *PLACE),
    ),
    Verb("discover", "RANGE", "who answers there: versions, logins offered", many=True),
    Verb(
        "pet listen",
        "[ADDRESS:PORT]",
        "alerts of BMCs as they come: Platform Event Traps",
        many=True,
        options=(ACKNOWLEDGE, TRAP_COUNT),
    ),
    Verb(
        "firmware build",
        "FILE COMPONENT=VERSION ...",
        "write an HPM.1 image for simulated components",
        options=IMAGE,
    ),
    Verb("doctor", "", "why a login fails, stage by stage", many=True),
    Verb("commands", "[WORD ...]", "every command, and who has it", True, options=(ALL,)),
    Verb("explain", "BYTES ...|FILE", "what bytes are, field by field", True, options=(RESPONSE, KIND)),
    Verb("completion", "bash|zsh|fish", "a shell's completion, to be sourced", options=(OUT,)),
    Verb("ipmitool", "...", "exactly ipmitool: options, output, exit codes"),
    Verb("ipmipower", "...", "FreeIPMI's ipmipower"),
    Verb("ipmi-sensors", "...", "FreeIPMI's ipmi-sensors"),
    Verb("ipmimonitoring", "...", "FreeIPMI's ipmimonitoring"),
    Verb("help", "[NOUN]", "all verbs, or those of a noun"),
)  # fmt: skip
"""Verbs that ipmitool has not, in front of a noun."""

_LONGEST: Final = 3


def find(words: list[str]) -> Verb | None:
    """The verb that a line begins with; nouns are looked up by their alias too."""
    if not words:
        return None
    known = [ALIASES.get(words[0], words[0]), *words[1:_LONGEST]]
    for length in range(len(known), 0, -1):
        name = " ".join(known[:length])
        for verb in VERBS:
            if verb.words == name:
                return verb
    return None


def name_of(words: list[str]) -> str:
    """The name of a line's verb, for ``--json``; its first words where the table has no such verb."""
    verb = find(words)
    return verb.words if verb is not None else " ".join([ALIASES.get(words[0], words[0]), *words[1:2]])


def of(noun: str) -> list[Verb]:
    """The verbs of a noun, or of one of ours."""
    noun = ALIASES.get(noun, noun)
    return [verb for verb in VERBS if verb.words.split()[0] == noun]
