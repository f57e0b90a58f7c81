"""Which session sequence numbers a receiver accepts (§6.12.8 to §6.12.13, Appendix A; v2.0: §13.28).

A window is asked only after the AuthCode has been verified: an unauthenticated packet must not move it.
"""

from __future__ import annotations

import enum
from typing import Final


class Verdict(enum.IntEnum):
    """What becomes of a packet; all but the first are dropped silently."""

    ACCEPT = 0
    DUPLICATE = 1
    OUT_OF_WINDOW = 2
    NULL_IN_SESSION = 3


_ACCEPT: Final = Verdict.ACCEPT
_DUPLICATE: Final = Verdict.DUPLICATE
_OUT: Final = Verdict.OUT_OF_WINDOW
_NULL: Final = Verdict.NULL_IN_SESSION


class WindowV15:
    """The window of a v1.5 session: eight either way, modulo 2^32.

    Attributes:
        highest: the highest number accepted so far.
    """

    __slots__ = ("_mask", "_seen", "_width", "highest")

    def __init__(self, initial: int, width: int = 8) -> None:
        """Start so that the first packet may carry exactly the initial number (§6.12.9).

        Args:
            initial: the initial inbound or outbound number of Activate Session.
            width: 8 by the specification; a console may be more generous.
        """
        self.highest = (initial - 1) & 0xFFFFFFFF
        self._width, self._mask = width, (1 << (width + 1)) - 1
        self._seen = self._mask

    def judge(self, sequence: int) -> Verdict:
        """Decide about a number and remember it if it is accepted.

        Args:
            sequence: 0-FFFFFFFFh. Zero is a point of the modular space, but never valid in a session.
        """
        if not sequence:
            return _NULL
        ahead = (sequence - self.highest) & 0xFFFFFFFF
        if 0 < ahead <= self._width:
            self._seen = (self._seen << ahead | 1) & self._mask
            self.highest = sequence
            return _ACCEPT
        behind = -ahead & 0xFFFFFFFF
        if behind > self._width:
            return _OUT
        bit = 1 << behind
        if self._seen & bit:
            return _DUPLICATE
        self._seen |= bit
        return _ACCEPT


class WindowV20:
    """The window of one counter of a v2.0 session: 15 ahead, 16 behind, no wrap.

    A session has one each way for authenticated and one for unauthenticated packets.

    Attributes:
        highest: the highest number accepted so far, 0 at first.
    """

    __slots__ = ("_ahead", "_behind", "_mask", "_seen", "highest")

    def __init__(self, ahead: int = 15, behind: int = 16) -> None:
        self.highest = 0
        self._ahead, self._behind = ahead, behind
        self._mask = (1 << (behind + 1)) - 1
        self._seen = 1

    def judge(self, sequence: int) -> Verdict:
        """Decide about a number and remember it if it is accepted.

        Args:
            sequence: 0-FFFFFFFFh.
        """
        ahead = sequence - self.highest
        if ahead > 0:
            if ahead > self._ahead:
                return _OUT
            self._seen = (self._seen << ahead | 1) & self._mask
            self.highest = sequence
            return _ACCEPT
        if not sequence:
            return _NULL
        if -ahead > self._behind:
            return _OUT
        bit = 1 << -ahead
        if self._seen & bit:
            return _DUPLICATE
        self._seen |= bit
        return _ACCEPT
