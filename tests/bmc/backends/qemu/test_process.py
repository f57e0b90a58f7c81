"""QEMU's process, with other programs in its place."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from baseboard.bmc.backends.qemu import process as module
from baseboard.bmc.backends.qemu.process import Process
from baseboard.bmc.clock import LoopClock
from tests.bmc.backends.qemu.waiting import until

DEAF = "import signal, sys\nfor n in (15, 18): signal.signal(n, signal.SIG_IGN)\nprint('deaf', flush=True)\n"
SLEEPS = "print('ready', flush=True)\nimport signal; signal.pause()"


def started(folder: Path, text: str, ended: list[int | None]) -> Process:
    command = [sys.executable, "-S", "-c", text]
    return Process.start(command, folder / "log", ended.append, LoopClock(asyncio.get_running_loop()))


def another() -> subprocess.Popen[bytes]:
    """A process that somebody else has started."""
    return subprocess.Popen([sys.executable, "-S", "-c", SLEEPS], stdout=subprocess.DEVNULL)


def reaped(pid: int) -> None:
    os.waitpid(pid, 0)


def gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen(["/bin/true"]) as process:
        process.wait()
    return process.pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_tells_once_that_it_ended_and_what_it_said(tmp_path: Path) -> None:
    ended: list[int | None] = []
    process = started(tmp_path, "import sys; print('words'); sys.exit(3)", ended)
    await until(lambda: bool(ended))
    assert ended == [3]
    assert not alive(process.pid)
    assert (tmp_path / "log").read_text() == "words\n"
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


async def test_it_is_given_descriptors(tmp_path: Path) -> None:
    ended: list[int | None] = []
    out, into = os.pipe()
    command = [sys.executable, "-S", "-c", f"import os; os.write({into}, b'here')"]
    Process.start(command, tmp_path / "log", ended.append, LoopClock(asyncio.get_running_loop()), (into,))
    os.close(into)
    await until(lambda: bool(ended))
    assert os.read(out, 9) == b"here"
    os.close(out)


async def test_it_has_a_session_of_its_own(tmp_path: Path) -> None:
    ended: list[int | None] = []
    process = started(tmp_path, SLEEPS, ended)
    assert os.getsid(process.pid) == process.pid
    process.end()
    process.end()  # once is enough
    await until(lambda: bool(ended))
    assert ended == [-signal.SIGTERM]


async def test_one_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    ended: list[int | None] = []
    process = started(tmp_path, DEAF + "signal.pause()", ended)
    await until(lambda: "deaf" in (tmp_path / "log").read_text())
    process.end()
    await until(lambda: bool(ended))
    assert ended == [-signal.SIGKILL]


async def test_one_that_stands_still_is_ended_too(tmp_path: Path) -> None:
    ended: list[int | None] = []
    process = started(tmp_path, SLEEPS, ended)
    os.kill(process.pid, signal.SIGSTOP)
    process.end()
    await until(lambda: bool(ended))
    assert ended == [-signal.SIGTERM]


@pytest.mark.parametrize("text", [SLEEPS, DEAF + "signal.pause()"])
async def test_the_bmc_ends_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    ended: list[int | None] = []
    process = started(tmp_path, text, ended)
    await until(lambda: bool((tmp_path / "log").read_text()))
    process.end_now()
    assert not alive(process.pid)
    assert ended == [], "nobody is left to be told"


async def test_one_that_another_started_is_watched_and_ended(tmp_path: Path) -> None:
    ended: list[int | None] = []
    with another() as child:
        process = Process(child.pid, ended.append, LoopClock(asyncio.get_running_loop()))
        process.end()
        await until(lambda: bool(ended))
        assert ended == [None], "its exit status is for its parent"
        assert child.wait() == -signal.SIGTERM


async def test_one_that_another_started_ends_with_the_bmc() -> None:
    with another() as child:
        Process(child.pid, lambda _: None, LoopClock(asyncio.get_running_loop())).end_now()
        assert child.wait() == -signal.SIGTERM


async def test_one_that_is_left_goes_on(tmp_path: Path) -> None:
    ended: list[int | None] = []
    process = started(tmp_path, SLEEPS, ended)
    pid = process.pid
    process.leave()
    del process
    assert alive(pid)
    again = Process(pid, ended.append, LoopClock(asyncio.get_running_loop()))
    again.end()
    await until(lambda: bool(ended))
    reaped(pid)
    assert ended == [None]


async def test_one_that_another_started_can_be_left(tmp_path: Path) -> None:
    with another() as child:
        Process(child.pid, lambda _: None, LoopClock(asyncio.get_running_loop())).leave()
        assert child.poll() is None
        child.terminate()


async def test_what_is_not_there_cannot_be_started_or_watched(tmp_path: Path) -> None:
    clock = LoopClock(asyncio.get_running_loop())
    with pytest.raises(FileNotFoundError):
        Process.start([str(tmp_path / "none")], tmp_path / "log", lambda _: None, clock)
    with pytest.raises(ProcessLookupError):
        Process(gone(), lambda _: None, clock)
