"""``bmc.watchdog``: the timer that resets a system which no longer answers for itself (§27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.codes import PretimeoutInterrupt, TimeoutAction, TimerUse
from baseboard.commands.app.watchdog import (
    ExpirationFlags,
    GetWatchdogTimer,
    GetWatchdogTimerResponse,
    ResetWatchdogTimer,
    SetWatchdogTimer,
)
from baseboard.errors import DecodeError, NoEffect
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

_TICKS: Final = 10
"""The countdown is in units of 100 ms."""

_LOOK_AGAIN: Final = 0.5
"""Seconds after which a timer that runs shows another countdown."""


class Watchdog:
    """The watchdog timer of a controller.

    >>> timer = await bmc.watchdog.set(300, action=TimeoutAction.NO_ACTION)  # doctest: +SKIP
    >>> await bmc.watchdog.reset()                                           # doctest: +SKIP
    >>> await bmc.watchdog.stop()                                            # doctest: +SKIP
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def get(self) -> GetWatchdogTimerResponse:
        """Ask for the timer's configuration and where it stands."""
        try:
            return await self._bmc.execute(GetWatchdogTimer())
        except DecodeError:
            # QUIRK Supermicro: an empty answer once in a while (Q-WDTEMPTY).
            return await self._bmc.execute(GetWatchdogTimer())

    async def is_running(self) -> bool:
        """Whether the countdown goes on, by watching it: some say so of a timer that stands (Q-WDTFLAG)."""
        before = await self.get()
        if not before.running:
            return False
        await waiting.sleep(remaining(_LOOK_AGAIN))
        after = await self.get()
        return after.running and after.present_countdown != before.present_countdown

    async def set(
        self,
        seconds: float,
        *,
        action: TimeoutAction = TimeoutAction.HARD_RESET,
        use: TimerUse = TimerUse.SMS_OS,
        pretimeout_interrupt: PretimeoutInterrupt = PretimeoutInterrupt.NONE,
        pretimeout: int = 0,
        log: bool = True,
        keep_running: bool = False,
        clear: ExpirationFlags | None = None,
    ) -> GetWatchdogTimerResponse:
        """Configure the timer; `reset` starts it.

        Args:
            seconds: from the start to the action, in steps of 0.1, at most 6553.5.
            action: what happens then.
            use: on whose behalf it runs.
            pretimeout_interrupt: what is raised before.
            pretimeout: seconds before the action.
            log: whether the event is logged.
            keep_running: a timer that runs goes on, from the new countdown; else it is stopped.
            clear: whose old expirations are forgotten; None: that of this use.

        Returns: the timer as the controller gives it back.

        Raises:
            NoEffect: the controller accepted it, but gives back something else.
        """
        wanted = SetWatchdogTimer(
            dont_log=not log,
            dont_stop=keep_running,
            timer_use=use,
            pretimeout_interrupt=pretimeout_interrupt,
            timeout_action=action,
            pretimeout_interval=pretimeout,
            clear_expiration=ExpirationFlags(1 << use) if clear is None else clear,
            initial_countdown=round(seconds * _TICKS),
        )
        await self._bmc.execute(wanted)
        now = await self.get()
        for name in ("timer_use", "timeout_action", "pretimeout_interrupt", "initial_countdown"):
            if getattr(now, name) != getattr(wanted, name):
                raise NoEffect(
                    f"the watchdog's {name} was set to {getattr(wanted, name)} and is {getattr(now, name)}"
                )
        return now

    async def reset(self) -> None:
        """Start the timer, or start it over.

        Raises:
            CompletionError: 80h, it was never configured.
        """
        await self._bmc.execute(ResetWatchdogTimer())

    async def stop(self) -> None:
        """Stop the timer; its configuration stays.

        Raises:
            NoEffect: the controller accepted that, but the countdown goes on.
        """
        now = await self.get()
        await self._bmc.execute(
            SetWatchdogTimer(
                dont_log=now.dont_log,
                timer_use=now.timer_use,
                pretimeout_interrupt=now.pretimeout_interrupt,
                timeout_action=now.timeout_action,
                pretimeout_interval=now.pretimeout_interval,
                initial_countdown=now.initial_countdown,
            )
        )
        if await self.is_running():
            raise NoEffect("the watchdog was stopped, but its countdown goes on")
