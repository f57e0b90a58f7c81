"""``sdr info`` and ``sdr dump``: the repository as a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.files import write_file
from baseboard.cli.ipmitool.text import completion, timestamp_numeric
from baseboard.cli.results.sdr import SdrDump, SdrInfo
from baseboard.cli.results.times import iso, missing
from baseboard.commands.storage.sdr import GetSdrRepositoryInfo, GetSdrRepositoryInfoResponse
from baseboard.errors import NoResponse
from baseboard.records.sdr import HEADER_SIZE

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_repository import SdrSource

_UPDATES: Final = ("unspecified", "non-modal", "modal", "modal and non-modal")
_INFO_SIZE: Final = 14


async def info(call: Call) -> int:
    """``sdr info``: how full the repository is, when it changed, and what can be done with it."""
    bmc = await call.bmc()
    command = GetSdrRepositoryInfo.command
    try:
        answer = await bmc.exchange(command.netfn, command.cmd)
    except NoResponse:
        call.err("Get SDR Repository Info command failed")
        return 1
    if answer[0]:
        call.err(f"Get SDR Repository Info command failed: {completion(answer[0])}")
        return 1
    found = GetSdrRepositoryInfoResponse.decode(answer[1:].ljust(_INFO_SIZE, b"\0"))
    added, erased = found.most_recent_addition, found.most_recent_erase
    call.result(_result(found))
    rows = (
        ("SDR Version", f"0x{found.sdr_version:x}"),
        ("Record Count", f"{found.record_count}"),
        ("Free Space", _free(found.free_space)),
        (
            "Most recent Addition",
            timestamp_numeric(added, call.options) if found.partial_add_supported else "NA",
        ),
        ("Most recent Erase", timestamp_numeric(erased, call.options) if found.delete_supported else "NA"),
        ("SDR overflow", _yes(found.overflow)),
        ("SDR Repository Update Support", _UPDATES[found.update_support]),
        ("Delete SDR supported", _yes(found.delete_supported)),
        ("Partial Add SDR supported", _yes(found.partial_add_supported)),
        ("Reserve SDR repository supported", _yes(found.reserve_supported)),
        ("SDR Repository Alloc info supported", _yes(found.allocation_info_supported)),
    )
    for title, value in rows:
        call.out(f"{title:<36}: {value}")
    return 0


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _free(space: int) -> str:
    named = {0x0000: "none (full)", 0xFFFF: "unspecified", 0xFFFE: "> 64Kb - 2 bytes"}
    return named.get(space, f"{space} bytes")


def _result(found: GetSdrRepositoryInfoResponse) -> SdrInfo:
    return SdrInfo(
        version=found.sdr_version,
        records=found.record_count,
        free_bytes=None if found.free_space == 0xFFFF else found.free_space,
        last_addition=iso(found.most_recent_addition),
        last_addition_missing=missing(found.most_recent_addition),
        last_erase=iso(found.most_recent_erase),
        last_erase_missing=missing(found.most_recent_erase),
        overflow=found.overflow,
        update=_UPDATES[found.update_support],
        delete=found.delete_supported,
        partial_add=found.partial_add_supported,
        reserve=found.reserve_supported,
        allocation_info=found.allocation_info_supported,
    )


async def dump(source: SdrSource, words: list[str]) -> int:
    """``sdr dump FILE``: every record, of whatever type, as ``-S`` reads it back."""
    call = source.call
    if not words:
        call.err("Not enough parameters given.")
        call.err("usage: sdr dump <file>")
        return 1
    if not await source.start():
        call.err("Unable to open SDR for reading")
        return 1
    call.out(f"Dumping Sensor Data Repository to '{words[0]}'")
    written: list[bytes] = []
    async for record_id, raw in source.raw():
        if not raw:
            call.err(f"ipmitool: cannot obtain SDR record {record_id:04x}")
            return 1
        length = raw[HEADER_SIZE - 1]
        if call.verbose:
            call.err(f"Record ID {record_id:04x} ({length} bytes)")
        body = raw[HEADER_SIZE:].ljust(length, b"\0")[:length]
        written.append(record_id.to_bytes(2, "little") + raw[2:HEADER_SIZE] + body)
    if not write_file(call, words[0], b"".join(written)):
        return 1
    call.result(SdrDump(file=words[0], records=len(written)))
    return 0
