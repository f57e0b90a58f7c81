"""Private I2C buses behind the controller, and the memory chips on them (§22.11, §38)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.shared import Sparse
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.errors import CompletionError

WRITE_CYCLE_S = 0.005
"""How long a chip burns what was written; it answers to nothing meanwhile."""

BLOCK = 256
"""Bytes that one byte of address reaches."""

_LARGEST_BLOCKED = 8 * BLOCK
# Bytes that are burnt together, by the largest size of a chip that has such pages.
_PAGES = ((BLOCK, 8), (_LARGEST_BLOCKED, 16), (0x10000, 32))


class Chip:
    """A serial EEPROM, as its bus sees it.

    Args:
        spec: the inventory that it keeps.
        fru: where the contents are.
        now: monotonic seconds.
    """

    __slots__ = ("_busy_until", "_fru", "_now", "_pointer", "_size", "_spec")

    def __init__(self, spec: FruSpec, fru: FruInventory, now: Callable[[], float]) -> None:
        self._spec, self._fru, self._now = spec, fru, now
        self._size = len(spec.image)
        self._pointer = 0
        self._busy_until = 0.0

    @property
    def blocks(self) -> int:
        """Slave addresses that it answers to."""
        return -(-self._size // BLOCK) if self._size <= _LARGEST_BLOCKED else 1

    @property
    def busy(self) -> bool:
        """Whether it is burning what was written."""
        return self._now() < self._busy_until

    def transfer(self, block: int, data: bytes, count: int) -> bytes:
        """Do what one transaction asks: set the address, write a page, read on from the address.

        Args:
            block: which of its slave addresses was named.
            data: written; the address comes first.
            count: bytes to read afterwards.

        Raises:
            CompletionError: 83h, it does not answer.
        """
        if self.busy:
            raise CompletionError(MasterWriteRead.NAK_ON_WRITE)
        wide = 1 if self._size <= _LARGEST_BLOCKED else 2
        if 0 < len(data) < wide:
            raise CompletionError(MasterWriteRead.BUS_ERROR)
        if data:
            start = int.from_bytes(data[:wide], "big") + block * BLOCK
            self._pointer = start % self._size
            self._burn(data[wide:])
        read = self._fru.piece(self._spec, self._pointer, count)
        while len(read) < count:
            read += self._fru.piece(self._spec, 0, count - len(read))
        if count:
            self._pointer = (self._pointer + count) % self._size
        return read

    def _burn(self, data: bytes) -> None:
        """Write within a page: what goes beyond its end comes in at its beginning, as in any such chip."""
        if not data:
            return
        page = next(page for most, page in _PAGES if self._size <= most)
        start = self._pointer - self._pointer % page
        held = bytearray(self._fru.piece(self._spec, start, page))
        for place, byte in enumerate(data, self._pointer - start):
            held[place % len(held)] = byte
        self._busy_until = self._now() + WRITE_CYCLE_S
        self._pointer = start + (self._pointer - start + len(data)) % len(held)
        if self._spec.writable:
            self._fru.overwrite(self._spec, start, bytes(held))


class PrivateBuses(Sparse):
    """The private buses of a BMC by number, and who answers on them."""

    __slots__ = ("_chips", "_fru", "_home")
    PARTS = (("_chips", dict),)

    _chips: dict[int, Chip]

    def __init__(self, home: Home, fru: FruInventory) -> None:
        self._home, self._fru = home, fru
        fru.busy = self.busy

    def transfer(self, bus: int, address: int, data: bytes, count: int) -> bytes:
        """Write, then read, in one transaction.

        Args:
            bus: private bus, 0-7.
            address: slave address of 7 bits.
            data: to write; may be empty.
            count: bytes to read, 0-255.

        Raises:
            CompletionError: 83h, nobody answers at that address; 82h, the chip cannot make sense of it.
        """
        for spec in self._home.blueprint.frus:
            if spec.eeprom is not None and spec.eeprom.bus == bus:
                chip = self._chip(spec)
                block = address - spec.eeprom.address
                if 0 <= block < chip.blocks:
                    return chip.transfer(block, data, count)
        raise CompletionError(MasterWriteRead.NAK_ON_WRITE)

    def busy(self, spec: FruSpec) -> bool:
        """Whether the chip of an inventory is burning what was written over the bus."""
        return spec.device_id in self._chips and self._chips[spec.device_id].busy

    def _chip(self, spec: FruSpec) -> Chip:
        if spec.device_id not in self._chips:
            self._chips[spec.device_id] = Chip(spec, self._fru, self._home.clock.now)
        return self._chips[spec.device_id]
