"""How long a BMC takes to answer, and so how long to wait until a packet is sent again (as TCP, RFC 6298)."""

from __future__ import annotations

from typing import Final

FIRST: Final = 0.2
"""Seconds to wait as long as nothing was answered. On a LAN most BMCs answer within 50 ms."""

_MARGIN: Final = 1.25

LEAST: Final = 0.1
"""Seconds that it is never less than: BMCs have pauses that a quick answer before says nothing about."""


class RoundTrip:
    """An estimate that follows the answers of one BMC.

    Attributes:
        wait: seconds after which an answer is late.
    """

    __slots__ = ("_mean", "_spread", "wait")

    def __init__(self) -> None:
        self.wait = FIRST
        self._mean = self._spread = 0.0

    def took(self, seconds: float) -> None:
        """Learn from the answer to a request that was sent once.

        Args:
            seconds: from the request to the answer.
        """
        mean = self._mean
        if mean:
            self._spread += (abs(seconds - mean) - self._spread) * 0.25
            self._mean = mean = mean + (seconds - mean) * 0.125
        else:
            self._mean = mean = seconds
            self._spread = seconds / 2
        wait = mean + 4 * self._spread
        self.wait = wait if wait > LEAST else LEAST

    def took_at_most(self, seconds: float) -> None:
        """Be more patient until the next answer that tells something.

        Which copy of a repeated request an answer belongs to cannot be told, since all have the same rqSeq:
        so it is no sample (Karn's rule). But a BMC that is always slow answers the next request before it is
        repeated.

        Args:
            seconds: from the first sending to the answer.
        """
        self.wait = max(self.wait, _MARGIN * seconds)
