"""``bmc.watchdog``: set, started, stopped, and looked at closely."""

from __future__ import annotations

import pytest

from baseboard.client import watchdog
from baseboard.codes import PretimeoutInterrupt, TimeoutAction, TimerUse
from baseboard.commands.app.watchdog import ExpirationFlags, ResetWatchdogTimer
from baseboard.errors import CompletionError, DecodeError, NoEffect
from tests.client.harness import Desk, desk

RESET, SET, GET = (6, 0x22), (6, 0x24), (6, 0x25)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_LOOK_AGAIN", 0.001)


def written(made: Desk) -> list[str]:
    return [data.hex(" ") for netfn, cmd, data in made.script.asked if (netfn, cmd) == SET]


def timer(running: bool, countdown: int) -> bytes:
    return bytes((0, 0x44 if running else 4, 1, 0, 0, 100, 0, countdown, 0))


async def test_it_is_set_started_and_stopped() -> None:
    made = desk()
    with pytest.raises(CompletionError) as caught:
        await made.bmc.watchdog.reset()
    assert caught.value.code == ResetWatchdogTimer.UNINITIALIZED
    now = await made.bmc.watchdog.set(30.5, action=TimeoutAction.POWER_CYCLE)
    assert (now.initial_countdown, now.timeout_action, now.running) == (305, TimeoutAction.POWER_CYCLE, False)
    await made.bmc.watchdog.reset()
    assert (await made.bmc.watchdog.get()).running
    await made.bmc.watchdog.stop()
    after = await made.bmc.watchdog.get()
    assert (after.running, after.initial_countdown, after.timer_use) == (False, 305, TimerUse.SMS_OS)


async def test_every_field_goes_where_table_27_3_has_it() -> None:
    made = desk()
    await made.bmc.watchdog.set(
        10,
        action=TimeoutAction.NO_ACTION,
        use=TimerUse.OEM,
        pretimeout_interrupt=PretimeoutInterrupt.NMI,
        pretimeout=5,
        log=False,
        keep_running=True,
        clear=ExpirationFlags(0x3E),
    )
    await made.bmc.watchdog.set(10)
    assert written(made) == ["c5 20 05 3e 64 00", "04 01 00 10 64 00"]


async def test_what_was_not_taken_is_an_error() -> None:
    made = desk({SET: b"\0", GET: timer(False, 100)})
    with pytest.raises(NoEffect, match="initial_countdown was set to 300 and is 100"):
        await made.bmc.watchdog.set(30)


async def test_a_timer_that_runs_is_one_that_counts() -> None:
    counts = iter([100, 95])
    assert await desk({GET: lambda _: timer(True, next(counts))}).bmc.watchdog.is_running()


async def test_a_flag_that_is_stuck_is_seen_through() -> None:
    """Q-WDTFLAG."""
    made = desk({GET: timer(True, 100), SET: b"\0"})
    assert not await made.bmc.watchdog.is_running()
    await made.bmc.watchdog.stop()


async def test_a_timer_that_goes_on_although_it_was_stopped_is_an_error() -> None:
    counts = iter(range(100, 0, -5))
    made = desk({GET: lambda _: timer(True, next(counts)), SET: b"\0"})
    with pytest.raises(NoEffect, match="its countdown goes on"):
        await made.bmc.watchdog.stop()


async def test_one_empty_answer_is_asked_after_again() -> None:
    """Q-WDTEMPTY."""
    answers = iter([b"\0", timer(False, 7)])
    made = desk({GET: lambda _: next(answers)})
    assert (await made.bmc.watchdog.get()).present_countdown == 7
    made.script.lines[GET] = b"\0"
    with pytest.raises(DecodeError):
        await made.bmc.watchdog.get()
