"""The host's side of the Block Transfer interface (§11): one request at a time, found again among others.

A response that is nobody's any more, from before a time-out or a restart, is fetched and dropped; the one
that is waited for has the request's Seq, NetFn and Cmd. A request is sent again, under the same Seq, when its
time is over. SMS_ATN is cleared wherever it is seen, and told as `BtHost.attention`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple

from baseboard.links.bt import RESPONSE_S, SHORTEST_RESPONSE
from baseboard.links.bt_registers import (
    B2H_ATN,
    B_BUSY,
    BUFFER,
    CLR_RD_PTR,
    CLR_WR_PTR,
    CONTROL,
    H2B_ATN,
    H_BUSY,
    SIZE,
    SMS_ATN,
)
from baseboard.links.host_machine import (
    PAUSE,
    Done,
    Failed,
    Patience,
    Read,
    Reason,
    Step,
    Wait,
    Write,
    checked,
)

LARGEST: Final = 254
"""Bytes of a request from NetFn/LUN on, without Seq: Len counts 255 at most."""

RETRIES: Final = 2
"""How often a request is sent again, unless the capabilities say otherwise."""

_ABSENT: Final = 0xFF


class State(enum.Enum):
    """What the machine is about to do."""

    DONE = "nothing"
    LOOKING = "read BT_CTRL, whether a request may be written"
    GREETING = "clear SMS_ATN that was seen then"
    LOOK_PAUSE = "let the controller become ready"
    RELEASING = "toggle off an H_BUSY that was left behind"
    GLANCING = "read BT_CTRL for SMS_ATN alone"
    NODDING = "clear SMS_ATN that was seen then, too"
    REWINDING = "CLR_WR_PTR"
    FILLING = "write the next byte of the request"
    SENDING = "set H2B_ATN"
    AWAITING = "read BT_CTRL for B2H_ATN"
    ATTENDING = "clear SMS_ATN that was seen meanwhile"
    AWAIT_PAUSE = "let the controller work"
    CLAIMING = "set H_BUSY"
    CLEARING = "clear B2H_ATN"
    CHECKING = "read BT_CTRL, whether it is clear"
    TURNING = "CLR_RD_PTR"
    MEASURING = "read Len"
    FETCHING = "read the next byte of the response"
    FREEING = "clear H_BUSY"


class Seen(enum.Enum):
    """What came of it."""

    DID = "it is done"
    MORE = "there is more of it to be done"
    OVER = "there is nothing else to be done"
    ABSENT = "all bits of BT_CTRL are set"
    LATE = "it is not done, and the time for it is over"
    AGAIN = "the same, and the request may be sent once more"
    ATTENTION = "SMS_ATN is set"
    HELD = "H_BUSY is set"
    RESPONSE = "B2H_ATN is set"
    BUSY = "B_BUSY or H2B_ATN is set"
    CLEAR = "none of them is"
    WANTED = "the response to the request"
    OTHER = "another response, or none, while ours is still to come"
    STALE = "the same, and none is to come"


class Row(NamedTuple):
    """What is done about it, and where that leads."""

    action: Callable[[BtHost], None]
    state: State


class BtHost:
    """A :class:`~baseboard.links.host_machine.HostMachine` for BT.

    Args:
        response_s: seconds that the controller has for a response (Get BT Interface Capabilities).
        retries: how often a request is sent again (the same).
        largest: bytes of the longest request, from NetFn/LUN on, without Seq.

    Attributes:
        attention: whether SMS_ATN was seen since the request began, or the look.
        state: what the machine is about to do.
        dropped: responses that were not ours.
    """

    size: int = SIZE

    def __init__(
        self, *, response_s: float = RESPONSE_S, retries: int = RETRIES, largest: int = LARGEST
    ) -> None:
        self._response_s, self._retries, self._largest = response_s, retries, largest
        self.attention, self.state, self.dropped = False, State.DONE, 0
        self._end: Done | Failed = Done(b"")
        self._seq, self._message, self._at = 0, b"", 0
        self._buffer = bytearray()
        self._now, self._patience = 0.0, Patience(0.0, 0.0)
        self._tries, self._awaiting, self._told = 0, False, False

    # ---- what its user wants

    def request(self, message: bytes, now: float) -> None:
        """See `HostMachine.request`."""
        netfn, cmd, *data = checked(message, self._largest)
        self._seq = (self._seq + 1) & 0xFF
        self._begin(State.LOOKING, bytes((len(message) + 1, netfn, self._seq, cmd, *data)), now)

    def look(self, now: float) -> None:
        """See `HostMachine.look`."""
        self._begin(State.GLANCING, b"", now)

    def abort(self, now: float) -> None:
        """See `HostMachine.abort`: BT has no abort, so responses that are there are fetched and dropped."""
        self._begin(State.LOOKING, b"", now)

    def _begin(self, state: State, message: bytes, now: float) -> None:
        self.attention, self.state, self._message, self._end = False, state, message, Done(b"")
        self._patience = Patience(self._response_s, now)
        self._tries, self._awaiting, self._told = 0, False, False

    # ---- one step after another

    def step(self, value: int, now: float) -> Step:
        """See `HostMachine.step`."""
        self._now = now
        while True:
            if self._told:
                row = self.TABLE[self.state, self._seen(value)]
                self.state = row.state
                row.action(self)
            self._told = self.state is not State.DONE
            step = self._act()
            if step is not None:
                return step

    def _act(self) -> Step | None:
        """What is to be done in a state; None = nothing outside of the machine."""
        match self.state:
            case State.DONE:
                return self._end
            case State.LOOKING | State.GLANCING | State.AWAITING | State.CHECKING:
                return Read(CONTROL)
            case State.LOOK_PAUSE | State.AWAIT_PAUSE:
                return Wait(PAUSE) if self._patience.pauses() else None
            case State.FILLING:
                return Write(BUFFER, self._message[self._at])
            case State.MEASURING | State.FETCHING:
                return Read(BUFFER)
            case _:
                return Write(CONTROL, self.WRITES[self.state])

    def _seen(self, value: int) -> Seen:
        """What came of what was done."""
        match self.state:
            case State.LOOKING | State.GLANCING | State.AWAITING | State.CHECKING:
                return self._seen_control(value)
            case State.FILLING:
                self._at += 1
                return Seen.MORE if self._at < len(self._message) else Seen.DID
            case State.MEASURING:
                self._buffer = bytearray((value,))
                return Seen.OVER if value < SHORTEST_RESPONSE else Seen.DID
            case State.FETCHING:
                self._buffer.append(value)
                return Seen.MORE if len(self._buffer) <= self._buffer[0] else Seen.DID
            case State.FREEING:
                return self._whose()
            case _:
                return Seen.DID

    def _seen_control(self, value: int) -> Seen:
        """The bit of BT_CTRL that counts in this state."""
        if value == _ABSENT:
            return Seen.ABSENT
        if value & SMS_ATN and not self.attention and self.state is not State.CHECKING:
            self.attention = True
            return Seen.ATTENTION
        if self.state is State.GLANCING:
            return Seen.CLEAR
        looking = self.state is State.LOOKING
        if looking and value & H_BUSY:
            seen = Seen.HELD
        elif value & B2H_ATN:
            seen = Seen.RESPONSE
        elif looking and value & (B_BUSY | H2B_ATN):
            seen = Seen.BUSY
        else:
            seen = Seen.CLEAR if self._message or not looking else Seen.OVER
        wanted = (Seen.RESPONSE,) if self.state is State.AWAITING else (Seen.CLEAR, Seen.OVER)
        if seen in wanted or not self._patience.over(self._now):
            return seen
        return Seen.AGAIN if self.state is State.AWAITING and self._tries <= self._retries else Seen.LATE

    def _whose(self) -> Seen:
        """Whether the response has the Seq, NetFn and Cmd of a request that was sent (§11.4)."""
        if self._tries and len(self._buffer) > SHORTEST_RESPONSE:
            _, netfn, seq, cmd = self._message[:4]
            if bytes(self._buffer[1:4]) == bytes((netfn | 0x04, seq, cmd)):
                return Seen.WANTED
        self.dropped += 1
        return Seen.OTHER if self._awaiting else Seen.STALE

    # ---- actions

    def _nothing(self) -> None:
        """The next state does it."""

    def _rewound(self) -> None:
        self._at = 0

    def _sent(self) -> None:
        self._tries, self._awaiting = self._tries + 1, True
        self._patience = Patience(self._response_s, self._now)

    def _again(self) -> None:
        self._awaiting = False
        self._patience = Patience(self._response_s, self._now)

    def _fetched(self) -> None:
        _, netfn, _, cmd, *rest = self._buffer
        self._end = Done(bytes((netfn, cmd, *rest)))

    def _absent(self) -> None:
        self._end = Failed(Reason.ABSENT)

    def _busy(self) -> None:
        self._end = Failed(Reason.SILENT if self._tries else Reason.BUSY)

    def _silent(self) -> None:
        self._end = Failed(Reason.SILENT)

    def _confused(self) -> None:
        self._end = Failed(Reason.CONFUSED)

    WRITES: ClassVar[dict[State, int]] = {
        State.GREETING: SMS_ATN,
        State.NODDING: SMS_ATN,
        State.ATTENDING: SMS_ATN,
        State.RELEASING: H_BUSY,
        State.REWINDING: CLR_WR_PTR,
        State.SENDING: H2B_ATN,
        State.CLAIMING: H_BUSY,
        State.CLEARING: B2H_ATN,
        State.TURNING: CLR_RD_PTR,
        State.FREEING: H_BUSY,
    }
    """What is written to BT_CTRL in a state."""

    TABLE: ClassVar[dict[tuple[State, Seen], Row]] = {
        (State.LOOKING, Seen.ABSENT): Row(_absent, State.DONE),
        (State.LOOKING, Seen.ATTENTION): Row(_nothing, State.GREETING),
        (State.LOOKING, Seen.HELD): Row(_nothing, State.RELEASING),
        (State.LOOKING, Seen.RESPONSE): Row(_nothing, State.CLAIMING),
        (State.LOOKING, Seen.BUSY): Row(_nothing, State.LOOK_PAUSE),
        (State.LOOKING, Seen.LATE): Row(_busy, State.DONE),
        (State.LOOKING, Seen.CLEAR): Row(_nothing, State.REWINDING),
        (State.LOOKING, Seen.OVER): Row(_nothing, State.DONE),
        (State.GREETING, Seen.DID): Row(_nothing, State.LOOKING),
        (State.LOOK_PAUSE, Seen.DID): Row(_nothing, State.LOOKING),
        (State.RELEASING, Seen.DID): Row(_nothing, State.LOOKING),
        (State.GLANCING, Seen.ABSENT): Row(_absent, State.DONE),
        (State.GLANCING, Seen.ATTENTION): Row(_nothing, State.NODDING),
        (State.GLANCING, Seen.CLEAR): Row(_nothing, State.DONE),
        (State.NODDING, Seen.DID): Row(_nothing, State.DONE),
        (State.REWINDING, Seen.DID): Row(_rewound, State.FILLING),
        (State.FILLING, Seen.MORE): Row(_nothing, State.FILLING),
        (State.FILLING, Seen.DID): Row(_nothing, State.SENDING),
        (State.SENDING, Seen.DID): Row(_sent, State.AWAITING),
        (State.AWAITING, Seen.ABSENT): Row(_absent, State.DONE),
        (State.AWAITING, Seen.ATTENTION): Row(_nothing, State.ATTENDING),
        (State.AWAITING, Seen.RESPONSE): Row(_nothing, State.CLAIMING),
        (State.AWAITING, Seen.CLEAR): Row(_nothing, State.AWAIT_PAUSE),
        (State.AWAITING, Seen.AGAIN): Row(_again, State.LOOKING),
        (State.AWAITING, Seen.LATE): Row(_silent, State.DONE),
        (State.ATTENDING, Seen.DID): Row(_nothing, State.AWAITING),
        (State.AWAIT_PAUSE, Seen.DID): Row(_nothing, State.AWAITING),
        (State.CLAIMING, Seen.DID): Row(_nothing, State.CLEARING),
        (State.CLEARING, Seen.DID): Row(_nothing, State.CHECKING),
        (State.CHECKING, Seen.ABSENT): Row(_absent, State.DONE),
        # QUIRK controllers that do not see the first write: it is repeated until the bit is clear.
        (State.CHECKING, Seen.RESPONSE): Row(_nothing, State.CLEARING),
        (State.CHECKING, Seen.LATE): Row(_confused, State.DONE),
        (State.CHECKING, Seen.CLEAR): Row(_nothing, State.TURNING),
        (State.TURNING, Seen.DID): Row(_nothing, State.MEASURING),
        (State.MEASURING, Seen.DID): Row(_nothing, State.FETCHING),
        (State.MEASURING, Seen.OVER): Row(_nothing, State.FREEING),
        (State.FETCHING, Seen.MORE): Row(_nothing, State.FETCHING),
        (State.FETCHING, Seen.DID): Row(_nothing, State.FREEING),
        (State.FREEING, Seen.WANTED): Row(_fetched, State.DONE),
        (State.FREEING, Seen.OTHER): Row(_nothing, State.AWAITING),
        (State.FREEING, Seen.STALE): Row(_nothing, State.LOOKING),
    }
    """What follows; a state sees what it has a row for, and nothing else."""
