"""The System Event Log: its records, its clock, and the auxiliary logs (§31)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.storage.sdr import ClearOperation, ErasureProgress, Progress
from baseboard.wire import OpenEnum, Record, at


class AuxiliaryLog(OpenEnum):
    """A log that is kept beside the SEL (§31.12)."""

    MCA = 0
    OEM_1 = 1
    OEM_2 = 2


class McaLogStatus(Record):
    """What is told of the machine check log, after the timestamp (§31.12)."""

    entry_count: int = at("1:4", "FFFFFFFFh = unspecified")


class OemLogStatus(Record):
    """What is told of an OEM log, after the timestamp (§31.12)."""

    manufacturer_id: int = at("1:3", "IANA enterprise number")
    status: bytes = at("4:11", "the manufacturer's own")


class GetSelInfoResponse(Response):
    """How full the log is, when it changed, and what can be done with it (§31.2)."""

    sel_version: int = at("2", "51h for this specification")
    entries: int = at("3:4")
    free_space: int = at("5:6", "bytes; FFFFh = 65535 or more")
    most_recent_addition: int = at("7:10", "timestamp; FFFFFFFFh = none yet")
    most_recent_erase: int = at("11:14", "timestamp of the last delete or clear")
    overflow: bool = at("15[7]", "events were dropped for lack of space")
    delete_supported: bool = at("15[3]")
    partial_add_supported: bool = at("15[2]")
    reserve_supported: bool = at("15[1]")
    allocation_info_supported: bool = at("15[0]")


@command(NetFn.STORAGE, 0x40, section="31.2", privilege=Privilege.USER)
class GetSelInfo(Request[GetSelInfoResponse]):
    """Ask how full the log is and when it changed."""

    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")


class GetSelAllocationInfoResponse(Response):
    """How the log allots its space (§31.3)."""

    possible_units: int = at("2:3", "0000h = unspecified")
    unit_size: int = at("4:5", "bytes, 16 or more; 0000h = unspecified")
    free_units: int = at("6:7")
    largest_free_block: int = at("8:9", "units")
    maximum_record_size: int = at("10", "units")


@command(NetFn.STORAGE, 0x41, section="31.3", privilege=Privilege.USER)
class GetSelAllocationInfo(Request[GetSelAllocationInfoResponse]):
    """Ask how the log allots its space."""


class ReserveSelResponse(Response):
    """The reservation that now holds."""

    reservation_id: int = at("2:3", "never 0000h")


@command(NetFn.STORAGE, 0x42, section="31.4", privilege=Privilege.USER)
class ReserveSel(Request[ReserveSelResponse]):
    """Reserve the log, so that a Clear cannot drop an event that nobody saw."""

    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")


class GetSelEntryResponse(Response):
    """A piece of an entry."""

    next_record_id: int = at("2:3", "FFFFh = this was the last")
    data: bytes = at("4:", "the bytes asked for")


@command(NetFn.STORAGE, 0x43, section="31.5", privilege=Privilege.USER)
class GetSelEntry(Request[GetSelEntryResponse]):
    """Read (part of) one entry."""

    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")

    reservation_id: int = at("1:2", "needed for partial reads only", default=0)
    record_id: int = at("3:4", "0000h = first, FFFFh = last")
    offset: int = at("5", default=0)
    count: int = at("6", "FFh = the whole record", default=0xFF)


class AddSelEntryResponse(Response):
    """The new entry's ID."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x44, section="31.6", privilege=Privilege.OPERATOR)
class AddSelEntry(Request[AddSelEntryResponse]):
    """Add an entry; its ID, and its timestamp for types below E0h, are replaced."""

    TYPE_NOT_SUPPORTED = CompletionCode(0x80, "operation not supported for this record type")
    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")

    record: bytes = at("1:16")


