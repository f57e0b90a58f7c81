"""Reading a chain of records ahead: each names the next, and most controllers number them in steps.

An event log (§31.6.1) or an SDR repository (§33.12) says which record follows only when one is read, so that
reading it costs a round trip a record. Nearly always the next ID is the last one plus the step before it.
Where the controller bears several requests at a time, the records that are likely to follow are asked for at
once. The chain alone decides: a guess counts only once the record before it has named it, only if it was
read after that one, and only if nothing went wrong; else the record is asked for as if nobody had guessed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from baseboard.client.pipelining import learned_depth, may_bear
from baseboard.errors import BaseboardError, CompletionError, DecodeError, NoResponse
from baseboard.transports import waiting

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.bmc import Bmc

T = TypeVar("T")

_IDS: Final = range(1, 0xFFFF)
"""What a record can be found by; the ends of this range mean the first and the last one."""

_MOST_FAILURES: Final = 4
"""Right guesses that could not be read, after which no more is guessed."""


class Ahead(Generic[T]):
    """Asks for the records that are likely to be next.

    Args:
        read: reads one record by a request of its own, several at a time; any error makes a guess worthless.
        depth: requests at a time that the controller bears; 1 = nothing is guessed.
        expected: how many records there are said to be; nothing is guessed behind so many.
        held: whether the controller itself would have refused to read records that have changed meanwhile.
    """

    def __init__(
        self,
        read: Callable[[int], Awaitable[T]],
        depth: int,
        expected: int,
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        self._held = held
        self._read, self._depth, self._left = read, depth, expected if depth > 1 else 0
        self._tasks: dict[int, asyncio.Task[T | None]] = {}
        # When the records were read, by a clock that counts answers.
        self._order: dict[int, int] = {}
        self._clock = self._before = 0
        self._taken, self._failures = -1, 0
        self._reach, self._step, self._last = depth, 1, 1

    async def take(self, record_id: int) -> T | None:
        """Give the record that the chain has come to; None: it has to be read, no guess is any good."""
        task = self._tasks.pop(record_id, None)
        found = None if task is None else await task
        if task is not None and found is None:
            self._fail()
        # What was read before its predecessor may be older than the chain that leads to it: entries were
        # added or erased meanwhile, or the network has changed the order.
        if found is None or (self._order[record_id] < self._before and not self._held()):
            return None
        self._taken, self._before = record_id, self._order[record_id]
        return found

    def follow(self, record_id: int, next_id: int) -> None:
        """Tell that a record was read and names the next, and ask for those that are likely to follow.

        Args:
            record_id: what it is found by, not 0000h.
            next_id: of the next one; FFFFh = it was the last.
        """
        self._left -= 1
        if record_id != self._taken:
            self._clock += 1
            self._before = self._clock
        if next_id not in _IDS or next_id == record_id or self._left <= 0 or self._failures > _MOST_FAILURES:
            return
        step, last = next_id - record_id, self._last
        self._last = step
        if step == self._step:
            self._reach = min(max(2 * self._reach, 1), self._depth)
        elif step == last:
            # Two equal steps make a rule, such as that of a log whose newest entry comes first.
            self._step = step
        else:
            # A gap. What was guessed behind it may still come true; without any rule guessing ends soon.
            self._reach //= 4
            return
        for guess in range(next_id, next_id + step * min(self._reach, self._left), step):
            if guess in _IDS and guess not in self._tasks and guess not in self._order:
                self._tasks[guess] = waiting.task(self._guess(guess))

    def _fail(self) -> None:
        """A guess was right, and could not be read: those like it may be asked for in another way."""
        self._failures += 1
        self._reach = 0
        for record_id in [one for one, task in self._tasks.items() if task.done() and task.result() is None]:
            del self._tasks[record_id]

    async def close(self) -> None:
        """Give up what was asked for in vain."""
        tasks, self._tasks = list(self._tasks.values()), {}
        await waiting.ended(tasks)

    async def _guess(self, record_id: int) -> T | None:
        try:
            found = await self._read(record_id)
        except BaseboardError:
            return None
        self._clock += 1
        self._order[record_id] = self._clock
        return found


async def bearable(bmc: Bmc, expected: Callable[[], Awaitable[int]]) -> tuple[int, int]:
    """Tell how `Ahead` may read from a controller.

    Args:
        expected: asks how many records there are; called only where several requests at a time are possible.

    Returns: requests at a time, and records that are to be expected.
    """
    if not may_bear(bmc):
        return 1, 0
    try:
        records = await expected()
    except (CompletionError, DecodeError, NoResponse):
        return 1, 0
    return await learned_depth(bmc, records), records
