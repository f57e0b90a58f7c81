"""Linux's IPMB device of a BMC chip, ``/dev/ipmb-3``: frames come and go with their length before them.

The driver is the slave at the chip's own address, which the device tree gives it, and the master that writes
to others. It checks the first checksum of what comes and nothing else.
"""

from __future__ import annotations

import errno
from typing import Final, Protocol

from baseboard.links.ipmb import Written
from baseboard.transports.packet_device import OpenFile, PacketDevice, open_file

SMBUS_LONGEST: Final = 34
"""An SMBus block holds 32 bytes behind the address and the network function; what is longer is cut off."""

I2C_LONGEST: Final = 239
"""The driver's buffer, less the length."""

_WRITTEN: Final = {
    errno.ENXIO: Written.NAK,
    errno.EREMOTEIO: Written.NAK,
    errno.EAGAIN: Written.LOST_ARBITRATION,
}
"""What the drivers of I2C adapters say of a transfer; anything else is an error of the bus."""


class Slave(Protocol):
    """Whoever is at the chip's address."""

    def receive(self, frame: bytes) -> None:
        """Take what a master wrote."""
        ...


class IpmbDevice:
    """An open device file as a bus, on which this process has one address.

    Args:
        path: the device.
        i2c: the device has the property ``i2c-protocol``: it writes frames of any length, as they are.

    Raises:
        TransportError: it cannot be opened.
    """

    def __init__(self, path: str, *, i2c: bool = False, opener: OpenFile = open_file) -> None:
        self._longest = I2C_LONGEST if i2c else SMBUS_LONGEST
        self._slave: tuple[int, Slave] | None = None
        self._device = PacketDevice(path, self._take, _nothing_to_do, opener)
        self.close = self._device.close

    def attach(self, address: int, slave: Slave) -> None:
        """Say who gets what comes; that the address is the device's own is the device tree's business.

        Raises:
            ValueError: there is somebody already.
        """
        if self._slave is not None:
            raise ValueError(f"{address:02X}h: on {self._device.path} this process has one address")
        self._slave = (address, slave)

    def detach(self, address: int) -> None:
        """Nobody gets what comes."""
        if self._slave is not None and self._slave[0] == address:
            self._slave = None

    def write(self, frame: bytes) -> Written:
        """Write a frame as master; the driver comes back when it is done."""
        if len(frame) > self._longest:
            return Written.BUS_ERROR
        try:
            self._device.write(bytes((len(frame),)) + frame)
        except OSError as error:
            return _WRITTEN.get(error.errno or 0, Written.BUS_ERROR)
        return Written.DONE

    def _take(self, data: bytes) -> None:
        if self._slave is not None and len(data) == data[0] + 1 > 1:
            self._slave[1].receive(data[1:])


def _nothing_to_do() -> None:
    """A bus has no state: whoever waits for an answer asks again."""
