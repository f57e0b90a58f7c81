"""FRU inventories: size, reading, writing (§34)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import Cc
from baseboard.commands.storage.fru import (
    GetFruInventoryAreaInfo,
    GetFruInventoryAreaInfoResponse,
    ReadFruData,
    ReadFruDataResponse,
    WriteFruData,
    WriteFruDataResponse,
)
from baseboard.errors import CompletionError

_WORD = 2
_OVERHEAD = 2
"""Completion code and count go before the data of Read FRU Data."""


@handlers.handles(GetFruInventoryAreaInfo)
async def get_fru_inventory_area_info(
    ctx: Context, request: GetFruInventoryAreaInfo
) -> GetFruInventoryAreaInfoResponse:
    """§34.1: the size is in bytes, whatever the access."""
    return GetFruInventoryAreaInfoResponse(
        area_size=ctx.fru.size(request.fru_device_id),
        accessed_by_words=ctx.fru.by_words(request.fru_device_id),
    )


@handlers.handles(ReadFruData)
async def read_fru_data(ctx: Context, request: ReadFruData) -> ReadFruDataResponse:
    """§34.2: less than asked for comes back only where the inventory ends."""
    data = ctx.fru.read(request.fru_device_id, request.offset, request.count)
    if not request.count:
        raise CompletionError(Cc.INVALID_DATA)
    if len(data) > ctx.max_response - _OVERHEAD:
        raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
    return ReadFruDataResponse(count_returned=len(data) // _unit(ctx, request.fru_device_id), data=data)


@handlers.handles(WriteFruData)
async def write_fru_data(ctx: Context, request: WriteFruData) -> WriteFruDataResponse:
    """§34.3: a write is whole or refused; the manufacturing test mode lifts write protection (§20.5)."""
    if not request.data:
        raise CompletionError(Cc.INVALID_LENGTH)
    ctx.fru.write(request.fru_device_id, request.offset, request.data, unlocked=ctx.device.manufacturing)
    return WriteFruDataResponse(count_written=len(request.data) // _unit(ctx, request.fru_device_id))


def _unit(ctx: Context, device_id: int) -> int:
    """Bytes that a count counts."""
    return _WORD if ctx.fru.by_words(device_id) else 1
