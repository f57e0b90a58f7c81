"""The simulated server's power meter, and the governor that holds it to a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from baseboard.bmc.backends.memory.physics import Environment
from baseboard.bmc.clock import Clock


class Meter:
    """One sensor in watts, as a :class:`~baseboard.bmc.ports.PowerMeterPort`.

    Args:
        environment: the server's readings.
        clock: time.
        name: of the sensor; one that there is not measures nothing.
    """

    __slots__ = ("_clock", "_environment", "_name")

    def __init__(self, environment: Environment, clock: Clock, name: str) -> None:
        self._environment, self._clock, self._name = environment, clock, name

    def watts(self, now: float) -> float | None:
        """The power drawn; None = nothing is measured now."""
        return self._environment.analog(self._name, now)

    def settled(self, now: float) -> bool:
        """Whether the power only jitters now."""
        return self._environment.settled(now)

    def swings(self, now: float) -> Mapping[str, tuple[float, float]] | None:
        """See :class:`~baseboard.bmc.ports.Foreseeable`."""
        return self._environment.swings(now)

    def when_disturbed(self, call: Callable[[], None]) -> None:
        """See :class:`~baseboard.bmc.ports.Foreseeable`."""
        self._environment.when_disturbed(call)

    def cap(self, watts: int | None) -> None:
        """Slow the processors down until the server draws no more than this; None = let them run."""
        if self._environment.has(self._name):
            self._environment.cap(self._name, watts, self._clock.now())
