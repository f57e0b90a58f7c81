"""What on a shared serial line calls for the BMC: escape sequences, and a login in Basic Mode (Table 14-3).

::

    <ESC>(                 the line to the BMC             <ESC>Q                 the line to the system
    <ESC>^                 power up, or wake               <ESC>R<ESC>r<ESC>R     hard reset

Each is told at its last character, so that what follows goes to who has the line by then.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

from baseboard.links.serial_basic import BasicMode, Buffer

PATIENCE: Final = 20.0
"""Seconds that an escape sequence may take (§14.3)."""

ACKNOWLEDGE: Final = b"\x1b*"
"""What the BMC puts out when it follows a sequence."""

_ESCAPE: Final = 0x1B
_AUTHENTICATION: Final = (0x06, 0x38)
_SHORTEST: Final = 7


class Pattern(enum.Enum):
    """What was seen."""

    TO_BMC = "<ESC>("
    TO_SYSTEM = "<ESC>Q"
    POWER_UP = "<ESC>^"
    RESET = "<ESC>R<ESC>r<ESC>R"
    LOGIN = "Get Channel Authentication Capabilities in Basic Mode"


class Piece(NamedTuple):
    """Characters up to the end of a pattern, or to the end of what came.

    Attributes:
        data: the characters.
        pattern: that they end with.
    """

    data: bytes
    pattern: Pattern | None


_ONES: Final = {ord("("): Pattern.TO_BMC, ord("Q"): Pattern.TO_SYSTEM, ord("^"): Pattern.POWER_UP}
_RESET: Final = b"RrR"


class PatternWatch:
    """Looks at everything that comes over the line, whoever it is for.

    Attributes:
        message: the Basic Mode message that the last LOGIN was.
    """

    def __init__(self) -> None:
        self.message = b""
        self._basic = BasicMode()
        self._escaped = False
        self._reset = 0
        self._began = 0.0

    def receive(self, data: Buffer, now: float) -> list[Piece]:
        """Cut what came behind each pattern."""
        pieces: list[Piece] = []
        start = 0
        for place, byte in enumerate(data):
            pattern = self._sequence(byte, now) or self._login(byte, now)
            if pattern is not None:
                pieces.append(Piece(bytes(data[start : place + 1]), pattern))
                start = place + 1
        if start < len(data):
            pieces.append(Piece(bytes(data[start:]), None))
        return pieces

    def forget(self) -> None:
        """The line was lost: nothing goes on from what came before."""
        self._escaped, self._reset = False, 0
        self._basic = BasicMode()

    def _sequence(self, byte: int, now: float) -> Pattern | None:
        if (self._escaped or self._reset) and now - self._began > PATIENCE:
            self._escaped, self._reset = False, 0
        if byte == _ESCAPE:
            if not self._reset:
                self._began = now
            self._escaped = True
            return None
        escaped, self._escaped = self._escaped, False
        if escaped and byte == _RESET[self._reset]:
            self._reset += 1
            if self._reset < len(_RESET):
                return None
            self._reset = 0
            return Pattern.RESET
        self._reset = 0
        return _ONES.get(byte) if escaped else None

    def _login(self, byte: int, now: float) -> Pattern | None:
        self._basic.receive(bytes((byte,)), now)
        for message in self._basic.events():
            if _asks_for_login(message):
                self.message = message
                return Pattern.LOGIN
        return None


def _asks_for_login(message: bytes) -> bool:
    if len(message) < _SHORTEST or sum(message[:3]) & 0xFF or sum(message[3:]) & 0xFF:
        return False
    return (message[1] >> 2, message[5]) == _AUTHENTICATION
