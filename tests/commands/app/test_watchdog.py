"""Watchdog commands (§27)."""

from __future__ import annotations

import pytest

from baseboard.codes import TimeoutAction, TimerUse
from baseboard.commands.app.watchdog import (
    ExpirationFlags,
    GetWatchdogTimer,
    ResetWatchdogTimer,
    SetWatchdogTimer,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(SetWatchdogTimer, 6)
    takes(ResetWatchdogTimer, 0)
    takes(GetWatchdogTimer, 0)


@pytest.mark.parametrize("use", TimerUse)
def test_the_flag_of_a_use_is_the_bit_of_its_number(use: TimerUse) -> None:
    assert ExpirationFlags[use.name] == 1 << use


def test_a_heartbeat_of_a_minute() -> None:
    timer = SetWatchdogTimer(
        timer_use=TimerUse.SMS_OS, timeout_action=TimeoutAction.HARD_RESET, initial_countdown=600
    )
    assert timer.encode() == bytes((0x04, 0x01, 0, 0, 0x58, 0x02))
