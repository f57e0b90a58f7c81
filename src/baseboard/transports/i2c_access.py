"""Blocks to and from a device on an SMBus of this machine, through Linux's ``/dev/i2c-N``.

The ioctls are smbus2's work, which the extra ``linux`` brings.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.errors import TransportError
from baseboard.links.ssif_host import ReadBlock, Trouble, WriteBlock

if TYPE_CHECKING:
    from collections.abc import Sequence

_MISSING: Final = (
    "load the adapter's driver (i2c-i801, i2c-piix4 ...) and i2c-dev: modprobe -a i2c-i801 i2c-dev"
)
_HINTS: Final = {
    errno.ENOENT: _MISSING,
    errno.ENXIO: _MISSING,
    errno.EACCES: "only root may open it, unless a udev rule lets a group",
    errno.EPERM: "only root may open it, unless a udev rule lets a group",
    errno.EBUSY: "a driver has this address: use -I open, or add ,force to the device",
}
# What adapters say when the target does not acknowledge, or the bus was disturbed: each may do so next time.
_UNACKNOWLEDGED: Final = frozenset(
    {errno.ENXIO, errno.EREMOTEIO, errno.EIO, errno.EAGAIN, errno.ETIMEDOUT, errno.ENODEV, errno.EPROTO}
)


class Bus(Protocol):
    """An adapter as smbus2 has it."""

    pec: int

    def write_block_data(self, i2c_addr: int, register: int, data: Sequence[int]) -> None:
        """Write a block."""
        ...

    def read_block_data(self, i2c_addr: int, register: int) -> list[int]:
        """Read a block."""
        ...

    def close(self) -> None:
        """Close the device."""
        ...


def open_bus(number: int, *, force: bool = False) -> Bus:
    """Open an adapter.

    Args:
        number: N of ``/dev/i2c-N``.
        force: speak with targets that a driver has.

    Raises:
        TransportError: it cannot be opened, or smbus2 is missing.
    """
    try:
        from smbus2 import SMBus
    except ImportError as error:
        missing = TransportError("SMBus needs the package smbus2")
        missing.hint = "install it: pip install 'baseboard[linux]'"
        raise missing from error
    try:
        bus: Bus = SMBus(number, force=force)
    except OSError as error:
        raise _trouble(number, error, "cannot be opened") from error
    return bus


class I2cAccess:
    """A target on an adapter.

    Args:
        number: N of ``/dev/i2c-N``.
        address: of the target, 7 bits.
        bus: the adapter; None = it is opened.
        force: speak with it although a driver has it.

    Raises:
        TransportError: the adapter cannot be opened.

    Attributes:
        pec: whether the adapter can check transfers; where it cannot they go without.
    """

    def __init__(self, number: int, address: int, *, bus: Bus | None = None, force: bool = False) -> None:
        self._number, self._address = number, address
        self._bus: Bus | None = bus or open_bus(number, force=force)
        self._checked: bool | None = None
        self.pec = True

    def transfer(self, wanted: WriteBlock | ReadBlock) -> bytes | Trouble:
        """Do a transfer.

        Returns: what was read, nothing for a write, or why it did not succeed.

        Raises:
            TransportError: the adapter cannot do it at all.
        """
        bus = self._bus
        if bus is None:
            raise TransportError(f"/dev/i2c-{self._number} is closed")
        self._check(bus, wanted.pec)
        try:
            if isinstance(wanted, ReadBlock):
                return bytes(bus.read_block_data(self._address, wanted.command))
            bus.write_block_data(self._address, wanted.command, list(wanted.block))
        except OSError as error:
            if error.errno == errno.EBADMSG:
                return Trouble.BAD_PEC
            if error.errno in _UNACKNOWLEDGED:
                return Trouble.UNACKNOWLEDGED
            raise _trouble(self._number, error, f"no transfer with {self._address:02X}h") from error
        return b""

    def close(self) -> None:
        """Close the adapter; harmless when it is closed already."""
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.close()

    def _check(self, bus: Bus, pec: bool) -> None:
        """Have the adapter add packet error codes from now on, or not."""
        if pec == self._checked or not self.pec:
            return
        try:
            bus.pec = int(pec)
        except OSError:
            self.pec = False
        self._checked = pec


def _trouble(number: int, error: OSError, doing: str) -> TransportError:
    found = TransportError(f"/dev/i2c-{number}: {doing}: {error.strerror or error}")
    found.hint = _HINTS.get(error.errno or 0, "")
    return found
