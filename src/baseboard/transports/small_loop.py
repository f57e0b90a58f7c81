"""An event loop for one command to one BMC: what of asyncio's it needs, in a hundredth of the time to import.

A one-shot command is over in the time that ``import asyncio`` takes. So its coroutines, the same as in any
other program, are driven by this loop, whose methods mean what asyncio's of the same names mean. It has no
threads, no signals, no debug mode, and expects a handful of tasks, sockets and timers. Code that runs on both
loops asks `baseboard.transports.waiting` for the one that runs.
"""

from __future__ import annotations

import select
import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from time import monotonic
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

driving: Final[ContextVar[SmallLoop | None]] = ContextVar("driving", default=None)
"""The small loop that runs in this context; None: another one, or none."""


class Cancelled(BaseException):
    """A task was cancelled, or the future that it waited for."""


class Future(Generic[T]):
    """What is not known yet; awaited by tasks of the loop."""

    def __init__(self, loop: SmallLoop) -> None:
        self._loop = loop
        self._done = self._cancelled = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[tuple[Callable[[Any], object], Context]] = []

    def __await__(self) -> Generator[Future[T], None, T]:
        if not self._done:
            yield self
        return self.result()

    def done(self) -> bool:
        """Whether it is known, or will never be."""
        return self._done

    def cancelled(self) -> bool:
        """Whether it will never be known."""
        return self._cancelled

    def result(self) -> T:
        """What it is, or the error that came of it."""
        if self._error is not None:
            raise self._error
        if self._cancelled or not self._done:
            raise Cancelled
        value: T = self._value
        return value

    def exception(self) -> BaseException | None:
        """The error that came of it."""
        if self._cancelled:
            raise Cancelled
        return self._error

    def set_result(self, value: T) -> None:
        """Now it is known."""
        self._value = value
        self._settle()

    def set_exception(self, error: BaseException) -> None:
        """Now it is known that it went wrong."""
        self._error = error
        self._settle()

    def cancel(self) -> bool:
        """Wait for it no more.

        Returns: whether it was waited for.
        """
        if self._done:
            return False
        self._cancelled = True
        self._settle()
        return True

    def add_done_callback(self, call: Callable[[Any], object], *, context: Context | None = None) -> None:
        """Call back with the future itself, soon after it is done."""
        context = copy_context() if context is None else context
        if self._done:
            self._loop.call_soon(call, self, context=context)
        else:
            self._callbacks.append((call, context))

    def remove_done_callback(self, call: Callable[[Any], object]) -> None:
        """Do not call back."""
        self._callbacks = [pair for pair in self._callbacks if pair[0] != call]

    def _settle(self) -> None:
        self._done = True
        callbacks, self._callbacks = self._callbacks, []
        for call, context in callbacks:
            self._loop.call_soon(call, self, context=context)


class Task(Future[T]):
    """A coroutine that is driven, in a context of its own."""

    def __init__(self, loop: SmallLoop, coroutine: Coroutine[Any, Any, T]) -> None:
        super().__init__(loop)
        self._coroutine = coroutine
        self._context = copy_context()
        self._waits_for: Future[Any] | None = None
        self._to_cancel = False
        loop.call_soon(self._step, context=self._context)

    def cancel(self) -> bool:
        """Raise `Cancelled` where it waits."""
        if self._done:
            return False
        if self._waits_for is None or not self._waits_for.cancel():
            self._to_cancel = True
        return True

    def _step(self, waited: Future[Any] | None = None) -> None:
        del waited
        self._waits_for = None
        before, self._loop.task = self._loop.task, self
        try:
            if self._to_cancel:
                self._to_cancel = False
                future = self._coroutine.throw(Cancelled())
            else:
                future = self._coroutine.send(None)
        except StopIteration as end:
            self.set_result(end.value)
        except Cancelled:
            super().cancel()
        except BaseException as error:  # noqa: BLE001 - whoever awaits the task gets it
            self.set_exception(error)
        else:
            self._waits_for = future
            future.add_done_callback(self._step, context=self._context)
            if self._to_cancel and future.cancel():
                self._to_cancel = False
        finally:
            self._loop.task = before


class Timer:
    """A call at some time."""

    def __init__(
        self, loop: SmallLoop, due: float, call: Callable[..., object], given: tuple[Any, ...]
    ) -> None:
        self._loop, self._due = loop, due
        self.call, self.given, self.context = call, given, copy_context()

    def when(self) -> float:
        """The loop's time of the call."""
        return self._due

    def cancel(self) -> None:
        """Do not call; harmless afterwards."""
        if self in self._loop.timers:
            self._loop.timers.remove(self)


