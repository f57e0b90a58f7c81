"""What a task waits for means the same on both loops, and wakes it in the moment in which it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from baseboard.transports import waiting
from baseboard.transports.arrival import Arrival, Arrivals
from baseboard.transports.small_loop import Cancelled, SmallLoop

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "small"])
def run(request: pytest.FixtureRequest) -> Run:
    """Drives a coroutine."""
    return asyncio.run if request.param == "asyncio" else lambda work: SmallLoop().run(work)


class Story:
    """What happened, in order; `bring` and `refuse` are called by whoever brings the result."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.arrival: Arrival[str] = Arrival(Arrivals())

    async def wait(self) -> str:
        came = await self.arrival
        self.told.append(came)
        return came

    def bring(self) -> None:
        self.told.append("before")
        self.arrival.set_result("task")
        self.told.append("after")


def test_what_has_come_is_there_at_once(run: Run) -> None:
    async def main() -> str:
        story = Story()
        assert not story.arrival.done()
        story.bring()
        assert story.arrival.done()
        assert story.arrival.get_loop() is waiting.running()
        return await story.wait()

    assert run(main()) == "task"


def test_from_a_reader_the_task_goes_on_in_that_moment(run: Run) -> None:
    async def main() -> list[str]:
        story = Story()
        waiting.running().call_soon(story.bring)
        await story.wait()
        await waiting.sleep(0)
        return story.told

    assert run(main()) == ["before", "task", "after"]


def test_while_another_task_runs_it_goes_on_soon(run: Run) -> None:
    async def main() -> list[str]:
        story = Story()
        waits = waiting.task(story.wait())
        await waiting.sleep(0)
        story.bring()
        assert not waits.done()
        assert await waits == "task"
        return story.told

    assert run(main()) == ["before", "after", "task"]


def test_an_error_is_raised_where_it_is_awaited(run: Run) -> None:
    async def main() -> None:
        story, error = Story(), ValueError("lost")
        waiting.running().call_soon(story.arrival.set_exception, error)
        with pytest.raises(ValueError, match="lost"):
            await story.wait()
        assert story.arrival.exception() is error
        assert not story.arrival.cancelled()
        early = Story()
        early.arrival.set_exception(error)
        with pytest.raises(ValueError, match="lost"):
            await early.wait()

    run(main())


def test_a_task_that_is_cancelled_waits_no_more(run: Run) -> None:
    async def main() -> None:
        story = Story()
        waits = waiting.task(story.wait())
        await waiting.sleep(0)
        assert waits.cancel()
        assert not story.arrival.cancel(), "once is enough"
        with pytest.raises((asyncio.CancelledError, Cancelled)):
            await waits
        assert story.arrival.cancelled()
        assert waits.cancelled()

    run(main())


def test_a_task_that_is_cancelled_when_it_came_is_cancelled_all_the_same(run: Run) -> None:
    async def main() -> None:
        story = Story()
        waits = waiting.task(story.wait())
        await waiting.sleep(0)
        story.bring()
        waits.cancel()
        with pytest.raises((asyncio.CancelledError, Cancelled)):
            await waits
        assert story.told == ["before", "after"]

    run(main())


def test_a_timeout_ends_the_waiting(run: Run) -> None:
    async def main() -> None:
        story = Story()
        with pytest.raises(TimeoutError):
            async with waiting.timeout(0.001):
                await story.wait()
        assert story.arrival.cancelled()

    run(main())


def test_the_end_of_the_program_in_the_task_is_not_raised_in_whoever_brings(run: Run) -> None:
    stories: list[Story] = []

    async def main() -> None:
        stories.append(Story())
        waiting.running().call_soon(stories[0].bring)
        await stories[0].wait()
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        run(main())
    assert stories[0].told == ["before", "task", "after"]
