"""Verbs of the firmware firewall that ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

FIREWALL: Final[tuple[Verb, ...]] = (
    Verb(
        "firewall map",
        "[channel H ...] [lun L] [netfn N ...]",
        "who may send which command over which channel",
        many=True,
        sends=(
            "GetNetfnSupport", "GetCommandSupport", "GetConfigurableCommands", "GetCommandEnables",
            "GetCommandSubFunctionSupport", "GetConfigurableCommandSubFunctions",
            "GetCommandSubFunctionEnables",
        ),
    ),
    Verb(
        "firewall owners",
        "[channel H ...] [netfn N ...]",
        "whose the network functions of groups and makers are",
        many=True,
        sends=("GetOemNetfnIanaSupport",),
    ),
)  # fmt: skip
"""Beside ipmitool's, in the order in which help tells of them."""
