"""Requests under way: which rqSeq is whose, when to repeat, which answer belongs to what (§13.8)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.rmcp import bridging, lan_message

if TYPE_CHECKING:
    import enum

    from baseboard.rmcp.bridging import Hop
    from baseboard.rmcp.lan_message import LanMessage

NUMBERS: Final = 64
"""rqSeq has six bits."""

EXPIRY: Final = 5.0
"""Seconds for which a late answer may still come, so that its rqSeq is not used again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a console is.

    Attributes:
        timeout: seconds until the first repetition.
        growth: seconds by which each further wait is longer.
        attempts: how often a packet is sent in all.
        soon: whether there is one more, early repetition, after a quarter of the time.
    """

    timeout: float = 1.0
    growth: float = 1.0
    attempts: int = 4
    soon: bool = False

    def wait(self, attempt: int) -> float:
        """Tell how many seconds to wait after an attempt, counted from 1."""
        if self.soon and attempt == 1:
            return self.timeout / 4
        return self.timeout + self.growth * (attempt - 1 - self.soon)


DEFAULT_PACE: Final = Pace()


class Pending:
    """A request between `Flight.submit` and its answer.

    Attributes:
        token: what the caller knows it by.
        purpose: why the machine itself sent it; None for the caller's requests.
        rq_seq: its number while it is under way.
        sent: how often it went out.
        due: when it is repeated or given up.
        hops: the way to a controller behind the BMC; empty for the BMC itself.
        acknowledged: a bridge on that way has said that it sent the message on.
    """

    __slots__ = (
        "acknowledged",
        "cmd",
        "data",
        "due",
        "hops",
        "last_sent",
        "netfn",
        "pace",
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
        self.rq_seq = self.sent = 0
        self.due = self.last_sent = 0.0
        self.hops, self.acknowledged = hops, False

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
    """

    __slots__ = ("_free_at", "_next", "_token", "_under_way", "_waiting", "depth")

    def __init__(self, depth: int = 1, first: int = 0) -> None:
        self.depth = depth
        self._waiting: deque[Pending] = deque()
        self._under_way: dict[int, Pending] = {}
        self._free_at = [0.0] * NUMBERS
        self._next, self._token = first, 0

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
        pending.message()  # what cannot be sent is refused here, where the caller sees it
        self._waiting.append(pending)
        return pending

    def next_to_send(self, now: float) -> Pending | None:
        """Take the next request from the line and give it a number.

        Returns: None while there is none, too many are under way, or late answers may use up every number.
        """
        if not self._waiting or len(self._under_way) >= self.depth:
            return None
        for step in range(NUMBERS):
            number = (self._next + step) % NUMBERS
            if number not in self._under_way and self._free_at[number] <= now:
                self._next = (number + 1) % NUMBERS
                pending = self._waiting.popleft()
                pending.rq_seq = number
                self._under_way[number] = pending
                return pending
        return None

    def was_sent(self, pending: Pending, now: float) -> None:
        """Start the wait for an answer."""
        pending.sent += 1
        pending.last_sent = now
        pending.due = now + pending.pace.wait(pending.sent)

    def answered(self, message: LanMessage) -> Pending | None:
        """Find the request that a response answers and end it."""
        pending = self._under_way.get(message.rq_seq)
        if pending is None or not pending.answered_by(message):
            return None
        self.end(pending)
        return pending

    def bridged(self, rq_seq: int) -> Pending | None:
        """Find the request under this number if it goes to a controller behind the BMC."""
        pending = self._under_way.get(rq_seq)
        return None if pending is None or not pending.hops else pending

    def end(self, pending: Pending) -> None:
        """End a request that was answered."""
        del self._under_way[pending.rq_seq]
        # Each repetition may be answered too, later.
        self._free_at[pending.rq_seq] = pending.last_sent + EXPIRY if pending.sent > 1 else 0.0

    def overdue(self, now: float) -> list[Pending]:
        """List the requests whose answer did not come in time; send each again, or `abandon` it."""
        return [pending for pending in self._under_way.values() if pending.due <= now]

    def abandon(self, pending: Pending) -> None:
        """End a request without an answer."""
        if self.has(pending):
            del self._under_way[pending.rq_seq]
            self._free_at[pending.rq_seq] = pending.last_sent + EXPIRY
        else:
            self._waiting.remove(pending)

    def find(self, token: int) -> Pending | None:
        """Find a request that is in line or under way."""
        for pending in (*self._under_way.values(), *self._waiting):
            if pending.token == token:
                return pending
        return None

    def abandon_all(self) -> list[Pending]:
        """End every request without an answer.

        Returns: them, oldest first.
        """
        ended = sorted((*self._under_way.values(), *self._waiting), key=lambda pending: pending.token)
        for pending in ended:
            self.abandon(pending)
        return ended

    def deadline(self) -> float | None:
        """Tell when something is due: a repetition, or a number that a waiting request needs."""
        times = [pending.due for pending in self._under_way.values()]
        if self._waiting and len(self._under_way) < self.depth:
            times += [at for number, at in enumerate(self._free_at) if number not in self._under_way]
        return min(times, default=None)

    def has(self, pending: Pending) -> bool:
        """Tell whether a request is still under way."""
        return self._under_way.get(pending.rq_seq) is pending

    @property
    def idle(self) -> bool:
        """Tell whether nothing is in line or under way."""
        return not self._waiting and not self._under_way
