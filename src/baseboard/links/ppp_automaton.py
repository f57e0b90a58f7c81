"""How the two ends of a PPP link agree on something: the option negotiation automaton (RFC 1661 §4).

The link itself (LCP) and what goes over it (IPCP) are negotiated by the same automaton, each by one of its
own. It knows when to send what; which options there are, and which values are borne, is the business of its
`Terms`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, Protocol

RESTART: Final = 3.0
"""Seconds between repetitions (RFC 1661 §4.6)."""

MAX_CONFIGURE, MAX_TERMINATE, MAX_FAILURE = 10, 2, 5
"""Configure-Requests and Terminate-Requests without an answer, and Configure-Naks before it is Rejects."""

_HEADER: Final = 4
_OPTION_HEADER: Final = 2


class Code(enum.IntEnum):
    """Codes of packets (RFC 1661 §5)."""

    CONFIGURE_REQUEST = 1
    CONFIGURE_ACK = 2
    CONFIGURE_NAK = 3
    CONFIGURE_REJECT = 4
    TERMINATE_REQUEST = 5
    TERMINATE_ACK = 6
    CODE_REJECT = 7


class State(enum.Enum):
    """Where the negotiation is; of RFC 1661's ten those that a link which is simply there can be in."""

    CLOSED = "nothing is wanted"
    STOPPED = "the other end's turn to begin"
    CLOSING = "a Terminate-Request is out"
    REQUEST_SENT = "ours is out"
    ACK_RECEIVED = "ours is borne, theirs is not yet"
    ACK_SENT = "theirs is borne, ours is not yet"
    OPENED = "both are"


class Seen(enum.Enum):
    """What happened (RFC 1661 §4.3)."""

    OPEN = "it is wanted"
    CLOSE = "it is wanted no more"
    TIME_OUT_LEFT = "no answer, and there are attempts left"
    TIME_OUT_OVER = "no answer, and it was the last attempt"
    GOOD_REQUEST = "a Configure-Request that is borne"
    BAD_REQUEST = "a Configure-Request that is not"
    ACK = "ours is borne"
    NAK = "ours is not, they would bear something else"
    TERMINATE_REQUEST = "they want it no more"
    TERMINATE_ACK = "they bear that we want it no more"
    UNKNOWN_CODE = "a packet of a code that there is not"
    REJECTED = "they do not know a code that cannot be done without"


Options = tuple[tuple[int, bytes], ...]
"""Types of options and their data, in order."""


class Verdict(NamedTuple):
    """What is said about their options.

    Attributes:
        code: CONFIGURE_ACK, CONFIGURE_NAK or CONFIGURE_REJECT.
        options: all of theirs; what would be borne; or those that are not known.
    """

    code: Code
    options: Options


class Terms(Protocol):
    """The options of one protocol."""

    def request(self) -> Options:
        """What we ask for now."""
        ...

    def judge(self, options: Options, *, final: bool) -> Verdict:
        """Say whether what they ask for is borne.

        Args:
            final: proposals have come to nothing: what is not borne is rejected.
        """
        ...

    def refused(self, options: Options, *, rejected: bool) -> None:
        """Take in what they said against ours: other values, or that they do not know an option."""
        ...


def read_options(data: bytes) -> Options | None:
    """Options as they stand in a packet; None if they do not fill it."""
    found: list[tuple[int, bytes]] = []
    while data:
        if len(data) < _OPTION_HEADER or not _OPTION_HEADER <= data[1] <= len(data):
            return None
        found.append((data[0], data[_OPTION_HEADER : data[1]]))
        data = data[data[1] :]
    return tuple(found)


def write_options(options: Options) -> bytes:
    """Options as they stand in a packet."""
    return b"".join(bytes((kind, len(data) + _OPTION_HEADER)) + data for kind, data in options)


def packet(code: int, identifier: int, data: bytes) -> bytes:
    """A packet of LCP, IPCP, PAP or CHAP."""
    return bytes((code, identifier)) + (_HEADER + len(data)).to_bytes(2, "big") + data


def read_packet(data: bytes) -> tuple[int, int, bytes] | None:
    """Code, identifier and data of a packet; None if it is none. What it was filled up with is left out."""
    size = int.from_bytes(data[2:4], "big")
    if len(data) < _HEADER or not _HEADER <= size <= len(data):
        return None
    return data[0], data[1], data[_HEADER:size]


