"""Terminal Mode: IPMI messages and text commands as lines in brackets, typed by people or programs (§14.7).

::

    [18 00 22]<newline>                  to the controller
    [1C 00 22 00]<newline>               from it
    [SYS POWER ON]<newline> [OK]<newline>

What stands outside of brackets is nobody's business. The controller's end edits lines and echoes what is
typed, as far as its settings say (serial parameter 29); the console's end takes whatever it is shown.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from baseboard.links.handshake import PATIENCE, Handshake

Buffer: TypeAlias = bytes | bytearray | memoryview

LONGEST: Final = 3 * 272
"""Characters between brackets that are taken: more than any message needs."""

LINE: Final = 80
"""Characters of a line that every controller takes; a longer message goes on behind a backslash."""

HANDSHAKE: Final = b"SYS"

NEWLINES: Final = {0: b"", 1: b"\r\n", 2: b"\0", 3: b"\r", 4: b"\n\r", 5: b"\n"}
"""Output newline sequences by their number in serial parameter 29."""

_INPUT_NEWLINES: Final = {1: 0x0D, 2: 0x00}
_BACKSPACE, _DELETE, _ESCAPE = 0x08, 0x7F, 0x1B


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSettings:
    """How the controller's end behaves (serial parameter 29, Table 25-4).

    Attributes:
        editing: backspace and delete take back a character, escape the line.
        erase: a character taken back is wiped out: backspace, space, backspace; else a delete is sent.
        echo: what is typed is sent back.
        handshake: ``[SYS]`` tells that there is room for another message.
        output_newline: 0 none, 1 CR LF, 2 NUL, 3 CR, 4 LF CR, 5 LF.
        input_newline: 1 CR, 2 NUL.
    """

    editing: bool = True
    erase: bool = True
    echo: bool = True
    handshake: bool = False
    output_newline: int = 1
    input_newline: int = 1


class Phase(enum.Enum):
    """Where in a line the last character was."""

    OUTSIDE = "outside of brackets"
    INSIDE = "between brackets"
    BROKEN_OFF = "behind a backslash"
    CLOSED = "behind the closing bracket"


class Seen(enum.Enum):
    """What a character is."""

    OPEN = "opening bracket"
    CLOSE = "closing bracket"
    NEWLINE = "input newline"
    BACKSLASH = "backslash"
    RUBOUT = "backspace or delete"
    ESCAPE = "escape"
    PRINTABLE = "printable character"
    ILLEGAL = "any other character"
    TOO_MUCH = "printable character in a line that is full"


class Step(NamedTuple):
    """What is done about a character, and where that leads."""

    action: Callable[[Any, int], None]
    phase: Phase


class TerminalMode:
    """What both ends have in common: finding lines among the characters.

    Attributes:
        phase: where in a line the last character was.
        dropped: how many lines were begun and came to nothing.
    """

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {}
    _NEWLINES: frozenset[int] = frozenset((0x0D, 0x0A, 0x00))

    def __init__(self, longest: int = LONGEST) -> None:
        self.phase = Phase.OUTSIDE
        self.dropped = 0
        self._longest = longest
        self._line = bytearray()
        self._arrived: list[bytes] = []
        self._now = 0.0

    def receive(self, data: Buffer, now: float) -> None:
        """Take what came over the line."""
        self._now = now
        for character in data:
            self._step(character)

    def events(self) -> list[bytes]:
        """Hand over what stood between brackets, oldest first."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def _see(self, character: int) -> Seen:
        if character in self._NEWLINES:
            return Seen.NEWLINE
        known = _SEEN.get(character)
        if known is not None:
            return known
        if not 0x20 <= character < _DELETE:
            return Seen.ILLEGAL
        full = len(self._line) >= self._longest and self.phase is Phase.INSIDE
        return Seen.TOO_MUCH if full else Seen.PRINTABLE

    def _step(self, character: int) -> None:
        step = self.TABLE[self.phase, self._see(character)]
        step.action(self, character)
        self.phase = step.phase

    # ---- actions

    def _nothing(self, character: int) -> None:
        """It stands outside of brackets."""

    OUTSIDE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = dict.fromkeys(
        [(Phase.OUTSIDE, seen) for seen in Seen], Step(_nothing, Phase.OUTSIDE)
    )
    """The rows between lines, but for the bracket that begins one."""

    def _begin(self, character: int) -> None:
        """An opening bracket begins a line, and so ends one that was not complete."""
        self.dropped += self.phase is not Phase.OUTSIDE
        self._line.clear()

    def _take(self, character: int) -> None:
        self._line.append(character)

    def _drop(self, character: int) -> None:
        self.dropped += 1

    def _end(self, character: int) -> None:
        self._arrived.append(bytes(self._line))


