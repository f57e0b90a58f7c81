"""Memory chips on the buses behind a controller, through Master Write-Read (§22.11, §38)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.client.fru_reading import FruImage
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.commands.storage.fru import GetFruInventoryAreaInfoResponse
from baseboard.errors import CompletionError
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target

CHIP_SIZES: Final = {
    0x08: 128, 0x09: 256, 0x0A: 512, 0x0B: 1024, 0x0C: 2048, 0x0D: 2048, 0x0E: 4096, 0x0F: 8192,
}  # fmt: skip
"""Bytes of a 24C01, 24C02, 24C04, 24C08, 24C16, 24C17, 24C32 and 24C64, by IPMB/I2C device type code."""

_BLOCK: Final = 256
_LARGEST_BLOCKED: Final = 8 * _BLOCK
_READ: Final = 32
_PAGE: Final = 8  # the page of the smallest; larger chips have pages of several of it
_WAITS: Final = (0.005, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25)
"""Seconds between attempts at a chip that burns what was written: 5 to 10 ms are usual."""


class ChipIo:
    """Reads and writes one EEPROM of the 24C family.

    Args:
        bmc: the console's way to the controller that has the bus.
        bus: private bus, 0-7.
        address: its first slave address, 7 bits.
        size: bytes; above 2048 it takes two bytes of address.
        target: the controller, None = the BMC.
    """

    def __init__(self, bmc: Bmc, bus: int, address: int, size: int, target: Target | None = None) -> None:
        self._bmc, self._bus, self._address, self._target = bmc, bus, address, target
        self.size = size

    async def info(self) -> GetFruInventoryAreaInfoResponse:
        """Say how large it is: no chip can be asked, its locator's device type tells."""
        return GetFruInventoryAreaInfoResponse(area_size=self.size, accessed_by_words=False)

    async def read(self, *, whole: bool = True) -> FruImage:
        """Read all of it.

        Args:
            whole: taken for the sake of other kinds of devices; a chip is small.

        Raises:
            CompletionError: 83h, nothing answers there; other codes of Master Write-Read.
        """
        del whole
        data = b""
        while len(data) < self.size:
            data += await self.read_at(len(data), min(_READ, self.size - len(data)))
        return FruImage(data=data, size=self.size, by_words=False)

    async def read_at(self, offset: int, count: int) -> bytes:
        """Read bytes at an offset, at most 32 at a time and not over a limit of 256.

        Raises:
            CompletionError: as `read`; TRUNCATED_READ, fewer bytes came.
        """
        answer = await self._transfer(offset, b"", count)
        if len(answer) != count:
            raise CompletionError(MasterWriteRead.TRUNCATED_READ)
        return answer

    async def write(self, offset: int, data: bytes, *, by_words: bool = False) -> None:
        """Write bytes at an offset, page by page, each after the chip has burnt the one before.

        Raises:
            CompletionError: as `read`.
        """
        del by_words
        while data:
            room = _PAGE - offset % _PAGE
            await self._transfer(offset, data[:room], 0)
            offset, data = offset + len(data[:room]), data[room:]

    async def _transfer(self, offset: int, data: bytes, count: int) -> bytes:
        wide = self.size > _LARGEST_BLOCKED
        request = MasterWriteRead(
            private=True,
            bus_id=self._bus,
            slave_address=self._address + (0 if wide else offset // _BLOCK),
            read_count=count,
            data=(offset.to_bytes(2, "big") if wide else bytes((offset % _BLOCK,))) + data,
        )
        for wait in (*_WAITS, None):
            try:
                return (await self._bmc.execute(request, target=self._target)).data
            except CompletionError as error:
                # A chip that burns acknowledges nothing, like one that is not there; that shows in the end.
                if error.code != MasterWriteRead.NAK_ON_WRITE or wait is None:
                    raise
                await waiting.sleep(remaining(wait))
        raise AssertionError("the last attempt returns or raises")
