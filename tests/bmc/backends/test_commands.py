"""Commands of the user's, with real processes: what they print, how they end, how they are ended."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from baseboard.bmc.backends import commands
from baseboard.bmc.backends.commands import MOST_OUTPUT, Outcome, require, run, run_now
from baseboard.errors import TransportError
from tests.transports.wires import until

SH = "/bin/sh"


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has."""
    try:
        return (
            " Z " in Path(f"/proc/{pid}/stat").read_text() or " X " in Path(f"/proc/{pid}/stat").read_text()
        )
    except OSError:
        return True


async def until_gone(pid: int) -> None:
    await until(lambda: gone(pid))


async def test_output_and_exit_code() -> None:
    outcome = await run(
        [SH, "-c", 'printf "%s" "$WORD"; echo "first\nlast\t\033[1m" >&2; exit 3'], {"WORD": "hi"}, 30
    )
    assert outcome == Outcome(3, "hi", "last??[1m")
    assert outcome.trouble == "exit code 3: last??[1m"
    assert (await run(["true"], {}, 30)).trouble == ""


async def test_it_runs_where_it_is_told_and_without_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("#!/bin/sh\npwd; cat\n")
    (tmp_path / "here").chmod(0o700)
    outcome = await run(["./here"], {}, 30, str(tmp_path))
    assert outcome.output.strip() == str(tmp_path)


@pytest.mark.parametrize("program", ["/nowhere/program", "no-such-program-at-all", "bad\0name"])
async def test_a_program_that_is_not_there(program: str) -> None:
    assert (await run([program], {}, 30)).code is None
    outcome = run_now([program], {}, 30)
    assert outcome.code is None
    assert outcome.trouble.startswith(program)


async def test_too_much_output_is_not_kept() -> None:
    text = f"import sys; sys.stdout.write('x' * {MOST_OUTPUT * 20}); sys.stdout.flush(); print('end')"
    assert (await run([sys.executable, "-c", text], {}, 60)).output == "x" * MOST_OUTPUT
    assert run_now([sys.executable, "-c", text], {}, 60).output == "x" * MOST_OUTPUT


async def test_one_that_takes_too_long_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    script = f"sleep 600 & echo $! > {tmp_path}/child; echo half; wait"
    outcome = await run([SH, "-c", script], {}, 0.5)
    assert outcome == Outcome(None, "half\n", "it did not end within 0.5 s")
    await until_gone(int((tmp_path / "child").read_text()))


async def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "GRACE", 0.1)
    outcome = await run([SH, "-c", "trap '' TERM; echo $$; while :; do sleep 0.1; done"], {}, 0.5)
    assert outcome.code is None
    await until_gone(int(outcome.output))


async def test_what_it_leaves_behind_lives_on(tmp_path: Path) -> None:
    outcome = await run([SH, "-c", "sleep 600 & echo $!"], {}, 60)
    pid = int(outcome.output)
    assert not gone(pid)
    os.kill(pid, 9)


async def test_whoever_no_longer_waits_ends_it(tmp_path: Path) -> None:
    task = asyncio.create_task(run([SH, "-c", f"echo $$ > {tmp_path}/pid; sleep 600"], {}, 600))
    path = tmp_path / "pid"
    await until(lambda: path.exists() and path.read_text().strip())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_gone(int(path.read_text()))


def test_the_same_while_nothing_else_can_happen(tmp_path: Path) -> None:
    assert run_now([SH, "-c", "echo on; echo why >&2"], {}, 30) == Outcome(0, "on\n", "why")
    late = run_now([SH, "-c", f"sleep 600 & echo $! > {tmp_path}/child; wait"], {}, 0.5)
    assert late == Outcome(None, "", "it did not end within 0.5 s")
    pid = int((tmp_path / "child").read_text())
    while not gone(pid):
        os.sched_yield()


def test_programs_are_looked_for_before_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / "plug").write_text("#!/bin/sh\n")
    require(["sh"])
    require([SH])
    with pytest.raises(TransportError, match=r"\./plug: there is no such program"):
        require(["./plug"], str(tmp_path))
    (tmp_path / "plug").chmod(0o700)
    require(["./plug"], str(tmp_path))
    with pytest.raises(TransportError):
        require(["plug"], str(tmp_path))
