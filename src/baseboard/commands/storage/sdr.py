"""The SDR repository: what sensors and devices there are (§33)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import OpenEnum, at


class SdrUpdateSupport(OpenEnum):
    """How the repository may be updated (§33.9, byte 15)."""

    UNSPECIFIED = 0
    NON_MODAL = 1
    MODAL = 2
    MODAL_AND_NON_MODAL = 3


class Progress(OpenEnum):
    """Whether a Partial Add brings the record's last piece (§33.14)."""

    IN_PROGRESS = 0
    LAST = 1


class ClearOperation(OpenEnum):
    """Whether a Clear command starts the erasure or asks after it (§33.16, §31.9)."""

    GET_STATUS = 0x00
    INITIATE = 0xAA


class ErasureProgress(OpenEnum):
    """How far an erasure is (§33.16, §31.9)."""

    IN_PROGRESS = 0
    COMPLETED = 1


class GetSdrRepositoryInfoResponse(Response):
    """How full the repository is, when it changed, and what can be done with it (§33.9)."""

    sdr_version: int = at("2", "51h for this specification")
    record_count: int = at("3:4")
    free_space: int = at("5:6", "bytes; 0000h = full, FFFEh = 64K-2 or more, FFFFh = unspecified")
    most_recent_addition: int = at("7:10", "timestamp")
    most_recent_erase: int = at("11:14", "timestamp of the last delete or clear")
    overflow: bool = at("15[7]", "an SDR could not be written for lack of space")
    update_support: SdrUpdateSupport = at("15[6:5]")
    delete_supported: bool = at("15[3]")
    partial_add_supported: bool = at("15[2]")
    reserve_supported: bool = at("15[1]")
    allocation_info_supported: bool = at("15[0]")


@command(NetFn.STORAGE, 0x20, section="33.9", privilege=Privilege.USER)
class GetSdrRepositoryInfo(Request[GetSdrRepositoryInfoResponse]):
    """Ask how full the repository is and when it changed."""


class GetSdrRepositoryAllocationInfoResponse(Response):
    """How the repository allots its space (§33.10)."""

    possible_units: int = at("2:3", "0000h = unspecified")
    unit_size: int = at("4:5", "bytes, 16 or more; 0000h = unspecified")
    free_units: int = at("6:7")
    largest_free_block: int = at("8:9", "units")
    maximum_record_size: int = at("10", "units")


@command(NetFn.STORAGE, 0x21, section="33.10", privilege=Privilege.USER)
class GetSdrRepositoryAllocationInfo(Request[GetSdrRepositoryAllocationInfoResponse]):
    """Ask how the repository allots its space."""


class ReserveSdrRepositoryResponse(Response):
    """The reservation that now holds."""

    reservation_id: int = at("2:3", "never 0000h")


@command(NetFn.STORAGE, 0x22, section="33.11", privilege=Privilege.USER)
class ReserveSdrRepository(Request[ReserveSdrRepositoryResponse]):
    """Reserve the repository; every earlier reservation ends."""


class GetSdrResponse(Response):
    """A piece of a record."""

    next_record_id: int = at("2:3", "FFFFh = this was the last")
    data: bytes = at("4:", "the bytes asked for")


@command(NetFn.STORAGE, 0x23, section="33.12", privilege=Privilege.USER)
class GetSdr(Request[GetSdrResponse]):
    """Read (part of) one Sensor Data Record."""

    reservation_id: int = at("1:2", "needed for partial reads only", default=0)
    record_id: int = at("3:4", "0000h = first, FFFFh = last")
    offset: int = at("5", default=0)
    count: int = at("6", "FFh = the whole record", default=0xFF)


class AddSdrResponse(Response):
    """The new record's ID."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x24, section="33.13", privilege=Privilege.OPERATOR)
class AddSdr(Request[AddSdrResponse]):
    """Add a whole record; the ID in its first two bytes is replaced."""

    record: bytes = at("1:", "the whole record, from its header on")


class PartialAddSdrResponse(Response):
    """The new record's ID."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x25, section="33.14", privilege=Privilege.OPERATOR)
class PartialAddSdr(Request[PartialAddSdrResponse]):
    """Add a record piece by piece, in order."""

    LENGTH_MISMATCH = CompletionCode(0x80, "length in the record's header differs from the bytes written")

    reservation_id: int = at("1:2")
    record_id: int = at("3:4", "0000h for the first piece, then the ID that was returned")
    offset: int = at("5", "of this piece in the record")
    progress: Progress = at("6[3:0]")
    data: bytes = at("7:")


class DeleteSdrResponse(Response):
    """Which record is gone."""

    record_id: int = at("2:3")


@command(NetFn.STORAGE, 0x26, section="33.15", privilege=Privilege.OPERATOR)
class DeleteSdr(Request[DeleteSdrResponse]):
    """Delete one record."""

    reservation_id: int = at("1:2")
    record_id: int = at("3:4", "0000h = first, FFFFh = last")


class ClearSdrRepositoryResponse(Response):
    """How far the erasure is."""

    progress: ErasureProgress = at("2[3:0]")


@command(NetFn.STORAGE, 0x27, section="33.16", privilege=Privilege.OPERATOR)
class ClearSdrRepository(Request[ClearSdrRepositoryResponse]):
    """Erase every record, or ask how far the erasure is."""

    reservation_id: int = at("1:2")
    confirmation: bytes = at("3:5", "'CLR'", default=b"CLR")
    operation: ClearOperation = at("6")


class GetSdrRepositoryTimeResponse(Response):
    """The repository's clock."""

    time: int = at("2:5", "seconds since 1970-01-01 00:00 local time")


@command(NetFn.STORAGE, 0x28, section="33.17", privilege=Privilege.USER)
class GetSdrRepositoryTime(Request[GetSdrRepositoryTimeResponse]):
    """Read the repository's clock."""


class SetSdrRepositoryTimeResponse(Response):
    """The clock is set."""


@command(NetFn.STORAGE, 0x29, section="33.18", privilege=Privilege.OPERATOR)
class SetSdrRepositoryTime(Request[SetSdrRepositoryTimeResponse]):
    """Set the repository's clock."""

    time: int = at("1:4", "seconds since 1970-01-01 00:00 local time")


class EnterSdrRepositoryUpdateModeResponse(Response):
    """Update mode is on."""


@command(NetFn.STORAGE, 0x2A, section="33.19", privilege=Privilege.OPERATOR)
class EnterSdrRepositoryUpdateMode(Request[EnterSdrRepositoryUpdateModeResponse]):
    """Begin a modal update: only the commands that it needs work until its end."""


class ExitSdrRepositoryUpdateModeResponse(Response):
    """Update mode is off."""


@command(NetFn.STORAGE, 0x2B, section="33.20", privilege=Privilege.OPERATOR)
class ExitSdrRepositoryUpdateMode(Request[ExitSdrRepositoryUpdateModeResponse]):
    """End a modal update."""


class RunInitializationAgentResponse(Response):
    """Whether the agent has run."""

    completed: bool = at("2[0]", "initialization completed")


@command(NetFn.STORAGE, 0x2C, section="33.21", privilege=Privilege.OPERATOR)
class RunInitializationAgent(Request[RunInitializationAgentResponse]):
    """Set sensors up as their SDRs say, or ask whether that is done."""

    run: bool = at("1[0]", "run the agent; 0 = only ask")
