"""A queue of what comes by itself: bounded, with a count of what was lost, and an end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from baseboard.client.deadline import time_left
from baseboard.errors import DeadlinePassed
from baseboard.transports import waiting

if TYPE_CHECKING:
    import asyncio

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
        self._came: asyncio.Future[None] | None = None

    def put(self, thing: T) -> None:
        """Let something come."""
        if len(self._kept) >= self._room:
            self._kept.popleft()
            self.lost += 1
        self._kept.append(thing)
        self._tell()

    def end(self, error: Exception) -> None:
        """Nothing comes any more; who has taken all is told why."""
        self._ended = self._ended or error
        self._tell()

    def _tell(self) -> None:
        if self._came is not None and not self._came.done():
            self._came.set_result(None)

    async def take(self) -> T:
        """Wait for the next.

        Raises:
            DeadlinePassed: it did not come within the time for the operation.
        """
        while not self._kept:
            if self._ended is not None:
                raise self._ended
            if self._came is None or self._came.done():
                self._came = waiting.running().create_future()
            await waiting.settled([self._came], time_left())
            if not self._came.done():
                raise DeadlinePassed("nothing came in time")
        return self._kept.popleft()
