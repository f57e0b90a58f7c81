"""KCS, the keyboard controller style interface, from the management controller's side (§9).

Two addresses are four registers: the host reads Data_Out and Status, and writes Data_In and Command. What the
host writes takes effect at once here, so it never sees IBF. The order of §9.11 holds all the same: the state
bits stand before the byte is taken, and the byte is taken before it has any effect.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple

from baseboard.links.registers import OneRequest, Request

DATA, COMMAND = 0, 1
"""Registers: Data_In and Data_Out; Command and Status."""

LARGEST: Final = 272
"""Bytes of the longest request unless something else is told: what Linux's driver can send."""

OBF, IBF, SMS_ATN, CONTROL = 0x01, 0x02, 0x04, 0x08
"""Bits of the status register (Table 9-1); CONTROL is C/D#, the host's last write was to Command."""


class State(enum.IntEnum):
    """S1 and S0 of the status register (Table 9-2)."""

    IDLE = 0x00
    READ = 0x40
    WRITE = 0x80
    ERROR = 0xC0


class Code(enum.IntEnum):
    """Control codes (Table 9-3); READ goes to Data_In, the others to Command."""

    GET_STATUS = 0x60
    WRITE_START = 0x61
    WRITE_END = 0x62
    READ = 0x68


class Error(enum.IntEnum):
    """Interface status codes, which GET_STATUS reads (Table 9-4)."""

    NONE = 0x00
    ABORTED = 0x01
    ILLEGAL = 0x02
    LENGTH = 0x06


class Phase(enum.Enum):
    """How far a transfer is."""

    IDLE = "nothing is in progress"
    WRITE_START = "WRITE_START was written, no byte yet"
    WRITE_DATA = "the request comes in"
    WRITE_END = "WRITE_END was written, the last byte is due"
    WORKING = "the request is with the controller"
    READING = "the response goes out"
    ABORTING = "GET_STATUS was written, a byte of 00h is due"
    STATUS = "the status code goes out"
    ERROR = "an error, or the controller has just started"


class Seen(enum.Enum):
    """What happened: what the host wrote, or the answer of the controller."""

    START = "61h to Command"
    END = "62h to Command"
    ABORT = "60h to Command"
    ILLEGAL = "anything else to Command"
    DATA = "a byte to Data_In"
    NEXT = "68h to Data_In, bytes of the response being left"
    LAST = "68h to Data_In, none being left"
    SURPLUS = "a byte to Data_In, and the request is as long as can be"
    ANSWER = "the answer"


class Step(NamedTuple):
    """The state bits that are shown, what is done, and where that leads."""

    state: State
    action: Callable[[Kcs], None]
    phase: Phase


