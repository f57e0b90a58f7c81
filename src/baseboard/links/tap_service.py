"""The paging service's side of TAP: prompts, logs callers in, takes their messages (TAP v1.8).

The caller's side is `baseboard.links.tap`. This one is for tests and for whoever wants to receive pages.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

CR, STX, ETX, EOT, ETB, SUB, ESC = b"\r\x02\x03\x04\x17\x1a\x1b"
LONGEST: Final = 512
"""Characters of a line or a block; TAP allows 256."""

MOST_BLOCKS: Final = 8
"""Blocks of one message."""

PATIENCE: Final = 8.0
"""Seconds that a caller may stay silent."""

_SUM: Final = 3
_PROMPT, _OK, _AGAIN, _RULE = b"ID=", b"\x06\r", b"\x15\r", b"\x1e\r"
_GO_AHEAD, _PARTED = b"\x1b[p\r", b"\x1b\x04\r"


class Phase(enum.Enum):
    """How far a call is."""

    CALLED = "somebody called, and has sent nothing yet"
    LOGIN = "the prompt was sent"
    MESSAGES = "logged in: blocks are taken"
    OVER = "parted"


class Seen(enum.Enum):
    """What the caller sent, or what happened."""

    RETURN = "CR alone"
    LOGIN = "ESC, service type and password, of those that are known"
    STRANGER = "the same of others"
    BLOCK = "a block of which the sum is right, the last of its message"
    PART = "the same with more to come"
    GARBLED = "a block of which it is wrong, or that has no two fields"
    END = "EOT"
    NOISE = "anything else"
    TIME = "silence"


class Page(NamedTuple):
    """A message that was taken."""

    pager: bytes
    text: bytes


class Step(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[TapService], None]
    phase: Phase


class TapService:
    """One call to a paging service.

    Args:
        now: monotonic seconds.
        password: that callers need; empty = none.
        code: response code in front of the ACK of a message, as ``211``; empty = none.
        refuses: messages are answered with RS, as one that breaks a rule of the service.

    Attributes:
        phase: how far it is.
    """

    def __init__(
        self, now: float, *, password: bytes = b"", code: bytes = b"211", refuses: bool = False
    ) -> None:
        self.phase = Phase.CALLED
        self._password, self._code, self._refuses = password, code, refuses
        self._data = bytearray()
        self._fields: tuple[bytes, bytes] = (b"", b"")
        self._message: list[bytes] = []
        self._out: list[bytes] = []
        self._pages: list[Page] = []
        self._deadline: float | None = now + PATIENCE

    def receive(self, data: Buffer, now: float) -> None:
        """Take what the caller sent."""
        if self.phase is Phase.OVER:
            return
        self._deadline = now + PATIENCE
        for byte in data:
            if len(self._data) < LONGEST:
                self._data.append(byte & 0x7F)
            if byte & 0x7F == CR and not self._inside_block():
                line = bytes(self._data)
                self._data.clear()
                self._step(self._seen(line))

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[Page]:
        """Hand over the messages that were taken."""
        pages, self._pages = self._pages, []
        return pages

    def deadline(self) -> float | None:
        """Tell when `expire` is due."""
        return self._deadline

    def expire(self, now: float) -> None:
        """A caller that is silent for too long is sent away."""
        if self._deadline is not None and now >= self._deadline:
            self._step(Seen.TIME)

    # ---- what came

    def _inside_block(self) -> bool:
        """A block has CRs of its own: it ends with the one behind its sum."""
        data = self._data
        if not data.startswith(bytes((STX,))) or len(data) >= LONGEST:
            return False
        end = max(data.rfind(ETX), data.rfind(ETB))
        return end < 0 or len(data) < end + 1 + _SUM + 1

    def _seen(self, line: bytes) -> Seen:
        if line == b"\r":
            return Seen.RETURN
        if line[0] == EOT:
            return Seen.END
        if line[0] == ESC:
            known = line[4:-1] == self._password and line[1:3] == b"PG"
            return Seen.LOGIN if known else Seen.STRANGER
        if line[0] != STX:
            return Seen.NOISE
        body, total = line[: -_SUM - 1], line[-_SUM - 1 : -1]
        wanted = sum(body)
        fields = body[1:-1].split(b"\r")
        if total != bytes(0x30 + (wanted >> shift & 0xF) for shift in (8, 4, 0)) or len(fields) < 2:
            return Seen.GARBLED
        self._fields = fields[0], b"\r".join(fields[1:-1] if len(fields) > 2 else fields[1:])
        return Seen.PART if body[-1] == ETB else Seen.BLOCK

    def _step(self, seen: Seen) -> None:
        step = self.TABLE.get((self.phase, seen))
        if step is not None:
            self.phase = step.phase
            step.action(self)

    # ---- what is done

    def _prompt(self) -> None:
        self._out.append(_PROMPT)

    def _welcome(self) -> None:
        self._out += [_OK, _GO_AHEAD]

    def _not_so(self) -> None:
        self._out.append(_AGAIN)

    def _gather(self) -> None:
        if len(self._message) < MOST_BLOCKS:
            self._message.append(self._fields[1])
        self._out.append(_OK)

    def _take(self) -> None:
        text = b"".join((*self._message, self._fields[1]))
        self._message.clear()
        if self._refuses:
            self._out.append(_RULE)
            return
        self._pages.append(Page(_meant(self._fields[0]), _meant(text)))
        if self._code:
            self._out.append(self._code + b" Page accepted\r")
        self._out.append(_OK)

    def _part(self) -> None:
        self._deadline = None
        self._out.append(_PARTED)

    # What has no row changes nothing: a modem's noise, a CR too many.
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.CALLED, Seen.RETURN): Step(_prompt, Phase.LOGIN),
        (Phase.CALLED, Seen.TIME): Step(_part, Phase.OVER),
        (Phase.LOGIN, Seen.RETURN): Step(_prompt, Phase.LOGIN),
        (Phase.LOGIN, Seen.LOGIN): Step(_welcome, Phase.MESSAGES),
        (Phase.LOGIN, Seen.STRANGER): Step(_not_so, Phase.LOGIN),
        (Phase.LOGIN, Seen.END): Step(_part, Phase.OVER),
        (Phase.LOGIN, Seen.TIME): Step(_part, Phase.OVER),
        (Phase.MESSAGES, Seen.BLOCK): Step(_take, Phase.MESSAGES),
        (Phase.MESSAGES, Seen.PART): Step(_gather, Phase.MESSAGES),
        (Phase.MESSAGES, Seen.GARBLED): Step(_not_so, Phase.MESSAGES),
        (Phase.MESSAGES, Seen.END): Step(_part, Phase.OVER),
        (Phase.MESSAGES, Seen.TIME): Step(_part, Phase.OVER),
    }


def _meant(field: bytes) -> bytes:
    """A field with its control characters back in place of SUB and a letter."""
    meant, escaped = bytearray(), False
    for byte in field:
        if escaped:
            meant.append(byte - 0x40 & 0x7F)
            escaped = False
        elif byte == SUB:
            escaped = True
        else:
            meant.append(byte)
    return bytes(meant)
