"""Time that stands still until a test moves it."""

from __future__ import annotations

import heapq
from collections.abc import Callable


class VirtualTimer:
    """One call to come; see :meth:`VirtualClock.call_at`."""

    __slots__ = ("_action", "when")

    def __init__(self, when: float, action: Callable[[], None]) -> None:
        self.when = when
        self._action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Make it not happen; harmless when it has."""
        self._action = None

    @property
    def pending(self) -> bool:
        """Whether it will still happen."""
        return self._action is not None

    def fire(self) -> None:
        """Make the call, once."""
        action, self._action = self._action, None
        if action is not None:
            action()


class VirtualClock:
    """A :class:`baseboard.bmc.clock.Clock` that only :meth:`advance` moves.

    Args:
        now: monotonic seconds to begin with.
        wall: seconds since 1970-01-01 00:00:00 UTC to begin with.
    """

    __slots__ = ("_count", "_heap", "_now", "_wall_offset")

    def __init__(self, now: float = 0.0, wall: float = 1_750_000_000.0) -> None:
        self._now = now
        self._wall_offset = wall - now
        self._heap: list[tuple[float, int, VirtualTimer]] = []
        self._count = 0

    def now(self) -> float:
        """Monotonic seconds."""
        return self._now

    def wall(self) -> float:
        """Seconds since 1970-01-01 00:00:00 UTC; runs with :meth:`now`."""
        return self._now + self._wall_offset

    def call_at(self, when: float, action: Callable[[], None]) -> VirtualTimer:
        """Call ``action`` when time reaches ``when``; what is due together goes in order."""
        timer = VirtualTimer(when, action)
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, timer))
        return timer

    def next_due(self) -> float | None:
        """When the next call comes; None = none is waiting."""
        heap = self._heap
        while heap and not heap[0][2].pending:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def advance(self, seconds: float) -> None:
        """Let time pass, making each call at its own time; calls asked for meanwhile count too."""
        self.advance_to(self._now + seconds)

    def advance_to(self, when: float) -> None:
        """Let time pass until ``when``."""
        while (due := self.next_due()) is not None and due <= when:
            timer = heapq.heappop(self._heap)[2]
            # a call asked for in the past is made late, but never turns time back
            self._now = max(self._now, due)
            timer.fire()
        self._now = max(self._now, when)