class Kcs:
    """The interface's hardware with a controller behind it; see `RegisterModel`.

    Args:
        request: takes each request that has come in; the answer goes to `answer`.
        largest: bytes of the longest request.

    Attributes:
        phase: how far a transfer is.
    """

    size = 2

    def __init__(self, request: Request, largest: int = LARGEST) -> None:
        self._deliver, self._largest = request, largest
        self._one = OneRequest()
        self._flags, self._interrupts = 0, False
        self._raised = False
        self.reset()

    def reset(self) -> None:
        """The controller starts: ERROR_STATE tells the host so (§9.7)."""
        self.phase = Phase.ERROR
        self._state, self._error = State.ERROR, Error.NONE
        self._in, self._control = 0, False
        self._message, self._response = bytearray(), bytearray()
        self._one.clear()
        self._show(0)

    @property
    def interrupt(self) -> bool:
        """OBF is what interrupts (§9.12)."""
        return self._interrupts and self._full

    def read(self, register: int) -> int:
        """The host reads Data_Out, which empties it, or Status."""
        if register == DATA:
            self._full = self._raised = False
            return self._out
        return self._state | self._control * CONTROL | bool(self._flags) * SMS_ATN | self._full * OBF

    def write(self, register: int, value: int) -> None:
        """The host writes Data_In or Command."""
        self._in, self._control = value, register == COMMAND
        self._step(_CONTROL.get(value, Seen.ILLEGAL) if self._control else self._data(value))

    def answer(self, message: bytes) -> None:
        """See `RegisterModel.answer`."""
        if self._one.wanted(message):
            self._response[:] = message
            self._step(Seen.ANSWER)

    def attention(self, flags: int, *, interrupts: bool) -> None:
        """See `RegisterModel.attention`."""
        rising = flags and not (self._flags and self._interrupts) and interrupts
        self._flags, self._interrupts = flags, interrupts
        if rising and self.phase is Phase.IDLE and not self._full:
            # The interrupt outside of a transfer is a dummy byte (§9.12).
            self._show(0)
            self._raised = True
        elif self._raised and not flags:
            self._full = self._raised = False

    # ---- inside

    def _data(self, value: int) -> Seen:
        """Tell one byte to Data_In from another."""
        if len(self._message) >= self._largest:
            return Seen.SURPLUS
        if value == Code.READ:
            return Seen.NEXT if self._response else Seen.LAST
        return Seen.DATA

    def _step(self, seen: Seen) -> None:
        step = self.TABLE.get((self.phase, seen)) or self.ALWAYS.get(seen) or self.ERROR[seen]
        self._state, self.phase = step.state, step.phase
        step.action(self)

    def _show(self, value: int) -> None:
        """Write Data_Out; a dummy byte only tells that there is something to see (§9.11)."""
        self._out, self._full, self._raised = value, True, False

    def _begin(self) -> None:
        self._drop()
        self._error = Error.NONE
        self._show(0)

    def _take(self) -> None:
        self._message.append(self._in)
        self._show(0)

    def _end(self) -> None:
        self._show(0)

    def _send(self) -> None:
        """The request is whole; OBF stays clear until the response's first byte."""
        self._message.append(self._in)
        request = bytes(self._message)
        self._message.clear()
        self._full = False
        self._one.sent(request)
        self._deliver(request)

    def _give(self) -> None:
        self._show(self._response.pop(0))

    def _idle(self) -> None:
        """The dummy byte stands for a flag that came up meanwhile, too (§9.12)."""
        self._show(0)

    def _abort(self) -> None:
        self._fail(Error.ABORTED)

    def _ask(self) -> None:
        self._show(0)

    def _status(self) -> None:
        code, self._error = self._error, Error.NONE
        self._show(code)

    def _illegal(self) -> None:
        self._fail(Error.ILLEGAL)

    def _overrun(self) -> None:
        self._fail(Error.LENGTH)

    def _fail(self, error: Error) -> None:
        self._drop()
        self._error = error
        self._show(0)

    def _drop(self) -> None:
        """Nothing is left of what was in progress; a late answer is not shown."""
        self._message.clear()
        self._response.clear()
        self._one.give_up()

    # In a phase: what the host did -> state bits shown, what is done, where that leads (figures 9-6 and 9-7).
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.WRITE_START, Seen.DATA): Step(State.WRITE, _take, Phase.WRITE_DATA),
        (Phase.WRITE_START, Seen.LAST): Step(State.WRITE, _take, Phase.WRITE_DATA),
        (Phase.WRITE_START, Seen.ABORT): Step(State.WRITE, _abort, Phase.ABORTING),
        (Phase.WRITE_DATA, Seen.DATA): Step(State.WRITE, _take, Phase.WRITE_DATA),
        (Phase.WRITE_DATA, Seen.LAST): Step(State.WRITE, _take, Phase.WRITE_DATA),
        (Phase.WRITE_DATA, Seen.END): Step(State.WRITE, _end, Phase.WRITE_END),
        (Phase.WRITE_DATA, Seen.ABORT): Step(State.WRITE, _abort, Phase.ABORTING),
        (Phase.WRITE_END, Seen.DATA): Step(State.READ, _send, Phase.WORKING),
        (Phase.WRITE_END, Seen.LAST): Step(State.READ, _send, Phase.WORKING),
        (Phase.WRITE_END, Seen.ABORT): Step(State.WRITE, _abort, Phase.ABORTING),
        (Phase.WORKING, Seen.ANSWER): Step(State.READ, _give, Phase.READING),
        (Phase.WORKING, Seen.ABORT): Step(State.WRITE, _abort, Phase.ABORTING),
        (Phase.READING, Seen.NEXT): Step(State.READ, _give, Phase.READING),
        (Phase.READING, Seen.LAST): Step(State.IDLE, _idle, Phase.IDLE),
        (Phase.READING, Seen.ABORT): Step(State.WRITE, _abort, Phase.ABORTING),
        # The host writes 00h here; any byte does.
        (Phase.ABORTING, Seen.DATA): Step(State.READ, _status, Phase.STATUS),
        (Phase.ABORTING, Seen.LAST): Step(State.READ, _status, Phase.STATUS),
        (Phase.STATUS, Seen.LAST): Step(State.IDLE, _idle, Phase.IDLE),
    }
    # What is legal in every phase; with nothing in progress GET_STATUS leaves the code of the last error.
    ALWAYS: ClassVar[Mapping[Seen, Step]] = {
        Seen.START: Step(State.WRITE, _begin, Phase.WRITE_START),
        Seen.ABORT: Step(State.WRITE, _ask, Phase.ABORTING),
    }
    # What is left is an error, the code of which GET_STATUS reads.
    ERROR: ClassVar[Mapping[Seen, Step]] = {
        Seen.END: Step(State.ERROR, _illegal, Phase.ERROR),
        Seen.ILLEGAL: Step(State.ERROR, _illegal, Phase.ERROR),
        Seen.DATA: Step(State.ERROR, _illegal, Phase.ERROR),
        Seen.NEXT: Step(State.ERROR, _illegal, Phase.ERROR),
        Seen.LAST: Step(State.ERROR, _illegal, Phase.ERROR),
        Seen.SURPLUS: Step(State.ERROR, _overrun, Phase.ERROR),
    }


_CONTROL: Final[Mapping[int, Seen]] = {
    Code.GET_STATUS: Seen.ABORT,
    Code.WRITE_START: Seen.START,
    Code.WRITE_END: Seen.END,
}
