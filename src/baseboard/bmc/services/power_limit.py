"""The power limit: what it is, that it is kept, and what happens when it cannot be (DCMI 6.6.2-6.6.4)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import PowerMeterPort
from baseboard.bmc.services.dcmi_exceptions import Exceptions
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.power_meter import LONGEST_S, PowerMeter
from baseboard.codes import Cc
from baseboard.commands.groups.dcmi_limits import ExceptionAction, SetPowerLimit
from baseboard.errors import CompletionError

LEAST_CORRECTION_MS, MOST_CORRECTION_MS = 1_000, 3_600_000
"""A sample is taken each second, so nothing can be said of less."""

_DEFAULT_CORRECTION_MS, _DEFAULT_PERIOD_S = 10_000, 60
_SECTION = "dcmi power limit"
_ROW = struct.Struct("<BHIHB")
_ACTIONS = (ExceptionAction.NONE, ExceptionAction.POWER_OFF, ExceptionAction.LOG_ONLY)


class Limit(NamedTuple):
    """The limit as it is set.

    Attributes:
        action: what happens when it is not kept.
        watts: the limit.
        correction_ms: milliseconds that it takes until then.
        period_s: seconds that the statistics of power readings reach back.
    """

    action: int
    watts: int
    correction_ms: int
    period_s: int


class PowerLimit:
    """The power limit of a BMC that has a meter.

    Attributes:
        limit: as it was set last; it holds only while it is active.
        active: whether it is kept.
    """

    __slots__ = ("_deadline", "_done", "_exceptions", "_home", "_meter", "_port", "active", "limit")

    def __init__(self, home: Home, port: PowerMeterPort, meter: PowerMeter, exceptions: Exceptions) -> None:
        self._home, self._port, self._meter, self._exceptions = home, port, meter, exceptions
        self._deadline: Timer | None = None
        self._done = False
        assert home.blueprint.dcmi is not None
        self.limit = Limit(
            int(ExceptionAction.NONE), home.blueprint.dcmi.highest, _DEFAULT_CORRECTION_MS, _DEFAULT_PERIOD_S
        )
        self.active = False
        kept = home.journal.saved(_SECTION).get(0)
        if kept is not None:
            *limit, active = _ROW.unpack(kept)
            self.limit, self.active = Limit(*limit), bool(active)
        meter.listeners.append(self._judge)

    def start(self) -> None:
        """A limit that was active is kept again."""
        if self.active:
            self._enforce()

    def stop(self) -> None:
        """The BMC ends."""
        self._forgive()

    def set(self, limit: Limit) -> None:
        """Set the limit; one that is active holds by its new settings at once.

        Raises:
            CompletionError: 84h, 85h or 89h, something is out of range; CCh, there is no such action.
        """
        spec = self._home.blueprint.dcmi
        assert spec is not None
        if limit.action not in _ACTIONS:
            raise CompletionError(Cc.INVALID_DATA)
        if not spec.lowest <= limit.watts <= spec.highest:
            raise CompletionError(SetPowerLimit.LIMIT_OUT_OF_RANGE)
        if not LEAST_CORRECTION_MS <= limit.correction_ms <= MOST_CORRECTION_MS:
            raise CompletionError(SetPowerLimit.TIME_OUT_OF_RANGE)
        if not 1 <= limit.period_s <= LONGEST_S:
            raise CompletionError(SetPowerLimit.PERIOD_OUT_OF_RANGE)
        self.limit = limit
        self._keep()
        if self.active:
            self._enforce()

    def activate(self, *, active: bool) -> None:
        """Have the limit kept, or not any more."""
        if active == self.active:
            return
        self.active = active
        self._keep()
        if active:
            self._enforce()
        else:
            self._forgive()
            self._port.cap(None)
            self._meter.watch(closely=False)

    def _enforce(self) -> None:
        """Slow the system down; how long it has for that begins anew."""
        self._forgive()
        self._port.cap(self.limit.watts)
        self._meter.watch(closely=True)
        self._meter.sample()

    def _judge(self, watts: float | None) -> None:
        """A sample: above an active limit there is so much time to come down again."""
        if not self.active:
            return
        if watts is None or watts <= self.limit.watts:
            self._forgive()
        elif self._deadline is None and not self._done:
            clock = self._home.clock
            self._deadline = clock.call_at(clock.now() + self.limit.correction_ms / 1000, self._expired)

    def _expired(self) -> None:
        self._meter.sample()  # which forgives if the power came down since the last one
        if self._deadline is None:
            return
        self._deadline = None
        self._done = True  # once, until the power has been below the limit again
        if self.limit.action != ExceptionAction.NONE:
            self._exceptions.power_limit(off=self.limit.action == ExceptionAction.POWER_OFF)

    def _forgive(self) -> None:
        self._done = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _keep(self) -> None:
        self._home.journal.put(_SECTION, 0, _ROW.pack(*self.limit, self.active))
