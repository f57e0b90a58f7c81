"""The BMC's watchdog timer (§27)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import NetFn, PretimeoutInterrupt, Privilege, TimeoutAction, TimerUse
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import at


class ExpirationFlags(IntFlag):
    """Timer uses whose time ran out (Table 27-3, byte 4): bit n is timer use n."""

    BIOS_FRB2 = 0x02
    BIOS_POST = 0x04
    OS_LOAD = 0x08
    SMS_OS = 0x10
    OEM = 0x20


class ResetWatchdogTimerResponse(Response):
    """The timer runs from its initial countdown (Table 27-2)."""


@command(NetFn.APP, 0x22, section="27.5", privilege=Privilege.OPERATOR)
class ResetWatchdogTimer(Request[ResetWatchdogTimerResponse]):
    """Start the timer, or start it over."""

    UNINITIALIZED = CompletionCode(0x80, "attempt to start an uninitialized watchdog")


class SetWatchdogTimerResponse(Response):
    """The timer is configured (Table 27-3)."""


@command(NetFn.APP, 0x24, section="27.6", privilege=Privilege.OPERATOR)
class SetWatchdogTimer(Request[SetWatchdogTimerResponse]):
    """Configure the timer, and stop it unless told not to."""

    dont_log: bool = at("1[7]", default=False)
    dont_stop: bool = at("1[6]", "a running timer goes on, from the new countdown", default=False)
    timer_use: TimerUse = at("1[2:0]")
    pretimeout_interrupt: PretimeoutInterrupt = at("2[6:4]", default=PretimeoutInterrupt.NONE)
    timeout_action: TimeoutAction = at("2[2:0]", default=TimeoutAction.NO_ACTION)
    pretimeout_interval: int = at("3", "seconds", default=0)
    clear_expiration: ExpirationFlags = at("4", "1 = clear", default=ExpirationFlags(0))
    initial_countdown: int = at("5:6", "of 100 ms")


class GetWatchdogTimerResponse(Response):
    """The timer's configuration and where it stands (Table 27-4)."""

    dont_log: bool = at("2[7]")
    running: bool = at("2[6]")
    timer_use: TimerUse = at("2[2:0]")
    pretimeout_interrupt: PretimeoutInterrupt = at("3[6:4]")
    timeout_action: TimeoutAction = at("3[2:0]")
    pretimeout_interval: int = at("4", "seconds")
    expired: ExpirationFlags = at("5", "1 = ran out since last cleared")
    initial_countdown: int = at("6:7", "of 100 ms")
    present_countdown: int = at("8:9", "of 100 ms")


@command(NetFn.APP, 0x25, section="27.7", privilege=Privilege.USER)
class GetWatchdogTimer(Request[GetWatchdogTimerResponse]):
    """Ask for the timer's configuration and where it stands."""
