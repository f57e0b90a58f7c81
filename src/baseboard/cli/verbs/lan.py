"""Verbs of LAN channels that ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

LAN: Final[tuple[Verb, ...]] = (
    Verb(
        "lan arp suspend",
        "[respond|generate] [CHANNEL]",
        "no ARPs of the controller while its watchdog runs",
        sends=("SuspendBmcArps",),
    ),
    Verb("lan arp resume", "[CHANNEL]", "ARPs of the controller again", sends=("SuspendBmcArps",)),
    Verb(
        "lan alert vlan",
        "CHANNEL DESTINATION off|ID [PRIORITY]",
        "the tag of what is sent to an alert destination",
        sends=("SetLanConfigurationParameters",),
    ),
)
