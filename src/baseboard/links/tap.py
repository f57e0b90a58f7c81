"""TAP, by which an operator's computer leaves a message with a paging service (Table 14-15; TAP v1.8).

::

    us: CR CR ...                    service: ID=
    us: ESC PG1 password CR          service: ACK CR  ESC [p CR
    us: STX pager CR text CR ETX sum CR     service: 211 ... CR ACK CR
    us: EOT CR                       service: ESC EOT CR

A service may put texts between these, with response codes of three digits in front.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

CR, STX, ETX, EOT, ACK, NAK, RS, SUB, ESC = b"\r\x02\x03\x04\x06\x15\x1e\x1a\x1b"
LONGEST: Final = 230
"""Characters of a text that fit into one block."""

_GO_AHEAD: Final = b"\x1b[p"
_PARTED: Final = b"\x1b\x04"
_LINE: Final = 160
_CODE: Final = 3


class TapSettings(NamedTuple):
    """How a service is spoken to (Table 25-4, parameter 28); times in seconds.

    Attributes:
        pager: number of the pager.
        password: of the account; empty = none.
        service: service type, such as PG1.
        codes: response codes of which one is needed besides ACK; empty = ACK is enough.
        escaped: control characters that are sent as SUB and a letter, bit n = character n.
        prompt: until another CR is sent for the prompt (T1).
        pause: before each thing that is sent (T2).
        reply: for the answer to login and block (T3).
        go_ahead: until the service lets messages come, once it has logged us in (T4).
        farewell: for its last word (T5).
        rest: before the line is hung up (T6).
        prompts: CRs that are sent again (N1).
        logins: times that the login is repeated (N2).
        blocks: times that the block is repeated (N3).
        ends: times that the end is repeated (N4).
    """

    pager: bytes
    password: bytes = b""
    service: bytes = b"PG1"
    codes: tuple[bytes, ...] = ()
    escaped: int = 0xFFFFFFFF
    prompt: float = 2.0
    pause: float = 1.0
    reply: float = 10.0
    go_ahead: float = 4.0
    farewell: float = 8.0
    rest: float = 2.0
    prompts: int = 3
    logins: int = 3
    blocks: int = 3
    ends: int = 3


class Phase(enum.Enum):
    """How far the page is."""

    PROMPTING = "CR was sent, ID= is awaited"
    LOGGING_IN = "the login was sent"
    LOGGED_IN = "it was accepted, the go-ahead is awaited"
    SENDING = "the block was sent"
    ENDING = "the end was sent"
    RESTING = "before the line is hung up"
    OVER = "it is over"


class Seen(enum.Enum):
    """What the service sent, or what happened."""

    PROMPT = "ID="
    ACK = "ACK"
    NAK = "NAK"
    RS = "RS: what was sent breaks a rule of the service"
    GO_AHEAD = "ESC [p"
    PARTED = "ESC EOT"
    TIME = "the time is up"


class TapEvent(NamedTuple):
    """What is told of a page.

    Attributes:
        code: a response code of three digits; empty = the page is over.
        accepted: the service has taken the message.
    """

    code: bytes
    accepted: bool


class Step(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[TapPage, float], None]
    phase: Phase


def block(pager: bytes, text: bytes, escaped: int) -> bytes:
    """The block of one message, its checksum and CR included."""
    body = bytes((STX,)) + _escape(pager, escaped) + b"\r" + _escape(text[:LONGEST], escaped) + b"\r"
    body += bytes((ETX,))
    total = sum(byte & 0x7F for byte in body)
    return body + bytes(0x30 + (total >> shift & 0xF) for shift in (8, 4, 0)) + b"\r"


def _escape(text: bytes, escaped: int) -> bytes:
    return b"".join(
        bytes((SUB, byte + 0x40)) if byte < 0x20 and escaped >> byte & 1 else bytes((byte & 0x7F,))
        for byte in text
    )


class TapPage:
    """One page, from the connection to its end.

    Args:
        settings: how the service is spoken to.
        text: the message.
        now: monotonic seconds.

    Attributes:
        phase: how far it is.
    """

    def __init__(self, settings: TapSettings, text: bytes, now: float) -> None:
        self.phase = Phase.PROMPTING
        self._settings, self._text = settings, text
        self._line = bytearray()
        self._out: list[tuple[float, bytes]] = []
        self._happened: list[TapEvent] = []
        self._codes: set[bytes] = set()
        self._accepted = False
        self._prompts, self._logins, self._blocks, self._ends = (
            settings.prompts, settings.logins, settings.blocks, settings.ends,
        )  # fmt: skip
        self._deadline: float | None = now + settings.prompt
        self._out.append((now, b"\r"))

    def receive(self, data: Buffer, now: float) -> None:
        """Take what the service sent."""
        for byte in data:
            if byte == CR:
                self._ended_line(now)
            elif len(self._line) < _LINE:
                self._line.append(byte & 0x7F)
                if self._line.endswith(b"ID="):  # the prompt has no end
                    self._line.clear()
                    self._step(Seen.PROMPT, now)

    def lost(self) -> None:
        """The line was lost; a message that the service has taken stays taken."""
        if self.phase is not Phase.OVER:
            self._finish(0.0)

    def outgoing(self, now: float) -> list[bytes]:
        """Hand over what is to be sent by now."""
        ready = [data for when, data in self._out if when <= now]
        self._out = [(when, data) for when, data in self._out if when > now]
        return ready

    def events(self) -> list[TapEvent]:
        """Hand over what happened."""
        happened, self._happened = self._happened, []
        return happened

    def deadline(self) -> float | None:
        """Tell when `expire` or `outgoing` is due."""
        due = [when for when, _ in self._out]
        return min([*due, *([] if self._deadline is None else [self._deadline])], default=None)

    def expire(self, now: float) -> None:
        """Do what is due."""
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            self._step(Seen.TIME, now)

    # ---- inside

    def _ended_line(self, now: float) -> None:
        line, self._line = bytes(self._line).strip(b"\n\0 "), bytearray()
        if line[:_CODE].isdigit() and len(line) >= _CODE and not line[_CODE : _CODE + 1].isdigit():
            self._codes.add(line[:_CODE])
            self._happened.append(TapEvent(line[:_CODE], accepted=False))
        if line.endswith(_GO_AHEAD):
            self._step(Seen.GO_AHEAD, now)
        elif line.endswith(_PARTED):
            self._step(Seen.PARTED, now)
        elif line[-1:] in _SIGNS:
            self._step(_SIGNS[line[-1:]], now)

    def _step(self, seen: Seen, now: float) -> None:
        step = self.TABLE.get((self.phase, seen))
        if step is not None:
            self.phase = step.phase
            step.action(self, now)

    def _send(self, data: bytes, now: float, patience: float) -> None:
        """Send after the pause, and give the service its time from then on."""
        when = now + self._settings.pause
        self._out.append((when, data))
        self._deadline = when + patience

    def _prompt(self, now: float) -> None:
        if not self._prompts:
            self._finish(now)
            return
        self._prompts -= 1
        self._out.append((now, b"\r"))
        self._deadline = now + self._settings.prompt

    def _log_in(self, now: float) -> None:
        settings = self._settings
        line = bytes((ESC,)) + settings.service + settings.password + b"\r"
        self._send(line, now, settings.reply)

    def _log_in_again(self, now: float) -> None:
        if not self._logins:
            self._end(now)
            return
        self._logins -= 1
        self._log_in(now)

    def _wait_for_go_ahead(self, now: float) -> None:
        self._deadline = now + self._settings.go_ahead

    def _send_block(self, now: float) -> None:
        self._codes.clear()
        settings = self._settings
        self._send(block(settings.pager, self._text, settings.escaped), now, settings.reply)

    def _send_again(self, now: float) -> None:
        if not self._blocks:
            self._end(now)
            return
        self._blocks -= 1
        self._send_block(now)

    def _taken(self, now: float) -> None:
        """Table 25-4: some services say ACK to what they will not deliver; then a code tells."""
        wanted = self._settings.codes
        self._accepted = not wanted or bool(self._codes.intersection(wanted))
        self._end(now)

    def _end(self, now: float) -> None:
        self.phase = Phase.ENDING
        self._send(bytes((EOT, CR)), now, self._settings.farewell)

    def _end_again(self, now: float) -> None:
        if not self._ends:
            self._finish(now)
            return
        self._ends -= 1
        self._end(now)

    def _part(self, now: float) -> None:
        self._deadline = now + self._settings.rest

    def _finish(self, now: float) -> None:
        self.phase, self._deadline = Phase.OVER, None
        self._out.clear()
        self._happened.append(TapEvent(b"", self._accepted))

    # What has no row changes nothing: services send greetings and news.
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.PROMPTING, Seen.PROMPT): Step(_log_in, Phase.LOGGING_IN),
        (Phase.PROMPTING, Seen.TIME): Step(_prompt, Phase.PROMPTING),
        (Phase.PROMPTING, Seen.PARTED): Step(_part, Phase.RESTING),
        (Phase.LOGGING_IN, Seen.PROMPT): Step(_log_in_again, Phase.LOGGING_IN),
        (Phase.LOGGING_IN, Seen.ACK): Step(_wait_for_go_ahead, Phase.LOGGED_IN),
        # Some services let messages come without an ACK of their own.
        (Phase.LOGGING_IN, Seen.GO_AHEAD): Step(_send_block, Phase.SENDING),
        (Phase.LOGGING_IN, Seen.NAK): Step(_log_in_again, Phase.LOGGING_IN),
        (Phase.LOGGING_IN, Seen.TIME): Step(_log_in_again, Phase.LOGGING_IN),
        (Phase.LOGGING_IN, Seen.PARTED): Step(_part, Phase.RESTING),
        (Phase.LOGGED_IN, Seen.GO_AHEAD): Step(_send_block, Phase.SENDING),
        (Phase.LOGGED_IN, Seen.TIME): Step(_send_block, Phase.SENDING),
        (Phase.LOGGED_IN, Seen.PARTED): Step(_part, Phase.RESTING),
        (Phase.SENDING, Seen.ACK): Step(_taken, Phase.ENDING),
        (Phase.SENDING, Seen.NAK): Step(_send_again, Phase.SENDING),
        (Phase.SENDING, Seen.TIME): Step(_send_again, Phase.SENDING),
        (Phase.SENDING, Seen.RS): Step(_end, Phase.ENDING),
        (Phase.SENDING, Seen.PARTED): Step(_part, Phase.RESTING),
        (Phase.ENDING, Seen.PARTED): Step(_part, Phase.RESTING),
        (Phase.ENDING, Seen.TIME): Step(_end_again, Phase.ENDING),
        (Phase.RESTING, Seen.TIME): Step(_finish, Phase.OVER),
    }


_SIGNS: Final = {bytes((ACK,)): Seen.ACK, bytes((NAK,)): Seen.NAK, bytes((RS,)): Seen.RS}
