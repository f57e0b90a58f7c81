"""The responder on an IPMB: it carries out each request once, however often that comes (IPMB v1.0).

A requester that missed a response sends its request again, byte for byte. It gets the response that there
was; only after the sequence number has expired, or with other data, is it a new request.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from baseboard.commands import ipmi_message
from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import LocalProtocolError
from baseboard.links.ipmb import EXPIRES_S, Form, sealed

ANSWERS: Final = 32
"""Requests that are remembered; the oldest is forgotten."""

_Same = tuple[int | bytes, ...]


class Phase(Enum):
    """What has become of a request."""

    NEW = "just come"
    WORKING = "being carried out"
    ANSWERED = "answered, and its response kept"
    FORGOTTEN = "being carried out, and no repetition of it would be known"
    OVER = "answered and forgotten"


class Seen(Enum):
    """What happens to it."""

    REQUEST = "it comes, or comes again"
    REPLY = "its response is there"
    EXPIRY = "its number expires, or others need the room"


class Ticket:
    """A request that is to be carried out.

    Attributes:
        message: the request.
        until: its number means this request until then.
        phase: what has become of it.
        response: the frame, as soon as there is one.
    """

    __slots__ = ("message", "phase", "response", "same", "until")

    def __init__(self, message: LanMessage, same: _Same, until: float) -> None:
        self.message, self.same, self.until = message, same, until
        self.phase = Phase.NEW
        self.response = b""


class Do(Enum):
    """What the responder does."""

    NOTHING = "nothing"
    HAND_OVER = "have it carried out"
    SEND = "write the response"


class Row(NamedTuple):
    """What is done, and where that leads."""

    do: Do
    then: Phase


TABLE: Final[dict[tuple[Phase, Seen], Row]] = {
    (Phase.NEW, Seen.REQUEST): Row(Do.HAND_OVER, Phase.WORKING),
    (Phase.WORKING, Seen.REQUEST): Row(Do.NOTHING, Phase.WORKING),
    (Phase.WORKING, Seen.REPLY): Row(Do.SEND, Phase.ANSWERED),
    (Phase.WORKING, Seen.EXPIRY): Row(Do.NOTHING, Phase.FORGOTTEN),
    (Phase.ANSWERED, Seen.REQUEST): Row(Do.SEND, Phase.ANSWERED),
    (Phase.ANSWERED, Seen.EXPIRY): Row(Do.NOTHING, Phase.OVER),
    (Phase.FORGOTTEN, Seen.REPLY): Row(Do.SEND, Phase.OVER),
}


class Responder:
    """The requests of a controller that are being carried out, or were not long ago."""

    __slots__ = ("_asked", "_form", "_frames", "_tickets")

    def __init__(self, form: Form = Form.IPMB) -> None:
        self._form = form
        self._tickets: dict[_Same, Ticket] = {}
        self._asked: list[Ticket] = []
        self._frames: list[bytes] = []

    def receive(self, message: LanMessage, now: float) -> None:
        """Take a request."""
        same = (message.rq_addr, message.rq_seq, message.rq_lun, message.netfn, message.rs_lun, message.cmd,
                message.data)  # fmt: skip
        self._expire(now)
        ticket = self._tickets.get(same)
        if ticket is None:
            if len(self._tickets) >= ANSWERS:
                self._step(self._tickets.pop(next(iter(self._tickets))), Seen.EXPIRY)
            ticket = self._tickets[same] = Ticket(message, same, now + EXPIRES_S)
        self._step(ticket, Seen.REQUEST)

    def reply(self, ticket: Ticket, data: bytes) -> None:
        """Answer a request.

        Args:
            data: completion code and what follows it.

        Raises:
            LocalProtocolError: it is answered already.
        """
        if (ticket.phase, Seen.REPLY) in TABLE:
            ticket.response = sealed(ipmi_message.wrap_response(ticket.message, data), self._form)
        self._step(ticket, Seen.REPLY)

    def asked(self) -> list[Ticket]:
        """Requests to carry out, each once."""
        asked, self._asked = self._asked, []
        return asked

    def outgoing(self) -> list[bytes]:
        """Frames to write."""
        frames, self._frames = self._frames, []
        return frames

    def _expire(self, now: float) -> None:
        for ticket in tuple(self._tickets.values()):
            if now < ticket.until:
                return  # they are in the order of their coming
            del self._tickets[ticket.same]
            self._step(ticket, Seen.EXPIRY)

    def _step(self, ticket: Ticket, seen: Seen) -> None:
        row = TABLE.get((ticket.phase, seen))
        if row is None:
            raise LocalProtocolError(f"IPMB responder, {ticket.phase.name}: {seen.name}")
        ticket.phase = row.then
        if row.do is Do.HAND_OVER:
            self._asked.append(ticket)
        elif row.do is Do.SEND:
            self._frames.append(ticket.response)