_SEEN: Final[Mapping[int, Seen]] = {
    ord("["): Seen.OPEN,
    ord("]"): Seen.CLOSE,
    ord("\\"): Seen.BACKSLASH,
    _BACKSPACE: Seen.RUBOUT,
    _DELETE: Seen.RUBOUT,
    _ESCAPE: Seen.ESCAPE,
}


class TerminalConsole(TerminalMode):
    """The console's end.

    A line ends with its closing bracket, since a controller may send no newline; a line that goes on in
    the next one after all is put together. Echoes come back as lines too: nobody waits for those.

    Args:
        patience: seconds to wait for a handshake, once the controller has shown that it sends them.
    """

    def __init__(self, longest: int = LONGEST, *, patience: float = PATIENCE) -> None:
        super().__init__(longest)
        self._handshake = Handshake(expected=False, patience=patience)

    def send(self, content: bytes, now: float) -> None:
        """Send what is to stand between brackets, as soon as there is room for it."""
        pieces = [content[start : start + LINE] for start in range(0, len(content), LINE)] or [b""]
        self._handshake.send(b"[" + b"\\\r".join(pieces) + b"]\r", now)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent now."""
        return self._handshake.outgoing()

    def deadline(self) -> float | None:
        """Tell until when a line is held at most."""
        return self._handshake.deadline()

    def expire(self, now: float) -> None:
        """Send what may go out by now."""
        self._handshake.expire(now)

    def _end(self, character: int) -> None:
        if bytes(self._line) == HANDSHAKE:
            self._handshake.seen(self._now)
        else:
            super()._end(character)

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        **TerminalMode.OUTSIDE,
        (Phase.OUTSIDE, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.INSIDE, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.INSIDE, Seen.CLOSE): Step(_end, Phase.OUTSIDE),
        # Answers of several lines have their newlines between the brackets.
        (Phase.INSIDE, Seen.NEWLINE): Step(TerminalMode._take, Phase.INSIDE),
        (Phase.INSIDE, Seen.BACKSLASH): Step(TerminalMode._nothing, Phase.BROKEN_OFF),
        (Phase.INSIDE, Seen.RUBOUT): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.ESCAPE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.PRINTABLE): Step(TerminalMode._take, Phase.INSIDE),
        (Phase.INSIDE, Seen.ILLEGAL): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.TOO_MUCH): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.BROKEN_OFF, Seen.CLOSE): Step(_end, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.NEWLINE): Step(TerminalMode._nothing, Phase.BROKEN_OFF),
        (Phase.BROKEN_OFF, Seen.BACKSLASH): Step(TerminalMode._nothing, Phase.BROKEN_OFF),
        (Phase.BROKEN_OFF, Seen.RUBOUT): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.ESCAPE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.PRINTABLE): Step(TerminalMode._take, Phase.INSIDE),
        (Phase.BROKEN_OFF, Seen.ILLEGAL): Step(TerminalMode._drop, Phase.OUTSIDE),
    }


class TerminalController(TerminalMode):
    """The controller's end: a line ends with its newline, and until then can be taken back."""

    def __init__(self, settings: TerminalSettings | None = None, longest: int = LONGEST) -> None:
        super().__init__(longest)
        self.settings = settings or TerminalSettings()
        self._NEWLINES = frozenset((_INPUT_NEWLINES[self.settings.input_newline],))
        self._newline = NEWLINES[self.settings.output_newline]
        self._out: list[bytes] = []

    def send(self, content: bytes) -> None:
        """Send a line, and that there is room for another message."""
        self._out.append(b"[" + content + b"]" + self._newline)
        if self.settings.handshake:
            self._out.append(b"[" + HANDSHAKE + b"]" + self._newline)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent, oldest first."""
        out, self._out = self._out, []
        return out

    def deadline(self) -> float | None:
        """Tell when `expire` is due: never."""
        return None

    def expire(self, now: float) -> None:
        """Nothing here takes time."""

    def _see(self, character: int) -> Seen:
        seen = super()._see(character)
        if not self.settings.editing and seen is Seen.RUBOUT:
            return Seen.ILLEGAL
        return seen

    def _step(self, character: int) -> None:
        seen = self._see(character)
        if self.settings.echo and seen is Seen.NEWLINE:
            self._out.append(self._newline)
        elif self.settings.echo and seen not in (Seen.RUBOUT, Seen.ESCAPE, Seen.ILLEGAL):
            self._out.append(bytes((character,)))
        super()._step(character)

    def _rub(self, character: int) -> None:
        """Take back the last character, if there is one."""
        if self._line:
            self._line.pop()
            self._wipe(character)

    def _wipe(self, character: int) -> None:
        if self.settings.echo:
            self._out.append(b"\b \b" if self.settings.erase else b"\x7f")

    def _give_up(self, character: int) -> None:
        """Take back the whole line; who edits is shown a new one."""
        self.dropped += 1
        if self.settings.editing and self.settings.echo:
            self._out.append(self._newline)

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        **TerminalMode.OUTSIDE,
        (Phase.OUTSIDE, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.INSIDE, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.INSIDE, Seen.CLOSE): Step(TerminalMode._nothing, Phase.CLOSED),
        (Phase.INSIDE, Seen.NEWLINE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.BACKSLASH): Step(TerminalMode._nothing, Phase.BROKEN_OFF),
        (Phase.INSIDE, Seen.RUBOUT): Step(_rub, Phase.INSIDE),
        (Phase.INSIDE, Seen.ESCAPE): Step(_give_up, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.PRINTABLE): Step(TerminalMode._take, Phase.INSIDE),
        (Phase.INSIDE, Seen.ILLEGAL): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.TOO_MUCH): Step(TerminalMode._drop, Phase.OUTSIDE),
        # §14.7: a message goes on in the next line if the newline follows the backslash at once.
        (Phase.BROKEN_OFF, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.BROKEN_OFF, Seen.CLOSE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.NEWLINE): Step(TerminalMode._nothing, Phase.INSIDE),
        (Phase.BROKEN_OFF, Seen.BACKSLASH): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.RUBOUT): Step(_wipe, Phase.INSIDE),
        (Phase.BROKEN_OFF, Seen.ESCAPE): Step(_give_up, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.PRINTABLE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.BROKEN_OFF, Seen.ILLEGAL): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.OPEN): Step(TerminalMode._begin, Phase.INSIDE),
        (Phase.CLOSED, Seen.CLOSE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.NEWLINE): Step(TerminalMode._end, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.BACKSLASH): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.RUBOUT): Step(_wipe, Phase.INSIDE),
        (Phase.CLOSED, Seen.ESCAPE): Step(_give_up, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.PRINTABLE): Step(TerminalMode._drop, Phase.OUTSIDE),
        (Phase.CLOSED, Seen.ILLEGAL): Step(TerminalMode._drop, Phase.OUTSIDE),
    }
