"""The loop on virtual time: timers fire in order, at once, and after what sockets bring."""

from __future__ import annotations

import asyncio
import socket
import threading

from baseboard.testing import virtual_loop


async def passes(seconds: float) -> None:
    """Let virtual time pass."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(seconds, over.set_result, None)
    await over


def test_an_hour_passes_at_once() -> None:
    async def wait() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await passes(3600)
        return loop.time() - before

    assert 3600 <= virtual_loop.run(wait()) < 3601


def test_timers_fire_in_their_order() -> None:
    async def wait() -> list[str]:
        seen: list[str] = []
        loop = asyncio.get_running_loop()
        loop.call_later(20, seen.append, "later")
        loop.call_later(10, seen.append, "sooner")
        await passes(30)
        return seen

    assert virtual_loop.run(wait()) == ["sooner", "later"]


def test_a_datagram_comes_before_a_time_out() -> None:
    async def wait() -> bytes:
        loop = asyncio.get_running_loop()
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        ):
            one.setblocking(False)
            one.bind(("127.0.0.1", 0))
            loop.call_later(5, other.sendto, b"hello", one.getsockname())
            async with asyncio.timeout(10):
                return await loop.sock_recv(one, 100)

    assert virtual_loop.run(wait()) == b"hello"


def test_no_time_passes_while_a_thread_is_at_work() -> None:
    async def wait() -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual_loop.VirtualLoop)
        go_on = threading.Event()
        work = loop.run_in_executor(None, go_on.wait, 60)
        loop.wait_for(lambda: not work.done())
        threading.Timer(0.3, go_on.set).start()
        async with asyncio.timeout(5):
            return str(await work), loop.time()

    assert virtual_loop.run(wait()) == ("True", 0.0)


def test_a_time_out_ends_what_never_comes() -> None:
    async def wait() -> bool:
        try:
            async with asyncio.timeout(60):
                await asyncio.get_running_loop().create_future()
        except TimeoutError:
            return True
        return False

    assert virtual_loop.run(wait())


def test_a_thread_that_is_there_may_bring_something_first() -> None:
    async def wait() -> bool:
        loop = asyncio.get_running_loop()
        done, over = loop.create_future(), threading.Event()
        idle = threading.Thread(target=over.wait, args=(60,))
        idle.start()
        try:
            # Thousands of timers: the thread's word comes between them, not after the last.
            threading.Thread(target=loop.call_soon_threadsafe, args=(done.set_result, True)).start()
            async with asyncio.timeout(3600):
                for _ in range(2000):
                    if done.done():
                        break
                    await passes(1)
                return bool(await done)
        finally:
            over.set()
            idle.join()

    assert virtual_loop.run(wait())
