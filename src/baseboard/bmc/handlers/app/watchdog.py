"""The BMC's watchdog timer (§27)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import PretimeoutInterrupt, TimeoutAction, TimerUse
from baseboard.commands.app.watchdog import (
    ExpirationFlags,
    GetWatchdogTimer,
    GetWatchdogTimerResponse,
    ResetWatchdogTimer,
    ResetWatchdogTimerResponse,
    SetWatchdogTimer,
    SetWatchdogTimerResponse,
)


@handlers.handles(ResetWatchdogTimer)
async def reset_watchdog_timer(ctx: Context, request: ResetWatchdogTimer) -> ResetWatchdogTimerResponse:
    """§27.5: from the initial countdown; one of 0 expires at once."""
    ctx.watchdog.start()
    return ResetWatchdogTimerResponse()


@handlers.handles(SetWatchdogTimer)
async def set_watchdog_timer(ctx: Context, request: SetWatchdogTimer) -> SetWatchdogTimerResponse:
    """§27.6: stops the timer, unless it is told to go on."""
    ctx.watchdog.configure(
        timer_use=request.timer_use,
        interrupt=request.pretimeout_interrupt,
        action=request.timeout_action,
        pretimeout_s=request.pretimeout_interval,
        initial=request.initial_countdown,
        dont_log=request.dont_log,
        dont_stop=request.dont_stop,
        clear=int(request.clear_expiration),
    )
    return SetWatchdogTimerResponse()


@handlers.handles(GetWatchdogTimer)
async def get_watchdog_timer(ctx: Context, request: GetWatchdogTimer) -> GetWatchdogTimerResponse:
    """§27.7: settings, flags and countdown."""
    watchdog = ctx.watchdog
    return GetWatchdogTimerResponse(
        dont_log=watchdog.dont_log,
        running=watchdog.running,
        timer_use=TimerUse(watchdog.timer_use),
        pretimeout_interrupt=PretimeoutInterrupt(watchdog.interrupt),
        timeout_action=TimeoutAction(watchdog.action),
        pretimeout_interval=watchdog.pretimeout_s,
        expired=ExpirationFlags(watchdog.expired),
        initial_countdown=watchdog.initial,
        present_countdown=watchdog.present,
    )
