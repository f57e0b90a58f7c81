"""Sessions inside a PPP link: RMCP and RMCP+ over UDP, as on a LAN (§14.5)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

from baseboard.bmc.packet_endpoint import PacketEndpoint
from baseboard.bmc.services.serial_sessions import PPP_HANDLES
from baseboard.codes import NetFn
from baseboard.commands.transport.serial import SerialModemConnectionActive
from baseboard.commands.transport.sol import SolActivating
from baseboard.rmcp import v15
from baseboard.rmcp.session import ResponseReceived, SessionClosed, SessionOpened

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.controller import Controller
    from baseboard.rmcp.session import Policy

SLOTS: Final = 4
"""Sessions at a time; one is enough (§14.5)."""

_NOTES: Final = {SerialModemConnectionActive.command.cmd, SolActivating.command.cmd}

SendUdp = Callable[[bytes, "PppAddress"], None]


class PppAddress(tuple[str, int]):
    """A console's address, and the port of the BMC's that it talks to."""

    local: int

    def __new__(cls, host: IPv4Address, port: int, local: int) -> PppAddress:
        """Keep all three."""
        made = super().__new__(cls, (str(host), port))
        made.local = local
        return made

    @property
    def host(self) -> IPv4Address:
        """Its IP address."""
        return IPv4Address(self[0])


class PppSessions(PacketEndpoint):
    """The sessions of a serial channel while PPP is spoken over it.

    Args:
        controller: the BMC.
        policy: who may log in.
        random: gives that many unpredictable bytes.
        clock: time.
        send: sends a datagram over the link.
        changed: called when somebody logged in, or is gone.
        acknowledged: called when a console has noted that the line goes to the system.
    """

    __slots__ = ("_acknowledged", "_changed", "_send")

    def __init__(
        self,
        controller: Controller,
        policy: Policy,
        random: Callable[[int], bytes],
        clock: Clock,
        send: SendUdp,
        changed: Callable[[], None],
        acknowledged: Callable[[], None],
    ) -> None:
        super().__init__(controller, policy, random, clock, slots=SLOTS, handles=PPP_HANDLES)
        self._send, self._changed, self._acknowledged = send, changed, acknowledged

    def end(self) -> None:
        """The link is gone, and with it every session."""
        self.table.close_all()
        self.flush()

    def limit_silence(self, seconds: float) -> None:
        """A silent session ends after so long; what is open already, too."""
        self.table.inactivity = seconds
        for session in self.table.sessions.values():
            self.table.wake(session.last_active + seconds)
        self.flush()

    def tell(self, message: bytes, peer: PppAddress) -> None:
        """Send a request outside of sessions to whoever is there, and to each session (§25.9)."""
        self._send(v15.wrap(0, 0, 0, message), peer)
        for session in tuple(self.table.sessions.values()):
            self.table.send_message(session, message)
        self.flush()

    def _transmit(self) -> None:
        for packet, address in self.table.outgoing():
            if isinstance(address, PppAddress):
                self._send(packet, address)

    def _other(self, event: object) -> None:
        if isinstance(event, ResponseReceived):
            message = event.message
            if message.netfn == NetFn.TRANSPORT | 1 and message.cmd in _NOTES:
                if message.cmd == SerialModemConnectionActive.command.cmd:
                    self._acknowledged()
                return
        super()._other(event)
        if isinstance(event, SessionOpened | SessionClosed):
            self._changed()


def is_ipmi(data: bytes) -> bool:
    """Whether a datagram is RMCP of class IPMI (Table 14-3)."""
    return len(data) > _CLASS and data[0] == _VERSION and data[_CLASS] & 0x1F == _IPMI


_CLASS, _VERSION, _IPMI = 3, 0x06, 0x07

__all__ = ["SLOTS", "PppAddress", "PppSessions", "SendUdp", "is_ipmi"]
