"""The clock of a loop: two times, and calls to come."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from baseboard.bmc.clock import Clock, LoopClock


async def test_calls_come_in_their_order_and_not_when_cancelled() -> None:
    loop = asyncio.get_running_loop()
    clock: Clock = LoopClock(loop)
    done: asyncio.Future[None] = loop.create_future()
    order: list[str] = []
    start = clock.now()

    def last() -> None:
        order.append("second")
        done.set_result(None)

    clock.call_at(start + 0.002, last)
    clock.call_at(start + 0.001, lambda: order.append("first"))
    clock.call_at(start, lambda: order.append("never")).cancel()
    await done
    assert order == ["first", "second"]


async def test_now_is_the_loops_time_and_wall_the_time_of_day(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    clock = LoopClock(loop)
    before = loop.time()
    assert before <= clock.now() <= loop.time()
    monkeypatch.setattr("baseboard.bmc.clock.time", SimpleNamespace(time=lambda: 1_750_000_000.5))
    assert clock.wall() == 1_750_000_000.5
