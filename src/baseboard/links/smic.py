"""SMIC, the server management interface chip, from the management controller's side (§10).

Three registers: Data, Control (written) and Status (read) share an address, Flags. The host writes a byte and
a control code and sets BUSY; the controller takes them, writes status and byte, and clears BUSY. That happens
at once here, so the host never sees BUSY. Only the SMS stream exists.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple

from baseboard.links.registers import OneRequest, Request

DATA, CONTROL, FLAGS = 0, 1, 2
"""Registers; the status is read where the control code is written."""

LARGEST: Final = 80
"""Bytes of the longest request unless something else is told: what Linux's driver can send."""

BUSY, SMS_ATN, EVT_ATN, TX_DATA_RDY, RX_DATA_RDY = 0x01, 0x04, 0x08, 0x40, 0x80
"""Bits of the flags register (Table 10-1)."""

_EVENT_BUFFER_FULL: Final = 0x02
_OTHER_STREAM: Final = range(0x60, 0x80)


class Control(enum.IntEnum):
    """Control codes of the SMS stream (Table 10-2)."""

    GET_STATUS = 0x40
    WR_START = 0x41
    WR_NEXT = 0x42
    WR_END = 0x43
    RD_START = 0x44
    RD_NEXT = 0x45
    RD_END = 0x46


class Status(enum.IntEnum):
    """Status codes of the SMS stream (Table 10-3)."""

    READY = 0xC0
    WR_START = 0xC1
    WR_NEXT = 0xC2
    WR_END = 0xC3
    RD_START = 0xC4
    RD_NEXT = 0xC5
    RD_END = 0xC6


class Error(enum.IntEnum):
    """What Data says beside READY (Table 10-4)."""

    NONE = 0x00
    ABORTED = 0x01
    ILLEGAL = 0x02
    NO_RESPONSE = 0x03
    ILLEGAL_COMMAND = 0x04
    FULL = 0x05


class Phase(enum.Enum):
    """How far a transfer is."""

    READY = "nothing is in progress"
    WRITING = "the request comes in"
    WORKING = "the request is with the controller"
    ANSWERED = "the response can be read"
    READING = "the response goes out"
    READ = "the last byte of the response was shown"


class Seen(enum.Enum):
    """The control code with which the host set BUSY, or the answer of the controller."""

    GET_STATUS = "40h"
    WR_START = "41h"
    WR_NEXT = "42h"
    WR_END = "43h"
    RD_START = "44h"
    RD_NEXT = "45h, more than one byte of the response being left"
    RD_LAST = "45h, one byte being left, or none"
    RD_END = "46h"
    SURPLUS = "42h or 43h, and the request is as long as can be"
    STREAM = "a code of the SMM stream"
    ILLEGAL = "any other code"
    ANSWER = "the answer"


class Step(NamedTuple):
    """The status that is shown, what is done, and where that leads."""

    status: Status
    action: Callable[[Smic], None]
    phase: Phase


