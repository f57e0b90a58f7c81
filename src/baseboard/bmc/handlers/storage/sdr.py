"""The SDR repository: what sensors and devices there are (§33)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.sdr import LONGEST, Requester, piece
from baseboard.bmc.services.sdr_template import UNIT
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import (
    AddSdr,
    AddSdrResponse,
    ClearOperation,
    ClearSdrRepository,
    ClearSdrRepositoryResponse,
    DeleteSdr,
    DeleteSdrResponse,
    EnterSdrRepositoryUpdateMode,
    EnterSdrRepositoryUpdateModeResponse,
    ErasureProgress,
    ExitSdrRepositoryUpdateMode,
    ExitSdrRepositoryUpdateModeResponse,
    GetSdr,
    GetSdrRepositoryAllocationInfo,
    GetSdrRepositoryAllocationInfoResponse,
    GetSdrRepositoryInfo,
    GetSdrRepositoryInfoResponse,
    GetSdrRepositoryTime,
    GetSdrRepositoryTimeResponse,
    GetSdrResponse,
    PartialAddSdr,
    PartialAddSdrResponse,
    Progress,
    ReserveSdrRepository,
    ReserveSdrRepositoryResponse,
    RunInitializationAgent,
    RunInitializationAgentResponse,
    SdrUpdateSupport,
    SetSdrRepositoryTime,
    SetSdrRepositoryTimeResponse,
)
from baseboard.errors import CompletionError

VERSION = 0x51
"""The records' layout is that of IPMI v1.5, in v2.0 as well (§33.9)."""

HEADER = 3
"""Bytes of a Get SDR response before its data: completion code and next record ID."""

_MOST_FREE = 0xFFFE
_MOST_UNITS = 0xFFFF


def _requester(ctx: Context) -> Requester:
    session = ctx.origin.session
    return ctx.origin.channel, 0 if session is None else session.handle


@handlers.handles(GetSdrRepositoryInfo)
async def get_sdr_repository_info(
    ctx: Context, request: GetSdrRepositoryInfo
) -> GetSdrRepositoryInfoResponse:
    """§33.9: the two timestamps tell a console whether its copy still holds."""
    ctx.sdr.check_idle()
    return GetSdrRepositoryInfoResponse(
        sdr_version=VERSION,
        record_count=len(ctx.sdr),
        free_space=min(ctx.sdr.free_units * UNIT, _MOST_FREE),
        most_recent_addition=ctx.sdr.added,
        most_recent_erase=ctx.sdr.erased,
        overflow=ctx.sdr.overflow,
        update_support=SdrUpdateSupport.MODAL_AND_NON_MODAL,
        delete_supported=True,
        partial_add_supported=True,
        reserve_supported=True,
        allocation_info_supported=True,
    )


