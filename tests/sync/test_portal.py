"""The loop in the background: threads, Ctrl-C, deadlines, the end of the program."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import baseboard.sync
from baseboard.errors import DeadlinePassed, LocalProtocolError, LoginRefused, NoResponse
from baseboard.sync.portal import Mirror, Portal, _Errand, deadline, portal
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import BLUEPRINT, FakeBackend

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedBmc]:
    with ScriptedBmc(BLUEPRINT, lambda *_: FakeBackend(), Script()) as bmc:
        yield bmc


@pytest.fixture
def runner() -> Iterator[Portal]:
    made = Portal()
    yield made
    made.stop()


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


def test_it_runs_things_and_returns_what_they_return(runner: Portal) -> None:
    assert runner.run(double(4)) == 8
    assert runner.call(max, 3, 5) == 5


def test_errors_come_back(runner: Portal) -> None:
    async def fail() -> None:
        raise NoResponse("nothing")

    with pytest.raises(NoResponse, match="nothing"):
        runner.run(fail())


def test_what_is_cancelled_on_the_loop_is_told_to_the_thread(runner: Portal) -> None:
    async def given_up() -> None:
        raise asyncio.CancelledError

    with pytest.raises(concurrent.futures.CancelledError):
        runner.run(given_up())


def test_many_threads_at_once(runner: Portal) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda n=n: found.append(runner.run(double(n)))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(0, 40, 2))


def test_its_own_thread_cannot_wait_for_itself(runner: Portal) -> None:
    async def inside() -> None:
        with pytest.raises(LocalProtocolError, match="its own loop"):
            runner.run(double(1))

    runner.run(inside())


def test_ctrl_c_cancels_what_runs(runner: Portal) -> None:
    cancelled = threading.Event()

    async def endless() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(KeyboardInterrupt):
        runner.run(endless())
    assert cancelled.wait(10)


async def test_what_was_given_up_before_it_began_does_not_begin() -> None:
    begun: list[int] = []

    async def begin() -> None:
        begun.append(1)

    errand = _Errand(begin())
    errand.given_up = True
    errand.cancel()
    with pytest.raises(asyncio.CancelledError):
        await errand.run()
    assert not begun


def test_the_context_of_the_caller_comes_along(runner: Portal) -> None:
    variable = contextvars.ContextVar("variable", default=0)

    async def seen() -> int:
        return variable.get()

    variable.set(7)
    assert runner.run(seen()) == 7


async def count(ended: threading.Event) -> AsyncIterator[int]:
    try:
        for number in range(3):
            yield number
    finally:
        ended.set()


def test_iterations_are_taken_one_by_one_and_ended(runner: Portal) -> None:
    ended = threading.Event()
    assert list(runner.iterate(count(ended))) == [0, 1, 2]
    assert ended.is_set()
    early = threading.Event()
    for number in runner.iterate(count(early)):
        assert number == 0
        break
    assert early.wait(10)


def test_a_forgotten_iteration_may_end_in_the_loop_s_own_thread(runner: Portal) -> None:
    ended = threading.Event()
    items = runner.iterate(count(ended))
    assert next(items) == 0
    runner.call(items.close)
    assert ended.wait(10)


def test_an_iteration_that_cannot_be_ended_needs_no_end(runner: Portal) -> None:
    class Two:
        def __init__(self) -> None:
            self.left = 2

        def __aiter__(self) -> Two:
            return self

        async def __anext__(self) -> int:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return self.left

    assert list(runner.iterate(Two())) == [1, 0]


class Door:
    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


def test_what_is_open_at_the_end_is_closed_then() -> None:
    runner, door, shut = Portal(), Door(), Door()
    runner.opened(door)
    runner.opened(shut)
    runner.closed(shut)
    runner.stop()
    runner.stop()
    assert (door.closed, shut.closed) == (1, 0)


def test_there_is_one_for_the_process() -> None:
    assert portal() is portal()


def test_a_mirror_looks_like_what_it_mirrors(runner: Portal) -> None:
    assert repr(Mirror(runner, {1: 2})) == "{1: 2}"


# ---- with a BMC


def test_a_session_without_anything_to_await(scripted: ScriptedBmc) -> None:
    with baseboard.sync.connect("127.0.0.1", port=scripted.port, username="admin", password="adminpw") as bmc:
        assert bmc.identity().device_id == 0x20
        assert not bmc.chassis.is_on()
        assert [str(one.reason) for one in bmc.sensors()] == []
        assert bmc.settings.host == "127.0.0.1"
        assert "127.0.0.1" in repr(bmc)


def test_several_bmcs_from_several_threads(scripted: ScriptedBmc) -> None:
    found: list[int] = []

    def work() -> None:
        with baseboard.sync.connect(
            "127.0.0.1", port=scripted.port, username="admin", password="adminpw"
        ) as bmc:
            found.extend(bmc.identity().device_id for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [0x20] * 20


def test_errors_of_the_login_are_those_of_the_asynchronous_one(scripted: ScriptedBmc) -> None:
    with pytest.raises(LoginRefused):
        baseboard.sync.connect("127.0.0.1", port=scripted.port, username="admin", password="wrong")


def test_a_deadline_reaches_the_loop(scripted: ScriptedBmc) -> None:
    with baseboard.sync.connect("127.0.0.1", port=scripted.port, username="admin", password="adminpw") as bmc:
        with deadline(-1), pytest.raises(DeadlinePassed):
            bmc.chassis.status()
        with deadline(None):
            assert not bmc.chassis.status().power_on


def test_the_session_is_closed_when_the_program_ends(scripted: ScriptedBmc) -> None:
    program = (
        "import sys, baseboard.sync\n"
        "login = {'port': int(sys.argv[1]), 'username': 'admin', 'password': 'adminpw'}\n"
        "bmc = baseboard.sync.connect('127.0.0.1', **login)\n"
        "print(bmc.chassis.is_on())\n"
    )
    before = len(scripted.script.asked)
    done = subprocess.run(
        [sys.executable, "-c", program, str(scripted.port)],
        capture_output=True, text=True, timeout=60, check=True, cwd=ROOT,
        env=dict(os.environ, PYTHONPATH="src"),
    )  # fmt: skip
    assert done.stdout == "False\n"
    assert done.stderr == ""
    # Close Session was the last that this program asked.
    assert [cmd for _, cmd, _ in scripted.script.asked[before:]][-1] == 0x3C


def test_ctrl_c_ends_operation_and_session(scripted: ScriptedBmc) -> None:
    program = (
        "import sys, baseboard.sync\n"
        "login = {'port': int(sys.argv[1]), 'username': 'admin', 'password': 'adminpw', 'retries': 600}\n"
        "with baseboard.sync.connect('127.0.0.1', **login) as bmc:\n"
        "    print('connected', flush=True)\n"
        "    bmc.raw(6, 8)\n"
    )
    scripted.script.lines[6, 8] = None
    before = len(scripted.script.asked)
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(scripted.port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=dict(os.environ, PYTHONPATH="src"),
    )  # fmt: skip
    assert running.stdout
    assert running.stdout.readline() == "connected\n"
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert [cmd for _, cmd, _ in scripted.script.asked[before:]][-1] == 0x3C
