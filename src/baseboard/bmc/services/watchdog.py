"""The watchdog timer: what it counts, and what it does when the time is up (§27)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.messaging import WATCHDOG_PRETIMEOUT, Messaging
from baseboard.codes import (
    Cc,
    ChassisControl,
    EventReadingType,
    PretimeoutInterrupt,
    RestartCause,
    SensorType,
    TimeoutAction,
    TimerUse,
)
from baseboard.errors import CompletionError

UNINITIALIZED = 0x80
TICK = 0.1
"""Countdowns are in units of 100 ms."""

_USES = range(TimerUse.BIOS_FRB2, TimerUse.OEM + 1)
_SPECIFIC_DATA_2 = 0xC0
_TIMER_INTERRUPT = 8
_CONTROLS = {
    TimeoutAction.HARD_RESET: ChassisControl.HARD_RESET,
    TimeoutAction.POWER_DOWN: ChassisControl.POWER_DOWN,
    TimeoutAction.POWER_CYCLE: ChassisControl.POWER_CYCLE,
}
_INTERRUPTS = (PretimeoutInterrupt.NONE, PretimeoutInterrupt.NMI, PretimeoutInterrupt.MESSAGING_INTERRUPT)
"""There is no SMI line in front of the system."""


class Watchdog:
    """The one watchdog timer of a BMC; nothing of it outlives the BMC.

    Attributes:
        dont_log: no event at the next expiration.
        timer_use: for what software uses it.
        interrupt: what the pre-timeout does.
        action: what the timeout does.
        pretimeout_s: seconds before the timeout at which the interrupt comes.
        expired: bits of the timer uses whose time ran out.
        initial: countdown that Reset starts from, of 100 ms.
        on_change: called with True when the timer begins to count, with False when it stops or is set anew.
    """

    __slots__ = (
        "_chassis",
        "_end",
        "_events",
        "_home",
        "_initialized",
        "_messaging",
        "_present",
        "_pretimeout_reached",
        "_timer",
        "action",
        "dont_log",
        "expired",
        "initial",
        "interrupt",
        "on_change",
        "pretimeout_s",
        "timer_use",
    )  # fmt: skip

    def __init__(self, home: Home, events: Events, chassis: Chassis, messaging: Messaging) -> None:
        self._home, self._events, self._chassis, self._messaging = home, events, chassis, messaging
        self._timer: Timer | None = None
        self._end: float | None = None
        self.expired = 0
        self.on_change: list[Callable[[bool], None]] = []
        self._forget()
        chassis.on_power.append(self._power_changed)
        chassis.on_host_reset.append(self._host_reset)

    @property
    def running(self) -> bool:
        """Whether the timer counts down now."""
        return self._end is not None

    @property
    def present(self) -> int:
        """Where the countdown is, of 100 ms."""
        if self._end is None:
            return self._present
        return max(0, min(self.initial, round((self._end - self._home.clock.now()) / TICK)))

    def configure(
        self,
        *,
        timer_use: int,
        interrupt: int,
        action: int,
        pretimeout_s: int,
        initial: int,
        dont_log: bool = False,
        dont_stop: bool = False,
        clear: int = 0,
    ) -> None:
        """Set Watchdog Timer: stops the timer unless told not to.

        Raises:
            CompletionError: CCh, what is asked for is not supported.
        """
        # An interval of 0 is none: the interrupt comes together with the timeout.
        late = interrupt != PretimeoutInterrupt.NONE and pretimeout_s and pretimeout_s * 10 >= initial
        if timer_use not in _USES or interrupt not in _INTERRUPTS or late:
            raise CompletionError(Cc.INVALID_DATA)
        if action != TimeoutAction.NO_ACTION and action not in _CONTROLS:
            raise CompletionError(Cc.INVALID_DATA)
        running = self.running
        self.halt()
        self.timer_use, self.interrupt, self.action = timer_use, interrupt, action
        self.pretimeout_s, self.initial, self._present = pretimeout_s, initial, initial
        self.dont_log = dont_log
        self.expired &= ~clear
        self._initialized = True
        self._pretimeout_reached = False
        self._messaging.clear_flags(WATCHDOG_PRETIMEOUT)
        if running and dont_stop:
            self._run()

    def start(self) -> None:
        """Reset Watchdog Timer: begin, or begin again, from the initial countdown.

        Raises:
            CompletionError: 80h, nobody has set the timer since it was last uninitialized.
        """
        if not self._initialized:
            raise CompletionError(UNINITIALIZED)
        if self._pretimeout_reached and self.running:
            # §27.1: once the pre-timeout interrupt came only Set can stop what follows.
            return
        self._pause()
        self._run()

    def halt(self) -> None:
        """Stop counting; also what a sleeping system does."""
        self._pause()
        self._tell(running=False)

    def _pause(self) -> None:
        self._present = self.present
        self._end = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def stop(self) -> None:
        """The BMC ends."""
        self.halt()

    def reset(self) -> None:
        """Cold reset of the BMC: stopped, uninitialized, no flag left."""
        self.halt()
        self._forget()
        self.expired = 0

    def _forget(self) -> None:
        self.dont_log = False
        self.timer_use = int(TimerUse.SMS_OS)
        self.interrupt = int(PretimeoutInterrupt.NONE)
        self.action = int(TimeoutAction.NO_ACTION)
        self.pretimeout_s = self.initial = self._present = 0
        self._initialized = False
        self._pretimeout_reached = False

    def _power_changed(self, on: bool) -> None:
        """Power-down stops the timer, and it must be set again after power-up (§27.3)."""
        self.halt()
        self._initialized = False

    def _host_reset(self) -> None:
        """A reset of the system stops the timer too, and ends "don't log" (Table 27-3)."""
        self.halt()
        self._initialized = False
        self.dont_log = False

    def _tell(self, *, running: bool) -> None:
        for hear in self.on_change:
            hear(running)

    def _run(self) -> None:
        clock = self._home.clock
        end = clock.now() + self.initial * TICK
        self._end = end
        self._pretimeout_reached = False
        if self.interrupt != PretimeoutInterrupt.NONE and self.pretimeout_s:
            self._timer = clock.call_at(end - self.pretimeout_s, self._pretimeout)
        else:
            self._timer = clock.call_at(end, self._timeout)
        self._tell(running=True)

    def _pretimeout(self) -> None:
        end = self._end
        assert end is not None
        self._timer = self._home.clock.call_at(end, self._timeout)
        self._interrupt()

    def _interrupt(self) -> None:
        self._pretimeout_reached = True
        self._log(_TIMER_INTERRUPT, keep_silence=True)
        if self.interrupt == PretimeoutInterrupt.MESSAGING_INTERRUPT:
            self._messaging.watchdog_pretimeout()
        else:
            self._chassis.diagnostic_interrupt()

    def _timeout(self) -> None:
        if self.interrupt != PretimeoutInterrupt.NONE and not self._pretimeout_reached:
            self._interrupt()  # an interval of 0: both at once
        self.halt()
        self._present = 0
        self.expired |= 1 << self.timer_use
        self._log(self.action)
        control = _CONTROLS.get(TimeoutAction(self.action))
        if control is not None and self._chassis.is_on():
            with contextlib.suppress(CompletionError):  # a machine that cannot be switched so
                self._chassis.control(control, RestartCause.WATCHDOG)

    def _log(self, offset: int, *, keep_silence: bool = False) -> None:
        """Log a Watchdog 2 event, unless told not to; "don't log" holds for one expiration."""
        if not self.dont_log:
            data = bytes((_SPECIFIC_DATA_2 | offset, self.interrupt << 4 | self.timer_use, 0xFF))
            number = self._home.blueprint.sensor_number(SensorType.WATCHDOG_2)
            self._events.publish(Event(SensorType.WATCHDOG_2, number, EventReadingType.SENSOR_SPECIFIC, data))
        self.dont_log = self.dont_log and keep_silence
