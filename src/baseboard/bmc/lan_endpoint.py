"""The LAN channel of one BMC: between its socket, its session table and its controller."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.context import Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.dispatch import SMS_LUN
from baseboard.codes import Cc
from baseboard.rmcp.lan_message import wrap_request, wrap_response
from baseboard.rmcp.session import PayloadReceived, RequestReceived, ResponseReceived, Session, SessionClosed
from baseboard.rmcp.table import SessionTable
from baseboard.transports.udp import Address

_RMCP = b"\x06"


class LanEndpoint:
    """The LAN channel of one BMC: datagrams to its session table, requests to its controller."""

    __slots__ = ("_clock", "_controller", "_send", "_statistics", "_timer", "_timer_due", "channel", "table")

    def __init__(self, controller: Controller, random: Callable[[int], bytes], clock: Clock) -> None:
        services = controller.services
        lan = services.home.blueprint.lan
        self.channel = lan.channel
        self._controller = controller
        self._clock = clock
        self._send: Callable[[bytes, Address], None] = _nowhere
        self._timer: Timer | None = None
        self._timer_due = 0.0
        self._statistics = services.lan.statistics
        policy = services.login.policy(lan.channel, services.device.guid)
        self.table = SessionTable(policy, random, slots=lan.session_slots)
        services.tables[lan.channel] = self.table
        services.flush = self.flush

    def bind(self, send: Callable[[bytes, Address], None]) -> None:
        """Say how datagrams go out."""
        self._send = send
        self._controller.services.send_datagram = send

    def receive(self, data: bytes, address: Address) -> None:
        """Take one datagram and do all that follows from it."""
        self._statistics.received += 1
        self._statistics.valid += data[:1] == _RMCP
        self.table.receive(data, address, self._clock.now())
        self.flush()

    def flush(self) -> None:
        """Deal with what happened, send what is to be sent, and see to the next deadline."""
        table = self.table
        while happened := table.events():
            for event in happened:
                if type(event) is not RequestReceived:
                    self._other(event)
                elif event.lun == SMS_LUN and event.session is not None:
                    self._deliver(event, event.session)
                else:
                    origin = Origin(self.channel, event.session, event)
                    self._controller.handle(event, origin, partial(self._reply, event))
        self._transmit()
        due = table.deadline()
        if due is not None and (self._timer is None or due < self._timer_due):
            self._set_timer(due)

    def close(self) -> None:
        """End every session; the consoles are not told."""
        if self._timer is not None:
            self._timer.cancel()
        self.table.close_all()

    def _reply(self, request: RequestReceived, data: bytes) -> None:
        self.table.respond(request, data)
        self._transmit()

    def _transmit(self) -> None:
        for packet, address in self.table.outgoing():
            self._statistics.sent += 1
            self._send(packet, address)

    def _other(self, event: object) -> None:
        services = self._controller.services
        if isinstance(event, PayloadReceived):
            services.payloads.received(event)
        elif isinstance(event, SessionClosed):
            services.session_closed(event.session)
        elif isinstance(event, ResponseReceived):
            # A console answers a request that system software sent it: Get Message hands the answer over.
            session = event.session
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


def _nowhere(data: bytes, address: Address) -> None:
    """An endpoint that is not bound yet has heard from nobody, so it has nobody to answer."""
