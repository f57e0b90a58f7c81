"""KCS from the host's side (§9.15 to §9.19): polls the status, byte by byte, and recovers from errors."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple

from baseboard.links import host_machine
from baseboard.links.host_machine import PAUSE, Accesses, Done, Failed, Patience, Reason
from baseboard.links.kcs import COMMAND, DATA, IBF, OBF, SMS_ATN, Code, Error, State

LARGEST: Final = 272
"""Bytes of the longest request, as Linux's driver has it."""

LONGEST: Final = 1024
"""Bytes of a response after which it cannot be one."""

PATIENCE: Final = 5.0
"""Seconds that the BMC is given for each byte and for its answer (§9.15)."""

RECOVERIES: Final = 3
"""How often an error is recovered from in one request."""

_STATE, _ABSENT = 0xC0, 0xFF


class Phase(enum.Enum):
    """What was done last, and what is waited for."""

    OVER = "nothing is under way"
    LOOKING = "only the status is wanted"
    READY = "before the request"
    STARTED = "WRITE_START was written"
    WRITING = "a byte of the request was written"
    ENDING = "WRITE_END was written"
    READING = "the last byte, or READ, was written"
    ABORTING = "before GET_STATUS"
    ABORTED = "GET_STATUS was written"
    STATUS = "00h was written for the status code"
    CLOSING = "the status code was read, and READ written"


class Seen(enum.Enum):
    """What the status register says, or that it has not changed for too long."""

    ABSENT = "FFh, as where nothing is"
    BUSY = "IBF: the last byte was not taken yet"
    IDLE = "IDLE_STATE"
    WRITE = "WRITE_STATE, more than one byte being left"
    WRITE_LAST = "WRITE_STATE, the last byte being left"
    READ = "READ_STATE without OBF"
    FULL = "READ_STATE and OBF"
    ERROR = "ERROR_STATE"
    TIME = "the time is up"


class Row(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[KcsHost], None]
    phase: Phase


