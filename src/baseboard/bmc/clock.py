"""Time as the controller sees it: an argument, never a global."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None:
        """Make it not happen; harmless when it has."""
        ...


class Clock(Protocol):
    """Two clocks and a way to be called later; tests put a virtual one here."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def wall(self) -> float:
        """Seconds since 1970-01-01 00:00:00 UTC."""
        ...

    def call_at(self, when: float, action: Callable[[], None]) -> Timer:
        """Call ``action`` when ``now()`` reaches ``when``."""
        ...


class LoopClock:
    """The clock of the running asyncio loop."""

    __slots__ = ("_context", "_loop", "now")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # One for all timers: each would copy one otherwise, 64 bytes that nobody looks at.
        self._context = contextvars.copy_context()
        self.now = loop.time

    def wall(self) -> float:
        """Seconds since 1970-01-01 00:00:00 UTC."""
        return time.time()

    def call_at(self, when: float, action: Callable[[], None]) -> Timer:
        """Call ``action`` when ``now()`` reaches ``when``."""
        return self._loop.call_at(when, action, context=self._context)
