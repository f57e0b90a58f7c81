"""FRU inventories: what the parts of the system say of themselves (§34)."""

from __future__ import annotations

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc
from baseboard.errors import CompletionError

CHUNK = 256
"""Bytes that are kept together: a write of some bytes stores so many, not the whole inventory."""

_WRITE_PROTECTED = 0x80
_SECTION = "fru"
_CHUNK_BITS = 8
_MOST = 0xFFFF


class FruInventory:
    """The inventories by FRU device ID; per BMC only the chunks that were written."""

    __slots__ = ("_chunks", "_home")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._chunks = home.journal.saved(_SECTION)

    def size(self, device_id: int) -> int:
        """Bytes of an inventory.

        Raises:
            CompletionError: CBh, there is no such device.
        """
        return min(len(self._spec(device_id).image), _MOST)

    def read(self, device_id: int, offset: int, count: int) -> bytes:
        """A piece of an inventory; shorter than asked for where the inventory ends.

        Raises:
            CompletionError: CBh, there is no such device; C9h, it has no such offset.
        """
        spec, size = self._spec(device_id), self.size(device_id)
        if offset >= size:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        end = min(offset + count, size)
        first = offset // CHUNK
        pieces = [self._chunk(spec, number) for number in range(first, -(-end // CHUNK))]
        start = offset - first * CHUNK
        return b"".join(pieces)[start : start + end - offset]

    def write(self, device_id: int, offset: int, data: bytes) -> None:
        """Overwrite a piece of an inventory, the whole piece or nothing.

        Raises:
            CompletionError: CBh, there is no such device; 80h, it is write-protected; C9h, it is too short.
        """
        spec = self._spec(device_id)
        if not spec.writable:
            raise CompletionError(_WRITE_PROTECTED)
        if offset + len(data) > self.size(device_id):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        while data:
            number, start = divmod(offset, CHUNK)
            piece, data = data[: CHUNK - start], data[CHUNK - start :]
            before = self._chunk(spec, number)
            after = before[:start] + piece + before[start + len(piece) :]
            if after != before:
                key = device_id << _CHUNK_BITS | number
                self._chunks[key] = after
                self._home.journal.put(_SECTION, key, after)
            offset += len(piece)

    def _spec(self, device_id: int) -> FruSpec:
        for spec in self._home.blueprint.frus:
            if spec.device_id == device_id:
                return spec
        raise CompletionError(Cc.NOT_PRESENT)

    def _chunk(self, spec: FruSpec, number: int) -> bytes:
        """A chunk as it was written last, else as shipped."""
        shipped = spec.image[number * CHUNK : (number + 1) * CHUNK]
        written = self._chunks.get(spec.device_id << _CHUNK_BITS | number)
        if written is None:
            return shipped
        # A blueprint may have come back with another size since.
        return (written + shipped[len(written) :])[: len(shipped)]
