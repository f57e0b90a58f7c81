"""Verbs of platform event filtering and alerts that ipmitool has not, or has not made."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

_READ, _WRITE = "GetPefConfigurationParameters", "SetPefConfigurationParameters"

PEF: Final[tuple[Verb, ...]] = (
    Verb("pef enable", "", "switch event filtering on", sends=(_READ, _WRITE)),
    Verb("pef disable", "", "switch it off, with all that it still has to do", sends=(_READ, _WRITE)),
    Verb("pef last", "", "up to which record events were processed", sends=("GetLastProcessedEventId",)),
    Verb(
        "pef last set",
        "RECORD|none [software|bmc]",
        "say up to which one they were",
        sends=("SetLastProcessedEventId", "GetLastProcessedEventId"),
    ),
    Verb(
        "pef alert",
        "CHANNEL DESTINATION [string N] [event ...]",
        "send an alert now",
        sends=("AlertImmediate",),
    ),
    Verb("pef alert status", "CHANNEL DESTINATION", "how that ended", sends=("AlertImmediate",)),
    Verb("pef alert clear", "CHANNEL DESTINATION", "forget how it ended", sends=("AlertImmediate",)),
    Verb("pef string list", "", "alert strings", many=True, sends=(_READ,)),
    Verb("pef string set", "N TEXT [filter=N] [set=N]", "write one", sends=(_READ, _WRITE)),
)
