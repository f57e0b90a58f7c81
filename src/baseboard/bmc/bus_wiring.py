"""The IPMBs of one process: BMCs that name the same bus are on it together.

A bus is in the process, a socket that other processes share, or a device of the machine's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.services.bus import Bus, Ipmb
from baseboard.transports.ipmb_device import IpmbDevice
from baseboard.transports.ipmb_socket import BusDoor, BusSocket
from baseboard.transports.machine_socket import where_of

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.bridging import IpmbSpec
    from baseboard.bmc.clock import Clock

_SOCKETS: Final = ("unix:", "tcp:")
_DEVICE: Final = "/dev/"


class Buses:
    """The buses that BMCs of this process are on, by what they are called."""

    __slots__ = ("_buses", "_clock", "_close")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buses: dict[str, Bus] = {}
        self._close: list[Callable[[], None]] = []

    def of(self, spec: IpmbSpec) -> Bus | None:
        """The bus of a BMC; None = it has one of its own, as soon as it needs one.

        Raises:
            TransportError: it cannot be had.
        """
        if not spec.bus:
            return None
        if spec.bus not in self._buses:
            self._buses[spec.bus] = self._opened(spec)
        return self._buses[spec.bus]

    def close(self) -> None:
        """Take down what reaches beyond the process."""
        self._buses.clear()
        for close in self._close:
            close()
        self._close.clear()

    def _opened(self, spec: IpmbSpec) -> Bus:
        if spec.bus.startswith(_DEVICE):
            device = IpmbDevice(spec.bus, i2c=spec.i2c)
            self._close.append(device.close)
            return device
        if spec.bus.startswith(_SOCKETS) and not spec.listen:
            bus = BusSocket(where_of(spec.bus))
            self._close.append(bus.close)
            return bus
        made = Ipmb(self._clock)
        if spec.listen:
            self._close.append(BusDoor(made, where_of(spec.bus)).close)
        return made
