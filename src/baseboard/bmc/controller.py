"""One management controller: its services, its dispatcher, and the host behind it."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc import handlers as handlers  # registers every handler
from baseboard.bmc.context import SYSTEM_INTERFACE, Origin, Services
from baseboard.bmc.dispatch import Dispatcher, Incoming, Reply
from baseboard.bmc.ports import BootChoice
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc
from baseboard.rmcp.session import RequestReceived


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
        self.services.bridging.deliver = self._from_controller
        self.services.forwarding.on_change.append(self._choose_path)
        if self.services.hpm is not None:
            self.services.hpm.silence_changed = self._choose_path
        self._choose_path()

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

    def control_failed(self) -> None:
        """See :class:`Board`."""
        self.services.chassis.control_failed()

    def button(self, name: str) -> None:
        """See :class:`Board`."""
        self.services.chassis.button(name)

    def read_boot_choice(self) -> BootChoice:
        """See :class:`Board`."""
        return self.services.boot.take_choice()

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """See :class:`Board`; what the interface does not carry is refused (§22.9)."""
        interface = self.services.home.blueprint.interface
        if len(data) + interface.overhead > interface.input_size:
            reply(bytes((Cc.LENGTH_LIMIT_EXCEEDED,)))
        else:
            self.handle(_HostRequest(netfn, lun, cmd, data), self._system_interface, reply)

    def message_flags(self) -> int:
        """See :class:`Board`."""
        return self.services.messaging.flags()

    def interrupts_enabled(self) -> bool:
        """See :class:`Board`."""
        return self.services.messaging.interrupts

    def watch(self, changed: Callable[[], None]) -> None:
        """See :class:`Board`."""
        self.services.messaging.on_attention.append(changed)

    def _from_controller(self, channel: int, request: RequestReceived, reply: Reply) -> None:
        """A request of another controller: sessions and levels are unknown on its bus (§6.12)."""
        self.handle(request, Origin(channel, request=request, local=True), reply)

    def _choose_path(self) -> None:
        """Nothing is asked about forwarding as long as nothing is forwarded."""
        ours = (self._forward, self._dispatcher.handle, self._say_nothing)
        if self.handle in ours:  # else somebody listens in, who has one of them
            silent = self.services.hpm is not None and self.services.hpm.silent
            self.handle = ours[2] if silent else ours[0] if self.services.forwarding.active else ours[1]

    def _say_nothing(self, request: Incoming, origin: Origin, reply: Reply) -> None:
        """HPM.1: while new firmware starts nobody is answered."""

    def _forward(self, request: Incoming, origin: Origin, reply: Reply) -> None:
        """§35b: some requests are answered by another controller; never one from outside of a session."""
        privilege = None if origin.local else origin.privilege
        known = origin.local or origin.session is not None
        if not known or not self.services.forwarding.take(
            origin.channel, request.netfn, request.lun, request.cmd, request.data, privilege, reply
        ):
            self._dispatcher.handle(request, origin, reply)