class Smic:
    """The interface's hardware with a controller behind it; see `RegisterModel`.

    Args:
        request: takes each request that has come in; the answer goes to `answer`.
        largest: bytes of the longest request.

    Attributes:
        phase: how far a transfer is.
    """

    size = 3

    def __init__(self, request: Request, largest: int = LARGEST) -> None:
        self._deliver, self._largest = request, largest
        self._one = OneRequest()
        self._flags, self._interrupts = 0, False
        self.reset()

    def reset(self) -> None:
        """The controller starts."""
        self.phase = Phase.READY
        self._status, self._error = Status.READY, Error.NONE
        self._data = self._code = 0
        self._message, self._response = bytearray(), bytearray()
        self._one.clear()

    @property
    def interrupt(self) -> bool:
        """The attention bits are what interrupts."""
        return self._interrupts and self._flags != 0

    def read(self, register: int) -> int:
        """The host reads Data, Status or Flags."""
        if register == FLAGS:
            return _READY_FLAGS[self.phase] | self._attention()
        return self._data if register == DATA else self._status

    def write(self, register: int, value: int) -> None:
        """The host writes Data, Control or Flags; only setting BUSY has an effect (§10.3)."""
        if register == DATA:
            self._data = value
        elif register == CONTROL:
            self._code = value
        elif value & BUSY:
            self._step(self._seen())

    def answer(self, message: bytes) -> None:
        """See `RegisterModel.answer`."""
        if self._one.wanted(message):
            self._response[:] = message
            self._step(Seen.ANSWER)

    def attention(self, flags: int, *, interrupts: bool) -> None:
        """See `RegisterModel.attention`."""
        self._flags, self._interrupts = flags, interrupts

    # ---- inside

    def _attention(self) -> int:
        """The event buffer has a bit of its own; SMS_ATN tells of everything else."""
        events, others = self._flags & _EVENT_BUFFER_FULL, self._flags & ~_EVENT_BUFFER_FULL
        return bool(events) * EVT_ATN | bool(others) * SMS_ATN

    def _seen(self) -> Seen:
        seen = _CODES.get(self._code, Seen.ILLEGAL)
        if self._code in _OTHER_STREAM:
            return Seen.STREAM
        if seen is Seen.RD_NEXT and len(self._response) < _MORE:
            return Seen.RD_LAST
        if seen in (Seen.WR_NEXT, Seen.WR_END) and len(self._message) >= self._largest:
            return Seen.SURPLUS
        return seen

    def _step(self, seen: Seen) -> None:
        step = self.TABLE.get((self.phase, seen)) or self.ALWAYS[seen]
        self._status, self.phase = step.status, step.phase
        step.action(self)

    def _begin(self) -> None:
        self._drop()
        self._error = Error.NONE
        self._take()

    def _take(self) -> None:
        self._message.append(self._data)

    def _send(self) -> None:
        self._message.append(self._data)
        request = bytes(self._message)
        self._message.clear()
        self._data = Error.NONE
        self._one.sent(request)
        self._deliver(request)

    def _ready(self) -> None:
        """RX_DATA_RDY rises; Data and Status stay."""

    def _give(self) -> None:
        self._data = self._response.pop(0)

    def _end(self) -> None:
        self._data = Error.NONE

    def _tell(self) -> None:
        """The code of the last error, once."""
        self._data, self._error = self._error, Error.NONE

    def _abort(self) -> None:
        self._fail(Error.ABORTED)
        self._tell()

    def _illegal(self) -> None:
        self._fail(Error.ILLEGAL)

    def _overrun(self) -> None:
        self._fail(Error.FULL)

    def _fail(self, error: Error) -> None:
        self._drop()
        self._data = self._error = error

    def _drop(self) -> None:
        """Nothing is left of what was in progress; a late answer is not shown."""
        self._message.clear()
        self._response.clear()
        self._one.give_up()

    # In a phase: the control code -> the status shown, what is done, where that leads (§10.6, §10.7).
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.READY, Seen.GET_STATUS): Step(Status.READY, _tell, Phase.READY),
        (Phase.WRITING, Seen.WR_NEXT): Step(Status.WR_NEXT, _take, Phase.WRITING),
        (Phase.WRITING, Seen.WR_END): Step(Status.WR_END, _send, Phase.WORKING),
        (Phase.WRITING, Seen.SURPLUS): Step(Status.READY, _overrun, Phase.READY),
        (Phase.WORKING, Seen.ANSWER): Step(Status.WR_END, _ready, Phase.ANSWERED),
        (Phase.ANSWERED, Seen.RD_START): Step(Status.RD_START, _give, Phase.READING),
        (Phase.READING, Seen.RD_NEXT): Step(Status.RD_NEXT, _give, Phase.READING),
        (Phase.READING, Seen.RD_LAST): Step(Status.RD_END, _give, Phase.READ),
        (Phase.READ, Seen.RD_END): Step(Status.READY, _end, Phase.READY),
    }
    # In every other phase: a new request is always legal, and everything else ends what is in progress.
    ALWAYS: ClassVar[Mapping[Seen, Step]] = {
        Seen.WR_START: Step(Status.WR_START, _begin, Phase.WRITING),
        Seen.GET_STATUS: Step(Status.READY, _abort, Phase.READY),
        Seen.WR_NEXT: Step(Status.READY, _illegal, Phase.READY),
        Seen.WR_END: Step(Status.READY, _illegal, Phase.READY),
        Seen.RD_START: Step(Status.READY, _illegal, Phase.READY),
        Seen.RD_NEXT: Step(Status.READY, _illegal, Phase.READY),
        Seen.RD_LAST: Step(Status.READY, _illegal, Phase.READY),
        Seen.RD_END: Step(Status.READY, _illegal, Phase.READY),
        Seen.STREAM: Step(Status.READY, _abort, Phase.READY),
        Seen.ILLEGAL: Step(Status.READY, _illegal, Phase.READY),
    }


_MORE: Final = 2
_CODES: Final[Mapping[int, Seen]] = {code: Seen[code.name] for code in Control}
# RX_DATA_RDY stands with the status READY too (§10.4).
_READY_FLAGS: Final[Mapping[Phase, int]] = {
    Phase.READY: RX_DATA_RDY | TX_DATA_RDY,
    Phase.WRITING: TX_DATA_RDY,
    Phase.WORKING: 0,
    Phase.ANSWERED: RX_DATA_RDY,
    Phase.READING: RX_DATA_RDY,
    Phase.READ: RX_DATA_RDY,
}
