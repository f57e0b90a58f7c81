"""FRU inventory: read and write a device's inventory area (§34)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import at


class GetFruInventoryAreaInfoResponse(Response):
    """How large the area is, and in what it is counted."""

    area_size: int = at("2:3", "bytes")
    accessed_by_words: bool = at("4[0]", "offsets and counts are in 16-bit words; 0 = in bytes")


@command(NetFn.STORAGE, 0x10, section="34.1", privilege=Privilege.USER)
class GetFruInventoryAreaInfo(Request[GetFruInventoryAreaInfoResponse]):
    """Ask how large a FRU inventory area is."""

    fru_device_id: int = at("1", "FFh = reserved", default=0)


class ReadFruDataResponse(Response):
    """A piece of the inventory."""

    count_returned: int = at("2", "bytes or words; may be fewer than asked for")
    data: bytes = at("3:")


@command(NetFn.STORAGE, 0x11, section="34.2", privilege=Privilege.USER)
class ReadFruData(Request[ReadFruDataResponse]):
    """Read a piece of a FRU inventory area."""

    DEVICE_BUSY = CompletionCode(0x81, "FRU device busy")

    fru_device_id: int = at("1", "FFh = reserved", default=0)
    offset: int = at("2:3", "bytes or words")
    count: int = at("4", "bytes or words, from 1")


class WriteFruDataResponse(Response):
    """How much was written."""

    count_written: int = at("2", "bytes or words")


@command(NetFn.STORAGE, 0x12, section="34.3", privilege=Privilege.OPERATOR)
class WriteFruData(Request[WriteFruDataResponse]):
    """Write a piece of a FRU inventory area."""

    WRITE_PROTECTED = CompletionCode(0x80, "write-protected offset")
    DEVICE_BUSY = CompletionCode(0x81, "FRU device busy")

    fru_device_id: int = at("1", "FFh = reserved", default=0)
    offset: int = at("2:3", "bytes or words")
    data: bytes = at("4:")
