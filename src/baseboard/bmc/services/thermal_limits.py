"""The limits of temperatures, and what happens when they are exceeded for too long (DCMI 6.7.1, 6.7.2)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.dcmi_exceptions import Exceptions
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.temperatures import Temperatures, Thermometer
from baseboard.bmc.shared import Sparse
from baseboard.codes import EntityId
from baseboard.commands.groups.dcmi_limits import SetThermalLimit
from baseboard.errors import CompletionError

SAMPLING_S = 1
"""Seconds between looks at a temperature that has a limit."""

MOST_EXCEPTION_S = 3600
_SECTION = "dcmi thermal limit"
_ROW = struct.Struct("<???BH")
_NUMBER = 0xFF


class ThermalLimit(NamedTuple):
    """What happens when a temperature is too high for too long.

    Attributes:
        persistent: asked to be kept over power cycles, as DCMI 1.0 had it; every limit is.
        power_off: the system's power goes, and the log says so.
        log_only: only the log says so.
        celsius: the limit.
        seconds: for how long it may be exceeded.
    """

    persistent: bool
    power_off: bool
    log_only: bool
    celsius: int
    seconds: int


class ThermalLimits(Sparse):
    """The limits of all thermometers; looked after while one of them has an action."""

    __slots__ = ("_exceptions", "_fired", "_home", "_limits", "_since", "_temperatures", "_timer")
    PARTS = (("_since", dict), ("_fired", set))

    _since: dict[int, float]
    _fired: set[int]

    def __init__(self, home: Home, temperatures: Temperatures, exceptions: Exceptions) -> None:
        self._home, self._temperatures, self._exceptions = home, temperatures, exceptions
        kept = home.journal.saved(_SECTION)
        self._limits = {key: ThermalLimit(*_ROW.unpack(row)) for key, row in kept.items()}
        self._timer: Timer | None = None

    def start(self) -> None:
        """Begin to look after the limits that there are."""
        self._schedule()

    def stop(self) -> None:
        """End that."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def get(self, entity: EntityId, instance: int) -> ThermalLimit:
        """The limit of a thermometer; one that was never set does nothing.

        Raises:
            CompletionError: CBh, there is no such thermometer.
        """
        one = self._temperatures.find(entity, instance)
        return self._limits.get(entity << 8 | instance, ThermalLimit(False, False, False, one.hottest, 0))

    def set(self, entity: EntityId, instance: int, limit: ThermalLimit) -> None:
        """Set the limit of a thermometer; how long it may be exceeded begins anew.

        Raises:
            CompletionError: CBh, there is no such thermometer; 84h or 85h, something is out of range.
        """
        one = self._temperatures.find(entity, instance)
        if not 1 <= limit.celsius <= one.hottest:
            raise CompletionError(SetThermalLimit.LIMIT_OUT_OF_RANGE)
        if limit.seconds > MOST_EXCEPTION_S:
            raise CompletionError(SetThermalLimit.TIME_OUT_OF_RANGE)
        key = entity << 8 | instance
        self._limits[key] = limit
        self._since.pop(key, None)
        self._fired.discard(key)
        self._home.journal.put(_SECTION, key, _ROW.pack(*limit))
        self.look()
        self._schedule()

    def look(self) -> None:
        """Judge every temperature whose limit has an action."""
        now = self._home.clock.now()
        for key, limit in self._limits.items():
            if limit.power_off or limit.log_only:
                self._judge(key, limit, now)

    def _judge(self, key: int, limit: ThermalLimit, now: float) -> None:
        try:
            one = self._temperatures.find(EntityId(key >> 8), key & 0xFF)
        except CompletionError:  # the blueprint has come back without it
            return
        celsius = self._temperatures.celsius(one)
        if celsius is None or celsius <= limit.celsius:
            self._since.pop(key, None)
            self._fired.discard(key)
        elif now - self._since.setdefault(key, now) >= limit.seconds and key not in self._fired:
            self._fire(key, one, limit)

    def _fire(self, key: int, one: Thermometer, limit: ThermalLimit) -> None:
        """Act, once until the temperature has been below its limit again."""
        self._fired.add(key)
        self._exceptions.thermal_limit(one.key & _NUMBER, off=limit.power_off)

    def _schedule(self) -> None:
        guarded = any(limit.power_off or limit.log_only for limit in self._limits.values())
        if guarded and self._timer is None:
            clock = self._home.clock
            self._timer = clock.call_at(clock.now() + SAMPLING_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.look()
        self._schedule()
