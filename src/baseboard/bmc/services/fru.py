"""FRU inventories: what the parts of the system say of themselves (§34)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc
from baseboard.errors import CompletionError

CHUNK = 256
"""Bytes that are kept together: a write of some bytes stores so many, not the whole inventory."""

_WRITE_PROTECTED, _BUSY = 0x80, 0x81
_WORD = 2
_SECTION = "fru"
_CHUNK_BITS = 8
_MOST = 0xFFFF


class FruInventory:
    """The inventories by FRU device ID; per BMC only the chunks that were written.

    Attributes:
        busy: asked whether the chip of an inventory answers nobody now.
    """

    __slots__ = ("_chunks", "_home", "busy")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._chunks = home.journal.saved(_SECTION)
        self.busy: Callable[[FruSpec], bool] = _never

    def size(self, device_id: int) -> int:
        """Bytes of an inventory.

        Raises:
            CompletionError: CBh, there is no such device.
        """
        return min(len(self._spec(device_id).image), _MOST)

    def by_words(self, device_id: int) -> bool:
        """Whether offsets and counts are in words of two bytes."""
        return self._spec(device_id).by_words

    def read(self, device_id: int, offset: int, count: int) -> bytes:
        """A piece of an inventory; shorter than asked for where the inventory ends.

        Args:
            offset: in bytes, or in words where that is how the device is accessed.
            count: likewise.

        Raises:
            CompletionError: CBh, there is no such device; C9h, it has no such offset; 81h, it is busy.
        """
        spec, size = self._spec(device_id), self.size(device_id)
        unit = _WORD if spec.by_words else 1
        if offset * unit >= size:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        self._check_busy(spec)
        return self.piece(spec, offset * unit, min(count * unit, size - offset * unit))

    def write(self, device_id: int, offset: int, data: bytes, *, unlocked: bool = False) -> None:
        """Overwrite a piece of an inventory, the whole piece or nothing.

        Args:
            unlocked: write protection does not hold, as in the manufacturing test mode (§20.5).

        Raises:
            CompletionError: CBh, there is no such device; 80h, it is write-protected; C9h, it is too short;
                81h, it is busy; CCh, half a word.
        """
        spec = self._spec(device_id)
        unit = _WORD if spec.by_words else 1
        if not (spec.writable or unlocked):
            raise CompletionError(_WRITE_PROTECTED)
        if len(data) % unit:
            raise CompletionError(Cc.INVALID_DATA)
        if offset * unit + len(data) > self.size(device_id):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        self._check_busy(spec)
        self.overwrite(spec, offset * unit, data)

    def piece(self, spec: FruSpec, offset: int, count: int) -> bytes:
        """Bytes of an inventory as they are now; fewer where it ends."""
        if not self._chunks:
            return spec.image[offset : offset + count]
        end = min(offset + count, len(spec.image))
        first = offset // CHUNK
        pieces = [self._chunk(spec, number) for number in range(first, -(-end // CHUNK))]
        start = offset - first * CHUNK
        return b"".join(pieces)[start : start + end - offset]

    def overwrite(self, spec: FruSpec, offset: int, data: bytes) -> None:
        """Put bytes into an inventory that has room for them."""
        while data:
            number, start = divmod(offset, CHUNK)
            piece, data = data[: CHUNK - start], data[CHUNK - start :]
            before = self._chunk(spec, number)
            after = before[:start] + piece + before[start + len(piece) :]
            if after != before:
                key = spec.device_id << _CHUNK_BITS | number
                self._chunks[key] = after
                self._home.journal.put(_SECTION, key, after)
            offset += len(piece)

    def _spec(self, device_id: int) -> FruSpec:
        for spec in self._home.blueprint.frus:
            if spec.device_id == device_id and spec.logical:
                return spec
        raise CompletionError(Cc.NOT_PRESENT)

    def _check_busy(self, spec: FruSpec) -> None:
        if self.busy(spec):
            raise CompletionError(_BUSY)

    def _chunk(self, spec: FruSpec, number: int) -> bytes:
        """A chunk as it was written last, else as shipped."""
        shipped = spec.image[number * CHUNK : (number + 1) * CHUNK]
        written = self._chunks.get(spec.device_id << _CHUNK_BITS | number)
        if written is None:
            return shipped
        # A blueprint may have come back with another size since.
        return (written + shipped[len(written) :])[: len(shipped)]


def _never(spec: FruSpec) -> bool:
    """Memory of the controller's own is never busy."""
    del spec
    return False