class PartialAddSelEntryResponse(Response):
    """The new entry's ID."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x45, section="31.7", privilege=Privilege.OPERATOR)
class PartialAddSelEntry(Request[PartialAddSelEntryResponse]):
    """Add an entry piece by piece, in order."""

    LENGTH_MISMATCH = CompletionCode(0x80, "record type or length mismatch")
    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")

    reservation_id: int = at("1:2")
    record_id: int = at("3:4", "0000h for the first piece, then the ID that was returned")
    offset: int = at("5", "of this piece in the record")
    progress: Progress = at("6[3:0]")
    data: bytes = at("7:")


class DeleteSelEntryResponse(Response):
    """Which entry is gone."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x46, section="31.8", privilege=Privilege.OPERATOR)
class DeleteSelEntry(Request[DeleteSelEntryResponse]):
    """Delete one entry."""

    TYPE_NOT_SUPPORTED = CompletionCode(0x80, "operation not supported for this record type")
    ERASE_IN_PROGRESS = CompletionCode(0x81, "SEL erase in progress")

    reservation_id: int = at("1:2")
    record_id: int = at("3:4", "0000h = first, FFFFh = last")


class ClearSelResponse(Response):
    """How far the erasure is."""

    progress: ErasureProgress = at("2[3:0]")


@command(NetFn.STORAGE, 0x47, section="31.9", privilege=Privilege.OPERATOR)
class ClearSel(Request[ClearSelResponse]):
    """Erase every entry, or ask how far the erasure is."""

    reservation_id: int = at("1:2")
    confirmation: bytes = at("3:5", "'CLR'", default=b"CLR")
    operation: ClearOperation = at("6")


class GetSelTimeResponse(Response):
    """The log's clock."""

    time: int = at("2:5", "seconds since 1970-01-01 00:00 local time")


@command(NetFn.STORAGE, 0x48, section="31.10", privilege=Privilege.USER)
class GetSelTime(Request[GetSelTimeResponse]):
    """Read the log's clock."""


class SetSelTimeResponse(Response):
    """The clock is set."""


@command(NetFn.STORAGE, 0x49, section="31.11", privilege=Privilege.OPERATOR)
class SetSelTime(Request[SetSelTimeResponse]):
    """Set the log's clock."""

    time: int = at("1:4", "seconds since 1970-01-01 00:00 local time")


class GetAuxiliaryLogStatusResponse(Response):
    """How far an auxiliary log is."""

    timestamp: int = at("2:5", "of the last entry")
    data: bytes = at("6:", "McaLogStatus or OemLogStatus, by the log asked for")


@command(NetFn.STORAGE, 0x5A, section="31.12", privilege=Privilege.USER)
class GetAuxiliaryLogStatus(Request[GetAuxiliaryLogStatusResponse]):
    """Ask how far a log is that is kept beside the SEL."""

    log_type: AuxiliaryLog = at("1[3:0]")


class SetAuxiliaryLogStatusResponse(Response):
    """The status is stored."""


@command(NetFn.STORAGE, 0x5B, section="31.13", privilege=Privilege.ADMINISTRATOR)
class SetAuxiliaryLogStatus(Request[SetAuxiliaryLogStatusResponse]):
    """Store how far a log is that is kept beside the SEL."""

    log_type: AuxiliaryLog = at("1[3:0]")
    timestamp: int = at("2:5", "of the last entry")
    data: bytes = at("6:", "McaLogStatus or OemLogStatus, by the log")


class GetSelTimeUtcOffsetResponse(Response):
    """How the log's clock stands to UTC."""

    offset: int = at("2:3", "minutes, -1440 to 1440; 07FFh = unspecified", signed=True)


@command(NetFn.STORAGE, 0x5C, section="31.11a", privilege=Privilege.USER)
class GetSelTimeUtcOffset(Request[GetSelTimeUtcOffsetResponse]):
    """Ask how the log's clock stands to UTC."""


class SetSelTimeUtcOffsetResponse(Response):
    """The offset is stored."""


@command(NetFn.STORAGE, 0x5D, section="31.11b", privilege=Privilege.OPERATOR)
class SetSelTimeUtcOffset(Request[SetSelTimeUtcOffsetResponse]):
    """Say how the log's clock stands to UTC."""

    offset: int = at("1:2", "minutes, -1440 to 1440; 07FFh = unspecified", signed=True)
