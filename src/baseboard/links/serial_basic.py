"""Basic Mode: IPMI messages between start and stop characters on a serial line (§14.4).

::

    A0h  message, with AAh and another character for each of A0h A5h A6h AAh 1Bh in it  A5h

The controller sends A6h when it has room for the next message. The message itself, with its two checksums,
is laid out as on a LAN, and is none of this module's business.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, TypeAlias

from baseboard.links.handshake import PATIENCE, Handshake

Buffer: TypeAlias = bytes | bytearray | memoryview

START: Final = 0xA0
STOP: Final = 0xA5
HANDSHAKE: Final = 0xA6
ESCAPE: Final = 0xAA
CODES: Final[Mapping[int, int]] = {START: 0xB0, STOP: 0xB5, HANDSHAKE: 0xB6, ESCAPE: 0xBA, 0x1B: 0x3B}
"""What follows AAh in the place of each special character (§14.4)."""

LONGEST: Final = 272
"""Bytes of a message that is taken; longer ones are dropped. It is more than any interface carries."""

_MEANT: Final = {code: character for character, code in CODES.items()}
_ESCAPED: Final = {character: bytes((ESCAPE, code)) for character, code in CODES.items()}


class Phase(enum.Enum):
    """Where in a message the last byte was."""

    OUTSIDE = "between messages"
    INSIDE = "inside a message"
    ESCAPED = "behind a data escape character"


class Seen(enum.Enum):
    """What a byte is."""

    START = "start character"
    STOP = "stop character"
    HANDSHAKE = "packet handshake character"
    ESCAPE = "data escape character"
    CODE = "a byte that stands for another behind an escape"
    DATA = "any other byte"
    TOO_MUCH = "data in a message that is full"


class Step(NamedTuple):
    """What is done about a byte, and where that leads."""

    action: Callable[[BasicMode, int], None]
    phase: Phase


_SEEN: Final = [Seen.DATA] * 256
for _code in _MEANT:
    _SEEN[_code] = Seen.CODE
_SEEN[START], _SEEN[STOP] = Seen.START, Seen.STOP
_SEEN[HANDSHAKE], _SEEN[ESCAPE] = Seen.HANDSHAKE, Seen.ESCAPE


def frame(message: bytes) -> bytes:
    """Put a message between start and stop, its special characters escaped."""
    body = b"".join(_ESCAPED.get(byte) or bytes((byte,)) for byte in message)
    return bytes((START,)) + body + bytes((STOP,))


class BasicMode:
    """What both ends have in common: finding messages among the bytes.

    Attributes:
        phase: where in a message the last byte was.
        dropped: how many messages were begun and came to nothing.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self.phase = Phase.OUTSIDE
        self.dropped = 0
        self._longest = longest
        self._message = bytearray()
        self._arrived: list[bytes] = []
        self._now = 0.0

    def receive(self, data: Buffer, now: float) -> None:
        """Take what came over the line."""
        self._now = now
        for byte in data:
            self._step(byte)

    def events(self) -> list[bytes]:
        """Hand over the messages that came, oldest first."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def _step(self, byte: int) -> None:
        seen = _SEEN[byte]
        full = len(self._message) >= self._longest and self.phase is not Phase.OUTSIDE
        if full and seen in (Seen.DATA, Seen.CODE):
            seen = Seen.TOO_MUCH
        step = self.TABLE[self.phase, seen]
        step.action(self, byte)
        self.phase = step.phase

    # ---- actions

    def _nothing(self, byte: int) -> None:
        """What stands between messages is noise, or the system's console."""

    def _begin(self, byte: int) -> None:
        """A start inside a message is the start of another one; the first has lost its end."""
        self.dropped += self.phase is not Phase.OUTSIDE
        self._message.clear()

    def _take(self, byte: int) -> None:
        self._message.append(byte)

    def _take_meant(self, byte: int) -> None:
        self._message.append(_MEANT[byte])

    def _drop(self, byte: int) -> None:
        self.dropped += 1

    def _end(self, byte: int) -> None:
        self._arrived.append(bytes(self._message))
        self._stopped()

    def _end_of_nothing(self, byte: int) -> None:
        self._stopped()

    def _cut(self, byte: int) -> None:
        """A message cannot end behind an escape."""
        self.dropped += 1
        self._stopped()

    def _ready(self, byte: int) -> None:
        self._has_room()

    def _stopped(self) -> None:
        """The other end has sent the end of a message, good or not."""

    def _has_room(self) -> None:
        """The other end can take another message."""

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.OUTSIDE, Seen.START): Step(_begin, Phase.INSIDE),
        (Phase.OUTSIDE, Seen.STOP): Step(_end_of_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.HANDSHAKE): Step(_ready, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.ESCAPE): Step(_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.CODE): Step(_nothing, Phase.OUTSIDE),
        (Phase.OUTSIDE, Seen.DATA): Step(_nothing, Phase.OUTSIDE),
        (Phase.INSIDE, Seen.START): Step(_begin, Phase.INSIDE),
        (Phase.INSIDE, Seen.STOP): Step(_end, Phase.OUTSIDE),
        # §14.4: it may stand in the middle of a message, though not behind an escape.
        (Phase.INSIDE, Seen.HANDSHAKE): Step(_ready, Phase.INSIDE),
        (Phase.INSIDE, Seen.ESCAPE): Step(_nothing, Phase.ESCAPED),
        (Phase.INSIDE, Seen.CODE): Step(_take, Phase.INSIDE),
        (Phase.INSIDE, Seen.DATA): Step(_take, Phase.INSIDE),
        (Phase.INSIDE, Seen.TOO_MUCH): Step(_drop, Phase.OUTSIDE),
        (Phase.ESCAPED, Seen.START): Step(_begin, Phase.INSIDE),
        (Phase.ESCAPED, Seen.STOP): Step(_cut, Phase.OUTSIDE),
        (Phase.ESCAPED, Seen.HANDSHAKE): Step(_drop, Phase.OUTSIDE),
        (Phase.ESCAPED, Seen.ESCAPE): Step(_drop, Phase.OUTSIDE),
        (Phase.ESCAPED, Seen.CODE): Step(_take_meant, Phase.INSIDE),
        (Phase.ESCAPED, Seen.DATA): Step(_drop, Phase.OUTSIDE),
        (Phase.ESCAPED, Seen.TOO_MUCH): Step(_drop, Phase.OUTSIDE),
    }


