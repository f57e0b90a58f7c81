"""The requester on an IPMB: it finds the request that a response is for, and asks again (§6.13, IPMB v1.0).

A response is matched by everything that it has in common with its request: the responder's address and LUN,
the network function, the command, the number and the requester's own LUN. A number is not used again before
its response came or it expired.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Generic, NamedTuple, TypeVar

from baseboard.codes import Cc
from baseboard.commands import ipmi_message
from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import LocalProtocolError
from baseboard.links.ipmb import EXPIRES_S, SEQUENCES, Form, Step, Written, sealed

RETRY_S: Final = 0.25
"""Seconds without a response after which a request is written again; at least 0.06 (IPMB v1.0)."""

RETRIES: Final = 3

_DONE: Final = bytes((Cc.OK,))

T = TypeVar("T")


class Phase(Enum):
    """Where a request is."""

    WRITING = "its frame is to be written"
    WAITING = "it is written, and a response to come"
    REFUSED = "it could not be written, and will be tried again"
    OVER = "it has its last response, or none is waited for"


class Seen(Enum):
    """What happens to it."""

    WRITTEN = "somebody acknowledged the frame"
    NOT_WRITTEN = "the frame could not be written"
    NOT_WRITTEN_AT_LAST = "nor could it the last time"
    PART = "a response, after which there is another"
    LAST = "its last response"
    SILENCE = "nothing came, and it may be sent again"
    END = "nothing came, and it may not; or its number expires"


class Do(Enum):
    """What the requester does."""

    NOTHING = "nothing"
    WRITE = "write it again"
    REPORT = "hand the response over"
    GIVE_UP = "say that it failed, and how"


class Row(NamedTuple):
    """What is done, and where that leads."""

    do: Do
    then: Phase


TABLE: Final[dict[tuple[Phase, Seen], Row]] = {
    (Phase.WRITING, Seen.WRITTEN): Row(Do.NOTHING, Phase.WAITING),
    (Phase.WRITING, Seen.NOT_WRITTEN): Row(Do.NOTHING, Phase.REFUSED),
    (Phase.WRITING, Seen.NOT_WRITTEN_AT_LAST): Row(Do.GIVE_UP, Phase.OVER),
    # a response to the frame before, as this one is about to be written
    (Phase.WRITING, Seen.PART): Row(Do.REPORT, Phase.WRITING),
    (Phase.WRITING, Seen.LAST): Row(Do.REPORT, Phase.OVER),
    (Phase.WRITING, Seen.END): Row(Do.GIVE_UP, Phase.OVER),
    (Phase.WAITING, Seen.PART): Row(Do.REPORT, Phase.WAITING),
    (Phase.WAITING, Seen.LAST): Row(Do.REPORT, Phase.OVER),
    (Phase.WAITING, Seen.SILENCE): Row(Do.WRITE, Phase.WRITING),
    (Phase.WAITING, Seen.END): Row(Do.GIVE_UP, Phase.OVER),
    (Phase.REFUSED, Seen.PART): Row(Do.REPORT, Phase.REFUSED),
    (Phase.REFUSED, Seen.LAST): Row(Do.REPORT, Phase.OVER),
    (Phase.REFUSED, Seen.SILENCE): Row(Do.WRITE, Phase.WRITING),
    (Phase.REFUSED, Seen.END): Row(Do.GIVE_UP, Phase.OVER),
}


class Exchange(Generic[T]):
    """A request, and its responses to come.

    Attributes:
        sequence: its number.
        address: who was asked.
        lun: the responder's logical unit.
        rq_lun: the requester's.
        steps: responses to come, in their order: a Send Message is answered before what it carries.
        token: whose it is; the requester only keeps it.
        until: when its number expires.
        due: when it is looked at next.
        phase: where it is.
        frame: what is written; empty = its owner writes it.
        tries: how often it may be written still.
        code: what the last write came to.
    """

    __slots__ = ("address", "code", "due", "frame", "lun", "phase", "rq_lun", "sequence", "steps", "token",
                 "tries", "until")  # fmt: skip

    def __init__(
        self, sequence: int, address: int, lun: int, rq_lun: int, steps: list[Step], until: float, token: T
    ) -> None:
        self.sequence, self.address, self.lun, self.rq_lun = sequence, address, lun, rq_lun
        self.steps, self.until, self.token = steps, until, token
        self.due = until
        self.phase = Phase.WAITING
        self.frame, self.tries, self.code = b"", 0, Written.DONE


class Answered(NamedTuple, Generic[T]):
    """A response has come."""

    exchange: Exchange[T]
    message: LanMessage


class GaveUp(NamedTuple, Generic[T]):
    """No response will come.

    Attributes:
        code: C3h, the other stayed silent; 81h-83h, the request could not be written.
    """

    exchange: Exchange[T]
    code: int


class Requester(Generic[T]):
    """The requests of one controller that are under way.

    Args:
        address: the controller's own.
        most: how many may be.
    """

    __slots__ = ("_address", "_events", "_exchanges", "_form", "_most", "_outgoing", "_sequence")

    def __init__(self, address: int, most: int = SEQUENCES, form: Form = Form.IPMB) -> None:
        self._address, self._most, self._form = address, most, form
        self._sequence = 0
        self._exchanges: dict[int, Exchange[T]] = {}
        self._outgoing: list[Exchange[T]] = []
        self._events: list[Answered[T] | GaveUp[T]] = []

    # ---- what its user does

    def expect(
        self, address: int, lun: int, steps: list[Step], token: T, now: float, rq_lun: int = 0
    ) -> Exchange[T] | None:
        """Take a number for a request that somebody else writes; None = too much is under way."""
        self.expire(now)
        if len(self._exchanges) >= self._most:
            return None
        while self._sequence in self._exchanges:
            self._sequence = (self._sequence + 1) % SEQUENCES
        sequence, self._sequence = self._sequence, (self._sequence + 1) % SEQUENCES
        made = Exchange(sequence, address, lun, rq_lun, steps, now + EXPIRES_S, token)
        self._exchanges[sequence] = made
        return made

    def ask(self, message: LanMessage, token: T, now: float, retries: int = RETRIES) -> Exchange[T] | None:
        """Ask another controller; None = too much is under way.

        Args:
            message: the request; its number and the requester's address are put in here.
            retries: how often it is written again while there is no response.
        """
        steps = [(message.netfn | 1, message.cmd)]
        made = self.expect(message.rs_addr, message.rs_lun, steps, token, now, message.rq_lun)
        if made is not None:
            made.frame = sealed(
                ipmi_message.wrap_request(
                    message.netfn, message.cmd, message.data, made.sequence, rs_addr=message.rs_addr,
                    rs_lun=message.rs_lun, rq_addr=self._address, rq_lun=message.rq_lun,
                ),
                self._form,
            )  # fmt: skip
            made.tries = retries
            made.phase = Phase.WRITING
            self._outgoing.append(made)
        return made

    def forget(self, exchange: Exchange[T]) -> None:
        """Wait no longer."""
        if self._exchanges.get(exchange.sequence) is exchange:
            del self._exchanges[exchange.sequence]
        exchange.phase = Phase.OVER

    def under_way(self) -> list[Exchange[T]]:
        """All that is waited for."""
        return list(self._exchanges.values())

    # ---- the bus and time

    def outgoing(self) -> list[Exchange[T]]:
        """Requests to write; each is to be told by `written` what came of it."""
        outgoing, self._outgoing = self._outgoing, []
        return [one for one in outgoing if one.phase is Phase.WRITING]

    def written(self, exchange: Exchange[T], code: Written, now: float) -> None:
        """A frame was written, or could not be.

        Raises:
            LocalProtocolError: there was none to write.
        """
        exchange.due = min(now + RETRY_S, exchange.until)
        exchange.code = code
        if code == Written.DONE:
            self._step(exchange, Seen.WRITTEN)
        else:
            self._step(exchange, Seen.NOT_WRITTEN if exchange.tries else Seen.NOT_WRITTEN_AT_LAST)

    def receive(self, message: LanMessage, now: float) -> None:
        """Take a response; what nobody waits for is dropped."""
        found = self._exchanges.get(message.rq_seq)
        if found is None or now >= found.until or message.rs_addr != found.address:
            return
        if (message.netfn, message.cmd) != found.steps[0]:
            return
        if (message.rs_lun, message.rq_lun) != (found.lun, found.rq_lun):
            return
        del found.steps[0]
        found.lun = 0  # a bridge answers for what lies behind it as itself
        # A refusal ends it; so does data, which is the whole rest inside the answer to Send Message.
        last = not found.steps or message.data != _DONE
        self._step(found, Seen.LAST if last else Seen.PART, message)

    def deadline(self) -> float | None:
        """When to call `expire` next."""
        return min((one.due for one in self._exchanges.values()), default=None)

    def expire(self, now: float) -> None:
        """Write again, or give up, what has been silent for too long."""
        for one in tuple(self._exchanges.values()):
            if now < one.due:
                continue
            again = one.tries and now < one.until and one.phase is not Phase.WRITING
            self._step(one, Seen.SILENCE if again else Seen.END)

    def events(self) -> list[Answered[T] | GaveUp[T]]:
        """What came of requests."""
        events, self._events = self._events, []
        return events

    def _step(self, one: Exchange[T], seen: Seen, message: LanMessage | None = None) -> None:
        row = TABLE.get((one.phase, seen))
        if row is None:
            raise LocalProtocolError(f"IPMB requester, {one.phase.name}: {seen.name}")
        one.phase = row.then
        if row.do is Do.WRITE:
            one.tries -= 1
            one.due = one.until
            self._outgoing.append(one)
        elif row.do is Do.GIVE_UP:
            self._events.append(GaveUp(one, int(one.code) or int(Cc.TIMEOUT)))
        elif message is not None:
            self._events.append(Answered(one, message))
        if row.then is Phase.OVER:
            self.forget(one)
