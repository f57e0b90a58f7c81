"""Reservations: who read a list lately enough to change it (§31.4, §33.11)."""

from __future__ import annotations

from baseboard.codes import Cc
from baseboard.errors import CompletionError

_LAST = 0xFFFF


class Reservation:
    """One reservation ID, cancelled by every change that its holder has to know of.

    Attributes:
        current: the ID that holds now; 0 = none.
    """

    __slots__ = ("_drawn", "current")

    def __init__(self) -> None:
        self.current = 0
        self._drawn = 0

    def take(self) -> int:
        """Reserve; whoever held the reservation before loses it."""
        self._drawn = self._drawn + 1 if self._drawn < _LAST else 1
        self.current = self._drawn
        return self.current

    def cancel(self) -> None:
        """The list changed under its reader: nobody's reservation holds any more."""
        self.current = 0

    def check(self, reservation_id: int) -> None:
        """Let only the holder pass.

        Raises:
            CompletionError: C5h, the reservation was cancelled or never held.
        """
        if not self.current or reservation_id != self.current:
            raise CompletionError(Cc.RESERVATION_CANCELLED)
