"""A controller at one address of an IPMB, requester and responder at once, without I/O.

Frames and time go in; requests to carry out, responses and failures come out, and frames to write. A bus has
no sessions: whoever is at an address hears what is written to it, and drops what is not for it.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeAlias

from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import DecodeError
from baseboard.links.ipmb import SEQUENCES, Form, Written, is_broadcast, may_be_broadcast, opened
from baseboard.links.ipmb_requester import Answered, Exchange, GaveUp, Requester, T
from baseboard.links.ipmb_responder import Responder, Ticket


class Asked(NamedTuple):
    """A request is to be carried out; `Node.reply` answers it."""

    ticket: Ticket


class Arrived(NamedTuple):
    """A message for a LUN whose messages somebody else deals with, as it came."""

    message: LanMessage
    frame: bytes


class Outgoing(NamedTuple, Generic[T]):
    """A frame to write; of a request its exchange, which is to be told what came of it."""

    frame: bytes
    exchange: Exchange[T] | None


class Node(Generic[T]):
    """One controller.

    Args:
        address: its slave address.
        most: requests of its own that may be under way.
        through: LUNs of its own whose messages come out as they are, requests and responses.
        form: how frames are guarded.

    Attributes:
        requester: its requests; whoever has it ask calls `outgoing` and `events` afterwards.
    """

    __slots__ = ("_address", "_arrived", "_form", "_responder", "_through", "requester")

    def __init__(
        self,
        address: int,
        most: int = SEQUENCES,
        through: frozenset[int] = frozenset(),
        form: Form = Form.IPMB,
    ) -> None:
        self._address, self._through, self._form = address, through, form
        self.requester: Requester[T] = Requester(address, most, form)
        self._responder = Responder(form)
        self._arrived: list[Arrived] = []

    def receive(self, frame: bytes, now: float) -> None:
        """Take a frame; what is not for this controller or is broken is ignored."""
        broadcast = is_broadcast(frame)
        try:
            message = opened(frame[1:] if broadcast else frame, self._form)
        except DecodeError:
            return
        if broadcast:
            if message.rs_addr == self._address and not message.is_response and may_be_broadcast(message):
                self._responder.receive(message, now)
            return
        own, lun = (
            (message.rq_addr, message.rq_lun) if message.is_response else (message.rs_addr, message.rs_lun)
        )
        if own != self._address:
            return
        if lun in self._through:
            self._arrived.append(Arrived(message, frame))
        elif message.is_response:
            self.requester.receive(message, now)
        else:
            self._responder.receive(message, now)

    def reply(self, ticket: Ticket, data: bytes) -> None:
        """Answer a request: completion code and data."""
        self._responder.reply(ticket, data)

    def outgoing(self) -> list[Outgoing[T]]:
        """Frames to write, in their order."""
        made: list[Outgoing[T]] = [Outgoing(frame, None) for frame in self._responder.outgoing()]
        made += (Outgoing(one.frame, one) for one in self.requester.outgoing())
        return made

    def written(self, outgoing: Outgoing[T], code: Written, now: float) -> None:
        """Tell what came of a frame; of a response nobody minds."""
        if outgoing.exchange is not None:
            self.requester.written(outgoing.exchange, code, now)

    def events(self) -> list[Event[T]]:
        """What has happened."""
        events: list[Event[T]] = [Asked(ticket) for ticket in self._responder.asked()]
        events += self._arrived
        events += self.requester.events()
        self._arrived = []
        return events

    def deadline(self) -> float | None:
        """When to call `expire` next."""
        return self.requester.deadline()

    def expire(self, now: float) -> None:
        """Time has passed."""
        self.requester.expire(now)


Event: TypeAlias = Asked | Arrived | Answered[T] | GaveUp[T]
