"""Orders that wait: which of them are still meant when their turn comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from baseboard.bmc.backends.orders import Order, Orders, pause
from baseboard.testing.clock import VirtualClock
from tests.bmc.machine_bench import passed, settled


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ((Order.ON, Order.OFF), [Order.OFF]),
        ((Order.OFF, Order.ON), [Order.ON]),
        ((Order.RESET, Order.NMI, Order.SHUTDOWN, Order.OFF), [Order.OFF]),
        ((Order.SHUTDOWN, Order.RESET), [Order.RESET]),
        ((Order.OFF, Order.NMI), [Order.OFF, Order.NMI]),
        ((Order.IDENTIFY_ON, Order.ON, Order.IDENTIFY_OFF), [Order.ON, Order.IDENTIFY_OFF]),
        ((Order.NMI,) * 50, [Order.NMI]),
    ],
)
async def test_what_is_left(given: tuple[Order, ...], left: list[Order]) -> None:
    orders = Orders(VirtualClock())
    for order in given:
        orders.give(order)
    taken = []
    while (one := orders.take()) is not None:
        taken.append(one)
    assert taken == left


async def test_whoever_waits_is_woken() -> None:
    clock = VirtualClock()
    orders = Orders(clock)
    wakes: tuple[Callable[[], None], ...] = (
        lambda: orders.give(Order.ON), orders.wake, lambda: clock.advance(5),
    )  # fmt: skip
    for wake in wakes:
        waiting = asyncio.create_task(orders.wait(clock.now() + 5))
        await settled()
        assert not waiting.done() or orders.take() is not None
        wake()
        await waiting
        orders.take()


async def test_nobody_waits_while_there_is_something_to_do() -> None:
    orders = Orders(VirtualClock())
    orders.give(Order.ON)
    await orders.wait(100.0)
    assert orders.take() is Order.ON


async def test_a_pause_is_as_long_as_the_clock_says() -> None:
    clock = VirtualClock()
    task = asyncio.create_task(pause(clock, 2.0))
    await passed(clock, 1.9)
    assert not task.done()
    await passed(clock, 0.1)
    assert task.done()
