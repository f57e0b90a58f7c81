"""How a FRU inventory is got out of a device, and put back into it, whatever the device bears (§34)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.codes import Cc
from baseboard.commands.storage.fru import (
    GetFruInventoryAreaInfo,
    GetFruInventoryAreaInfoResponse,
    ReadFruData,
    WriteFruData,
)
from baseboard.errors import CompletionError
from baseboard.records.fru import CommonHeader
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target

BUSY: Final = 0x81
WRITE_PROTECTED: Final = 0x80

FIRST_READ: Final = 128
"""Bytes of the first attempt; controllers with a small buffer get half of it, and half of that."""

FIRST_WRITE: Final = 16
"""Bytes of a write: the page of a small EEPROM."""

_WORD: Final = 2
_SMALLEST: Final = 2
_HEADER: Final = 8
_BLOCK: Final = 8
_RECORD_HEAD: Final = 5
_LAST_RECORD: Final = 0x80
_MOST_RECORDS: Final = 256

_TOO_MANY: Final = frozenset(
    {
        Cc.INVALID_LENGTH,
        Cc.LENGTH_LIMIT_EXCEEDED,
        Cc.PARAMETER_OUT_OF_RANGE,
        Cc.CANNOT_RETURN_SO_MANY,
        Cc.INVALID_DATA,
        Cc.UNSPECIFIED,
    }
)

_WAITS: Final = (0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 1.0, 1.0)
"""Seconds between attempts at a busy device (§34.2: 30 ms at least)."""


@dataclass(slots=True)
class FruImage:
    """What was read of a device.

    Attributes:
        data: its bytes from the start on.
        size: how many it has.
        by_words: offsets and counts are in 16-bit words.
        missing: why the rest is missing; None if all that was wanted is there.
        notes: quirks that showed, by their ids.
    """

    data: bytes
    size: int
    by_words: bool
    missing: Exception | None = None
    notes: tuple[str, ...] = ()


class FruDeviceIo:
    """Reads and writes one FRU device.

    Args:
        bmc: the console's way to it.
        device_id: 0-254.
        target: the controller that has it; None = the BMC.
    """

    def __init__(self, bmc: Bmc, device_id: int, target: Target | None = None) -> None:
        self._bmc, self._device_id, self._target = bmc, device_id, target
        self._step = min(
            bmc.learned.size("fru_read", target) or FIRST_READ, bmc.interface.largest_response - 1
        )
        self._learned = 0
        self._write_step = min(FIRST_WRITE, bmc.interface.largest_request - 3)
        self._notes: list[str] = []

    async def info(self) -> GetFruInventoryAreaInfoResponse:
        """Ask how large it is."""
        for wait in (*_WAITS, None):
            try:
                return await self._bmc.execute(
                    GetFruInventoryAreaInfo(fru_device_id=self._device_id), target=self._target
                )
            except CompletionError as error:
                # QUIRK Q-FRUBUSY Lenovo M5: busy for long.
                if error.code != BUSY or wait is None:
                    raise
                await waiting.sleep(remaining(wait))
        raise AssertionError("the last attempt returns or raises")

    async def read(self, *, whole: bool = True) -> FruImage:
        """Read the inventory from the start.

        Args:
            whole: every byte of the device; False: as far as its header and its areas reach.

        Raises:
            CompletionError: not even the first byte can be read.
        """
        self._notes.clear()
        area = await self.info()
        # QUIRK Q-FRUWORD: devices that are read by words; the flag tells, and their size is in bytes (§34.1).
        unit = _WORD if area.accessed_by_words else 1
        data, missing = bytearray(), None
        while len(data) < area.area_size:
            wanted = area.area_size if whole else min(_extent(data), area.area_size)
            if len(data) >= wanted:
                break
            # What is behind the areas costs no more as long as it comes in the same answer.
            try:
                piece = await self._piece(len(data), min(self._step, area.area_size - len(data)), unit)
            except CompletionError as error:
                if not data:
                    raise
                missing = error
                break
            if not piece:
                break
            data += piece
        if self._learned:
            await self._bmc.learned.keep_size("fru_read", self._learned, self._target)
        return FruImage(
            data=bytes(data[: area.area_size]),
            size=area.area_size,
            by_words=area.accessed_by_words,
            missing=missing,
            notes=tuple(self._notes),
        )

    async def _piece(self, offset: int, count: int, unit: int) -> bytes:
        """Read a piece; what the device refuses as too long is tried with half."""
        while True:
            asked = max(-(-count // unit), 1)
            request = ReadFruData(fru_device_id=self._device_id, offset=offset // unit, count=asked)
            try:
                answer = await self._patiently(request)
            except CompletionError as error:
                if error.code not in _TOO_MANY or count <= _SMALLEST:
                    raise
                refused, count = count, max(count // 2, _SMALLEST)
                # A short read at the end may be refused for what it reads, so only a long one teaches.
                if refused >= self._step:
                    self._step = self._learned = count
                    self._note("Q-FRUSIZE")
                continue
            wanted = asked * unit
            if len(answer.data) > wanted or answer.count_returned > asked:
                # QUIRK Q-FRULONG: more bytes than were asked for; the count of a device is never trusted.
                self._note("Q-FRULONG")
            return bytes(answer.data[: min(wanted, answer.count_returned * unit)])

    async def _patiently(self, request: ReadFruData) -> ReadFruDataAnswer:
        for wait in (*_WAITS, None):
            try:
                answer = await self._bmc.execute(request, target=self._target)
            except CompletionError as error:
                if error.code != BUSY or wait is None:
                    raise
                self._note("Q-FRUBUSY")
                await waiting.sleep(remaining(wait))
            else:
                return ReadFruDataAnswer(answer.count_returned, answer.data)
        raise AssertionError("the last attempt returns or raises")

    def _note(self, quirk: str) -> None:
        if quirk not in self._notes:
            self._notes.append(quirk)
            self._bmc.meet(quirk)

    async def write(self, offset: int, data: bytes, *, by_words: bool) -> None:
        """Write bytes at an offset.

        Raises:
            CompletionError: the device refused it; 80h: it is write-protected there.
        """
        unit = _WORD if by_words else 1
        if offset % unit or len(data) % unit:
            raise ValueError("a device that is accessed by words takes whole words")
        done = 0
        while done < len(data):
            piece = data[done : done + max(self._write_step // unit * unit, unit)]
            request = WriteFruData(fru_device_id=self._device_id, offset=(offset + done) // unit, data=piece)
            try:
                written = await self._write_patiently(request)
            except CompletionError as error:
                if error.code not in _TOO_MANY or len(piece) <= unit:
                    raise
                self._write_step = max(len(piece) // 2, unit)
                continue
            # A count of nothing, or of more than was sent, is no count.
            written *= unit
            done += written if 0 < written <= len(piece) else len(piece)

    async def _write_patiently(self, request: WriteFruData) -> int:
        for wait in (*_WAITS, None):
            try:
                return (await self._bmc.execute(request, target=self._target)).count_written
            except CompletionError as error:
                if error.code != BUSY or wait is None:
                    raise
                await waiting.sleep(remaining(wait))
        raise AssertionError("the last attempt returns or raises")


@dataclass(frozen=True, slots=True)
class ReadFruDataAnswer:
    """A piece of an inventory, as the device told it."""

    count_returned: int
    data: bytes


def _extent(data: bytearray) -> int:
    """Say how many bytes are needed to know where the inventory ends; no more than there are = it is all."""
    if len(data) < _HEADER:
        return _HEADER
    header = CommonHeader.decode(bytes(data[:_HEADER]))
    if header.format_version != 1:
        return _HEADER
    starts = [blocks * _BLOCK for blocks in (header.chassis, header.board, header.product) if blocks]
    ends = [_HEADER, *(_area_end(data, start) for start in starts)]
    if header.internal:
        behind = [
            start for start in (*starts, header.multirecord * _BLOCK) if start > header.internal * _BLOCK
        ]
        ends.append(min(behind, default=1 << 16))
    if header.multirecord:
        ends.append(_records_end(data, header.multirecord * _BLOCK))
    return max(ends)


def _area_end(data: bytearray, start: int) -> int:
    return start + (data[start + 1] * _BLOCK if len(data) > start + 1 else _BLOCK)


def _records_end(data: bytearray, start: int) -> int:
    for _ in range(_MOST_RECORDS):
        if len(data) < start + _RECORD_HEAD:
            return start + _RECORD_HEAD
        kind, last, length = data[start], data[start + 1] & _LAST_RECORD, data[start + 2]
        sound = not sum(data[start : start + _RECORD_HEAD]) & 0xFF and kind != 0xFF
        start += _RECORD_HEAD + (length if sound else 0)
        if last or not sound:
            break
    return start
