"""Verbs of logs and inventories that ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

LOGS: Final[tuple[Verb, ...]] = (
    Verb(
        "sel utc-offset",
        "[get | set [--] MINUTES|unspecified]",
        "how the log's clock stands to UTC",
        sends=("GetSelTimeUtcOffset", "SetSelTimeUtcOffset"),
    ),
    Verb(
        "sel auxiliary",
        "[get LOG | set mca ENTRIES [TIME] | set oem1|oem2 IANA BYTES [TIME]]",
        "how far logs beside it are: machine checks, makers'",
        many=True,
        sends=("GetAuxiliaryLogStatus", "SetAuxiliaryLogStatus"),
    ),
    Verb("sel add-parts", "BYTES", "add an entry in two pieces", sends=("ReserveSel", "PartialAddSelEntry")),
)
