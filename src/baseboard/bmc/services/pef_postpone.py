"""The PEF postpone timer: software looks at events first, for so long (§17.4, §30.2)."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.home import Home

OFF, TEMPORARY, ASK = 0x00, 0xFE, 0xFF
MOST_POSTPONED = 256
"""Events that wait for software; with more of them the oldest are taken to be processed by it."""


class Postponed(NamedTuple):
    """An event that software may deal with.

    Attributes:
        record: of the log; 0000h = it was not logged.
        event: what happened.
        time: when, by the log's clock.
    """

    record: int
    event: Event
    time: int


class PostponeTimer:
    """Holds events back until software says that it processed them, or the time is over.

    Args:
        home: surroundings.
        expired: takes the events that software did not process in time.

    Attributes:
        value: as it was armed; 0 = PEF acts at once, FEh = PEF is off for now.
    """

    __slots__ = ("_end", "_expired", "_home", "_timer", "_waiting", "value")

    def __init__(self, home: Home, expired: Callable[[list[Postponed]], None]) -> None:
        self._home, self._expired = home, expired
        self.value = OFF
        self._end: float | None = None
        self._timer: Timer | None = None
        self._waiting: deque[Postponed] | None = None

    @property
    def postpones(self) -> bool:
        """Whether events are to be held back."""
        return self.value not in (OFF, TEMPORARY)

    @property
    def present(self) -> int:
        """Where the countdown is, seconds; FEh = PEF is off for now."""
        if self._end is None:
            return self.value
        return max(0, math.ceil(self._end - self._home.clock.now()))

    def arm(self, value: int) -> None:
        """Arm the timer anew, switch it off (00h) or PEF with it (FEh).

        Events that wait go on waiting, are dealt with at once, or never, in this order.
        """
        self._halt()
        self.value = value
        if value == TEMPORARY:
            self._waiting = None
        elif value == OFF:
            self._release()
        elif self._waiting:
            self._count()

    def hold(self, postponed: Postponed) -> None:
        """Hold an event back; the first one starts the countdown."""
        if self._waiting is None:
            self._waiting = deque(maxlen=MOST_POSTPONED)
        self._waiting.append(postponed)
        if self._end is None:
            self._count()

    def processed(self, record: int, *, all_of_it: bool) -> None:
        """Software has processed events up to a record.

        Args:
            all_of_it: it is the log's last one: the timer stops, and is armed again with what it had.
        """
        waiting = self._waiting
        if waiting is None:
            return
        if all_of_it:
            waiting.clear()
        elif any(one.record == record for one in waiting):
            while waiting.popleft().record != record:
                continue
        if not waiting:
            self._waiting = None
            self._halt()

    def cancel(self) -> None:
        """PEF was switched off: nothing waits any more."""
        self._waiting = None
        self._halt()

    def stop(self) -> None:
        """The BMC ends."""
        self.cancel()

    def _count(self) -> None:
        self._end = self._home.clock.now() + self.value
        self._timer = self._home.clock.call_at(self._end, self._over)

    def _halt(self) -> None:
        self._end = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        """Who did not come in time is not waited for again until it arms the timer anew (unverified)."""
        self._halt()
        self.value = OFF
        self._release()

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting:
            self._expired(list(waiting))
