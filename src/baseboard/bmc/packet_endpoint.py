"""Between a session table that takes packets and the controller: a LAN channel's, or that inside PPP."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.context import Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.dispatch import SMS_LUN
from baseboard.codes import Cc
from baseboard.rmcp.lan_message import wrap_request, wrap_response
from baseboard.rmcp.session import (
    PayloadReceived,
    Policy,
    RequestReceived,
    ResponseReceived,
    Session,
    SessionClosed,
    SessionOpened,
    SessionV20,
)
from baseboard.rmcp.table import SessionTable
from baseboard.transports.udp import Address


class Asked(Origin):
    """A request that came in a packet, and the way back for its answer."""

    __slots__ = ("_endpoint",)
    request: RequestReceived

    def __init__(self, endpoint: PacketEndpoint, request: RequestReceived) -> None:
        self.channel, self.session, self.request = endpoint.channel, request.session, request
        self.local = False
        self._endpoint = endpoint

    def reply(self, data: bytes) -> None:
        """Send the answer: completion code and what follows it."""
        self._endpoint.reply(self.request, data)


class PacketEndpoint(ABC):
    """Packets to a session table, requests to the controller; a network is a subclass's.

    Args:
        controller: the BMC.
        policy: who may log in; its channel is the table's.
        random: gives that many unpredictable bytes.
        clock: time.
        slots: most sessions.
        handles: session handles of the table, other ones than those of another.

    Attributes:
        channel: its number.
        table: its sessions.
    """

    __slots__ = ("_clock", "_controller", "_timer", "_timer_due", "channel", "table")

    def __init__(
        self,
        controller: Controller,
        policy: Policy,
        random: Callable[[int], bytes],
        clock: Clock,
        *,
        slots: int,
        handles: range,
    ) -> None:
        self.channel = policy.channel
        self._controller = controller
        self._clock = clock
        self._timer: Timer | None = None
        self._timer_due = 0.0
        self.table = SessionTable(policy, random, slots=slots, handles=handles)

    def receive(self, data: bytes, address: Address) -> None:
        """Take one datagram and do all that follows from it."""
        table = self.table
        table.receive(data, address, self._clock.now())
        # A packet from which nothing follows has not moved the deadline either.
        if table.happened or table.outbox:
            self.flush()

    def flush(self) -> None:
        """Deal with what happened, send what is to be sent, and see to the next deadline."""
        table = self.table
        happened = table.happened
        while happened:
            event = happened.pop(0)
            if type(event) is not RequestReceived:
                self._other(event)
            elif event.lun == SMS_LUN and event.session is not None:
                self._deliver(event, event.session)
            else:
                asked = Asked(self, event)
                self._controller.handle(event, asked, asked.reply)
        if table.outbox:
            self._transmit()
        due = table.deadline()
        if due is not None and (self._timer is None or due < self._timer_due):
            self._set_timer(due)

    def close(self) -> None:
        """End every session; the consoles are not told."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.table.close_all()

    @abstractmethod
    def _transmit(self) -> None:
        """Send what the table has to be sent."""

    def reply(self, request: RequestReceived, data: bytes) -> None:
        """Send the answer to a request: completion code and what follows it."""
        self.table.respond(request, data)
        self._transmit()

    def _other(self, event: object) -> None:
        services = self._controller.services
        if isinstance(event, PayloadReceived):
            services.payloads.received(event)
        elif isinstance(event, SessionClosed):
            services.session_closed(event.session)
        elif isinstance(event, SessionOpened):
            # The console has to work on the last message of the login, so that goes out first.
            self._transmit()
            if isinstance(event.session, SessionV20):
                event.session.confidentiality.prepare()
        elif isinstance(event, ResponseReceived):
            # A console answers a request: a controller's, or that of software which uses Get Message.
            session = event.session
            if services.bridging.consoles.received(session, event.message):
                return
            answer = wrap_response(event.message, event.message.data)
            services.messaging.put_message(self.channel, session.privilege, bytes((session.handle,)) + answer)

    def _deliver(self, request: RequestReceived, session: Session) -> None:
        """LUN 10b is the host's software: it gets the message by Get Message, and answers itself."""
        message = wrap_request(
            request.netfn,
            request.cmd,
            request.data,
            request.rq_seq,
            rs_lun=SMS_LUN,
            rq_addr=request.rq_addr,
            rq_lun=request.rq_lun,
        )
        whole = bytes((session.handle,)) + message
        messaging = self._controller.services.messaging
        if not messaging.put_message(self.channel, request.privilege, whole):
            self.table.respond(request, bytes((Cc.DESTINATION_UNAVAILABLE,)))

    def _set_timer(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = due
        self._timer = self._clock.call_at(due, self._expire)

    def _expire(self) -> None:
        self._timer = None
        self.table.expire(self._clock.now())
        self.flush()
