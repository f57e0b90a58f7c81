"""What coroutines wait for, on whichever loop drives them: asyncio's, or the small one of a one-shot command.

Names and meanings are asyncio's. Whoever needs more of asyncio than stands here imports it, and then runs on
its loop alone; this module imports it only when its loop runs already.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from baseboard.transports.small_loop import Cancelled, driving

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from contextlib import AbstractAsyncContextManager

    from baseboard.transports.small_loop import SmallLoop, Task

T = TypeVar("T")


def running() -> asyncio.AbstractEventLoop:
    """The loop that runs here; of the small one, only what it has may be used.

    Raises:
        RuntimeError: there is none.
    """
    small = driving.get()
    if small is not None:
        return cast("asyncio.AbstractEventLoop", small)
    import asyncio

    return asyncio.get_running_loop()


async def sleep(seconds: float) -> None:
    """Let time pass."""
    loop = running()
    woken: asyncio.Future[None] = loop.create_future()
    timer = loop.call_later(seconds, _wake, woken)
    try:
        await woken
    finally:
        timer.cancel()


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)


def timeout(seconds: float | None) -> AbstractAsyncContextManager[object]:
    """Raise TimeoutError in what is awaited inside, when it takes longer; None: never."""
    small = driving.get()
    if small is not None:
        return _Timeout(small, seconds)
    import asyncio

    return asyncio.timeout(seconds)


class _Timeout:
    """`timeout` on the small loop: cancels the task, and says then that it was the time."""

    def __init__(self, loop: SmallLoop, seconds: float | None) -> None:
        self._loop, self._seconds = loop, seconds
        self._task: Task[Any] | None = None
        self._over = False

    async def __aenter__(self) -> None:
        self._task = self._loop.task
        self._timer = None if self._seconds is None else self._loop.call_later(self._seconds, self._expire)

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._over and kind is Cancelled:
            raise TimeoutError

    def _expire(self) -> None:
        if self._task is not None:
            self._over = self._task.cancel()


async def settled(futures: Iterable[asyncio.Future[Any]], seconds: float | None = None) -> None:
    """Wait until all of these are done, however they end, but not longer than some time."""
    loop = running()
    left = {future for future in futures if not future.done()}
    if not left:
        return
    woken: asyncio.Future[None] = loop.create_future()

    def one(done: asyncio.Future[Any]) -> None:
        left.discard(done)
        if not left:
            _wake(woken)

    for future in left:
        future.add_done_callback(one)
    timer = None if seconds is None else loop.call_later(seconds, _wake, woken)
    try:
        await woken
    finally:
        if timer is not None:
            timer.cancel()
        for future in left:
            future.remove_done_callback(one)


def task(work: Awaitable[T]) -> asyncio.Task[T]:
    """Have something done besides."""
    coroutine: Coroutine[Any, Any, T] = (
        cast("Coroutine[Any, Any, T]", work) if isinstance(work, CoroutineType) else _awaited(work)
    )
    return running().create_task(coroutine)


async def _awaited(work: Awaitable[T]) -> T:
    return await work


async def ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel tasks, and wait until they have ended."""
    several = list(tasks)
    for one in several:
        one.cancel()
    await settled(several)
    for one in several:
        if not one.cancelled():
            one.exception()  # nobody else will ask for it


async def all_of(tasks: Iterable[asyncio.Task[T]]) -> list[T]:
    """Wait for tasks; the first error of one is raised at once, and the others are ended."""
    several = list(tasks)
    loop = running()
    broken: asyncio.Future[None] = loop.create_future()

    def look(done: asyncio.Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            _wake(broken)

    everything = task(settled(several))
    everything.add_done_callback(lambda _: _wake(broken))
    for one in several:
        one.add_done_callback(look)
    try:
        await broken
        for one in several:
            if one.done():
                one.result()
        return [one.result() for one in several]
    finally:
        await ended([everything, *several])


async def outcomes(tasks: Iterable[asyncio.Task[T]]) -> list[T | BaseException]:
    """Wait for tasks; in place of the result of one stands the error that came of it."""
    several = list(tasks)
    try:
        await settled(several)
        return [one.exception() or one.result() for one in several]
    finally:
        await ended(several)


class Lock:
    """One at a time, in the order in which they came: ``async with lock``."""

    def __init__(self) -> None:
        self._taken = False
        self._line: deque[asyncio.Future[None]] = deque()

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._taken

    async def __aenter__(self) -> None:
        if not self._taken:
            self._taken = True
            return
        place: asyncio.Future[None] = running().create_future()
        self._line.append(place)
        try:
            await place  # who leaves hands it over
        except BaseException:
            if place.done() and not place.cancelled():
                self._hand_over()
            else:
                self._line.remove(place)
            raise

    async def __aexit__(self, *error: object) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._taken = False


async def in_thread(call: Callable[[], T]) -> T:
    """Call what may take long, where others must go on; on the small loop there are no others."""
    if driving.get() is not None:
        return call()
    import asyncio

    return await asyncio.to_thread(call)