class Step(NamedTuple):
    """What is done about something, and where that leads."""

    actions: tuple[Callable[[Automaton], None], ...]
    state: State


class Automaton:
    """One negotiation.

    Args:
        terms: its options.
        send: takes packets.
        longest: bytes of a packet that a Code-Reject may repeat.

    Attributes:
        state: where it is.
        on_up: called when both ends agree.
        on_down: called when they agree no longer.
        on_finished: called when it came to nothing, or to its end.
    """

    def __init__(self, terms: Terms, send: Callable[[bytes], None], longest: int = 1400) -> None:
        self.state = State.CLOSED
        self.on_up: Callable[[], None] = _nobody
        self.on_down: Callable[[], None] = _nobody
        self.on_finished: Callable[[], None] = _nobody
        self._terms, self._send, self._longest = terms, send, longest
        self._identifier = 0
        self._attempts = self._failures = 0
        self._due: float | None = None
        self._now = 0.0
        self._verdict = Verdict(Code.CONFIGURE_ACK, ())
        self._theirs = 0
        self._unknown = b""

    def open(self, now: float) -> None:
        """Begin."""
        self._now, self._failures = now, 0
        self._step(Seen.OPEN)

    def close(self, now: float) -> None:
        """End."""
        self._now = now
        self._step(Seen.CLOSE)

    def assume(self) -> None:
        """Take it that both ends agree; nobody is told."""
        self.state, self._due = State.OPENED, None

    def down(self) -> None:
        """The layer below is gone: nobody is told, and all begins anew."""
        was, self.state, self._due = self.state, State.CLOSED, None
        if was is State.OPENED:
            self.on_down()

    def deadline(self) -> float | None:
        """When `expire` is due."""
        return self._due

    def expire(self, now: float) -> None:
        """Repeat what got no answer."""
        self._now = now
        if self._due is not None and now >= self._due:
            self._due = None
            self._step(Seen.TIME_OUT_LEFT if self._attempts > 0 else Seen.TIME_OUT_OVER)

    def receive(self, data: bytes, now: float) -> None:
        """Take a packet; what is none, and an answer to nothing that was asked, is dropped."""
        self._now = now
        found = read_packet(data)
        if found is None:
            return
        code, identifier, body = found
        self._theirs = identifier
        match code:
            case Code.CONFIGURE_REQUEST:
                self._asked(body)
            case Code.CONFIGURE_ACK | Code.CONFIGURE_NAK | Code.CONFIGURE_REJECT:
                self._answered(Code(code), identifier, body)
            case Code.TERMINATE_REQUEST:
                self._step(Seen.TERMINATE_REQUEST)
            case Code.TERMINATE_ACK:
                self._step(Seen.TERMINATE_ACK)
            case Code.CODE_REJECT:
                known = body[:1] and body[0] <= Code.CODE_REJECT
                if known:
                    self._step(Seen.REJECTED)
            case _:
                self._unknown = data[: self._longest]
                self._step(Seen.UNKNOWN_CODE)

    def _asked(self, body: bytes) -> None:
        options = read_options(body)
        if options is None:
            return
        self._verdict = self._terms.judge(options, final=self._failures >= MAX_FAILURE)
        good = self._verdict.code is Code.CONFIGURE_ACK
        self._step(Seen.GOOD_REQUEST if good else Seen.BAD_REQUEST)

    def _answered(self, code: Code, identifier: int, body: bytes) -> None:
        options = read_options(body)
        if options is None or identifier != self._identifier or self._due is None:
            return
        if code is Code.CONFIGURE_ACK:
            if options == self._terms.request():
                self._step(Seen.ACK)
            return
        self._terms.refused(options, rejected=code is Code.CONFIGURE_REJECT)
        self._step(Seen.NAK)

    def _step(self, seen: Seen) -> None:
        step = self.TABLE.get((self.state, seen))
        if step is None:
            return
        before, self.state = self.state, step.state
        for action in step.actions:
            action(self)
        if before is State.OPENED is not self.state:
            self.on_down()
        elif before is not State.OPENED is self.state:
            self.on_up()

    # ---- actions, by their names in RFC 1661 §4.4

    def _irc(self) -> None:
        """Initialize-Restart-Count."""
        self._attempts = MAX_CONFIGURE

    def _irt(self) -> None:
        """Initialize-Restart-Count, of Terminate-Requests."""
        self._attempts = MAX_TERMINATE

    def _zrc(self) -> None:
        """Zero-Restart-Count: wait a moment for the other end."""
        self._attempts, self._due = 0, self._now + RESTART

    def _scr(self) -> None:
        """Send-Configure-Request."""
        self._attempts -= 1
        self._identifier = (self._identifier + 1) & 0xFF
        self._due = self._now + RESTART
        self._send(packet(Code.CONFIGURE_REQUEST, self._identifier, write_options(self._terms.request())))

    def _sca(self) -> None:
        """Send-Configure-Ack."""
        self._failures = 0
        self._send(packet(Code.CONFIGURE_ACK, self._theirs, write_options(self._verdict.options)))

    def _scn(self) -> None:
        """Send-Configure-Nak, or -Reject."""
        self._failures += self._verdict.code is Code.CONFIGURE_NAK
        self._send(packet(self._verdict.code, self._theirs, write_options(self._verdict.options)))

    def _str(self) -> None:
        """Send-Terminate-Request."""
        self._attempts -= 1
        self._identifier = (self._identifier + 1) & 0xFF
        self._due = self._now + RESTART
        self._send(packet(Code.TERMINATE_REQUEST, self._identifier, b""))

    def _sta(self) -> None:
        """Send-Terminate-Ack."""
        self._send(packet(Code.TERMINATE_ACK, self._theirs, b""))

    def _scj(self) -> None:
        """Send-Code-Reject."""
        self._identifier = (self._identifier + 1) & 0xFF
        self._send(packet(Code.CODE_REJECT, self._identifier, self._unknown))

    def _rest(self) -> None:
        """No answer is waited for."""
        self._due = None

    def _tlf(self) -> None:
        """This-Layer-Finished."""
        self._due = None
        self.on_finished()

    TABLE: ClassVar[Mapping[tuple[State, Seen], Step]] = {
        (State.CLOSED, Seen.OPEN): Step((_irc, _scr), State.REQUEST_SENT),
        (State.STOPPED, Seen.OPEN): Step((_irc, _scr), State.REQUEST_SENT),
        (State.STOPPED, Seen.CLOSE): Step((_rest,), State.CLOSED),
        (State.REQUEST_SENT, Seen.CLOSE): Step((_irt, _str), State.CLOSING),
        (State.ACK_RECEIVED, Seen.CLOSE): Step((_irt, _str), State.CLOSING),
        (State.ACK_SENT, Seen.CLOSE): Step((_irt, _str), State.CLOSING),
        (State.OPENED, Seen.CLOSE): Step((_irt, _str), State.CLOSING),
        (State.CLOSING, Seen.TIME_OUT_LEFT): Step((_str,), State.CLOSING),
        (State.CLOSING, Seen.TIME_OUT_OVER): Step((_tlf,), State.CLOSED),
        (State.REQUEST_SENT, Seen.TIME_OUT_LEFT): Step((_scr,), State.REQUEST_SENT),
        (State.REQUEST_SENT, Seen.TIME_OUT_OVER): Step((_tlf,), State.STOPPED),
        (State.ACK_RECEIVED, Seen.TIME_OUT_LEFT): Step((_scr,), State.REQUEST_SENT),
        (State.ACK_RECEIVED, Seen.TIME_OUT_OVER): Step((_tlf,), State.STOPPED),
        (State.ACK_SENT, Seen.TIME_OUT_LEFT): Step((_scr,), State.ACK_SENT),
        (State.ACK_SENT, Seen.TIME_OUT_OVER): Step((_tlf,), State.STOPPED),
        # A link that was terminated by the other end waits a moment for it to begin anew.
        (State.STOPPED, Seen.TIME_OUT_OVER): Step((_tlf,), State.STOPPED),
        (State.CLOSED, Seen.GOOD_REQUEST): Step((_sta,), State.CLOSED),
        (State.CLOSED, Seen.BAD_REQUEST): Step((_sta,), State.CLOSED),
        (State.STOPPED, Seen.GOOD_REQUEST): Step((_irc, _scr, _sca), State.ACK_SENT),
        (State.STOPPED, Seen.BAD_REQUEST): Step((_irc, _scr, _scn), State.REQUEST_SENT),
        (State.REQUEST_SENT, Seen.GOOD_REQUEST): Step((_sca,), State.ACK_SENT),
        (State.REQUEST_SENT, Seen.BAD_REQUEST): Step((_scn,), State.REQUEST_SENT),
        (State.ACK_RECEIVED, Seen.GOOD_REQUEST): Step((_rest, _sca), State.OPENED),
        (State.ACK_RECEIVED, Seen.BAD_REQUEST): Step((_scn,), State.ACK_RECEIVED),
        (State.ACK_SENT, Seen.GOOD_REQUEST): Step((_sca,), State.ACK_SENT),
        (State.ACK_SENT, Seen.BAD_REQUEST): Step((_scn,), State.REQUEST_SENT),
        (State.OPENED, Seen.GOOD_REQUEST): Step((_irc, _scr, _sca), State.ACK_SENT),
        (State.OPENED, Seen.BAD_REQUEST): Step((_irc, _scr, _scn), State.REQUEST_SENT),
        (State.REQUEST_SENT, Seen.ACK): Step((_irc,), State.ACK_RECEIVED),
        (State.ACK_SENT, Seen.ACK): Step((_irc, _rest), State.OPENED),
        (State.REQUEST_SENT, Seen.NAK): Step((_irc, _scr), State.REQUEST_SENT),
        (State.ACK_SENT, Seen.NAK): Step((_irc, _scr), State.ACK_SENT),
        (State.CLOSED, Seen.TERMINATE_REQUEST): Step((_sta,), State.CLOSED),
        (State.STOPPED, Seen.TERMINATE_REQUEST): Step((_sta,), State.STOPPED),
        (State.CLOSING, Seen.TERMINATE_REQUEST): Step((_sta,), State.CLOSING),
        (State.REQUEST_SENT, Seen.TERMINATE_REQUEST): Step((_sta,), State.REQUEST_SENT),
        (State.ACK_RECEIVED, Seen.TERMINATE_REQUEST): Step((_sta,), State.REQUEST_SENT),
        (State.ACK_SENT, Seen.TERMINATE_REQUEST): Step((_sta,), State.REQUEST_SENT),
        (State.OPENED, Seen.TERMINATE_REQUEST): Step((_zrc, _sta), State.STOPPED),
        (State.CLOSING, Seen.TERMINATE_ACK): Step((_tlf,), State.CLOSED),
        (State.ACK_RECEIVED, Seen.TERMINATE_ACK): Step((), State.REQUEST_SENT),
        (State.OPENED, Seen.TERMINATE_ACK): Step((_irc, _scr), State.REQUEST_SENT),
        (State.CLOSED, Seen.UNKNOWN_CODE): Step((_scj,), State.CLOSED),
        (State.STOPPED, Seen.UNKNOWN_CODE): Step((_scj,), State.STOPPED),
        (State.CLOSING, Seen.UNKNOWN_CODE): Step((_scj,), State.CLOSING),
        (State.REQUEST_SENT, Seen.UNKNOWN_CODE): Step((_scj,), State.REQUEST_SENT),
        (State.ACK_RECEIVED, Seen.UNKNOWN_CODE): Step((_scj,), State.ACK_RECEIVED),
        (State.ACK_SENT, Seen.UNKNOWN_CODE): Step((_scj,), State.ACK_SENT),
        (State.OPENED, Seen.UNKNOWN_CODE): Step((_scj,), State.OPENED),
        (State.REQUEST_SENT, Seen.REJECTED): Step((_tlf,), State.STOPPED),
        (State.ACK_RECEIVED, Seen.REJECTED): Step((_tlf,), State.STOPPED),
        (State.ACK_SENT, Seen.REJECTED): Step((_tlf,), State.STOPPED),
        (State.OPENED, Seen.REJECTED): Step((_irt, _str), State.CLOSING),
        (State.CLOSING, Seen.REJECTED): Step((_tlf,), State.CLOSED),
    }
    """What is not here changes nothing: an answer to nothing, a wish that is fulfilled."""


def _nobody() -> None:
    """Nobody asked to be told."""
