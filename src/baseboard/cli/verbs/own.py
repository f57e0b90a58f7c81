"""Verbs that stand in front of a noun: simulated BMCs, what needs no login, other programs' faces."""

from __future__ import annotations

from typing import Final

from baseboard.cli.long_options import ACKNOWLEDGE, ALL, FORCE, KIND, OUT, RESPONSE, TRAP_COUNT
from baseboard.cli.verbs.dmi import PLACE, QEMU
from baseboard.cli.verbs.hpm import IMAGE
from baseboard.cli.verbs.verb import Verb

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
"""In the order in which help tells of them."""
