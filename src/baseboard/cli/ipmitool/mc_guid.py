"""``mc guid``: the system's GUID in each of the byte orders that controllers send (§20.8)."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask, refused
from baseboard.cli.ipmitool.text import timestamp_numeric
from baseboard.cli.results.times import since_1970

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_ENCODINGS: Final = {
    "rfc4122": "RFC4122",
    "ipmi": "IPMI",
    "smbios": "SMBIOS",
    "dump": "Unknown (data dumped)",
}
# The later one wins where several could be meant, as ipmitool has it.
_TRIED: Final = ("rfc4122", "ipmi", "smbios")
_WORDS: Final = {"rfc": "rfc4122", "smbios": "smbios", "ipmi": "ipmi", "dump": "dump"}

_VERSIONS: Final = (
    "Unknown/unsupported",
    "Time-based",
    "DCE Security with POSIX UIDs (not for IPMI)",
    "Name-based using MD5",
    "Random or pseudo-random",
    "Name-based using SHA-1",
)
_GREGORIAN: Final = 12219292800
"""Seconds from 15 October 1582, where UUIDs begin to count, to 1970."""

_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class Guid:
    """A GUID as one encoding reads it.

    Attributes:
        encoding: ``rfc4122``, ``ipmi``, ``smbios`` or ``dump``.
        text: as it is written.
        version: 1-5; 0 = no such version.
        nibble: the version's bits as they are.
        created: seconds since 1970, if it is of version 1.
    """

    encoding: str
    text: str
    version: int
    nibble: int
    created: int


def read(data: bytes, encoding: str) -> Guid:
    """Read 16 bytes."""
    if encoding == "dump":
        return Guid("dump", data.hex().upper(), 0, 0, 0)
    match encoding:
        case "ipmi":  # every field least significant byte first, and the node first of all
            found = uuid.UUID(bytes=data[::-1])
        case "smbios":
            found = uuid.UUID(bytes_le=data)
        case _:
            found = uuid.UUID(bytes=data)
    nibble = found.time_hi_version >> 12
    created = found.time // 10_000_000 - _GREGORIAN if nibble == 1 else 0
    return Guid(encoding, str(found), nibble if nibble < len(_VERSIONS) else 0, nibble, created)


def detect(data: bytes, now: float) -> Guid:
    """Find out which encoding a controller uses: one whose version exists, best one with a sound time."""
    best = "dump"
    for encoding in _TRIED:
        guid = read(data, encoding)
        if not guid.version:
            continue
        best = encoding
        if guid.version == 1 and guid.created >= 0 and _year(guid.created) <= _year(now):
            break
    return read(data, best)


def _year(seconds: float) -> int:
    return time.gmtime(seconds).tm_year


async def guid(call: Call, words: list[str]) -> int:
    """``mc guid [auto|smbios|ipmi|rfc4122|dump]``."""
    from baseboard.cli.results.mc import McGuid
    from baseboard.commands.app.system_guid import GetSystemGuid

    answer = await ask(call, GetSystemGuid())
    if refused(call, answer, _SIZE) or answer is None:
        return 1
    wanted = _WORDS.get(words[0]) if words else None
    found = detect(answer.data, time.time()) if wanted is None else read(answer.data, wanted)
    call.out(f"System GUID   : {found.text}")
    if found.encoding != "dump":
        _print_properties(call, found, detected=wanted is None)
    call.result(
        McGuid(
            guid=found.text,
            encoding=found.encoding,
            version=found.version,
            created=since_1970(found.created) if found.version == 1 else None,
        )
    )
    return 0


def _print_properties(call: Call, found: Guid, *, detected: bool) -> None:
    if detected:
        warning = "" if found.encoding == "ipmi" else " (WARNING: IPMI Specification violation!)"
        call.out(f"GUID Encoding : {_ENCODINGS[found.encoding]}{warning}")
    unknown = "" if found.version else f" ({found.nibble})"
    call.out(f"GUID Version  : {_VERSIONS[found.version]}{unknown}")
    if found.version == 1:
        call.out(f"Timestamp     : {timestamp_numeric(found.created & 0xFFFFFFFF, call.options)}")
