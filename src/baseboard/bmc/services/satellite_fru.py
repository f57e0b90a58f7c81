"""The inventories of a satellite: what its parts say of themselves (§34)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from baseboard.bmc.blueprint import FruSpec
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

ROOM: Final = 23
"""Bytes of an inventory that fit into one frame of the IPMB, behind completion code and count."""

_WRITE_PROTECTED: Final = 0x80
_WORD: Final = 2


class SatelliteFrus:
    """The inventories of one satellite, by FRU device ID."""

    __slots__ = ("_frus",)

    def __init__(self, specs: Sequence[FruSpec]) -> None:
        self._frus = {spec.device_id: (spec, bytearray(spec.image)) for spec in specs}

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._frus)

    def info(self, request: GetFruInventoryAreaInfo) -> GetFruInventoryAreaInfoResponse:
        """§34.1."""
        spec, image = self._fru(request.fru_device_id)
        return GetFruInventoryAreaInfoResponse(area_size=len(image), accessed_by_words=spec.by_words)

    def read(self, request: ReadFruData) -> ReadFruDataResponse:
        """§34.2: less than asked for comes back only where the inventory ends."""
        spec, image = self._fru(request.fru_device_id)
        unit = _WORD if spec.by_words else 1
        start = request.offset * unit
        if start >= len(image):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if not request.count:
            raise CompletionError(Cc.INVALID_DATA)
        data = bytes(image[start : start + request.count * unit])
        if len(data) > ROOM:
            raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
        return ReadFruDataResponse(count_returned=len(data) // unit, data=data)

    def write(self, request: WriteFruData) -> WriteFruDataResponse:
        """§34.3: a write is whole or refused."""
        spec, image = self._fru(request.fru_device_id)
        unit = _WORD if spec.by_words else 1
        start = request.offset * unit
        if not request.data:
            raise CompletionError(Cc.INVALID_LENGTH)
        if not spec.writable:
            raise CompletionError(_WRITE_PROTECTED)
        if len(request.data) % unit:
            raise CompletionError(Cc.INVALID_DATA)
        if start + len(request.data) > len(image):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        image[start : start + len(request.data)] = request.data
        return WriteFruDataResponse(count_written=len(request.data) // unit)

    def _fru(self, device_id: int) -> tuple[FruSpec, bytearray]:
        found = self._frus.get(device_id)
        if found is None:
            raise CompletionError(Cc.NOT_PRESENT)
        return found
