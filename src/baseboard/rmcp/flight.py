"""Requests under way: which rqSeq is whose, when to repeat, which answer belongs to what (§13.8)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from baseboard.commands.harmless import HARMLESS
from baseboard.errors import EncodeError
from baseboard.rmcp import bridging, lan_message
from baseboard.rmcp.round_trip import RoundTrip
from baseboard.wire.value import Value, told

if TYPE_CHECKING:
    import enum

    from baseboard.rmcp.bridging import Hop
    from baseboard.rmcp.lan_message import LanMessage

NUMBERS: Final = 64
"""rqSeq has six bits."""

EXPIRY: Final = 5.0
"""Seconds for which a late answer may still come at most, so that its rqSeq is not used again."""

_EXPIRY_TRIPS: Final = 10
"""The same in waits of `RoundTrip`: of a BMC that is quick no late answer comes after seconds."""

_HURRY: Final = 4
"""Packets without any answer after which nothing is hurried: the BMC is away, or freezes under many
commands."""


class Pace(Value):
    """How patient a console is.

    A request that does no harm (`commands.harmless`) is repeated earlier than this says, a few times: after
    what answers usually take, then after twice, four times that. It is given up at the same time. A pace of
    one attempt is kept by all.

    Attributes:
        timeout: seconds until the first repetition.
        growth: seconds by which each further wait is longer.
        attempts: how often a packet is sent in all.
        patience: seconds for all attempts together.
    """

    timeout: float = 1.0
    growth: float = 1.0
    attempts: int = 4
    patience: float = told(init=False)

    def _made(self) -> None:
        waits = (self.wait(attempt + 1) for attempt in range(self.attempts))
        object.__setattr__(self, "patience", sum(waits))

    def wait(self, attempt: int) -> float:
        """Tell how many seconds to wait after an attempt, counted from 1."""
        return self.timeout + self.growth * (attempt - 1)


DEFAULT_PACE: Final = Pace()


class Pending:
    """A request between `Flight.submit` and its answer.

    Attributes:
        token: what the caller knows it by.
        purpose: why the machine itself sent it; None for the caller's requests.
        rq_seq: its number while it is under way.
        early: it is repeated as early as the round trip allows.
        sent: how often it went out.
        patient: how often of these it waits as long as the pace says.
        first_sent: when it did so first.
        due: when it is repeated or given up.
        over: when it is given up.
        packet: the datagram that went out last.
        first: its place when it went out first, among all packets with a sequence number of their own.
        hops: the way to a controller behind the BMC; empty for the BMC itself.
        acknowledged: a bridge on that way has said that it sent the message on.
    """

    __slots__ = (
        "acknowledged",
        "cmd",
        "data",
        "due",
        "early",
        "first",
        "first_sent",
        "hops",
        "netfn",
        "over",
        "pace",
        "packet",
        "patient",
        "purpose",
        "rq_seq",
        "rs_addr",
        "rs_lun",
        "sent",
        "token",
    )

    def __init__(
        self,
        token: int,
        netfn: int,
        cmd: int,
        data: bytes,
        rs_addr: int,
        rs_lun: int,
        pace: Pace,
        purpose: enum.Enum | None,
        hops: tuple[Hop, ...],
    ) -> None:
        self.token, self.netfn, self.cmd, self.data = token, netfn, cmd, data
        self.rs_addr, self.rs_lun, self.pace, self.purpose = rs_addr, rs_lun, pace, purpose
        self.rq_seq = self.sent = self.patient = 0
        self.first_sent = self.due = self.over = 0.0
        self.packet, self.first = b"", 0
        self.hops, self.acknowledged = hops, False
        self.early = netfn << 8 | cmd in HARMLESS and pace.attempts > 1 and not hops

    def message(self) -> bytes:
        """Make the IPMI message, with the same rqSeq each time, inside and outside of a bridged one."""
        if self.hops:
            data = bridging.wrap(self.hops, self.netfn, self.cmd, self.data, self.rq_seq, self.rs_lun)
            return lan_message.wrap_request(bridging.NETFN, bridging.SEND_MESSAGE, data, self.rq_seq)
        return lan_message.wrap_request(
            self.netfn, self.cmd, self.data, self.rq_seq, rs_addr=self.rs_addr, rs_lun=self.rs_lun
        )

    def answered_by(self, message: LanMessage) -> bool:
        """Tell whether a response with this rqSeq really is ours: responder, LUNs, netfn and command too."""
        return (
            message.netfn == self.netfn | 1
            and message.cmd == self.cmd
            and message.rs_addr == self.rs_addr
            and message.rs_lun == self.rs_lun
            and message.rq_addr == lan_message.REMOTE_CONSOLE
            and message.rq_lun == 0
        )


class Flight:
    """The requests of one session, in the order of their submission.

    Attributes:
        depth: how many may be under way at a time; many BMCs mix up more than one.
        round_trip: what answers usually take.
        repeated: whether anything was sent again so far.
        waits: the requests in line, which are not under way yet.
    """

    __slots__ = (
        "_free_at",
        "_made",
        "_next",
        "_proven",
        "_token",
        "_under_way",
        "_unheard",
        "depth",
        "repeated",
        "round_trip",
        "waits",
    )

    def __init__(self, depth: int = 1, first: int = 0) -> None:
        self.depth = depth
        self.waits: deque[Pending] = deque()
        self._under_way: dict[int, Pending] = {}
        self._free_at = [0.0] * NUMBERS
        self._next, self._token = first, 0
        self.round_trip = RoundTrip()
        self.repeated = False
        self._unheard = self._made = self._proven = 0

    def submit(
        self,
        netfn: int,
        cmd: int,
        data: bytes,
        pace: Pace,
        *,
        rs_addr: int = lan_message.BMC,
        rs_lun: int = 0,
        purpose: enum.Enum | None = None,
        hops: tuple[Hop, ...] = (),
    ) -> Pending:
        """Put a request in line.

        Raises:
            EncodeError: a number does not fit its field.
        """
        self._token += 1
        pending = Pending(self._token, netfn, cmd, data, rs_addr, rs_lun, pace, purpose, hops)
        # What cannot be sent is refused here, where the caller sees it; to make it costs more than to look.
        if hops:
            pending.message()
        elif not (0 <= netfn < 64 and 0 <= cmd < 256 and 0 <= rs_addr < 256 and 0 <= rs_lun < 4):
            raise EncodeError(f"IPMI request {netfn:X}h/{cmd:X}h: a field exceeds its bits (§13.8)")
        self.waits.append(pending)
        return pending

    def next_to_send(self, now: float) -> Pending | None:
        """Take the next request from the line and give it a number.

        Returns: None while there is none, too many are under way, or late answers may use up every number.
        """
        if not self.waits or len(self._under_way) >= self.depth:
            return None
        for step in range(NUMBERS):
            number = (self._next + step) % NUMBERS
            if number not in self._under_way and self._free_at[number] <= now:
                self._next = (number + 1) % NUMBERS
                pending = self.waits.popleft()
                pending.rq_seq = number
                self._under_way[number] = pending
                return pending
        return None

    def was_sent(self, pending: Pending, now: float) -> None:
        """Start the wait for an answer."""
        pending.sent = sent = pending.sent + 1
        pace = pending.pace
        if sent == 1:
            pending.first_sent = now
            pending.over = now + pace.patience
        else:
            self.repeated = True
        self._unheard += 1
        if pending.early and self._unheard <= _HURRY:
            wait = min(self.round_trip.wait * 2 ** (sent - 1), pace.wait(sent))
            pending.due = min(now + wait, pending.over)
        else:
            pending.patient = attempt = pending.patient + 1
            last = attempt >= pace.attempts
            pending.due = pending.over if last else min(now + pace.wait(attempt), pending.over)

    def renews(self, pending: Pending, ahead: int) -> bool:
        """Tell whether a packet gets a session sequence number of its own, or a repetition is that of before.

        Once a BMC has missed as many numbers as its window is wide, it takes no packet of the session any
        more (§6.12.9). So when so many may be lost, and it has shown nothing newer than this request, the
        packet of before goes out again: where it was lost it is welcome.

        Args:
            ahead: width of the window.
        """
        if pending.sent > 1 and self._made - self._proven >= ahead and self._proven < pending.first:
            return False
        self._made += 1
        if pending.sent == 1:
            pending.first = self._made
        return True

    def answered(self, message: LanMessage, now: float) -> Pending | None:
        """Find the request to the BMC itself that a response answers, and end it."""
        pending = self._under_way.get(message.rq_seq)
        if pending is None or pending.hops or not pending.answered_by(message):
            return None
        self.end(pending, now)
        return pending

    def bridged(self, rq_seq: int) -> Pending | None:
        """Find the request under this number if it goes to a controller behind the BMC."""
        pending = self._under_way.get(rq_seq)
        return None if pending is None or not pending.hops else pending

    def end(self, pending: Pending, now: float) -> None:
        """End a request that was answered."""
        del self._under_way[pending.rq_seq]
        self._unheard = 0
        if pending.first > self._proven:
            self._proven = pending.first
        if not pending.hops:
            seconds = now - pending.first_sent
            if pending.sent == 1:
                self.round_trip.took(seconds)
            else:
                self.round_trip.took_at_most(seconds)
        # Each repetition may be answered too, later.
        self._free_at[pending.rq_seq] = now + self._rest() if pending.sent > 1 else 0.0

    def _rest(self) -> float:
        return min(_EXPIRY_TRIPS * self.round_trip.wait, EXPIRY)

    def overdue(self, now: float) -> list[Pending]:
        """List the requests whose answer did not come in time: each goes out again, or is over."""
        return [pending for pending in self._under_way.values() if pending.due <= now]

    def abandon(self, pending: Pending) -> None:
        """End a request without an answer."""
        if self.has(pending):
            del self._under_way[pending.rq_seq]
            # What was not answered by now may be answered any time.
            self._free_at[pending.rq_seq] = pending.due + EXPIRY
        else:
            self.waits.remove(pending)

    def find(self, token: int) -> Pending | None:
        """Find a request that is in line or under way."""
        for pending in (*self._under_way.values(), *self.waits):
            if pending.token == token:
                return pending
        return None

    def abandon_all(self) -> list[Pending]:
        """End every request without an answer.

        Returns: them, oldest first.
        """
        ended = sorted((*self._under_way.values(), *self.waits), key=lambda pending: pending.token)
        for pending in ended:
            self.abandon(pending)
        return ended

    def deadline(self) -> float | None:
        """Tell when something is due: a repetition, or a number that a waiting request needs."""
        times = [pending.due for pending in self._under_way.values()]
        if self.waits and len(self._under_way) < self.depth:
            times += [at for number, at in enumerate(self._free_at) if number not in self._under_way]
        return min(times, default=None)

    def has(self, pending: Pending) -> bool:
        """Tell whether a request is still under way."""
        return self._under_way.get(pending.rq_seq) is pending

    @property
    def idle(self) -> bool:
        """Tell whether nothing is in line or under way."""
        return not self.waits and not self._under_way