class KcsHost:
    """The machine; see `HostMachine`.

    Args:
        largest: bytes of the longest request.
        patience: seconds for each byte, and for the answer.

    Attributes:
        phase: what is waited for.
        attention: SMS_ATN, when the status was read last.
    """

    size = 2

    def __init__(self, largest: int = LARGEST, patience: float = PATIENCE) -> None:
        self.attention = False
        self.phase = Phase.OVER
        self._largest, self._seconds = largest, patience
        self._message, self._left, self._response = b"", b"", bytearray()
        self._status = 0
        self._accesses = Accesses()
        self._recoveries = 0
        self._end: Done | Failed = Done(b"")
        self._then: Done | Failed | None = None
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
        self._then = Done(b"")

    def step(self, value: int, now: float) -> host_machine.Step:
        """See `HostMachine.step`."""
        self._now = now
        self._accesses.told(value)
        step = self._accesses.next()
        if step is None and self.phase is not Phase.OVER:
            self._accesses.read(COMMAND, self._look)
            step = self._accesses.next()
        return step or self._end

    # ---- inside

    def _begin(self, phase: Phase, now: float) -> None:
        self.phase, self._recoveries, self._then = phase, 0, None
        self._accesses.clear()
        self._patience = Patience(self._seconds, now)

    def _look(self, status: int) -> None:
        """The status was read."""
        self._status = status
        row = self._row(self._seen(status))
        if row.action is KcsHost._wait and self._patience.over(self._now):
            row = self._row(Seen.TIME)
        if row.action is not KcsHost._wait:
            self.attention = bool(status & SMS_ATN) and status != _ABSENT
            self._patience = Patience(self._seconds, self._now)
            self.phase = row.phase
        row.action(self)

    def _row(self, seen: Seen) -> Row:
        return self.TABLE.get((self.phase, seen)) or self.ALWAYS.get(seen) or self.FAULT

    def _seen(self, status: int) -> Seen:
        if status == _ABSENT:
            return Seen.ABSENT
        if status & IBF:
            return Seen.BUSY
        match status & _STATE:
            case State.WRITE:
                return Seen.WRITE_LAST if len(self._left) == 1 else Seen.WRITE
            case State.READ:
                return Seen.FULL if status & OBF else Seen.READ
            case State.IDLE:
                return Seen.IDLE
            case _:
                return Seen.ERROR

    def _clear(self) -> None:
        """Read what stands in Data_Out, if anything does, and forget it."""
        if self._status & OBF:
            self._accesses.read(DATA)

    def _wait(self) -> None:
        if self._patience.pauses():
            self._accesses.wait(PAUSE)

    def _start(self) -> None:
        self._left = self._message
        self._response.clear()
        self._clear()
        self._accesses.write(COMMAND, Code.WRITE_START)

    def _send(self) -> None:
        self._clear()
        self._accesses.write(DATA, self._left[0])
        self._left = self._left[1:]

    def _send_end(self) -> None:
        self._clear()
        self._accesses.write(COMMAND, Code.WRITE_END)

    def _receive(self) -> None:
        self._accesses.read(DATA, self._received)

    def _received(self, value: int) -> None:
        self._response.append(value)
        if len(self._response) > LONGEST:
            self.phase = Phase.ABORTING
            self._lose()
        else:
            self._accesses.write(DATA, Code.READ)

    def _finish(self) -> None:
        """Some hardware leaves the dummy byte out: it is not waited for."""
        self._clear()
        response = bytes(self._response)
        answered = host_machine.answers(self._message, response)
        self._end = Done(response) if answered else Failed(Reason.LOST)

    def _finish_look(self) -> None:
        self._end = Done(b"")

    def _absent(self) -> None:
        self._end = Failed(Reason.ABSENT)

    def _stuck(self) -> None:
        self._give_up(Reason.BUSY)

    def _give_up(self, reason: Reason) -> None:
        """An error before, which was to be told after the recovery, says more."""
        self._end = self._then if isinstance(self._then, Failed) else Failed(reason)

    def _recover(self) -> None:
        """Abort what is in progress (figure 9-9), unless that was done often enough."""
        self._recoveries += 1
        if self._recoveries > RECOVERIES:
            self.phase = Phase.OVER
            self._give_up(Reason.CONFUSED)

    def _lose(self) -> None:
        self._then = Failed(Reason.LOST)
        self._recover()

    def _fall_silent(self) -> None:
        self._then = Failed(Reason.SILENT)
        self._recover()

    def _abort(self) -> None:
        self._accesses.write(COMMAND, Code.GET_STATUS)

    def _ask_status(self) -> None:
        self._clear()
        self._accesses.write(DATA, 0)

    def _receive_status(self) -> None:
        self._accesses.read(DATA, self._received_status)

    def _received_status(self, code: int) -> None:
        if code == Error.LENGTH and self._then != Done(b""):
            self._then = Failed(Reason.TOO_LONG)
        self._accesses.write(DATA, Code.READ)

    def _recovered(self) -> None:
        """Back to the request, if that is still wanted."""
        self._clear()
        if self._then is not None:
            self.phase, self._end = Phase.OVER, self._then

    # Where we are, what the status says -> what is done, and where that leads (figures 9-8 and 9-9).
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Row]] = {
        (Phase.LOOKING, Seen.BUSY): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.IDLE): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.WRITE): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.WRITE_LAST): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.READ): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.FULL): Row(_finish_look, Phase.OVER),
        (Phase.LOOKING, Seen.ERROR): Row(_finish_look, Phase.OVER),
        # WRITE_START is legal in every state, but not with QEMU: without a row is what is not IDLE.
        (Phase.READY, Seen.IDLE): Row(_start, Phase.STARTED),
        (Phase.STARTED, Seen.WRITE): Row(_send, Phase.WRITING),
        (Phase.WRITING, Seen.WRITE): Row(_send, Phase.WRITING),
        (Phase.WRITING, Seen.WRITE_LAST): Row(_send_end, Phase.ENDING),
        (Phase.ENDING, Seen.WRITE_LAST): Row(_send, Phase.READING),
        (Phase.READING, Seen.READ): Row(_wait, Phase.READING),
        (Phase.READING, Seen.FULL): Row(_receive, Phase.READING),
        (Phase.READING, Seen.IDLE): Row(_finish, Phase.OVER),
        (Phase.READING, Seen.WRITE): Row(_lose, Phase.ABORTING),
        (Phase.READING, Seen.ERROR): Row(_lose, Phase.ABORTING),
        (Phase.READING, Seen.TIME): Row(_fall_silent, Phase.ABORTING),
        (Phase.ABORTING, Seen.IDLE): Row(_abort, Phase.ABORTED),
        (Phase.ABORTING, Seen.WRITE): Row(_abort, Phase.ABORTED),
        (Phase.ABORTING, Seen.WRITE_LAST): Row(_abort, Phase.ABORTED),
        (Phase.ABORTING, Seen.READ): Row(_abort, Phase.ABORTED),
        (Phase.ABORTING, Seen.FULL): Row(_abort, Phase.ABORTED),
        (Phase.ABORTING, Seen.ERROR): Row(_abort, Phase.ABORTED),
        # WRITE_STATE is due. QUIRK QEMU 7.2: shows ERROR_STATE; the figure does not look at it either.
        (Phase.ABORTED, Seen.IDLE): Row(_ask_status, Phase.STATUS),
        (Phase.ABORTED, Seen.WRITE): Row(_ask_status, Phase.STATUS),
        (Phase.ABORTED, Seen.WRITE_LAST): Row(_ask_status, Phase.STATUS),
        (Phase.ABORTED, Seen.READ): Row(_ask_status, Phase.STATUS),
        (Phase.ABORTED, Seen.FULL): Row(_ask_status, Phase.STATUS),
        (Phase.ABORTED, Seen.ERROR): Row(_ask_status, Phase.STATUS),
        (Phase.STATUS, Seen.READ): Row(_wait, Phase.STATUS),
        (Phase.STATUS, Seen.FULL): Row(_receive_status, Phase.CLOSING),
        (Phase.CLOSING, Seen.IDLE): Row(_recovered, Phase.READY),
    }
    ALWAYS: ClassVar[Mapping[Seen, Row]] = {
        Seen.BUSY: Row(_wait, Phase.OVER),
        Seen.ABSENT: Row(_absent, Phase.OVER),
        Seen.TIME: Row(_stuck, Phase.OVER),
    }
    # Any other state than the one that is due is an error of the transfer (§9.17).
    FAULT: ClassVar[Row] = Row(_recover, Phase.ABORTING)
