"""One deadline for a whole operation, however many requests it is made of."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from contextvars import ContextVar

from baseboard.errors import DeadlinePassed
from baseboard.transports import waiting

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextlib.contextmanager
def deadline(seconds: float | None, *, now: float | None = None) -> Generator[None]:
    """Let everything awaited inside end within a time; of nested deadlines the earliest counts.

    Args:
        seconds: from now; None = no deadline of its own.
        now: the loop's time, for a thread in which it does not run; None = it does.
    """
    before = _deadline.get()
    at = before
    if seconds is not None:
        own = (waiting.running().time() if now is None else now) + seconds
        at = own if before is None else min(own, before)
    token = _deadline.set(at)
    try:
        yield
    finally:
        _deadline.reset(token)


def time_left() -> float | None:
    """Tell how many seconds the deadline leaves; 0 or less when it has passed, None without one."""
    at = _deadline.get()
    return None if at is None else at - waiting.running().time()


def remaining(limit: float) -> float:
    """Tell how long one step may take: ``limit`` seconds, or what the deadline leaves.

    Raises:
        DeadlinePassed: the deadline has passed.
    """
    left = time_left()
    if left is None:
        return limit
    if left <= 0:
        raise DeadlinePassed("the time for the whole operation is over")
    return min(limit, left)