class BasicConsole(BasicMode):
    """The console's end: holds each message until the controller has room for it.

    Args:
        patience: seconds after which a handshake that did not come counts as come.
    """

    def __init__(self, longest: int = LONGEST, *, patience: float = PATIENCE) -> None:
        super().__init__(longest)
        self._handshake = Handshake(expected=True, patience=patience)

    def send(self, message: bytes, now: float) -> None:
        """Send a message as soon as there is room for it."""
        self._handshake.send(frame(message), now)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent now."""
        return self._handshake.outgoing()

    def deadline(self) -> float | None:
        """Tell until when a message is held at most."""
        return self._handshake.deadline()

    def expire(self, now: float) -> None:
        """Send what may go out by now."""
        self._handshake.expire(now)

    def _has_room(self) -> None:
        self._handshake.seen(self._now)

    def _stopped(self) -> None:
        # A controller that answers has dealt with the message, whether it says so or not.
        self._handshake.room(self._now)


class BasicController(BasicMode):
    """The controller's end: always has room, and says so after each message."""

    def __init__(self, longest: int = LONGEST) -> None:
        super().__init__(longest)
        self._out: list[bytes] = []

    def send(self, message: bytes) -> None:
        """Send a message."""
        self._out.append(frame(message))

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent, oldest first."""
        out, self._out = self._out, []
        return out

    def deadline(self) -> float | None:
        """Tell when `expire` is due: never."""
        return None

    def expire(self, now: float) -> None:
        """Nothing here takes time."""

    def _stopped(self) -> None:
        self._out.append(bytes((HANDSHAKE,)))
