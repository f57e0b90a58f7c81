"""What stands behind every mode of a serial line: who is logged in, and the way to the dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.bmc.context import Origin
from baseboard.bmc.dispatch import SMS_LUN
from baseboard.bmc.services.serial_login import SerialPolicy
from baseboard.bmc.services.serial_sessions import NOWHERE, SerialSession, SerialTable
from baseboard.codes import Cc, NetFn
from baseboard.commands.transport.serial import SerialModemConnectionActive
from baseboard.commands.transport.sol import SolActivating
from baseboard.rmcp.lan_message import BMC, LanMessage, wrap_request, wrap_response
from baseboard.rmcp.session import RequestReceived

if TYPE_CHECKING:
    from baseboard.bmc.controller import Controller
    from baseboard.bmc.services.serial import Serial
    from baseboard.codes import ChannelProtocol

Reply = Callable[[bytes], None]

_NOTES: Final = {SerialModemConnectionActive.command.cmd, SolActivating.command.cmd}
"""What the BMC tells a console of its own accord; the console may answer."""


class SerialMode(Protocol):
    """A way of speaking over the line, such as Basic Mode; PPP is another one."""

    @property
    def bit(self) -> int:
        """Which one, as in parameter 3."""
        ...

    @property
    def protocol(self) -> ChannelProtocol:
        """What Get Channel Info says of the channel meanwhile."""
        ...

    def claims(self, byte: int) -> bool:
        """Tell whether a byte that comes next is certainly for this mode, where several are on."""
        ...

    def receive(self, data: bytes, now: float) -> bool:
        """Take what came over the line, and answer it.

        Returns: whether this is certainly what the console speaks.
        """
        ...

    def send_message(self, message: bytes) -> None:
        """Send a message that answers no request in hand, from its first address to its second checksum."""
        ...

    def reset(self) -> None:
        """Another console may be at the line: forget what came and was not complete."""
        ...

    def deadline(self) -> float | None:
        """Tell when `expire` is due."""
        ...

    def expire(self, now: float) -> None:
        """Do what is due."""
        ...


class Front:
    """The channel, as its modes see it.

    Args:
        controller: the BMC.
        serial: the channel's state.
        policy: who may log in.
        table: who is logged in.
        write: takes what is to be sent over the line.
    """

    def __init__(
        self,
        controller: Controller,
        serial: Serial,
        policy: SerialPolicy,
        table: SerialTable,
        write: Callable[[bytes], None],
    ) -> None:
        self.services, self.serial = controller.services, serial
        self.policy, self.table, self.write = policy, table, write
        self._controller = controller

    @property
    def session(self) -> SerialSession | None:
        """Who is logged in."""
        return self.table.session

    @property
    def login(self) -> bool:
        """Whether sessions are wanted; else whoever is at the line is trusted."""
        return self.serial.spec.login

    @property
    def now(self) -> float:
        """Monotonic seconds."""
        return self.services.home.clock.now()

    def ask(self, message: LanMessage, reply: Reply) -> None:
        """Have a request answered with the rights of who is logged in; a disabled channel stays silent."""
        if not self.policy.channel_open():
            return
        session = self.session
        if session is not None:
            session.last_active = self.now
        if message.rs_lun == SMS_LUN and session is not None:
            self._deliver(message, session, reply)
            return
        request = RequestReceived(
            session, NOWHERE, 0, message.netfn, message.rs_lun, message.cmd, message.data,
            message.rq_addr, message.rq_seq, message.rq_lun,
        )  # fmt: skip
        self._controller.handle(
            request, Origin(self.policy.channel, session, request, local=not self.login), reply
        )

    def command(self, netfn: int, cmd: int, data: bytes, reply: Reply, rq_addr: int) -> None:
        """Have a request answered that a text command stands for."""
        self.ask(LanMessage(BMC, netfn, 0, rq_addr, 0, 0, cmd, data), reply)

    def responded(self, message: LanMessage) -> None:
        """A console answered a request that it was sent."""
        if message.netfn == NetFn.TRANSPORT | 1 and message.cmd in _NOTES:
            if message.cmd == SerialModemConnectionActive.command.cmd:
                self.noted()
            return
        session = self.session
        if session is not None:
            if self.services.bridging.consoles.received(session, message):
                return  # a controller had asked
            # Who asked is system software, which gets the answer by Get Message.
            answer = bytes((session.handle,)) + wrap_response(message, message.data)
            self.services.messaging.put_message(self.policy.channel, session.privilege, answer)

    def noted(self) -> None:
        """A console has noted that the line goes to the system."""
        if self.serial.link is not None:
            self.serial.link.acknowledged()

    def _deliver(self, message: LanMessage, session: SerialSession, reply: Reply) -> None:
        """LUN 10b is the host's software: it gets the message by Get Message, and answers itself."""
        whole = wrap_request(
            message.netfn, message.cmd, message.data, message.rq_seq,
            rs_lun=SMS_LUN, rq_addr=message.rq_addr, rq_lun=message.rq_lun,
        )  # fmt: skip
        queued = self.services.messaging.put_message(
            self.policy.channel, session.privilege, bytes((session.handle,)) + whole
        )
        if not queued:
            reply(bytes((Cc.DESTINATION_UNAVAILABLE,)))
