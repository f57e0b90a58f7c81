"""A queue of what comes by itself: bounded, with a count of what was lost, and an end."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, Generic, TypeVar

from baseboard.client.deadline import time_left
from baseboard.errors import DeadlinePassed

T = TypeVar("T")

ROOM: Final = 1024
"""Things that are kept for whoever is slow to take them; then the oldest go."""


class Feed(Generic[T]):
    """What came and was not taken yet.

    Attributes:
        lost: how many things went, for nobody took them in time.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.lost = 0
        self._room = room
        self._kept: deque[T] = deque()
        self._ended: Exception | None = None
        self._came = asyncio.Event()

    def put(self, thing: T) -> None:
        """Let something come."""
        if len(self._kept) >= self._room:
            self._kept.popleft()
            self.lost += 1
        self._kept.append(thing)
        self._came.set()

    def end(self, error: Exception) -> None:
        """Nothing comes any more; who has taken all is told why."""
        self._ended = self._ended or error
        self._came.set()

    async def take(self) -> T:
        """Wait for the next.

        Raises:
            DeadlinePassed: it did not come within the time for the operation.
        """
        while not self._kept:
            if self._ended is not None:
                raise self._ended
            self._came.clear()
            try:
                async with asyncio.timeout(time_left()):
                    await self._came.wait()
            except TimeoutError:
                raise DeadlinePassed("nothing came in time") from None
        return self._kept.popleft()
