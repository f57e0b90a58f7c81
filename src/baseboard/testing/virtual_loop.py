"""An event loop on virtual time: what waits for a timer waits no real time at all.

Whenever nothing is ready and no socket has anything, the clock jumps to the next timer. A test of a time-out
of minutes takes a millisecond, and tells the same each time.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_GLANCE = 0.0005
"""Real seconds given to sockets before the clock jumps: a datagram on loopback is there by then."""


_PATIENCE = 0.1
"""Real seconds between two looks at whether somebody is still at work."""


class _Jumping(selectors.DefaultSelector):
    """A selector that looks once, then lets time pass instead of waiting.

    Attributes:
        now: virtual seconds.
        busy: tell whether somebody is at work.
        own: how many files are the loop's own, by which nothing comes from outside.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.busy: list[Callable[[], bool]] = []
        self.own = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Tell what is ready; else go on to the moment at which the wait would have ended."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is not None and any(working() for working in self.busy):
            return super().select(_PATIENCE)
        if timeout is None:
            return super().select(None)
        if self._anybody():
            ready = super().select(_GLANCE)
        if not ready:
            self.now += max(timeout, 0.0)
        return ready

    def _anybody(self) -> bool:
        """Whether there is a socket or a thread that may bring something."""
        return len(self.get_map()) > self.own or threading.active_count() > 1


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock moves only when everything waits.

    Sockets work; of threads it knows nothing, so what they do may seem to take very long: see `wait_for`.
    """

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        self._jumping.own = len(self._jumping.get_map())

    def wait_for(self, working: Callable[[], bool]) -> None:
        """Let no time pass while a thread or a process is at work on something.

        Args:
            working: tells whether it is.
        """
        self._jumping.busy.append(working)

    def time(self) -> float:
        """Virtual monotonic seconds, from 0."""
        return self._jumping.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on virtual time, as `asyncio.run` does on real time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
