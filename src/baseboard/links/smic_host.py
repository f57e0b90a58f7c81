"""SMIC from the host's side (§10.5, §10.6): a transaction for each byte, each with a status that is due."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple

from baseboard.links import host_machine
from baseboard.links.host_machine import PAUSE, Accesses, Done, Failed, Patience, Reason
from baseboard.links.smic import (
    BUSY,
    CONTROL,
    DATA,
    EVT_ATN,
    FLAGS,
    RX_DATA_RDY,
    SMS_ATN,
    TX_DATA_RDY,
    Control,
    Error,
    Status,
)

LARGEST: Final = 80
"""Bytes of the longest request, as Linux's driver has it."""

LONGEST: Final = 1024
"""Bytes of a response after which it cannot be one."""

PATIENCE: Final = 5.0
"""Seconds that the BMC is given for each byte and for its answer."""

TRIES: Final = 4
"""How often one request is begun."""

_ABSENT: Final = 0xFF


class Phase(enum.Enum):
    """Which control code was written last, and what is waited for."""

    OVER = "nothing is under way"
    LOOKING = "only the flags are wanted"
    READY = "before GET_STATUS"
    CHECKED = "GET_STATUS was written"
    STARTED = "WR_START was written"
    WRITING = "WR_NEXT was written"
    WRITTEN = "WR_END was written"
    WAITING = "the request was taken, the answer is due"
    READ_STARTED = "RD_START was written"
    READING = "RD_NEXT was written"
    CLOSING = "RD_END was written"
    ABORTING = "before GET_STATUS, which is to abort"
    ABORTED = "GET_STATUS was written, which is to abort"


class Seen(enum.Enum):
    """The status once BUSY is clear, or what stands in its way."""

    ABSENT = "FFh in the flags, as where nothing is"
    BUSY = "BUSY stands, or the flag that is needed does not"
    FREE = "BUSY is clear, where the status is not looked at"
    READY = "C0h, and no error in Data"
    ERROR = "C0h or C3h with an error in Data"
    WR_START = "C1h, more than one byte of the request being left"
    WR_START_LAST = "C1h, one being left"
    WR_NEXT = "C2h, more than one being left"
    WR_NEXT_LAST = "C2h, one being left"
    WR_END = "C3h"
    RD_START = "C4h"
    RD_NEXT = "C5h"
    RD_END = "C6h"
    OTHER = "any other status"
    TIME = "the time is up"


class Row(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[SmicHost], None]
    phase: Phase


