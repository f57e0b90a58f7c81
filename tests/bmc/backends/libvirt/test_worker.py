"""Calls that block, in threads of their own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from baseboard.bmc.backends.libvirt.worker import Worker
from baseboard.errors import TransportError


async def test_calls_are_made_one_after_the_other_in_one_thread() -> None:
    worker = Worker("tests")
    names = [await worker.call(lambda: threading.current_thread().name, 30) for _ in range(2)]
    assert names == ["tests", "tests"]
    with pytest.raises(ZeroDivisionError):
        await worker.call(lambda: 1 // 0, 30)
    assert worker.call_now(lambda: 5, 30) == 5
    worker.stop()
    worker.stop()


async def test_one_that_never_comes_back_is_left_behind() -> None:
    worker, hangs = Worker("tests"), threading.Event()
    with pytest.raises(TransportError, match=r"tests: no answer within 0\.05 s"):
        await worker.call(hangs.wait, 0.05)
    assert await worker.call(lambda: 1, 30) == 1
    with pytest.raises(TransportError, match="no answer"):
        worker.call_now(hangs.wait, 0.05)
    assert worker.call_now(lambda: 2, 30) == 2
    hangs.set()
    worker.stop()


async def test_a_call_that_nobody_waits_for_any_more_is_not_made() -> None:
    worker, hangs, made = Worker("tests"), threading.Event(), []
    first = worker.submit(hangs.wait)
    waiting = asyncio.create_task(worker.call(lambda: made.append(1), 30))
    await asyncio.sleep(0)  # polls
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    hangs.set()
    assert first.result(30)
    worker.call_now(lambda: None, 30)
    assert made == []
    worker.stop()
