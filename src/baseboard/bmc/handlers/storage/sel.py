"""The System Event Log: its records, its clock, and the auxiliary logs (§31)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.sel import UTC_OFFSET_UNSPECIFIED
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import ClearOperation, ErasureProgress, Progress
from baseboard.commands.storage.sel import (
    AddSelEntry,
    AddSelEntryResponse,
    AuxiliaryLog,
    ClearSel,
    ClearSelResponse,
    DeleteSelEntry,
    DeleteSelEntryResponse,
    GetAuxiliaryLogStatus,
    GetAuxiliaryLogStatusResponse,
    GetSelAllocationInfo,
    GetSelAllocationInfoResponse,
    GetSelEntry,
    GetSelEntryResponse,
    GetSelInfo,
    GetSelInfoResponse,
    GetSelTime,
    GetSelTimeResponse,
    GetSelTimeUtcOffset,
    GetSelTimeUtcOffsetResponse,
    McaLogStatus,
    OemLogStatus,
    PartialAddSelEntry,
    PartialAddSelEntryResponse,
    ReserveSel,
    ReserveSelResponse,
    SetAuxiliaryLogStatus,
    SetAuxiliaryLogStatusResponse,
    SetSelTime,
    SetSelTimeResponse,
    SetSelTimeUtcOffset,
    SetSelTimeUtcOffsetResponse,
)
from baseboard.errors import CompletionError
from baseboard.records.sel import SIZE
from baseboard.records.timestamps import UNSPECIFIED

VERSION = 0x51
"""The log's layout is that of IPMI v1.5, in v2.0 as well (§31.2)."""

_MOST = 0xFFFF
_WHOLE = 0xFF
_DAY = 1440
_STATUS_SIZE = {AuxiliaryLog.MCA: 4, AuxiliaryLog.OEM_1: 11, AuxiliaryLog.OEM_2: 11}


@handlers.handles(GetSelInfo)
async def get_sel_info(ctx: Context, request: GetSelInfo) -> GetSelInfoResponse:
    """§31.2: everything that the log can do is supported."""
    ctx.sel.check_idle()
    return GetSelInfoResponse(
        sel_version=VERSION,
        entries=len(ctx.sel),
        free_space=min(ctx.sel.free_space, _MOST),
        most_recent_addition=ctx.sel.added,
        most_recent_erase=ctx.sel.erased,
        overflow=ctx.sel.overflow,
        delete_supported=True,
        partial_add_supported=True,
        reserve_supported=True,
        allocation_info_supported=True,
    )


@handlers.handles(GetSelAllocationInfo)
async def get_sel_allocation_info(
    ctx: Context, request: GetSelAllocationInfo
) -> GetSelAllocationInfoResponse:
    """§31.3: one unit holds one entry."""
    free = min(ctx.sel.capacity - len(ctx.sel), _MOST)
    return GetSelAllocationInfoResponse(
        possible_units=min(ctx.sel.capacity, _MOST),
        unit_size=SIZE,
        free_units=free,
        largest_free_block=free,
        maximum_record_size=1,
    )


@handlers.handles(ReserveSel)
async def reserve_sel(ctx: Context, request: ReserveSel) -> ReserveSelResponse:
    """§31.4: a new reservation cancels the one before."""
    ctx.sel.check_idle()
    return ReserveSelResponse(reservation_id=ctx.sel.reservation.take())


@handlers.handles(GetSelEntry)
async def get_sel_entry(ctx: Context, request: GetSelEntry) -> GetSelEntryResponse:
    """§31.5: only a read from the middle needs a live reservation."""
    ctx.sel.check_idle()
    if request.offset:
        ctx.sel.reservation.check(request.reservation_id)
    if request.offset >= SIZE:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    entry, following = ctx.sel.read(request.record_id)
    count = SIZE if request.count == _WHOLE else request.count
    return GetSelEntryResponse(next_record_id=following, data=entry[request.offset :][:count])


@handlers.handles(AddSelEntry)
async def add_sel_entry(ctx: Context, request: AddSelEntry) -> AddSelEntryResponse:
    """§31.6: the log sets the ID, and the timestamp of types that have one."""
    ctx.sel.check_idle()
    number = ctx.sel.add(request.record)
    ctx.pef.added(number)
    return AddSelEntryResponse(record_id=number)