class SmicHost:
    """The machine; see `HostMachine`.

    Args:
        largest: bytes of the longest request.
        patience: seconds for each byte, and for the answer.

    Attributes:
        phase: what is waited for.
        attention: SMS_ATN or EVT_ATN, when the flags were read last.
    """

    size = 3

    def __init__(self, largest: int = LARGEST, patience: float = PATIENCE) -> None:
        self.attention = False
        self.phase = Phase.OVER
        self._largest, self._seconds = largest, patience
        self._message, self._left, self._response = b"", b"", bytearray()
        self._flags = self._status = self._data = 0
        self._accesses = Accesses()
        self._tries = 0
        self._end: Done | Failed = Done(b"")
        self._now, self._patience = 0.0, Patience(0.0, 0.0)

    def request(self, message: bytes, now: float) -> None:
        """See `HostMachine.request`."""
        self._message = host_machine.checked(message, self._largest)
        self._begin(Phase.READY, now)

    def look(self, now: float) -> None:
        """See `HostMachine.look`."""
        self._begin(Phase.LOOKING, now)

    def abort(self, now: float) -> None:
        """See `HostMachine.abort`."""
        self._begin(Phase.ABORTING, now)

    def step(self, value: int, now: float) -> host_machine.Step:
        """See `HostMachine.step`."""
        self._now = now
        self._accesses.told(value)
        step = self._accesses.next()
        if step is None and self.phase is not Phase.OVER:
            self._accesses.read(FLAGS, self._saw_flags)
            step = self._accesses.next()
        return step or self._end

    # ---- inside

    def _begin(self, phase: Phase, now: float) -> None:
        self.phase, self._tries = phase, 0
        self._accesses.clear()
        self._patience = Patience(self._seconds, now)

    def _saw_flags(self, flags: int) -> None:
        """Status and Data may be looked at only while BUSY is clear."""
        self._flags = flags
        if flags == _ABSENT:
            self.attention = False
            self._did(Seen.ABSENT)
            return
        self.attention = bool(flags & (SMS_ATN | EVT_ATN))
        if flags & BUSY:
            self._did(Seen.BUSY)
        elif self.phase in self.BEFORE:
            self._did(Seen.FREE)
        else:
            self._accesses.read(CONTROL, self._saw_status)
            self._accesses.read(DATA, self._saw_data)

    def _saw_status(self, status: int) -> None:
        self._status = status

    def _saw_data(self, data: int) -> None:
        self._data = data
        seen = self._seen()
        needed = self.NEEDED.get((self.phase, seen), 0)
        self._did(seen if self._flags & needed == needed else Seen.BUSY)

    def _seen(self) -> Seen:
        last = len(self._left) == 1
        match self._status:
            case Status.READY | Status.WR_END if self._data != Error.NONE:
                # What GET_STATUS reports happened before.
                asked = self.phase in (Phase.CHECKED, Phase.ABORTED)
                return Seen.READY if asked and self._status == Status.READY else Seen.ERROR
            case Status.WR_START:
                return Seen.WR_START_LAST if last else Seen.WR_START
            case Status.WR_NEXT:
                return Seen.WR_NEXT_LAST if last else Seen.WR_NEXT
            case status:
                return _STATUS.get(status, Seen.OTHER)

    def _did(self, seen: Seen) -> None:
        row = self._row(seen)
        if row.action is SmicHost._wait and self._patience.over(self._now):
            row = self._row(Seen.TIME)
        if row.action is not SmicHost._wait:
            self._patience = Patience(self._seconds, self._now)
            self.phase = row.phase
        row.action(self)

    def _row(self, seen: Seen) -> Row:
        row = self.TABLE.get((self.phase, seen)) or self.ALWAYS.get(seen)
        return row or (self.LOST if self.phase in self.TAKEN else self.FAULT)

    def _control(self, code: Control) -> None:
        self._accesses.write(CONTROL, code)
        self._accesses.write(FLAGS, self._flags | BUSY)

    def _wait(self) -> None:
        if self._patience.pauses():
            self._accesses.wait(PAUSE)

    def _finish_look(self) -> None:
        self._end = Done(b"")

    def _get_status(self) -> None:
        self._control(Control.GET_STATUS)

    def _start(self) -> None:
        self._left = self._message
        self._response.clear()
        self._send(Control.WR_START)

    def _next(self) -> None:
        self._send(Control.WR_NEXT)

    def _last(self) -> None:
        self._send(Control.WR_END)

    def _send(self, code: Control) -> None:
        self._accesses.write(DATA, self._left[0])
        self._left = self._left[1:]
        self._control(code)

    def _await(self) -> None:
        """The request was taken; what is waited for now is RX_DATA_RDY."""

    def _read_start(self) -> None:
        self._control(Control.RD_START)

    def _read_next(self) -> None:
        self._response.append(self._data)
        if len(self._response) > LONGEST:
            self.phase = Phase.OVER
            self._lose()
        else:
            self._control(Control.RD_NEXT)

    def _read_end(self) -> None:
        self._response.append(self._data)
        self._control(Control.RD_END)

    def _finish(self) -> None:
        response = bytes(self._response)
        answered = host_machine.answers(self._message, response)
        self._end = Done(response) if answered else Failed(Reason.LOST)

    def _finish_abort(self) -> None:
        self._end = Done(b"")

    def _absent(self) -> None:
        self._end = Failed(Reason.ABSENT)

    def _stuck(self) -> None:
        self._end = Failed(Reason.BUSY)

    def _fall_silent(self) -> None:
        self._end = Failed(Reason.SILENT)

    def _lose(self) -> None:
        self._end = Failed(Reason.LOST)

    def _again(self) -> None:
        """Begin the request once more, unless its length is the trouble or it was begun often enough."""
        self._tries += 1
        full = self._status == Status.READY and self._data == Error.FULL
        if full or self._tries >= TRIES:
            self.phase = Phase.OVER
            self._end = Failed(Reason.TOO_LONG if full else Reason.CONFUSED)

    # Where we are, what the status says -> what is done, and where that leads.
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Row]] = {
        (Phase.LOOKING, Seen.BUSY): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.FREE): Row(_finish_look, Phase.OVER),
        (Phase.READY, Seen.FREE): Row(_get_status, Phase.CHECKED),
        (Phase.ABORTING, Seen.FREE): Row(_get_status, Phase.ABORTED),
        (Phase.CHECKED, Seen.READY): Row(_start, Phase.STARTED),
        (Phase.STARTED, Seen.WR_START): Row(_next, Phase.WRITING),
        (Phase.STARTED, Seen.WR_START_LAST): Row(_last, Phase.WRITTEN),
        (Phase.WRITING, Seen.WR_NEXT): Row(_next, Phase.WRITING),
        (Phase.WRITING, Seen.WR_NEXT_LAST): Row(_last, Phase.WRITTEN),
        (Phase.WRITTEN, Seen.WR_END): Row(_await, Phase.WAITING),
        (Phase.WAITING, Seen.WR_END): Row(_read_start, Phase.READ_STARTED),
        (Phase.WAITING, Seen.TIME): Row(_fall_silent, Phase.OVER),
        (Phase.READ_STARTED, Seen.RD_START): Row(_read_next, Phase.READING),
        (Phase.READ_STARTED, Seen.TIME): Row(_lose, Phase.OVER),
        (Phase.READING, Seen.RD_NEXT): Row(_read_next, Phase.READING),
        (Phase.READING, Seen.RD_END): Row(_read_end, Phase.CLOSING),
        (Phase.READING, Seen.TIME): Row(_lose, Phase.OVER),
        (Phase.CLOSING, Seen.READY): Row(_finish, Phase.OVER),
        (Phase.CLOSING, Seen.TIME): Row(_lose, Phase.OVER),
        (Phase.ABORTED, Seen.READY): Row(_finish_abort, Phase.OVER),
    }
    ALWAYS: ClassVar[Mapping[Seen, Row]] = {
        Seen.ABSENT: Row(_absent, Phase.OVER),
        Seen.BUSY: Row(_wait, Phase.OVER),
        Seen.TIME: Row(_stuck, Phase.OVER),
    }
    # A status that is not due ends the transfer (§10.7). Once the request was taken it is not sent again.
    FAULT: ClassVar[Row] = Row(_again, Phase.READY)
    LOST: ClassVar[Row] = Row(_lose, Phase.OVER)
    TAKEN: ClassVar = frozenset({Phase.WAITING, Phase.READ_STARTED, Phase.READING, Phase.CLOSING})
    # Before the first control code the status says nothing about it.
    BEFORE: ClassVar = frozenset({Phase.LOOKING, Phase.READY, Phase.ABORTING})
    # The flag that must stand for the next transaction (§10.6).
    NEEDED: ClassVar[Mapping[tuple[Phase, Seen], int]] = {
        (Phase.STARTED, Seen.WR_START): TX_DATA_RDY,
        (Phase.STARTED, Seen.WR_START_LAST): TX_DATA_RDY,
        (Phase.WRITING, Seen.WR_NEXT): TX_DATA_RDY,
        (Phase.WRITING, Seen.WR_NEXT_LAST): TX_DATA_RDY,
        (Phase.WAITING, Seen.WR_END): RX_DATA_RDY,
        (Phase.READ_STARTED, Seen.RD_START): RX_DATA_RDY,
        (Phase.READING, Seen.RD_NEXT): RX_DATA_RDY,
    }


_STATUS: Final[Mapping[int, Seen]] = {
    Status.READY: Seen.READY,
    Status.WR_END: Seen.WR_END,
    Status.RD_START: Seen.RD_START,
    Status.RD_NEXT: Seen.RD_NEXT,
    Status.RD_END: Seen.RD_END,
}