class SmallLoop:
    """The loop; `run` drives a coroutine to its end.

    Attributes:
        task: the one that is being driven just now.
        timers: those that are to come.
    """

    def __init__(self) -> None:
        self.task: Task[Any] | None = None
        self.timers: list[Timer] = []
        self._tasks: set[Task[Any]] = set()
        self._ready: deque[tuple[Callable[..., object], tuple[Any, ...], Context]] = deque()
        self._readers: dict[int, Callable[[], object]] = {}
        self._poll = select.poll()
        self._generators: set[AsyncGenerator[Any, Any]] = set()

    def time(self) -> float:
        """Seconds of a clock that only goes on."""
        return monotonic()

    def create_future(self) -> Future[Any]:
        """See asyncio."""
        return Future(self)

    def create_task(self, coroutine: Coroutine[Any, Any, T]) -> Task[T]:
        """See asyncio."""
        task = Task(self, coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def call_soon(self, call: Callable[..., object], *given: Any, context: Context | None = None) -> None:
        """See asyncio."""
        self._ready.append((call, given, copy_context() if context is None else context))

    def call_at(self, when: float, call: Callable[..., object], *given: Any) -> Timer:
        """See asyncio."""
        timer = Timer(self, when, call, given)
        self.timers.append(timer)
        return timer

    def call_later(self, delay: float, call: Callable[..., object], *given: Any) -> Timer:
        """See asyncio."""
        return self.call_at(monotonic() + delay, call, *given)

    def add_reader(self, descriptor: int, call: Callable[[], object]) -> None:
        """See asyncio."""
        self._readers[descriptor] = call
        self._poll.register(descriptor, select.POLLIN)

    def remove_reader(self, descriptor: int) -> bool:
        """See asyncio."""
        if self._readers.pop(descriptor, None) is None:
            return False
        self._poll.unregister(descriptor)
        return True

    async def getaddrinfo(self, host: str, port: int, **wanted: int) -> list[tuple[Any, ...]]:
        """See asyncio; nothing else is going on that would have to wait for the resolver."""
        import socket

        return list(socket.getaddrinfo(host, port, **wanted))

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Drive a coroutine to its end, then those tasks that it left.

        Ctrl-C cancels it, so that it can tidy up; a second one ends it at once.

        Raises:
            KeyboardInterrupt: it was interrupted.
        """
        token = driving.set(self)
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._generators.add, finalizer=self._finish)
        try:
            main = self.create_task(coroutine)
            interrupted = False
            while not main.done():
                try:
                    self._turn()
                except KeyboardInterrupt:
                    if interrupted:
                        raise
                    interrupted = main.cancel()
            self._tidy()
            if interrupted and main.cancelled():
                raise KeyboardInterrupt
            return main.result()
        finally:
            sys.set_asyncgen_hooks(*hooks)
            driving.reset(token)

    def _tidy(self) -> None:
        """End what the coroutine left: tasks first, for they may hold generators."""
        for task in tuple(self._tasks):
            task.cancel()
        self._let_end()
        for generator in tuple(self._generators):
            self._finish(generator)
        self._let_end()

    def _let_end(self) -> None:
        while self._tasks:
            self._turn()

    def _finish(self, generator: AsyncGenerator[Any, Any]) -> None:
        """An asynchronous generator was left before its end."""
        self._generators.discard(generator)
        self.create_task(_closed(generator))

    def _turn(self) -> None:
        """Wait until something is to be done, and do it."""
        pause = 0.0 if self._ready else None
        if self.timers and pause is None:
            pause = max(0.0, min(timer.when() for timer in self.timers) - monotonic())
        for descriptor, _ in self._poll.poll(None if pause is None else pause * 1000):
            call = self._readers.get(descriptor)
            if call is not None:
                self.call_soon(call)
        now = monotonic()
        due = sorted((timer for timer in self.timers if timer.when() <= now), key=Timer.when)
        for timer in due:
            self.timers.remove(timer)
            self._ready.append((timer.call, timer.given, timer.context))
        for _ in range(len(self._ready)):
            call, given, context = self._ready.popleft()
            context.run(call, *given)


async def _closed(generator: AsyncGenerator[Any, Any]) -> None:
    await generator.aclose()
