"""What all machines of a console have in common: they ask, wait, ask again, and report (§13.8)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from baseboard.errors import ChecksumError, DecodeError, EncodeError, RemoteProtocolError
from baseboard.rmcp import bridging, header, lan_message
from baseboard.rmcp.console_events import Answered, RequestArrived, Unanswered
from baseboard.rmcp.flight import Flight, Pace

if TYPE_CHECKING:
    import enum

    from baseboard.commands.declaration import Request
    from baseboard.rmcp.bridging import Hop
    from baseboard.rmcp.console_events import Event
    from baseboard.rmcp.flight import Pending
    from baseboard.rmcp.lan_message import LanMessage
    from baseboard.rmcp.machine import Buffer

_DUPLICATED_REQUEST: Final = 0xCF


class Requester(ABC):
    """A machine that sends IPMI requests and matches the answers.

    Attributes:
        dropped: how many datagrams were ignored, since they were broken, forged, repeated or nobody's.
        symptoms: ids of known departures that the BMC has shown, borne or not.
    """

    LARGEST_DATA: ClassVar[int] = header.LARGEST_MESSAGE - lan_message.SMALLEST
    """Bytes of data that fit a request."""

    def __init__(self, pace: Pace, depth: int, *, first: int, ignore_checksums: bool) -> None:
        """Start with no request.

        Args:
            first: rqSeq of the first one.
        """
        self.dropped = 0
        self.symptoms: set[str] = set()
        self._pace = pace
        self._ignore_checksums = ignore_checksums
        self._flight = Flight(depth, first)
        self._out: list[bytes] = []
        self._events: list[Event] = []

    # ---- the verbs of a machine

    def receive(self, data: Buffer, now: float) -> None:
        """Take a datagram; whatever it is, it raises nothing."""
        try:
            self._take(bytes(data), now)
        except (DecodeError, RemoteProtocolError):
            self.dropped += 1
        self._send_waiting(now)

    def outgoing(self) -> list[bytes]:
        """Hand over the datagrams to be sent, oldest first; each once."""
        datagrams, self._out = self._out, []
        return datagrams

    def events(self) -> list[Event]:
        """Hand over what happened, oldest first; each event once."""
        happened, self._events = self._events, []
        return happened

    def deadline(self) -> float | None:
        """Tell when `expire` is next due; None while no timer runs."""
        return self._flight.deadline()

    def expire(self, now: float) -> None:
        """Repeat or give up what is overdue; harmless when nothing is."""
        for pending in self._flight.overdue(now):
            if not self._flight.has(pending):
                continue  # what happened to one before it ended them all
            if pending.due < pending.over:
                self._send(pending, now)
            else:
                self._flight.abandon(pending)
                self._unanswered(pending, now)
        self._send_waiting(now)

    # ---- requests

    @property
    def repeated(self) -> bool:
        """Whether anything was sent again so far: the network loses packets, or the BMC is slow."""
        return self._flight.repeated

    @property
    def depth(self) -> int:
        """How many requests may be under way at a time."""
        return self._flight.depth

    @depth.setter
    def depth(self, depth: int) -> None:
        self._flight.depth = depth

    def request(
        self,
        netfn: int,
        cmd: int,
        data: bytes,
        now: float,
        *,
        pace: Pace | None = None,
        rs_addr: int = lan_message.BMC,
        rs_lun: int = 0,
        hops: tuple[Hop, ...] = (),
    ) -> int:
        """Send a request as soon as its turn comes.

        A repeated request is executed again by most BMCs; give a `Pace` of one attempt where that matters.
        One that only reads is repeated as early as the BMC's usual answers allow.

        Args:
            hops: the way to a controller behind the BMC (§6.13); then `rs_lun` is that controller's.

        Returns: a token that `Answered` or `Unanswered` will carry.

        Raises:
            EncodeError: the message is too long, or a number does not fit its field.
            LocalProtocolError: it needs a session, and that is not open.
        """
        self._must_be_open()
        if len(data) + bridging.OVERHEAD * len(hops) > self.LARGEST_DATA:
            raise EncodeError(f"request {netfn:02X}h/{cmd:02X}h with {len(data)} bytes of data (§13.8)")
        pending = self._flight.submit(
            netfn, cmd, data, pace or self._pace, rs_addr=rs_addr, rs_lun=rs_lun, hops=hops
        )
        self._send_waiting(now)
        return pending.token

    def cancel(self, token: int, now: float) -> None:
        """Forget a request, sent or not; no event comes of it. Harmless when it has ended."""
        pending = self._flight.find(token)
        if pending is not None:
            self._flight.abandon(pending)
            self._send_waiting(now)

    def _ask(self, request: Request[Any], purpose: enum.Enum, now: float, pace: Pace | None = None) -> None:
        """Send a request of the machine's own."""
        command = request.command
        self._flight.submit(command.netfn, command.cmd, request.encode(), pace or self._pace, purpose=purpose)
        self._send_waiting(now)

    def _send_waiting(self, now: float) -> None:
        flight = self._flight
        while flight.waits:
            pending = flight.next_to_send(now)
            if pending is None:
                return
            self._send(pending, now)

    def _send(self, pending: Pending, now: float) -> None:
        self._flight.was_sent(pending, now)
        self._transmit(pending, now)

    def _take_message(self, data: bytes, now: float, *, proven: bool = False) -> None:
        """Take an IPMI message that came by a trusted way.

        Args:
            proven: its bytes are those that the BMC sent, so that a wrong checksum does no harm.
        """
        try:
            message = lan_message.unwrap(data)
        except ChecksumError:
            # QUIRK Supermicro X9SCM-iiF, X9DRi-F: wrong checksums, where §13.8 has them right.
            self.symptoms.add("Q-CHKSUM")
            if not (proven or self._ignore_checksums):
                raise
            message = lan_message.unwrap(data, tolerate_checksums=True)
        if not message.is_response:
            self._events.append(RequestArrived(message))
            return
        if message.data[0] == _DUPLICATED_REQUEST:
            # The BMC is still at work on the first copy and will answer that (§5.2).
            raise RemoteProtocolError("a repeated request is answered by CFh; the answer is still to come")
        pending = self._flight.answered(message, now)
        if pending is not None:
            self._answered(pending, message.data, now)
            return
        bridged = self._flight.bridged(message.rq_seq)
        if bridged is None:
            raise RemoteProtocolError(f"nobody waits for {message!r}")
        self._take_bridged(bridged, message, now)

    def _take_bridged(self, pending: Pending, message: LanMessage, now: float) -> None:
        """Take the answer of a bridge, or what came through it."""
        data = bridging.answer(
            message,
            pending.netfn,
            pending.cmd,
            acknowledged=pending.acknowledged,
            tolerate=self._ignore_checksums,
        )
        if data is None:
            pending.acknowledged = True
            return
        self._flight.end(pending, now)
        self._answered(pending, data, now)

    # ---- what the kinds of machine differ in

    def _must_be_open(self) -> None:
        """Refuse to send, where that takes a session that is open."""
        return

    @abstractmethod
    def _take(self, data: bytes, now: float) -> None:
        """Take a datagram; a DecodeError or RemoteProtocolError means that it is dropped."""

    @abstractmethod
    def _transmit(self, pending: Pending, now: float) -> None:
        """Wrap a request and put it out."""

    def _answered(self, pending: Pending, data: bytes, now: float) -> None:
        """Report an answer, or use it if the machine itself asked."""
        del now
        self._events.append(Answered(pending.token, data))

    def _unanswered(self, pending: Pending, now: float) -> None:
        """Report that there is none."""
        del now
        self._events.append(Unanswered(pending.token, pending.sent))
