"""Power and reset lines: orders to the host, and what the host's reports then mean (§28.3, §28.9)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import PowerPort
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, RestartCause
from baseboard.errors import CompletionError

LEAST_OFF_S = 1.0
"""A power cycle is off at least one second after power good went away (Table 28-4)."""

PATIENCE_S = 30.0
"""How long a switch may take; after that it is a power control fault, and forgotten as cause of a restart."""


class Why(NamedTuple):
    """Why the system starts.

    Attributes:
        cause: Table 28-11.
        channel: that the command came in on.
    """

    cause: RestartCause
    channel: int


class PowerLines:
    """Switches the system; the host says later, or at once, that it happened.

    Attributes:
        control_fault: the system did not follow the last order.
    """

    __slots__ = (
        "_cycle", "_expected", "_expected_until", "_home", "_off_s", "_ordered_off", "_timer", "_watch",
        "control_fault",
    )  # fmt: skip

    def __init__(self, home: Home) -> None:
        self._home = home
        self.control_fault = False
        self._cycle: Why | None = None
        self._off_s = LEAST_OFF_S
        self._expected: Why | None = None
        self._expected_until = 0.0
        self._ordered_off = False
        self._timer: Timer | None = None
        self._watch: Timer | None = None

    @property
    def port(self) -> PowerPort:
        """The lines themselves.

        Raises:
            CompletionError: C1h, the BMC has none.
        """
        port: PowerPort | None = self._home.backend.power
        if port is None:
            raise CompletionError(Cc.INVALID_COMMAND)
        return port

    @property
    def cycling(self) -> bool:
        """Whether power comes back by itself."""
        return self._cycle is not None

    @property
    def going_down(self) -> bool:
        """Whether the system was switched off and is still on."""
        return self._ordered_off and self._watch is not None and self.is_on()

    def is_on(self) -> bool:
        """Whether the system is powered; a system without power lines never is."""
        port: PowerPort | None = self._home.backend.power
        return port is not None and port.is_on()

    def up(self, why: Why) -> None:
        """Switch on; nothing happens to a system that is on."""
        self._end_cycle()
        if not self.port.is_on():
            self._expect(why)
            self.port.turn_on()
            self._watch_for(on=True)

    def down(self) -> None:
        """Switch off; nothing happens to a system that is off, but that a power cycle ends there."""
        self._end_cycle()
        if self.port.is_on():
            self._cut()

    def cycle(self, why: Why, off_s: float) -> None:
        """Switch off, and on again ``off_s`` seconds after power has gone."""
        self._end_cycle()
        self._cycle = why
        self._off_s = max(off_s, LEAST_OFF_S)
        self._cut()

    def reset(self, why: Why) -> None:
        """Pulse the reset line."""
        self._expect(why)
        self.port.reset()

    def shut_down(self) -> None:
        """Ask the operating system to shut down."""
        if self.port.is_on():
            self._ordered_off = True
            self.port.soft_shutdown()

    def went_on(self) -> Why:
        """The host reports that power came.

        Returns: why; somebody else may have switched it on. Whoever does so in the off time of a power cycle,
            as what starts virtual machines again, does it for the cycle.
        """
        cycle = self._cycle
        self._end_cycle()
        self._arrived()
        self._ordered_off = False
        return cycle or self._take_expected(RestartCause.UNKNOWN)

    def went_off(self) -> bool:
        """The host reports that power went.

        Returns: whether somebody asked for it.
        """
        self._arrived()
        self._expected = None
        if self._cycle is not None:
            self._timer = self._home.clock.call_at(self._home.clock.now() + self._off_s, self._cycle_over)
        ordered, self._ordered_off = self._ordered_off, False
        return ordered

    def was_reset(self) -> Why:
        """The host reports a reset.

        Returns: why; what nobody ordered came from its software or keyboard.
        """
        self._ordered_off = False
        self.control_fault = self.control_fault and self._expected is None
        return self._take_expected(RestartCause.SOFT_RESET)

    def failed(self) -> None:
        """The system does not follow: nothing comes of the last order any more."""
        self._end_watch()
        self.control_fault = True
        self._ordered_off, self._expected = False, None
        self._end_cycle()

    def stop(self) -> None:
        """End every timer."""
        self._end_cycle()
        self._end_watch()

    def _cut(self) -> None:
        self._ordered_off = True
        self.port.turn_off()
        self._watch_for(on=False)

    def _expect(self, why: Why) -> None:
        self._expected = why
        self._expected_until = self._home.clock.now() + PATIENCE_S

    def _take_expected(self, otherwise: RestartCause) -> Why:
        expected, self._expected = self._expected, None
        if expected is None or self._home.clock.now() > self._expected_until:
            return Why(otherwise, 0)
        return expected

    def _end_cycle(self) -> None:
        self._cycle = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cycle_over(self) -> None:
        why = self._cycle
        assert why is not None
        self._timer = None
        self.up(why)

    def _watch_for(self, *, on: bool) -> None:
        """See whether the system follows; most do before we can look."""
        self._end_watch()
        if self.port.is_on() == on:
            self.control_fault = False
        else:
            self._watch = self._home.clock.call_at(self._home.clock.now() + PATIENCE_S, self._failed)

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _arrived(self) -> None:
        self._end_watch()
        self.control_fault = False

    def _failed(self) -> None:
        self._watch = None
        self.control_fault = True
        self._end_cycle()
