"""How ``ipmitool fru`` reads and writes a device, and what it says where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.ipmitool.questions import Answer, ask
from baseboard.codes import Cc
from baseboard.commands.storage.fru import GetFruInventoryAreaInfo, ReadFruData, WriteFruData

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.interface import Target

HEADER_SIZE: Final = 8
MODULE_READ: Final = 16
SMALLEST_READ, FAIR_READ, STEP = 8, 32, 8
LARGEST_WRITE: Final = 16
"""Bytes of a write: the page of a small EEPROM."""

WRITE_HEAD: Final = 3
"""The FRU's ID and the offset, in front of them."""

TOO_MANY: Final = frozenset({Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED, Cc.CANNOT_RETURN_SO_MANY})


class Absent(Exception):
    """There is no such device, or it is of no use.

    Attributes:
        code: what ipmitool makes of it: -1 an error, 1 none that its exit code tells.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


class Device:
    """A FRU device.

    Attributes:
        number: its ID.
        size: bytes of its area.
        words: offsets and counts are in 16-bit words.
    """

    def __init__(self, call: Call, number: int, target: Target | None = None) -> None:
        self._call, self.number, self._target = call, number, target
        self.size, self.words = 0, False
        self._largest = 0

    async def info(self) -> Answer[Any] | None:
        """Ask for size and access, which are known from then on if the answer is good."""
        answer = await ask(self._call, GetFruInventoryAreaInfo(fru_device_id=self.number), self._target)
        if answer is not None and not answer.code:
            data = answer.data.ljust(3, b"\0")
            self.size, self.words = int.from_bytes(data[:2], "little"), bool(data[2] & 1)
        return answer

    async def header(self, complain: Callable[[str], None] | None = None) -> bytes:
        """Ask for the size, then for the common header.

        Args:
            complain: takes what is wrong with them; left out: standard error.

        Raises:
            Absent: there is none; the user was told.
        """
        await self._present(complain or self._call.err)
        # ipmitool asks for eight, of what the device counts in.
        answer = await self._read(0, HEADER_SIZE)
        if answer is None or answer.code:
            raise self._absent(answer, 1)
        header: bytes = answer.data[1 : 1 + HEADER_SIZE].ljust(HEADER_SIZE, b"\0")
        if header[0] != 1:
            text = f" Unknown FRU header version 0x{header[0]:02x}"
            (complain or self._call.err)(text)
            raise Absent(text, -1)
        return header

    async def memory(self) -> bytes:
        """Read what a memory module says of itself, in the pieces that ipmitool takes.

        Raises:
            Absent: it cannot be had; the user was told.
        """
        await self._present(self._call.err)
        data = b""
        while len(data) < self.size:
            answer = await self._read(len(data), MODULE_READ)
            if answer is None or answer.code:
                raise self._absent(answer, 1 if answer is not None and answer.code == Cc.TIMEOUT else -1)
            got = answer.data[0] if answer.data else 0
            if not answer.data or got > len(answer.data) - 1 or got > self.size - len(data):
                self._call.out(" Not enough buffer size", end="")
                raise Absent(" Not enough buffer size", -1)
            if not got:
                break  # ipmitool asks on for ever
            data += answer.data[1 : 1 + got]
        return data

    async def _present(self, complain: Callable[[str], None]) -> None:
        answer = await self.info()
        if answer is None or answer.code:
            raise self._absent(answer, -1)
        if self.size < 1:
            text = f" Invalid FRU size {self.size}"
            complain(text)
            raise Absent(text, -1)

    def _absent(self, answer: Answer[Any] | None, code: int) -> Absent:
        text = f" Device not present ({'No Response' if answer is None else answer.text()})"
        self._call.out(text)
        return Absent(text, code)

    async def _read(self, offset: int, count: int) -> Answer[Any] | None:
        request = ReadFruData(fru_device_id=self.number, offset=offset, count=count)
        return await ask(self._call, request, self._target)

    async def read(self, offset: int, length: int) -> bytes | None:
        """Read a piece; None when it cannot be read to its end, and the user was told.

        What the device does not have is 00h.
        """
        if offset > self.size:
            self._call.err(f"Read FRU Area offset incorrect: {offset} > {self.size}")
            return None
        end = min(offset + length, self.size)
        if end < offset + length:
            self._call.err(f"Read FRU Area length {offset + length} too large, Adjusting to {end - offset}")
        if not self._largest:
            largest = (await self._call.bmc()).interface.largest_response
            self._largest = min(max(largest - 1, FAIR_READ), 0xFF) & (~1 if self.words else ~0)
        data = b""
        more = True  # even of nothing: whether it may be read is told by the answer
        while more:
            at, count = offset + len(data), min(self._largest, end - offset - len(data))
            # Both are counted in words where the device says so (§34.2); ipmitool shifts the offset alone.
            answer = await self._read(at >> self.words, -(-count >> self.words))
            if answer is None:
                self._call.err("FRU Read failed")
                return None
            if answer.code in TOO_MANY and self._largest > SMALLEST_READ:
                self._largest -= STEP if self._largest > FAIR_READ else 1
                continue
            if answer.code:
                self._call.err(f"FRU Read failed: {answer.text()}")
                return None
            got = answer.data[0] << self.words if answer.data else 0
            if not answer.data or got > len(answer.data) - 1 or got > end - at:
                self._call.out(" Not enough buffer size", end="")
                return None
            if not got:
                break  # the size that it told was too large
            data += answer.data[1 : 1 + got]
            more = offset + len(data) < end
        return data.ljust(length, b"\0")

    def _largest_write(self) -> int:
        """Bytes of a write: as many as ``-z`` lets a request have, without ID and offset; 0 = none."""
        if not self._call.options.packet_size:
            return LARGEST_WRITE
        from baseboard.cli.ipmitool.beforehand import largest_request

        size = largest_request(self._call.options, LARGEST_WRITE + WRITE_HEAD) - WRITE_HEAD
        return max(min(size, 0xFF), 0) & (~1 if self.words else ~0)

    async def write(self, offset: int, data: bytes) -> bool:
        """Write bytes; what is write-protected is passed over.

        Returns: False when it broke off.
        """
        if offset + len(data) > self.size:
            self._call.err("Return error")
            return False
        if self.words and (offset & 1 or len(data) & 1):
            self._call.err("Odd offset or length specified")
            return False
        largest = self._largest_write()
        if not largest:
            self._call.err("Maximum request size is too small to send a write request")
            return False
        for at in range(0, len(data), largest):
            piece = data[at : at + largest]
            place = offset + at
            request = WriteFruData(fru_device_id=self.number, offset=place >> self.words, data=piece)
            answer = await ask(self._call, request, self._target)
            if answer is None or answer.code not in {Cc.OK, WriteFruData.WRITE_PROTECTED}:
                return False
        return True


def areas(header: bytes) -> dict[str, int]:
    """Where the areas begin, in bytes; 0 = there is none."""
    names = ("internal", "chassis", "board", "product", "multi")
    return {name: header[place] * 8 for place, name in enumerate(names, 1)}
