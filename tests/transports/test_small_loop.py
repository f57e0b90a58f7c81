"""The small loop does what asyncio's does, as far as it goes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextvars import ContextVar

import pytest

from baseboard.transports import waiting
from baseboard.transports.small_loop import Cancelled, Future, SmallLoop, driving

NOTED: ContextVar[str] = ContextVar("NOTED", default="")


def test_a_coroutine_is_driven_to_its_end() -> None:
    async def answer() -> int:
        assert driving.get() is not None
        return 42

    assert SmallLoop().run(answer()) == 42
    assert driving.get() is None


def test_an_error_comes_out() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        SmallLoop().run(fail())


def test_timers_are_called_in_their_order() -> None:
    async def wait() -> list[str]:
        loop = waiting.running()
        now, said = loop.time(), list[str]()
        loop.call_at(now + 0.004, said.append, "second")
        loop.call_later(0.002, said.append, "first")
        gone = loop.call_at(now + 0.003, said.append, "never")
        assert gone.when() == now + 0.003
        gone.cancel()
        gone.cancel()
        await waiting.sleep(0.006)
        return said

    assert SmallLoop().run(wait()) == ["first", "second"]


def test_a_socket_is_read_when_something_came() -> None:
    left, right = socket.socketpair()

    async def read() -> bytes:
        loop = waiting.running()
        came: Future[bytes] = loop.create_future()  # type: ignore[assignment]  # the small loop's own
        loop.add_reader(left.fileno(), lambda: came.set_result(left.recv(9)))
        right.send(b"hello")
        got = await came
        assert loop.remove_reader(left.fileno())
        assert not loop.remove_reader(left.fileno())
        return got

    with left, right:
        assert SmallLoop().run(read()) == b"hello"


def test_a_reader_that_went_is_not_called() -> None:
    left, right = socket.socketpair()
    other, far = socket.socketpair()

    async def read() -> None:
        loop = waiting.running()

        def one() -> None:
            left.recv(9)
            loop.remove_reader(other.fileno())
            loop.remove_reader(left.fileno())

        loop.add_reader(left.fileno(), one)
        loop.add_reader(other.fileno(), lambda: other.recv(9))
        right.send(b"a")
        await waiting.sleep(0.002)
        far.send(b"b")
        await waiting.sleep(0.002)

    with left, right, other, far:
        SmallLoop().run(read())
        assert other.recv(9) == b"b"


def test_a_task_has_a_context_of_its_own() -> None:
    async def work(word: str) -> str:
        NOTED.set(word)
        await waiting.sleep(0.001)
        return NOTED.get()

    async def both() -> list[str]:
        NOTED.set("mine")
        first, second = waiting.task(work("a")), waiting.task(work("b"))
        return [await first, await second, NOTED.get()]

    assert SmallLoop().run(both()) == ["a", "b", "mine"]


def test_a_callback_of_a_future_that_is_done_comes_too() -> None:
    async def look() -> list[bool]:
        loop, seen = SmallLoop(), list[bool]()
        del loop
        future = waiting.running().create_future()
        future.add_done_callback(lambda done: seen.append(done.done()))
        future.add_done_callback(print)
        future.remove_done_callback(print)
        future.set_result(None)
        await waiting.sleep(0)
        future.add_done_callback(lambda done: seen.append(done.cancelled()))
        await waiting.sleep(0)
        return seen

    assert SmallLoop().run(look()) == [True, False]


def test_a_cancelled_task_ends_where_it_waits() -> None:
    said: list[str] = []

    async def work() -> None:
        try:
            await waiting.sleep(60)
        finally:
            said.append("tidied up")

    async def main() -> tuple[bool, bool]:
        task = waiting.task(work())
        await waiting.sleep(0)
        assert task.cancel()
        with pytest.raises(Cancelled):
            await task
        with pytest.raises(Cancelled):
            task.exception()
        return task.cancelled(), task.cancel()

    assert SmallLoop().run(main()) == (True, False)
    assert said == ["tidied up"]


def test_a_task_that_was_cancelled_before_it_began_never_does() -> None:
    said: list[str] = []

    async def work() -> None:
        said.append("began")

    async def main() -> bool:
        task = waiting.task(work())
        task.cancel()
        with contextlib.suppress(Cancelled):
            await task
        return task.cancelled()

    assert SmallLoop().run(main())
    assert said == []


def test_who_cancels_itself_ends_at_the_next_wait() -> None:
    async def work() -> None:
        loop = driving.get()
        assert loop is not None
        assert loop.task is not None
        loop.task.cancel()
        await waiting.sleep(60)

    with pytest.raises(Cancelled):
        SmallLoop().run(work())


def test_a_future_that_is_not_known_has_no_result() -> None:
    future: Future[int] = Future(SmallLoop())
    with pytest.raises(Cancelled):
        future.result()
    assert future.exception() is None
    assert future.cancel()
    assert not future.cancel()


def test_what_a_coroutine_leaves_is_ended() -> None:
    said: list[str] = []

    async def count() -> AsyncIterator[int]:
        try:
            for number in range(9):
                yield number
                await waiting.sleep(0)
        finally:
            await waiting.sleep(0)
            said.append("generator")

    async def forever() -> None:
        try:
            await waiting.sleep(60)
        finally:
            said.append("task")

    kept: list[object] = []

    async def main() -> None:
        waiting.task(forever())
        async for number in count():
            if number:
                break
        held = count()
        kept.append(held)
        await held.__anext__()

    SmallLoop().run(main())
    assert sorted(said) == ["generator", "generator", "task"]


def test_ctrl_c_lets_it_tidy_up() -> None:
    said: list[str] = []

    async def main() -> None:
        waiting.running().call_later(0.001, os.kill, os.getpid(), signal.SIGINT)
        try:
            await waiting.sleep(60)
        finally:
            await waiting.sleep(0.001)
            said.append("tidied up")

    with pytest.raises(KeyboardInterrupt):
        SmallLoop().run(main())
    assert said == ["tidied up"]


def test_a_second_one_ends_it_at_once() -> None:
    said: list[str] = []

    async def main() -> None:
        waiting.running().call_later(0.001, os.kill, os.getpid(), signal.SIGINT)
        try:
            await waiting.sleep(60)
        finally:
            said.append("tidying up")
            waiting.running().call_later(0.001, os.kill, os.getpid(), signal.SIGINT)
            await waiting.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        SmallLoop().run(main())
    assert said == ["tidying up"]


def test_who_was_done_before_ctrl_c_took_effect_is_done() -> None:
    async def main() -> str:
        waiting.running().call_later(0.001, os.kill, os.getpid(), signal.SIGINT)
        try:
            await waiting.sleep(60)
        except Cancelled:
            return "done"
        return "never"

    assert SmallLoop().run(main()) == "done"


def test_a_name_is_looked_up() -> None:
    async def find() -> list[object]:
        found = await waiting.running().getaddrinfo("127.0.0.1", 623, type=socket.SOCK_DGRAM)
        return [address for *_, address in found]

    assert SmallLoop().run(find()) == [("127.0.0.1", 623)]
