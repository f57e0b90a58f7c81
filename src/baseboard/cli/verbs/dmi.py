"""Verbs of the host's own side: SMBIOS tables, where the BMC is, events as they come."""

from __future__ import annotations

from typing import Final

from baseboard.cli.long_options import FORCE, OUT, LongOption
from baseboard.cli.verbs.verb import Verb

FROM: Final = LongOption("from", "FILE", "a dump that dmidecode or `dmi build` made, not this machine")
INTERFACE: Final = LongOption(
    "interface", "KIND", "the system interface: kcs, smic, bt or ssif", ("kcs", "smic", "bt", "ssif")
)
ADDRESS: Final = LongOption("address", "ADDRESS", "its first port, such as 0xca2; of ssif the slave address")
MEMORY: Final = LongOption("memory", "", "the address is of memory, not of a port")
SPACING: Final = LongOption(
    "spacing", "N", "bytes from one register to the next: 1, 4 or 16", ("1", "4", "16")
)
INTERRUPT: Final = LongOption("interrupt", "N", "its interrupt")
QEMU: Final = LongOption("qemu", "", "a file for each structure, as QEMU's -smbios file= takes them")
LISTEN_COUNT: Final = LongOption("count", "N", "end after so many events")

PLACE: Final = (INTERFACE, ADDRESS, MEMORY, SPACING, INTERRUPT)

DMI: Final[tuple[Verb, ...]] = (
    Verb("dmi show", "", "what SMBIOS tells that concerns management", many=True, options=(FROM,)),
    Verb(
        "dmi find", "", "where this machine's BMC is, and which driver holds it", many=True, options=(FROM,)
    ),
    Verb(
        "dmi build",
        "",
        "write SMBIOS tables of the BMC's identity, inventories and interface",
        options=(OUT, FORCE, QEMU, *PLACE),
        sends=("GetDeviceId", "GetSystemGuid", "ReadFruData"),
    ),
    Verb(
        "event listen",
        "",
        "events as they come to the BMC's own host, by its driver",
        many=True,
        options=(LISTEN_COUNT,),
    ),
)