@handlers.handles(PartialAddSelEntry)
async def partial_add_sel_entry(ctx: Context, request: PartialAddSelEntry) -> PartialAddSelEntryResponse:
    """§31.7: the entry is there once its last piece came."""
    ctx.sel.check_idle()
    ctx.sel.reservation.check(request.reservation_id)
    if not request.progress.known:
        raise CompletionError(Cc.INVALID_DATA)
    last = request.progress == Progress.LAST
    number = ctx.sel.add_part(request.record_id, request.offset, request.data, last=last)
    if last:
        ctx.pef.added(number)
    return PartialAddSelEntryResponse(record_id=number)


@handlers.handles(DeleteSelEntry)
async def delete_sel_entry(ctx: Context, request: DeleteSelEntry) -> DeleteSelEntryResponse:
    """§31.8: nobody deletes what was added since they looked."""
    ctx.sel.check_idle()
    ctx.sel.reservation.check(request.reservation_id)
    return DeleteSelEntryResponse(record_id=ctx.sel.delete(request.record_id))


@handlers.handles(ClearSel)
async def clear_sel(ctx: Context, request: ClearSel) -> ClearSelResponse:
    """§31.9: the erasure cancels the reservation that began it, yet answers to its ID."""
    if request.confirmation != b"CLR":
        raise CompletionError(Cc.INVALID_DATA)
    if request.operation == ClearOperation.INITIATE:
        # While an erasure goes on nobody holds a reservation, so a second one is refused by this.
        # QUIRK python-ipmi: it begins again until one such request is answered with "completed".
        ctx.sel.reservation.check(request.reservation_id)
        ctx.sel.clear()
    elif request.operation != ClearOperation.GET_STATUS:
        raise CompletionError(Cc.INVALID_DATA)
    erasing = ctx.sel.erasing(request.reservation_id)
    return ClearSelResponse(progress=ErasureProgress.IN_PROGRESS if erasing else ErasureProgress.COMPLETED)


@handlers.handles(GetSelTime)
async def get_sel_time(ctx: Context, request: GetSelTime) -> GetSelTimeResponse:
    """§31.10: the clock that stamps the entries."""
    return GetSelTimeResponse(time=ctx.sel.time())


@handlers.handles(SetSelTime)
async def set_sel_time(ctx: Context, request: SetSelTime) -> SetSelTimeResponse:
    """§31.11: entries from now on have the new time."""
    ctx.sel.set_time(request.time)
    return SetSelTimeResponse()


@handlers.handles(GetSelTimeUtcOffset)
async def get_sel_time_utc_offset(ctx: Context, request: GetSelTimeUtcOffset) -> GetSelTimeUtcOffsetResponse:
    """§31.11a: minutes."""
    return GetSelTimeUtcOffsetResponse(offset=ctx.sel.utc_offset)


@handlers.handles(SetSelTimeUtcOffset)
async def set_sel_time_utc_offset(ctx: Context, request: SetSelTimeUtcOffset) -> SetSelTimeUtcOffsetResponse:
    """§31.11b: at most a day either way, or unspecified."""
    if not -_DAY <= request.offset <= _DAY and request.offset != UTC_OFFSET_UNSPECIFIED:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    ctx.sel.set_utc_offset(request.offset)
    return SetSelTimeUtcOffsetResponse()


@handlers.handles(GetAuxiliaryLogStatus)
async def get_auxiliary_log_status(
    ctx: Context, request: GetAuxiliaryLogStatus
) -> GetAuxiliaryLogStatusResponse:
    """§31.12: what software stored about a log that it keeps itself."""
    if request.log_type not in _STATUS_SIZE:
        raise CompletionError(Cc.INVALID_DATA)
    stored = ctx.sel.auxiliary.get(request.log_type)
    if stored is not None:
        return GetAuxiliaryLogStatusResponse(timestamp=int.from_bytes(stored[:4], "little"), data=stored[4:])
    empty = (
        McaLogStatus(entry_count=0)
        if request.log_type == AuxiliaryLog.MCA
        else OemLogStatus(manufacturer_id=0, status=bytes(8))
    )
    return GetAuxiliaryLogStatusResponse(timestamp=UNSPECIFIED, data=empty.encode())


@handlers.handles(SetAuxiliaryLogStatus)
async def set_auxiliary_log_status(
    ctx: Context, request: SetAuxiliaryLogStatus
) -> SetAuxiliaryLogStatusResponse:
    """§31.13: software says how far its log is."""
    size = _STATUS_SIZE.get(request.log_type)
    if size is None:
        raise CompletionError(Cc.INVALID_DATA)
    if len(request.data) != size:
        raise CompletionError(Cc.INVALID_LENGTH)
    ctx.sel.set_auxiliary(request.log_type, request.timestamp.to_bytes(4, "little") + request.data)
    return SetAuxiliaryLogStatusResponse()
