"""Sparing a BMC that freezes under many commands: requests keep a distance that grows with its time-outs."""

from __future__ import annotations

from typing import Final

FIRST: Final = 0.05
"""Seconds between two requests after the first trouble."""

LONGEST: Final = 0.4
"""Seconds that they are never further apart than."""

_ENOUGH: Final = 8


class Pacing:
    """The distance between requests; none as long as there is no trouble.

    Attributes:
        distance: seconds from one request to the next.
        troubled: whether there ever was trouble.
    """

    def __init__(self) -> None:
        self.distance = 0.0
        self.troubled = False
        self._good = 0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Take the next place in time.

        Returns: seconds until it.
        """
        if not self.distance:
            return 0.0
        at = max(now, self._next)
        self._next = at + self.distance
        return at - now

    def trouble(self) -> None:
        """Widen the distance: a request was answered only after several repetitions, or not at all."""
        self.troubled = True
        self.distance = min(max(2 * self.distance, FIRST), LONGEST)
        self._good = 0

    def good(self) -> None:
        """Narrow the distance again after enough requests that were answered at once."""
        if self.distance:
            self._good += 1
            if self._good >= _ENOUGH:
                self._good = 0
                self.distance = self.distance / 2 if self.distance > FIRST else 0.0
