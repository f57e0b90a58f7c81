"""The host's side of the SMBus System Interface (§12): a request becomes block transfers on the SMBus.

The machine reaches no bus itself. It says which transfer comes next, is told what came of it and what time it
is, and says the next thing, until it is done or has failed::

    host.request(message, now)
    step = host.step(None, now)
    while not isinstance(step, Done | Failed):
        result = ...                    # do it: a block, b"" for a write that went well, or a Trouble
        step = host.step(result, now)

Until :class:`SsifProbe` has asked what the controller can do, requests have 32 bytes at most and no PEC.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple, TypeAlias

from baseboard.errors import EncodeError
from baseboard.links.host_machine import SHORTEST, Done, Failed, Patience, Reason, Wait
from baseboard.links.registers import answer_head
from baseboard.links.smbus import BLOCK
from baseboard.links.ssif import LAST_BLOCK, NEXT_PART, START_PATTERN, Command

RESPONSE_S: Final = 5.0
"""Seconds that a response is waited for."""

RETRY_S: Final = 0.02
"""Seconds between two looks for a response, or two tries of a write that was not acknowledged (§12.17)."""

WRITE_RETRIES: Final = 5
READ_RETRIES: Final = 5
"""How often a transfer that went wrong is tried again."""

_SHORTEST_RESPONSE: Final = 3


class WriteBlock(NamedTuple):
    """Write a block to the target."""

    command: int
    block: bytes
    pec: bool


class ReadBlock(NamedTuple):
    """Read a block from the target; the next `SsifHost.step` is given it, without count and PEC."""

    command: int
    pec: bool


class Trouble(enum.Enum):
    """What may come of a transfer besides a block."""

    UNACKNOWLEDGED = "the target does not acknowledge it"
    BAD_PEC = "what came has another PEC than came with it"


Result: TypeAlias = bytes | Trouble | None
"""What came of a transfer; None = it was none, or a pause."""

Step: TypeAlias = WriteBlock | ReadBlock | Wait | Done | Failed


class Ending(enum.Enum):
    """How the last part of a long request is told from the others; the specification has it both ways."""

    END = "by command 08h"
    SHORT = "by having less than 32 bytes"


class Limits(NamedTuple):
    """What a controller can do.

    Attributes:
        longest: bytes of a request.
        pec: whether it knows packet error codes.
        ending: how it finds the end of a long request.
    """

    longest: int = BLOCK
    pec: bool = False
    ending: Ending = Ending.END


def parts(message: bytes, ending: Ending) -> list[tuple[int, bytes]]:
    """A request as the writes that carry it: commands and blocks."""
    if len(message) <= BLOCK:
        return [(Command.SINGLE_WRITE, message)]
    cut = [message[at : at + BLOCK] for at in range(0, len(message), BLOCK)]
    if ending is Ending.SHORT and len(cut[-1]) == BLOCK:
        cut.append(b"")
    last = Command.WRITE_END if ending is Ending.END else Command.WRITE_MIDDLE
    commands = [Command.WRITE_START, *[Command.WRITE_MIDDLE] * (len(cut) - 2), last]
    return list(zip(commands, cut, strict=True))


class State(enum.Enum):
    """What the machine is about to do."""

    DONE = "nothing"
    WRITING = "write the next part of the request"
    WRITE_PAUSE = "let the controller become ready"
    READING = "read the response, or its first block"
    READ_PAUSE = "let the controller work"
    CONTINUING = "read the next block of the response"
    SEEKING = "say which block shall come again"


class Seen(enum.Enum):
    """What came of it."""

    DID = "it is done"
    MORE = "it is done, and there is more of the request"
    REFUSED = "it was not acknowledged"
    NOTHING = "there is no response to this request yet"
    WHOLE = "the response is whole"
    PART = "a block of the response came"
    WRONG = "a block came that is not the one that was due, or has a bad PEC"
    LATE = "it is not done, and the time or the tries for it are over"


class Row(NamedTuple):
    """What is done about it, and where that leads."""

    action: Callable[[SsifHost], None]
    state: State


class SsifHost:
    """One request at a time.

    Args:
        limits: what the controller can do.
        response_s: seconds that it has for a response.

    Attributes:
        limits: the same; a probe changes them.
        state: what the machine is about to do.
    """

    def __init__(self, limits: Limits | None = None, *, response_s: float = RESPONSE_S) -> None:
        self.limits = limits or Limits()
        self._response_s = response_s
        self.state = State.DONE
        self._end: Done | Failed = Done(b"")
        self._head, self._parts, self._at = b"", list[tuple[int, bytes]](), 0
        self._response, self._number = bytearray(), 0
        self._now, self._patience, self._failures = 0.0, Patience(0.0, 0.0), 0
        self._told = False

    def request(self, message: bytes, now: float) -> None:
        """Begin a request; one that is under way is given up, and its response never told.

        Args:
            message: from NetFn/LUN on.
            now: monotonic seconds.

        Raises:
            EncodeError: it is shorter or longer than the controller takes.
        """
        if not SHORTEST <= len(message) <= self.limits.longest:
            raise EncodeError(
                f"a request of {len(message)} bytes; the interface takes {SHORTEST} to {self.limits.longest}"
            )
        self._head = answer_head(message)
        self._parts = parts(message, self.limits.ending)
        self._at, self._failures, self._told = 0, 0, False
        self._end, self.state = Done(b""), State.WRITING

    def step(self, result: Result, now: float) -> Step:
        """Say what comes next; after `Done` and `Failed` they are only said again.

        Args:
            result: what came of the transfer, if the step before was one.
            now: monotonic seconds.
        """
        self._now = now
        if self._told:
            row = self.TABLE[self.state, self._seen(result)]
            self.state = row.state
            row.action(self)
        self._told = self.state is not State.DONE
        return self._act()

    def _act(self) -> Step:
        pec = self.limits.pec
        match self.state:
            case State.DONE:
                return self._end
            case State.WRITING:
                return WriteBlock(*self._parts[self._at], pec)
            case State.READING:
                return ReadBlock(Command.READ_START, pec)
            case State.CONTINUING:
                return ReadBlock(Command.READ_NEXT, pec)
            case State.SEEKING:
                return WriteBlock(Command.READ_RETRY, bytes((self._number,)), pec)
            case _:
                return Wait(RETRY_S)

    # ---- what came of it

    def _seen(self, result: Result) -> Seen:
        block = result if isinstance(result, bytes) else None
        match self.state:
            case State.WRITING:
                if block is None:
                    return self._failed(Seen.REFUSED, WRITE_RETRIES)
                return Seen.MORE if self._at + 1 < len(self._parts) else Seen.DID
            case State.READING:
                return self._seen_first(result)
            case State.CONTINUING:
                return self._seen_next(block)
            case State.SEEKING if block is None:
                return self._failed(Seen.REFUSED, READ_RETRIES)
            case _:
                return Seen.DID

    def _failed(self, seen: Seen, most: int) -> Seen:
        """Count a failure; too many of them are the end."""
        self._failures += 1
        return Seen.LATE if self._failures > most else seen

    def _seen_first(self, result: Result) -> Seen:
        if result is Trouble.BAD_PEC:
            return self._failed(Seen.WRONG, READ_RETRIES)
        block = result if isinstance(result, bytes) else b""
        long = len(block) == BLOCK and block.startswith(START_PATTERN)
        response = block[len(START_PATTERN) :] if long else block
        # QUIRK QEMU's SSIF (7.2) shows the response before this one until the next is there.
        if len(response) < _SHORTEST_RESPONSE or response[:2] != self._head:
            return Seen.LATE if self._patience.over(self._now) else Seen.NOTHING
        self._response, self._number = bytearray(response), 0
        return Seen.PART if long else Seen.WHOLE

    def _seen_next(self, block: bytes | None) -> Seen:
        if not block or block[0] not in (self._number, LAST_BLOCK):
            return self._failed(Seen.WRONG, READ_RETRIES)
        if block[0] == LAST_BLOCK:
            self._response += block[1:]
            return Seen.WHOLE
        if len(block) != 1 + NEXT_PART:
            return self._failed(Seen.WRONG, READ_RETRIES)
        self._response += block[1:]
        self._number += 1
        return Seen.PART

    # ---- actions

    def _nothing(self) -> None:
        """The next state does it."""

    def _next_part(self) -> None:
        self._at += 1

    def _sent(self) -> None:
        self._failures = 0
        self._patience = Patience(self._response_s, self._now)

    def _again(self) -> None:
        """A request is taken whole or not at all: it begins with its first part."""
        self._at = 0

    def _fetched(self) -> None:
        self._end = Done(bytes(self._response))

    def _busy(self) -> None:
        self._end = Failed(Reason.BUSY)

    def _silent(self) -> None:
        self._end = Failed(Reason.SILENT if not self._failures else Reason.CONFUSED)

    def _confused(self) -> None:
        self._end = Failed(Reason.CONFUSED)

    TABLE: ClassVar[dict[tuple[State, Seen], Row]] = {
        (State.WRITING, Seen.MORE): Row(_next_part, State.WRITING),
        (State.WRITING, Seen.DID): Row(_sent, State.READING),
        (State.WRITING, Seen.REFUSED): Row(_again, State.WRITE_PAUSE),
        (State.WRITING, Seen.LATE): Row(_busy, State.DONE),
        (State.WRITE_PAUSE, Seen.DID): Row(_nothing, State.WRITING),
        (State.READING, Seen.NOTHING): Row(_nothing, State.READ_PAUSE),
        (State.READING, Seen.WRONG): Row(_nothing, State.READING),
        (State.READING, Seen.PART): Row(_nothing, State.CONTINUING),
        (State.READING, Seen.WHOLE): Row(_fetched, State.DONE),
        (State.READING, Seen.LATE): Row(_silent, State.DONE),
        (State.READ_PAUSE, Seen.DID): Row(_nothing, State.READING),
        (State.CONTINUING, Seen.PART): Row(_nothing, State.CONTINUING),
        (State.CONTINUING, Seen.WHOLE): Row(_fetched, State.DONE),
        (State.CONTINUING, Seen.WRONG): Row(_nothing, State.SEEKING),
        (State.CONTINUING, Seen.LATE): Row(_confused, State.DONE),
        (State.SEEKING, Seen.DID): Row(_nothing, State.CONTINUING),
        # A controller need not know 0Ah; all of them begin again with the first block.
        (State.SEEKING, Seen.REFUSED): Row(_nothing, State.READING),
        (State.SEEKING, Seen.LATE): Row(_confused, State.DONE),
    }
    """What follows; a state sees what it has a row for, and nothing else."""


_CAPABILITIES: Final = b"\x18\x57\x00"
_DEVICE_ID: Final = b"\x18\x01"
_MULTI, _MULTI_MIDDLE, _PEC = 0x40, 0x80, 0x08
_LEAST_CAPABILITIES: Final = 7
START_AND_END: Final = 63
"""Bytes of a request whose last part is certain to be short (of two parts)."""


class Stage(enum.Enum):
    """What a probe finds out."""

    CAPABILITIES = "Get System Interface Capabilities"
    BY_END = "whether 08h ends a long request"
    BY_SHORT = "whether an empty 07h does"
    TWO_PARTS = "whether a short 07h does"
    FOUND = "nothing more"


class SsifProbe:
    """Finds out what a controller can do, step by step like a request; ends with an empty `Done`.

    A controller that says that it takes long requests is tried with one: Get Device ID with zeros behind it.
    Any answer to that is a good one. The end of the request that leads to an answer is the one that it knows.

    Args:
        host: the machine that sends; it has learned the limits in the end.
        now: monotonic seconds.
    """

    def __init__(self, host: SsifHost, now: float) -> None:
        self._host, self._found = host, Limits()
        self._stage, self._size = Stage.CAPABILITIES, BLOCK
        host.limits = Limits()
        host.request(_CAPABILITIES, now)

    def step(self, result: Result, now: float) -> Step:
        """See `SsifHost.step`."""
        while True:
            step = self._host.step(result, now)
            if self._stage is Stage.FOUND:
                return Done(b"")
            if not isinstance(step, Done | Failed):
                return step
            response = step.message if isinstance(step, Done) else b""
            self._stage = self._learned(response)
            self._try(now)

    def _learned(self, response: bytes) -> Stage:
        """What is to be found out next."""
        if self._stage is Stage.CAPABILITIES:
            return self._capabilities(response)
        if response:
            self._found = self._host.limits
            return Stage.FOUND
        return self.NEXT[self._stage]

    def _capabilities(self, response: bytes) -> Stage:
        """What the controller says of itself; one that says nothing has 32 bytes and no PEC (§12.1)."""
        if len(response) < _LEAST_CAPABILITIES or response[2]:
            return Stage.FOUND
        flags, size = response[4], response[5]
        self._found = Limits(BLOCK, bool(flags & _PEC))
        self._size = min(size, START_AND_END + 1) if flags & 0xC0 == _MULTI else size
        many = flags & 0xC0 in (_MULTI, _MULTI_MIDDLE) and self._size > BLOCK
        return Stage.BY_END if many else Stage.FOUND

    def _try(self, now: float) -> None:
        """Begin what this stage is about, or keep what was found."""
        match self._stage:
            case Stage.BY_END:
                self._send(Limits(self._size, self._found.pec, Ending.END), BLOCK + 1, now)
            case Stage.BY_SHORT:
                self._send(Limits(self._size, self._found.pec, Ending.SHORT), BLOCK * 2, now)
            case Stage.TWO_PARTS:
                longest = min(self._size, START_AND_END)
                self._send(Limits(longest, self._found.pec, Ending.SHORT), BLOCK + 1, now)
            case _:
                self._host.limits = self._found

    def _send(self, limits: Limits, size: int, now: float) -> None:
        self._host.limits = limits
        self._host.request(_DEVICE_ID.ljust(min(size, limits.longest), b"\0"), now)

    NEXT: ClassVar[dict[Stage, Stage]] = {
        Stage.BY_END: Stage.BY_SHORT,
        Stage.BY_SHORT: Stage.TWO_PARTS,
        Stage.TWO_PARTS: Stage.FOUND,
    }
    """What is tried when a long request had no answer."""


def complete(
    machine: SsifHost | SsifProbe,
    transfer: Callable[[WriteBlock | ReadBlock], bytes | Trouble],
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Done | Failed:
    """Do what a machine says until it is over; blocks meanwhile.

    Args:
        machine: with a request begun.
        transfer: does a transfer.
        now: monotonic seconds.
        sleep: lets that many seconds pass.
    """
    result: Result = None
    while True:
        match machine.step(result, now()):
            case (WriteBlock() | ReadBlock()) as wanted:
                result = transfer(wanted)
            case Wait(seconds):
                sleep(seconds)
            case end:
                return end
