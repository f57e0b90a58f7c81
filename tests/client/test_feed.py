"""What comes by itself waits its turn, within bounds."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.feed import Feed
from baseboard.errors import DeadlinePassed, SessionClosed


async def test_things_are_taken_in_their_order() -> None:
    feed = Feed[int]()
    feed.put(1)
    feed.put(2)
    assert [await feed.take(), await feed.take()] == [1, 2]


async def test_who_waits_is_woken() -> None:
    feed = Feed[int]()
    waiting = asyncio.ensure_future(feed.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    feed.put(7)
    assert await waiting == 7


async def test_the_oldest_go_when_there_is_no_room_and_are_counted() -> None:
    feed = Feed[int](room=2)
    for number in range(5):
        feed.put(number)
    assert feed.lost == 3
    assert [await feed.take(), await feed.take()] == [3, 4]


async def test_the_end_comes_behind_what_was_there() -> None:
    feed = Feed[int]()
    feed.put(1)
    feed.end(SessionClosed("over"))
    feed.end(SessionClosed("again"))
    assert await feed.take() == 1
    with pytest.raises(SessionClosed, match="over"):
        await feed.take()


async def test_nothing_within_the_time_for_the_operation() -> None:
    feed = Feed[int]()
    with pytest.raises(DeadlinePassed), deadline(0.01):
        await feed.take()
