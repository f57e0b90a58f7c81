"""Serial over LAN: which serial ports of the host have a console, and whose it is (§15, §24, §26)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.ports import SerialSignals
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sol_door import Door, OpenSocket, no_socket
from baseboard.bmc.services.sol_link import HANDSHAKE_S as HANDSHAKE_S
from baseboard.bmc.services.sol_link import SolLink, Way, Wishes
from baseboard.bmc.services.sol_parameters import PAYLOAD_SIZE as PAYLOAD_SIZE
from baseboard.bmc.services.sol_parameters import SolParameters as SolParameters
from baseboard.bmc.shared import EMPTY, Sparse
from baseboard.codes import Cc, PayloadType
from baseboard.commands.app.payload import SerialAlerts
from baseboard.commands.parameters import sol as p
from baseboard.commands.transport.sol import SolActivating
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.bmc.ports import SerialPort
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import SessionV20
    from baseboard.rmcp.table import SessionTable

log = logging.getLogger(__name__)

FIRST: Final = 1
"""Instance 1 is the host's first serial port, instance 2 its second, and so on (§24.1)."""

LAST: Final = 15


def _deaf(data: bytes, address: Address) -> None:
    """A BMC without an endpoint hears nothing."""


class Sol(Sparse):
    """The SOL payloads of a BMC: one instance for each serial port of the host.

    Args:
        flush: sends what was given to the session table; kept as an attribute.
        ports: the serial port of an instance, None where there is none; left out: those of the backend.

    Attributes:
        parameters: the SOL configuration parameters.
        ports: see above; what shares a port with SOL puts itself in between.
        on_activating: each is called with the message for whoever uses a serial port that SOL is about to
            take (§26.1).
        open_socket: opens another port at the LAN channel's address.
        receive: takes a datagram for the LAN channel.
    """

    __slots__ = (
        "_door", "_home", "_lent", "_links", "flush", "on_activating", "open_socket", "parameters", "ports",
        "receive",
    )  # fmt: skip
    PARTS = (("_links", dict),)

    _links: dict[int, SolLink]

    def __init__(
        self,
        home: Home,
        flush: Callable[[], None],
        ports: Callable[[int], SerialPort | None] | None = None,
    ) -> None:
        self._home = home
        self.flush = flush
        self._lent = EMPTY
        self._door: Door | None = None
        self.ports = self._port_of_backend if ports is None else ports
        self.on_activating: tuple[Callable[[SolActivating], None], ...] = ()
        self.open_socket: OpenSocket = no_socket
        self.receive: Callable[[bytes, Address], None] = _deaf
        self.parameters = SolParameters(home)

    def start(self) -> None:
        """The BMC is up: open the port that SOL has of its own, and tell the serial ports their speed."""
        try:
            self._see_to_door(self.parameters.port)
        except OSError as error:
            log.warning("%s: SOL stays at the LAN port: %s", self._home.blueprint.identity.name, error)
        self._tell_rate()

    def stop(self) -> None:
        """The BMC ends."""
        for link in self._links.values():
            link.detach()
        self._links.clear()
        if self._door is not None:
            self._door.close()
            self._door = None

    # ---- what there is

    @property
    def capacity(self) -> int:
        """How many serial ports there are, and so instances."""
        count = 0
        while count < LAST and self.ports(count + 1) is not None:
            count += 1
        return count

    @property
    def owner(self) -> SessionV20 | None:
        """The session that instance 1 runs under; None = it is not active."""
        return self.owner_of(FIRST)

    def owner_of(self, instance: int) -> SessionV20 | None:
        """The session that an instance runs under; None = it is not active."""
        link = self._links.get(instance)
        return None if link is None else link.session

    @property
    def port(self) -> int:
        """The UDP port where consoles find SOL."""
        return self._home.blueprint.lan.port if self._door is None else self._door.port

    def serial_alerts(self, instance: int = FIRST) -> SerialAlerts | None:
        """What becomes of alerts on a serial channel that shares the port; None = SOL does not have it."""
        link = self._links.get(instance)
        return None if link is None else link.wishes.alerts

    # ---- activation

    def activate(
        self,
        table: SessionTable,
        session: SessionV20,
        *,
        encrypted: bool,
        authenticated: bool,
        handshake: bool,
        instance: int = FIRST,
        test_mode: bool = False,
        alerts: SerialAlerts = SerialAlerts.FAIL,
    ) -> None:
        """Join the session and a serial port of the host; the caller checked that it may be."""
        port = self.ports(instance)
        assert port is not None
        activating = SolActivating(instance=instance)
        for told in self.on_activating:
            told(activating)
        wishes = Wishes(encrypted, authenticated, handshake, test_mode, alerts)
        way = Way(table, session, self.flush, self._address)
        machine = self.parameters.controller(handshake=handshake)
        self._links[instance] = link = SolLink(self._home.clock, port, way, machine, wishes)
        force = self.parameters.authentication
        table.admit_payload(
            session,
            PayloadType.SOL,
            authenticated=force.force_authentication and authenticated,
            encrypted=force.force_encryption and encrypted,
        )
        self.parameters.reload_rate()
        link.open(lambda: self._available(instance, port), patient=self._home.blueprint.strict)
        self._tell_rate()

    def deactivate(self, instance: int | None = None, *, told: bool = True) -> None:
        """End an instance, or with None all of them.

        Args:
            told: the console learns of it by the payload's last packet (Table 15-2, note 2).
        """
        for number in tuple(self._links) if instance is None else (instance,):
            link = self._links.pop(number, None)
            if link is not None:
                link.close(told=told)

    def session_closed(self, session: object) -> None:
        """With a session its payloads end; there is nobody left to tell."""
        for instance, link in tuple(self._links.items()):
            if link.session is session:
                del self._links[instance]
                link.detach()

    def deactivate_session(self, session: object) -> None:
        """End what runs under a session, and tell its console."""
        for instance, link in tuple(self._links.items()):
            if link.session is session:
                self.deactivate(instance)

    def lend(self, instance: int, *, lent: bool) -> None:
        """An alert takes the serial port from SOL for a while (Table 24-2, byte 3[3:2]), or gives it back.

        Meanwhile the console is told that characters cannot be transferred.
        """
        self._lent = self._lent | {instance} if lent else self._lent - {instance}
        link = self._links.get(instance)
        if link is not None:
            link.look()

    # ---- while it runs

    def set_encryption(self, instance: int = FIRST, *, encrypted: bool) -> None:
        """Suspend or resume the encryption of what the BMC sends."""
        link = self._links.get(instance)
        if link is not None:
            link.encrypted = encrypted

    def received(self, session: SessionV20, data: bytes) -> None:
        """A SOL packet of a console; a session has one instance at most, for packets name none."""
        for link in self._links.values():
            if link.session is session:
                link.received(data)
                return

    def set_parameter(self, parameter: p.SolParameter) -> None:
        """Change a parameter; switching SOL off ends it, a bit rate and a port take effect at once.

        Raises:
            CompletionError: see `SolParameters.set`; C9h also for a UDP port that cannot be had.
        """
        if isinstance(parameter, p.SolPayloadPort) and parameter.port:
            try:
                self._see_to_door(parameter.port)
            except OSError:
                raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE, "the port cannot be had") from None
        self.parameters.set(parameter)
        if isinstance(parameter, p.VolatileBitRate):
            self._tell_rate()
        if not self.parameters.enabled:
            self.deactivate()

    def power_changed(self, on: bool) -> None:
        """A host that is off takes no characters; those on their way to it are lost."""
        for instance in range(FIRST, self.capacity + 1):
            port = self.ports(instance)
            if isinstance(port, SerialSignals):
                port.power_changed(on)
        for link in tuple(self._links.values()):
            link.look(off=not on)

    # ---- inside

    def _port_of_backend(self, instance: int) -> SerialPort | None:
        backend = self._home.backend
        if instance == FIRST:
            return backend.serial
        more = backend.serials
        return more[instance - 2] if instance - 2 < len(more) else None

    def _available(self, instance: int, port: SerialPort) -> bool:
        power = self._home.backend.power
        return (power is None or power.is_on()) and port.carrier() and instance not in self._lent

    def _tell_rate(self) -> None:
        rate = self.parameters.bits_per_second
        for instance in range(FIRST, self.capacity + 1):
            port = self.ports(instance)
            if isinstance(port, SerialSignals):
                port.set_rate(rate)

    def _see_to_door(self, port: int) -> None:
        """Have a second port open exactly if SOL is to have one.

        Raises:
            OSError: it cannot be had; then all is as before.
        """
        present = None if self._door is None else self._door.port
        wanted = None if port == self._home.blueprint.lan.port else port
        if wanted == present:
            return
        opened = None if wanted is None else Door(wanted, self.open_socket, self.receive)
        if self._door is not None:
            self._door.close()
        self._door = opened

    def _address(self, session: SessionV20) -> Address | None:
        return None if self._door is None else self._door.address(session.address)