@handlers.handles(GetSdrRepositoryAllocationInfo)
async def get_sdr_repository_allocation_info(
    ctx: Context, request: GetSdrRepositoryAllocationInfo
) -> GetSdrRepositoryAllocationInfoResponse:
    """§33.10: all that is free is one block."""
    ctx.sdr.check_idle()
    free = min(ctx.sdr.free_units, _MOST_UNITS)
    return GetSdrRepositoryAllocationInfoResponse(
        possible_units=min(ctx.sdr.units, _MOST_UNITS),
        unit_size=UNIT,
        free_units=free,
        largest_free_block=free,
        maximum_record_size=-(-LONGEST // UNIT),
    )


@handlers.handles(ReserveSdrRepository)
async def reserve_sdr_repository(ctx: Context, request: ReserveSdrRepository) -> ReserveSdrRepositoryResponse:
    """§33.11: a new reservation cancels the one before."""
    ctx.sdr.check_idle()
    return ReserveSdrRepositoryResponse(reservation_id=ctx.sdr.reservation.take())


@handlers.handles(GetSdr)
async def get_sdr(ctx: Context, request: GetSdr) -> GetSdrResponse:
    """§33.12: only a read from the middle needs a live reservation."""
    sdr = ctx.services.sdr
    if sdr.guarded:
        sdr.check_allowed(_requester(ctx))
    if request.offset:
        sdr.check_reservation(request.reservation_id)
    record, following = sdr.read(request.record_id)
    data = piece(record, request.offset, request.count, ctx.max_response - HEADER)
    return GetSdrResponse(next_record_id=following, data=data)


@handlers.handles(AddSdr)
async def add_sdr(ctx: Context, request: AddSdr) -> AddSdrResponse:
    """§33.13: the repository gives the record its ID."""
    ctx.sdr.check_allowed(_requester(ctx))
    return AddSdrResponse(record_id=ctx.sdr.add(request.record, ctx.sel.time()))


@handlers.handles(PartialAddSdr)
async def partial_add_sdr(ctx: Context, request: PartialAddSdr) -> PartialAddSdrResponse:
    """§33.14: the record is there once its last piece came."""
    ctx.sdr.check_allowed(_requester(ctx))
    ctx.sdr.check_reservation(request.reservation_id)
    if request.progress not in (Progress.IN_PROGRESS, Progress.LAST):
        raise CompletionError(Cc.INVALID_DATA)
    number = ctx.sdr.add_part(
        request.record_id,
        request.offset,
        request.data,
        ctx.sel.time(),
        last=request.progress == Progress.LAST,
        reservation=request.reservation_id,
    )
    return PartialAddSdrResponse(record_id=number)


@handlers.handles(DeleteSdr)
async def delete_sdr(ctx: Context, request: DeleteSdr) -> DeleteSdrResponse:
    """§33.15: the other records keep their IDs."""
    ctx.sdr.check_idle()
    ctx.sdr.reservation.check(request.reservation_id)
    return DeleteSdrResponse(record_id=ctx.sdr.delete(request.record_id, ctx.sel.time()))


@handlers.handles(ClearSdrRepository)
async def clear_sdr_repository(ctx: Context, request: ClearSdrRepository) -> ClearSdrRepositoryResponse:
    """§33.16: the erasure cancels the reservation that began it, yet answers to its ID."""
    if request.confirmation != b"CLR":
        raise CompletionError(Cc.INVALID_DATA)
    if request.operation == ClearOperation.INITIATE:
        ctx.sdr.check_allowed(_requester(ctx))
        ctx.sdr.check_reservation(request.reservation_id)
        ctx.sdr.clear(ctx.sel.time())
        return ClearSdrRepositoryResponse(progress=ErasureProgress.IN_PROGRESS)
    if request.operation != ClearOperation.GET_STATUS:
        raise CompletionError(Cc.INVALID_DATA)
    erasing = ctx.sdr.erasing(request.reservation_id)
    progress = ErasureProgress.IN_PROGRESS if erasing else ErasureProgress.COMPLETED
    return ClearSdrRepositoryResponse(progress=progress)


@handlers.handles(GetSdrRepositoryTime)
async def get_sdr_repository_time(
    ctx: Context, request: GetSdrRepositoryTime
) -> GetSdrRepositoryTimeResponse:
    """§33.17: the event log's clock is the repository's too."""
    ctx.sdr.check_idle()
    return GetSdrRepositoryTimeResponse(time=ctx.sel.time())


@handlers.handles(SetSdrRepositoryTime)
async def set_sdr_repository_time(
    ctx: Context, request: SetSdrRepositoryTime
) -> SetSdrRepositoryTimeResponse:
    """§33.18: sets the event log's clock as well, since there is one."""
    ctx.sdr.check_idle()
    ctx.sel.set_time(request.time)
    return SetSdrRepositoryTimeResponse()


@handlers.handles(EnterSdrRepositoryUpdateMode)
async def enter_sdr_repository_update_mode(
    ctx: Context, request: EnterSdrRepositoryUpdateMode
) -> EnterSdrRepositoryUpdateModeResponse:
    """§33.19: from now on the repository answers its initiator only."""
    ctx.sdr.enter_update_mode(_requester(ctx))
    return EnterSdrRepositoryUpdateModeResponse()


@handlers.handles(ExitSdrRepositoryUpdateMode)
async def exit_sdr_repository_update_mode(
    ctx: Context, request: ExitSdrRepositoryUpdateMode
) -> ExitSdrRepositoryUpdateModeResponse:
    """§33.20: only who began a modal update ends it."""
    ctx.sdr.exit_update_mode(_requester(ctx))
    return ExitSdrRepositoryUpdateModeResponse()


@handlers.handles(RunInitializationAgent)
async def run_initialization_agent(
    ctx: Context, request: RunInitializationAgent
) -> RunInitializationAgentResponse:
    """§33.21: it works through the records while others are answered; whoever asks is told how far it is."""
    ctx.sdr.check_idle()
    if request.run:
        ctx.initialization.run()
    return RunInitializationAgentResponse(completed=ctx.initialization.completed)
