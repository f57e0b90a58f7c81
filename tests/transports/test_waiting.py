"""Waiting means the same on asyncio's loop and on the small one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import pytest

from baseboard.transports import waiting
from baseboard.transports.small_loop import SmallLoop

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "small"])
def run(request: pytest.FixtureRequest) -> Run:
    """Drives a coroutine."""
    return asyncio.run if request.param == "asyncio" else lambda work: SmallLoop().run(work)


class Later(Awaitable[str]):
    """What can be awaited and is no coroutine."""

    def __await__(self) -> Any:
        yield from waiting.sleep(0.001).__await__()
        return "later"


async def fail(after: float) -> None:
    await waiting.sleep(after)
    raise ValueError(str(after))


async def told(after: float, word: str = "") -> str:
    await waiting.sleep(after)
    return word


def test_outside_of_a_loop_there_is_none() -> None:
    with pytest.raises(RuntimeError):
        waiting.running()


def test_time_goes_by(run: Run) -> None:
    async def main() -> float:
        before = waiting.running().time()
        await waiting.sleep(0.01)
        return waiting.running().time() - before

    assert run(main()) >= 0.01


def test_a_timeout_ends_what_is_awaited(run: Run) -> None:
    async def main() -> str:
        with pytest.raises(TimeoutError):
            async with waiting.timeout(0.002):
                await waiting.sleep(60)
        async with waiting.timeout(60), waiting.timeout(None):
            return await told(0.001, "in time")

    assert run(main()) == "in time"


def test_an_error_inside_of_a_timeout_stays_what_it_is(run: Run) -> None:
    async def main() -> None:
        async with waiting.timeout(60):
            await fail(0)

    with pytest.raises(ValueError, match="0"):
        run(main())


def test_of_nested_timeouts_the_one_that_is_over_tells(run: Run) -> None:
    async def main() -> str:
        try:
            async with waiting.timeout(0.002), waiting.timeout(60):
                await waiting.sleep(60)
        except TimeoutError:
            return "outer"
        return "none"

    assert run(main()) == "outer"


def test_futures_settle_or_the_time_is_over(run: Run) -> None:
    async def main() -> list[bool]:
        loop = waiting.running()
        first, second = loop.create_future(), loop.create_future()
        loop.call_later(0.001, first.set_result, None)
        await waiting.settled([first])
        seen = [first.done(), second.done()]
        loop.call_later(0.001, second.set_exception, ValueError("seen"))
        await waiting.settled([first, second], 60)
        seen.append(second.done())
        second.exception()
        await waiting.settled([first, second])
        third = loop.create_future()
        await waiting.settled([third], 0.001)
        return [*seen, third.done()]

    assert run(main()) == [True, False, True, False]


def test_tasks_go_on_side_by_side(run: Run) -> None:
    async def main() -> list[str]:
        tasks = [waiting.task(told(0.004, "slow")), waiting.task(told(0.001, "quick")), waiting.task(Later())]
        return await waiting.all_of(tasks)

    assert run(main()) == ["slow", "quick", "later"]


def test_the_first_error_ends_the_others(run: Run) -> None:
    async def main() -> list[bool]:
        tasks = [waiting.task(fail(60)), waiting.task(fail(0.001))]
        with pytest.raises(ValueError, match=r"0\.001"):
            await waiting.all_of(tasks)
        return [task.cancelled() for task in tasks]

    assert run(main()) == [True, False]


def test_outcomes_are_results_and_errors(run: Run) -> None:
    async def main() -> list[object]:
        return list(await waiting.outcomes([waiting.task(told(0, "fine")), waiting.task(fail(0.001))]))

    fine, error = run(main())
    assert (fine, str(error)) == ("fine", "0.001")


def test_a_lock_lets_one_in_after_the_other(run: Run) -> None:
    async def main() -> list[str]:
        lock, said = waiting.Lock(), list[str]()

        async def work(name: str) -> None:
            async with lock:
                said.append(f"{name} in")
                await waiting.sleep(0.001)
                said.append(f"{name} out")

        await waiting.all_of([waiting.task(work(name)) for name in "abc"])
        assert not lock.locked()
        return said

    assert run(main()) == ["a in", "a out", "b in", "b out", "c in", "c out"]


def test_who_gives_up_in_the_line_does_not_hold_it_up(run: Run) -> None:
    async def main() -> str:
        lock = waiting.Lock()

        async def take() -> str:
            async with lock:
                return "in"

        async with lock:
            waits, gives_up, told_too_late = (waiting.task(take()) for _ in range(3))
            await waiting.sleep(0.001)
            gives_up.cancel()
            await waiting.sleep(0.001)
            assert lock.locked()
        # It has been handed over to the first, and may be handed on by one that is cancelled at that moment.
        waits.cancel()
        return await told_too_late

    assert run(main()) == "in"


def test_what_takes_long_is_called(run: Run) -> None:
    async def main() -> int:
        return await waiting.in_thread(lambda: 7)

    assert run(main()) == 7
