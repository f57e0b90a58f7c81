"""A modem of the Hayes kind, as the BMC drives it: settings, answering, dialling, hanging up (§14.6).

::

    init string CR -> OK             RING ... ATA CR -> CONNECT
    ATD number CR -> CONNECT         pause, +++, pause, ATH CR -> OK, or DTR taken away
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

ANSWER: Final = b"ATA"
GUARD: Final = 2.0
"""Seconds of silence before and after the escape sequence (§14.6)."""

REPLY: Final = 5.0
"""Seconds that a modem has for its answer to a command."""

CALL: Final = 60.0
"""Seconds that a call may take until it is answered."""

DTR_DROP: Final = 1.0
NEVER: Final = 0x3F * 0.5
"""A ring time of 3Fh: calls are left to the system (Table 25-4)."""

_LONGEST: Final = 80
_CR: Final = b"\r"
_CARRIAGE_RETURN, _WAIT_LONG, _FILLER = 0x0D, 0x0C, 0xFF
_SHORT_PAUSE, _LONG_PAUSE = 1.0, 10.0


class ModemSettings(NamedTuple):
    """How the modem is told what to do (Table 25-4, parameters 7 and 9-13).

    Attributes:
        init: sent at the start and after each call.
        escape: brings it back to commands during a call.
        hang_up: the command that ends a call.
        dial: stands before a number.
        dtr_hang_up: DTR is taken away in place of escape sequence and command.
        ring: seconds that a call rings before it is answered; NEVER or more = it is not.
        dead: seconds of silence after which the ringing is over.
        reads_carrier: DCD tells of a call; else CONNECT and NO CARRIER do.
    """

    init: bytes = b"ATE1Q0V1X4&D0S0=0"
    escape: bytes = b"+++"
    hang_up: bytes = b"ATH"
    dial: bytes = b"ATD"
    dtr_hang_up: bool = False
    ring: float = 2.0
    dead: float = 5.5
    reads_carrier: bool = True


class Phase(enum.Enum):
    """What the modem is about."""

    IDLE = "nobody has told it anything"
    PREPARING = "the init string was sent"
    READY = "on hook"
    RINGING = "somebody calls"
    ANSWERING = "ATA was sent"
    DIALLING = "a number is being dialled"
    ONLINE = "there is a call"
    QUIET = "silence before the escape sequence"
    ESCAPED = "silence after it"
    PARTING = "the command to hang up was sent, or DTR is gone"


class Seen(enum.Enum):
    """What happened."""

    START = "the BMC takes the modem"
    DIAL = "the BMC calls"
    HANG_UP = "the BMC ends the call"
    OK = "OK"
    CONNECT = "CONNECT, or DCD"
    RING = "RING, or RI"
    FAILURE = "NO CARRIER, BUSY, NO ANSWER, NO DIALTONE or ERROR"
    LOST = "DCD is gone"
    TIME = "the time is up"


class ModemEvent(enum.Enum):
    """What is told of it."""

    READY = "the modem can be dialled with"
    RINGING = "somebody calls, and the BMC is to answer"
    CONNECTED = "there is a call"
    LOST = "the call is over"
    FAILED = "no call came about"
    PAGED = "the number was dialled to its end"


class Step(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[Modem, float], None]
    phase: Phase


_WORDS: Final = (
    (b"OK", Seen.OK), (b"CONNECT", Seen.CONNECT), (b"RING", Seen.RING), (b"NO ", Seen.FAILURE),
    (b"BUSY", Seen.FAILURE), (b"ERROR", Seen.FAILURE),
)  # fmt: skip


class Modem:
    """The BMC's end of a line with a modem.

    Args:
        settings: tells how to speak to it, each time anew.

    Attributes:
        phase: what it is about.
        dtr: whether DTR is asserted.
    """

    def __init__(self, settings: Callable[[], ModemSettings]) -> None:
        self.phase = Phase.IDLE
        self.dtr = True
        self._settings = settings
        self._line = bytearray()
        self._out: list[bytes] = []
        self._happened: list[ModemEvent] = []
        self._deadline: float | None = None
        self._script: list[tuple[bytes, float]] = []
        self._paging = False
        self._rang = self._rang_last = 0.0

    # ---- orders

    def start(self, now: float) -> None:
        """Take the modem, and tell it how to behave."""
        self._step(Seen.START, now)

    def resume(self) -> None:
        """There is a call already, which somebody else has answered or made."""
        self.phase, self._deadline = Phase.ONLINE, None

    def dial(self, number: bytes, now: float, *, paging: bool = False) -> None:
        """Call a number.

        Args:
            number: as parameter 21 has it: CR is a pause of 1 s, FF one of 10 s.
            paging: nobody is expected to answer with a carrier.
        """
        self._script, self._paging = _script(self._settings().dial + number), paging
        self._step(Seen.DIAL, now)

    def hang_up(self, now: float) -> None:
        """End the call; harmless without one."""
        self._step(Seen.HANG_UP, now)

    # ---- what the modem says

    def receive(self, data: Buffer, now: float) -> bytes:
        """Take what came from the modem.

        Returns: those of the characters that came from the far end of a call.
        """
        for place, byte in enumerate(data):
            if self.phase is Phase.ONLINE:
                rest = bytes(data[place:])
                if not self._settings().reads_carrier and b"\r\nNO CARRIER\r\n" in rest.upper():
                    self._step(Seen.LOST, now)  # without DCD the modem's own word is all there is
                    return b""
                return rest
            if byte in b"\r\n":
                self._word(now)
            elif len(self._line) < _LONGEST:
                self._line.append(byte)
        return b""

    def carrier(self, on: bool, now: float) -> None:
        """DCD changed."""
        if self._settings().reads_carrier:
            self._step(Seen.CONNECT if on else Seen.LOST, now)

    def ring(self, now: float) -> None:
        """RI was pulsed."""
        self._step(Seen.RING, now)

    # ---- what the BMC says

    def send(self, data: bytes) -> None:
        """Send to the far end of the call; without a call it is lost."""
        if self.phase is Phase.ONLINE:
            self._out.append(data)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent to the modem."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[ModemEvent]:
        """Hand over what happened."""
        happened, self._happened = self._happened, []
        return happened

    def deadline(self) -> float | None:
        """Tell when `expire` is due."""
        return self._deadline

    def expire(self, now: float) -> None:
        """Do what is due."""
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            self._step(Seen.TIME, now)

    # ---- inside

    def _word(self, now: float) -> None:
        line, self._line = bytes(self._line).strip().upper(), bytearray()
        for word, seen in _WORDS:
            if line.startswith(word):
                self._step(seen, now)
                return

    def _step(self, seen: Seen, now: float) -> None:
        step = self.TABLE.get((self.phase, seen))
        if step is None:
            return
        before, self.phase = self.phase, step.phase
        step.action(self, now)
        if self.phase is not before:
            self._line.clear()

    def _nothing(self, now: float) -> None:
        """There is nothing to do."""

    def _prepare(self, now: float) -> None:
        self.dtr = True
        self._out.append(self._settings().init + _CR)
        self._deadline = now + REPLY

    def _is_ready(self, now: float) -> None:
        self._deadline = None
        self._happened.append(ModemEvent.READY)

    def _rings(self, now: float) -> None:
        """The first ring; it is answered once it has rung for long enough."""
        self._rang = self._rang_last = now
        self._look(now)

    def _rings_on(self, now: float) -> None:
        self._rang_last = now
        self._look(now)

    def _look(self, now: float) -> None:
        settings = self._settings()
        if settings.ring < NEVER and now >= self._rang + settings.ring:
            self._happened.append(ModemEvent.RINGING)
            self._out.append(ANSWER + _CR)
            self.phase = Phase.ANSWERING
            self._deadline = now + CALL
        elif now >= self._rang_last + settings.dead:
            self.phase = Phase.READY
            self._deadline = None
        else:
            quiet = self._rang_last + settings.dead
            self._deadline = quiet if settings.ring >= NEVER else min(quiet, self._rang + settings.ring)

    def _begin(self, now: float) -> None:
        self._deadline = now
        self._go_on(now)

    def _go_on(self, now: float) -> None:
        """Dial the next stretch; behind the last one the modem has its time."""
        if not self._script:
            self._over(now)
            return
        text, pause = self._script.pop(0)
        self._out.append(text)
        self._deadline = now + (pause if self._script else CALL)

    def _over(self, now: float) -> None:
        """Nobody answered in time; of a page nothing else is expected."""
        self._deadline = None
        if self._paging:
            self._paged(now)
        else:
            self._fail(now)

    def _replied(self, now: float) -> None:
        """OK to a number that ends in a semicolon: it was dialled."""
        if self._paging and not self._script:
            self._paged(now)

    def _refused(self, now: float) -> None:
        self._script.clear()
        self._fail(now)

    def _paged(self, now: float) -> None:
        self._happened.append(ModemEvent.PAGED)
        self.phase = Phase.PARTING
        self._command_to_hang_up(now)

    def _fail(self, now: float) -> None:
        self._happened.append(ModemEvent.FAILED)
        self.phase = Phase.PREPARING
        self._prepare(now)

    def _connect(self, now: float) -> None:
        self._deadline = None
        self._script.clear()
        self._happened.append(ModemEvent.CONNECTED)

    def _lose(self, now: float) -> None:
        self._happened.append(ModemEvent.LOST)
        self._prepare(now)

    def _leave(self, now: float) -> None:
        self._happened.append(ModemEvent.LOST)
        if self._settings().dtr_hang_up:
            self.dtr = False
            self.phase = Phase.PARTING
            self._deadline = now + DTR_DROP
        else:
            self._deadline = now + GUARD

    def _escape(self, now: float) -> None:
        self._out.append(self._settings().escape)
        self._deadline = now + GUARD

    def _command_to_hang_up(self, now: float) -> None:
        self._out.append(self._settings().hang_up + _CR)
        self._deadline = now + REPLY

    def _give_up(self, now: float) -> None:
        """A call that is being made, or answered, is not wanted any more: any character ends it."""
        self._script.clear()
        self._command_to_hang_up(now)

    # What has no row changes nothing: modems say much that nobody asked for.
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.IDLE, Seen.START): Step(_prepare, Phase.PREPARING),
        # A modem that is the system's: the BMC only listens whether somebody calls.
        (Phase.IDLE, Seen.RING): Step(_rings, Phase.RINGING),
        (Phase.PREPARING, Seen.START): Step(_prepare, Phase.PREPARING),
        (Phase.PREPARING, Seen.OK): Step(_is_ready, Phase.READY),
        (Phase.PREPARING, Seen.FAILURE): Step(_is_ready, Phase.READY),
        (Phase.PREPARING, Seen.TIME): Step(_prepare, Phase.PREPARING),
        (Phase.READY, Seen.START): Step(_prepare, Phase.PREPARING),
        (Phase.READY, Seen.RING): Step(_rings, Phase.RINGING),
        (Phase.READY, Seen.DIAL): Step(_begin, Phase.DIALLING),
        # A modem that answers by itself, or a call that the system made.
        (Phase.READY, Seen.CONNECT): Step(_connect, Phase.ONLINE),
        (Phase.RINGING, Seen.RING): Step(_rings_on, Phase.RINGING),
        (Phase.RINGING, Seen.TIME): Step(_look, Phase.RINGING),
        (Phase.RINGING, Seen.CONNECT): Step(_connect, Phase.ONLINE),
        (Phase.ANSWERING, Seen.CONNECT): Step(_connect, Phase.ONLINE),
        (Phase.ANSWERING, Seen.FAILURE): Step(_refused, Phase.PREPARING),
        (Phase.ANSWERING, Seen.TIME): Step(_refused, Phase.PREPARING),
        (Phase.ANSWERING, Seen.HANG_UP): Step(_give_up, Phase.PARTING),
        (Phase.DIALLING, Seen.TIME): Step(_go_on, Phase.DIALLING),
        (Phase.DIALLING, Seen.OK): Step(_replied, Phase.DIALLING),
        (Phase.DIALLING, Seen.CONNECT): Step(_connect, Phase.ONLINE),
        (Phase.DIALLING, Seen.FAILURE): Step(_refused, Phase.PREPARING),
        (Phase.DIALLING, Seen.HANG_UP): Step(_give_up, Phase.PARTING),
        (Phase.ONLINE, Seen.LOST): Step(_lose, Phase.PREPARING),
        (Phase.ONLINE, Seen.HANG_UP): Step(_leave, Phase.QUIET),
        (Phase.QUIET, Seen.TIME): Step(_escape, Phase.ESCAPED),
        (Phase.QUIET, Seen.LOST): Step(_prepare, Phase.PREPARING),
        (Phase.ESCAPED, Seen.TIME): Step(_command_to_hang_up, Phase.PARTING),
        (Phase.ESCAPED, Seen.LOST): Step(_prepare, Phase.PREPARING),
        (Phase.PARTING, Seen.OK): Step(_prepare, Phase.PREPARING),
        (Phase.PARTING, Seen.FAILURE): Step(_prepare, Phase.PREPARING),
        (Phase.PARTING, Seen.LOST): Step(_prepare, Phase.PREPARING),
        (Phase.PARTING, Seen.TIME): Step(_prepare, Phase.PREPARING),
    }


def _script(text: bytes) -> list[tuple[bytes, float]]:
    """Cut what is dialled behind its pauses; the last stretch ends the command."""
    pieces: list[tuple[bytes, float]] = []
    piece = bytearray()
    for byte in text.partition(b"\0")[0]:
        if byte == _CARRIAGE_RETURN:
            pieces.append((bytes(piece) + _CR, _SHORT_PAUSE))
            piece.clear()
        elif byte == _WAIT_LONG:
            pieces.append((bytes(piece), _LONG_PAUSE))
            piece.clear()
        elif byte != _FILLER:
            piece.append(byte)
    if piece or not pieces:
        pieces.append((bytes(piece) + _CR, 0.0))
    return pieces
