"""One management controller: its services, its dispatcher, and the host behind it."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc import handlers as handlers  # registers every handler
from baseboard.bmc.context import SYSTEM_INTERFACE, Origin, Services
from baseboard.bmc.dispatch import Dispatcher, Incoming, Reply
from baseboard.bmc.ports import BootChoice
from baseboard.bmc.services.home import Home


class _HostRequest:
    """A request of the host's software through the system interface."""

    __slots__ = ("cmd", "data", "lun", "netfn")

    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


class Controller:
    """A BMC: everything but its endpoints.

    ``handle`` is the one path of every request; the other methods are the :class:`Board` that
    the backend reports to.
    """

    __slots__ = ("_dispatcher", "_system_interface", "handle", "services")

    def __init__(self, home: Home) -> None:
        self.services = Services(home)
        self._dispatcher = Dispatcher(self.services, strict=home.blueprint.strict)
        self.handle: Callable[[Incoming, Origin, Reply], None] = self._dispatcher.handle
        self._system_interface = Origin(SYSTEM_INTERFACE, local=True)

    def start(self) -> None:
        """Power the BMC up: connect the host, decide its power, begin scanning."""
        home = self.services.home
        home.backend.connect(self)
        self.services.start()
        home.backend.start()

    def stop(self) -> None:
        """End every timer of the BMC and of the host behind it, and what handlers wait for."""
        self._dispatcher.stop()
        self.services.stop()
        self.services.home.backend.stop()

    def power_changed(self, on: bool) -> None:
        """See :class:`Board`."""
        self.services.chassis.power_changed(on)

    def host_reset(self) -> None:
        """See :class:`Board`."""
        self.services.chassis.host_reset()

    def button(self, name: str) -> None:
        """See :class:`Board`."""
        self.services.chassis.button(name)

    def read_boot_choice(self) -> BootChoice:
        """See :class:`Board`."""
        return self.services.boot.take_choice()

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """See :class:`Board`."""
        self.handle(_HostRequest(netfn, lun, cmd, data), self._system_interface, reply)
