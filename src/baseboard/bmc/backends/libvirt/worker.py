"""A thread for calls that block, and what becomes of one that never comes back."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from baseboard.errors import TransportError

T = TypeVar("T")


class Worker:
    """Makes calls in a thread, one after the other. When one takes too long, another thread takes its place.

    Args:
        name: of its threads.
    """

    __slots__ = ("_calls", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] | None = None

    async def call(self, call: Callable[[], T], timeout_s: float) -> T:
        """Make a call.

        Raises:
            TransportError: it took too long; what it would have returned is lost.
        """
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self.submit(call)), timeout_s)
        except TimeoutError:
            raise self._late(timeout_s) from None

    def call_now(self, call: Callable[[], T], timeout_s: float) -> T:
        """The same, while nothing else can happen.

        Raises:
            TransportError: it took too long.
        """
        try:
            return self.submit(call).result(timeout_s)
        except TimeoutError:
            raise self._late(timeout_s) from None

    def stop(self) -> None:
        """Make no more calls; one that is being made ends by itself."""
        if self._calls is not None:
            self._calls.put(None)
            self._calls = None

    def _late(self, timeout_s: float) -> TransportError:
        self.stop()
        return TransportError(f"{self._name}: no answer within {timeout_s:g} s")

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Have a call made when its turn comes."""
        if self._calls is None:
            self._calls = queue.SimpleQueue()
            threading.Thread(target=_work, args=(self._calls,), name=self._name, daemon=True).start()
        future: Future[T] = Future()
        self._calls.put((future, call))
        return future


def _work(calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]) -> None:
    while (one := calls.get()) is not None:
        future, call = one
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is waited for
            future.set_exception(error)
