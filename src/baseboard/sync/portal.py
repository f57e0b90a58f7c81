"""The loop in the background on which the synchronous classes run the asynchronous ones."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from typing import Any, Final, Generic, TypeVar

from baseboard.errors import BaseboardError, LocalProtocolError

T = TypeVar("T")

_FAREWELL: Final = 3.0
"""Seconds that the sessions which are open at the program's end have to be closed in."""

_END: Final = object()


class Portal:
    """One event loop in a daemon thread; any number of threads may have it run things at the same time."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._open: dict[int, Any] = {}
        self._last_words: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._serve, name="baseboard.sync", daemon=True)
        self._thread.start()

    def run(self, awaitable: Awaitable[T]) -> T:
        """Wait for something on the loop; whatever interrupts the waiting cancels it.

        Raises:
            LocalProtocolError: this is the loop's own thread, which would wait for itself.
        """
        if threading.current_thread() is self._thread:
            if isinstance(awaitable, Coroutine):
                awaitable.close()
            raise LocalProtocolError(
                "baseboard.sync cannot be called from its own loop; use the async classes"
            )
        errand = _Errand(awaitable)
        try:
            # The deadline of the calling thread comes along: its context is copied.
            self.loop.call_soon_threadsafe(errand.begin, self.loop)
            return errand.wait()
        except BaseException:
            # Ctrl-C meets the waiting thread, maybe before it waits; the operation must not go on without it.
            errand.given_up = True
            self.loop.call_soon_threadsafe(errand.cancel)
            raise

    def call(self, function: Callable[..., T], *args: Any, **named: Any) -> T:
        """Call a plain function in the loop's thread."""

        async def called() -> T:
            return function(*args, **named)

        return self.run(called())

    def iterate(self, items: AsyncIterator[T]) -> Generator[T, None, None]:
        """Take things one by one; the iteration on the loop ends with this one."""
        try:
            while (item := self.run(anext(items, _END))) is not _END:
                yield item  # type: ignore[misc]  # what is not the mark is an item
        finally:
            close = getattr(items, "aclose", None)
            if close is not None:
                self._end(close)

    def _end(self, close: Callable[[], Awaitable[None]]) -> None:
        if threading.current_thread() is not self._thread:
            self.run(close())
        elif not self.loop.is_closed():
            # The garbage collector ends a forgotten iteration in whichever thread it runs.
            task = self.loop.create_task(_awaited(close()))
            self._last_words.add(task)
            task.add_done_callback(self._last_words.discard)

    def opened(self, thing: T) -> T:
        """Remember something that has to be closed at the latest when the program ends."""
        self._open[id(thing)] = thing
        return thing

    def closed(self, thing: object) -> None:
        """Forget it."""
        self._open.pop(id(thing), None)

    def stop(self) -> None:
        """Close what is open, and end the loop."""
        if self.process != os.getpid() or self.loop.is_closed():
            return
        farewell = asyncio.run_coroutine_threadsafe(self._close_all(), self.loop)
        with contextlib.suppress(TimeoutError):
            farewell.result(_FAREWELL)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_FAREWELL)

    async def _close_all(self) -> None:
        for thing in list(self._open.values()):
            with contextlib.suppress(BaseboardError, OSError):
                await thing.close()
        self._open.clear()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()


class _Errand(Generic[T]):
    """Something that runs on the loop for a thread, and ends with the thread's patience.

    ``asyncio.run_coroutine_threadsafe`` does the same by a future of each kind, which takes 15 us longer.
    """

    def __init__(self, awaitable: Awaitable[T]) -> None:
        self.given_up = False
        self._awaitable = awaitable
        self._task: asyncio.Task[T] | None = None
        self._under_way = threading.Lock()
        self._under_way.acquire()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start it, on the loop."""
        self._task = loop.create_task(self.run())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # a thread that was interrupted does not ask for it
        self._under_way.release()

    def wait(self) -> T:
        """Wait in the thread until it has ended.

        Returns: its result.
        """
        self._under_way.acquire()
        assert self._task is not None
        try:
            return self._task.result()
        except asyncio.CancelledError:
            raise concurrent.futures.CancelledError from None

    async def run(self) -> T:
        """Do it, unless it was given up before it began."""
        if self.given_up:
            forget: Callable[[], None] = getattr(self._awaitable, "close", _nothing)
            forget()
            raise asyncio.CancelledError
        return await self._awaitable

    def cancel(self) -> None:
        """Give it up, on the loop; harmless when it has ended."""
        if self._task is not None:
            self._task.cancel()


def _nothing() -> None:
    """An awaitable that is no coroutine has nothing to be closed."""


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


_portal: Portal | None = None
_making: Final = threading.Lock()


def portal() -> Portal:
    """Give the process's portal; the first call makes it, and so does the first after a fork."""
    global _portal  # one loop for the whole process
    with _making:
        if _portal is None or _portal.process != os.getpid() or _portal.loop.is_closed():
            _portal = Portal()
            atexit.register(_portal.stop)
        return _portal


@contextlib.contextmanager
def deadline(seconds: float | None) -> Generator[None, None, None]:
    """Let everything that is called inside end within a time; of nested deadlines the earliest counts.

    Args:
        seconds: from now; None = no deadline of its own.
    """
    from baseboard.client.deadline import deadline as within

    with within(seconds, now=portal().loop.time()):
        yield


class Mirror:
    """What the synchronous classes share: the asynchronous object, and where it runs."""

    def __init__(self, portal: Portal, mirrored: object) -> None:
        self._portal, self._mirrored = portal, mirrored

    def __repr__(self) -> str:
        return repr(self._mirrored)
