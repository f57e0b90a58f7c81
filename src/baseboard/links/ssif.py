"""The SMBus System Interface, from the management controller's side (§12): blocks written and blocks read.

::

    02h              a request of up to 32 bytes
    06h 07h.. 08h    a longer one: 32 bytes, 32 bytes as often as it takes, the rest
    03h              the response; of one longer than 32 bytes 00h 01h and its first 30 bytes
    09h..            block number 00h 01h.. and 31 bytes each; FFh and the rest
    0Ah              number of the block that the next 09h shall read

The end of a long request is 08h with any count, or 07h with less than 32 bytes: part of the specification's
text has the one, part the other, and so have the hosts. While there is no response, reads are not
acknowledged; a new request puts an end to the one before it, and to its response.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple

from baseboard.links.registers import OneRequest, Request, answer_head
from baseboard.links.smbus import BLOCK, pec, read_head, write_head

ADDRESS: Final = 0x10
"""Where a BMC is on the bus unless the host is told otherwise, 7 bits (§12.2)."""

START_PATTERN: Final = b"\x00\x01"
LAST_BLOCK: Final = 0xFF
FIRST_PART, NEXT_PART = BLOCK - 2, BLOCK - 1
"""Bytes of a response in its first block and in the others."""

_SHORTEST: Final = 2
_LENGTH_LIMIT, _CANNOT_RETURN = 0xC8, 0xCA


class Command(enum.IntEnum):
    """SMBus commands of SSIF (§12, summary)."""

    SINGLE_WRITE = 0x02
    READ_START = 0x03
    WRITE_START = 0x06
    WRITE_MIDDLE = 0x07
    WRITE_END = 0x08
    READ_NEXT = 0x09
    READ_RETRY = 0x0A


class State(enum.Enum):
    """How far an exchange is."""

    IDLE = "nothing is in progress"
    GATHERING = "parts of a request come in"
    WORKING = "the request is with the controller"
    READY = "the response may be read"


class Seen(enum.Enum):
    """What the host wrote, or what the controller did."""

    SINGLE = "a whole request"
    START = "the first part of a request"
    MIDDLE = "a part of 32 bytes"
    END = "the last part"
    BROKEN = "a block with a bad PEC, or one that cannot be"
    RETRY = "which block to read again"
    ANSWER = "the response"
    RESET = "the system or the controller was reset"


class Step(NamedTuple):
    """What is done, whether the write is acknowledged, and where that leads."""

    action: Callable[[SsifTarget], None]
    acknowledged: bool
    state: State


def blocks(message: bytes) -> list[bytes]:
    """A response as the blocks in which it is read (§12.5)."""
    if len(message) <= BLOCK:
        return [message]
    parts = [message[at : at + NEXT_PART] for at in range(FIRST_PART, len(message), NEXT_PART)]
    numbers = [*range(len(parts) - 1), LAST_BLOCK]
    return [
        START_PATTERN + message[:FIRST_PART],
        *(bytes((number,)) + part for number, part in zip(numbers, parts, strict=True)),
    ]


class SsifTarget:
    """An SSIF with a controller behind it, on a bus that somebody else has.

    Args:
        request: takes each request that has come in; the answer goes to `answer`.
        address: on the bus, 7 bits.
        pec: whether packet error codes are understood.
        input_size: bytes of the longest request.
        output_size: bytes of the longest response.

    Attributes:
        address: on the bus, 7 bits.
        state: how far an exchange is.
        alert: whether SMBALERT# is pulled: message flags stand or a response is ready, and interrupts are
            wanted.
    """

    def __init__(
        self,
        request: Request,
        *,
        address: int = ADDRESS,
        pec: bool = True,
        input_size: int = 255,
        output_size: int = 255,
    ) -> None:
        self._deliver, self.address, self._understands_pec = request, address, pec
        self._input_size, self._output_size = input_size, output_size
        self._one = OneRequest()
        self.state = State.IDLE
        self.alert = False
        self._flags, self._interrupts = 0, False
        self._sends_pec = False
        self._part, self._message = b"", bytearray()
        self._blocks: list[bytes] = []
        self._at = 0

    # ---- the bus

    def write(self, wire: bytes) -> bool:
        """The host writes a block.

        Args:
            wire: what follows the address: command, count, the block, and the PEC if the host sends it; or
                nothing, when it only looks who is there.

        Returns: whether it is acknowledged.
        """
        if not wire:
            return True
        seen = self._judge(wire)
        return seen is not None and self._step(seen)

    def read(self, command: int) -> bytes | None:
        """The host reads a block.

        Returns: count and block, and the PEC once a request has come with one; None = not acknowledged.
        """
        if self.state is not State.READY:
            return None
        if command == Command.READ_START:
            self._at = 0
        elif command != Command.READ_NEXT or not 0 < self._at < len(self._blocks):
            return None
        block = self._blocks[self._at]
        self._at += 1
        self._alert_if(rising=False)
        wire = bytes((len(block), *block))
        if self._sends_pec:
            wire += bytes((pec(read_head(self.address, command) + wire),))
        return wire

    def respond_to_alert(self) -> int | None:
        """The host asks at the Alert Response Address who pulls SMBALERT#; whoever answers lets go (§12.9).

        Returns: the address in the upper 7 bits; None = not this one.
        """
        if not self.alert:
            return None
        self.alert = False
        return self.address << 1

    # ---- the controller

    def answer(self, message: bytes) -> None:
        """The response to a request, from NetFn/LUN on; dropped unless the host waits for it."""
        if self._one.wanted(message):
            if len(message) > self._output_size:
                message = bytes((*message[:2], _CANNOT_RETURN))
            self._blocks = blocks(message)
            self._step(Seen.ANSWER)

    def attention(self, flags: int, *, interrupts: bool) -> None:
        """The message flags that stand, and whether the host wants to be alerted."""
        rising = interrupts and bool(flags & ~self._flags or (flags and not self._interrupts))
        self._flags, self._interrupts = flags, interrupts
        self._alert_if(rising=rising)

    def reset(self) -> None:
        """Nothing is in progress."""
        self._step(Seen.RESET)

    # ---- inside

    def _judge(self, wire: bytes) -> Seen | None:
        """Tell one write from another; None = a command that there is not."""
        command = wire[0]
        if command not in _WRITES:
            return None
        count = wire[1] if len(wire) > 1 else -1
        self._part, code = wire[2 : 2 + count], wire[2 + count :] if count >= 0 else b""
        coded = len(code) == 1 and self._understands_pec
        if count > BLOCK or len(self._part) != count or (code and not coded):
            return Seen.BROKEN
        if coded and pec(write_head(self.address) + wire):
            return Seen.BROKEN
        self._sends_pec = coded
        return self._kind(command, count)

    @staticmethod
    def _kind(command: int, count: int) -> Seen:
        match command:
            case Command.SINGLE_WRITE:
                return Seen.SINGLE if count >= _SHORTEST else Seen.BROKEN
            case Command.WRITE_START:
                return Seen.START if count == BLOCK else Seen.BROKEN
            case Command.READ_RETRY:
                return Seen.RETRY if count == 1 else Seen.BROKEN
            case Command.WRITE_MIDDLE if count == BLOCK:
                return Seen.MIDDLE
            case _:
                return Seen.END

    def _step(self, seen: Seen) -> bool:
        step = self.TABLE.get((self.state, seen)) or self.ALWAYS[seen]
        self.state = step.state
        step.action(self)
        return step.acknowledged

    def _nothing(self) -> None:
        """There is nothing to do."""

    def _drop(self) -> None:
        """Nothing is left of what was in progress; a late answer is not shown."""
        self._message.clear()
        self._blocks = []
        self._at = 0
        self._one.give_up()
        self._alert_if(rising=False)

    def _begin(self) -> None:
        self._drop()
        self._take()

    def _take(self) -> None:
        """Keep a part; of one that is too much only that it was there."""
        self._message += self._part[: self._input_size + 1 - len(self._message)]

    def _whole(self) -> None:
        self._begin()
        self._send()

    def _end(self) -> None:
        self._take()
        self._send()

    def _send(self) -> None:
        request = bytes(self._message)
        self._message.clear()
        self._one.sent(request)
        if len(request) > self._input_size:
            self.answer(answer_head(request) + bytes((_LENGTH_LIMIT,)))
        else:
            self._deliver(request)

    def _show(self) -> None:
        self._alert_if(rising=self._interrupts)

    def _seek(self) -> None:
        """Go back to a block by its number, the last one also by that which the host was waiting for."""
        number, last = self._part[0], len(self._blocks) - 1
        self._at = last if number == LAST_BLOCK else min(number, last) + 1

    def _restart(self) -> None:
        self._drop()
        self._one.clear()
        self._sends_pec = False

    def _alert_if(self, *, rising: bool) -> None:
        """Pull SMBALERT# for a new cause, and let go when there is none any more."""
        unread = self.state is State.READY and not self._at
        self.alert = (rising or self.alert) and self._interrupts and bool(self._flags or unread)

    ALWAYS: ClassVar[dict[Seen, Step]] = {
        Seen.SINGLE: Step(_whole, True, State.WORKING),
        Seen.START: Step(_begin, True, State.GATHERING),
        Seen.MIDDLE: Step(_nothing, False, State.IDLE),
        Seen.END: Step(_nothing, False, State.IDLE),
        Seen.BROKEN: Step(_drop, False, State.IDLE),
        Seen.RETRY: Step(_drop, False, State.IDLE),
        Seen.RESET: Step(_restart, True, State.IDLE),
    }
    """What is done unless a row below says otherwise: a request begins, a part without its start is none."""

    TABLE: ClassVar[dict[tuple[State, Seen], Step]] = {
        (State.GATHERING, Seen.MIDDLE): Step(_take, True, State.GATHERING),
        (State.GATHERING, Seen.END): Step(_end, True, State.WORKING),
        # A part that belongs to no request leaves what is in progress alone.
        (State.WORKING, Seen.MIDDLE): Step(_nothing, False, State.WORKING),
        (State.WORKING, Seen.END): Step(_nothing, False, State.WORKING),
        (State.WORKING, Seen.RETRY): Step(_nothing, False, State.WORKING),
        (State.WORKING, Seen.ANSWER): Step(_show, True, State.READY),
        (State.READY, Seen.MIDDLE): Step(_nothing, False, State.READY),
        (State.READY, Seen.END): Step(_nothing, False, State.READY),
        (State.READY, Seen.RETRY): Step(_seek, True, State.READY),
    }
    """What follows; ANSWER comes while the controller works, and not otherwise."""


_WRITES: Final = frozenset(Command) - {Command.READ_START, Command.READ_NEXT}
