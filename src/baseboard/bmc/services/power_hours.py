"""The power-on hours of the system: how long it has been powered, over its life (§28.14)."""

from __future__ import annotations

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home

MINUTES_PER_COUNT = 1
SAVE_EVERY_S = 900.0
"""A crash loses at most so many seconds of the count; more often would wear the disk for nothing."""

_COUNT_S = MINUTES_PER_COUNT * 60
_MOST = 0xFFFFFFFF
_SECTION = "power hours"
_SIZE = 8


class PowerOnHours:
    """Counts while the system is on; never rounded up, never reset."""

    __slots__ = ("_home", "_since", "_timer", "_total")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._total = float(int.from_bytes(home.journal.saved(_SECTION).get(0, b""), "little"))
        self._since: float | None = None
        self._timer: Timer | None = None

    @property
    def counter(self) -> int:
        """Whole counts of :data:`MINUTES_PER_COUNT`."""
        return min(int(self._seconds() // _COUNT_S), _MOST)

    def run(self) -> None:
        """The system is on."""
        if self._since is None:
            self._since = self._home.clock.now()
            self._schedule()

    def pause(self) -> None:
        """The system is off."""
        if self._since is None:
            return
        self._total = self._seconds()
        self._since = None
        self._save()
        self.stop()

    def stop(self) -> None:
        """The BMC ends: keep what was counted."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._since is not None:
            self._save()

    def _seconds(self) -> float:
        return self._total if self._since is None else self._total + self._home.clock.now() - self._since

    def _schedule(self) -> None:
        self._timer = self._home.clock.call_at(self._home.clock.now() + SAVE_EVERY_S, self._again)

    def _again(self) -> None:
        self._save()
        self._schedule()

    def _save(self) -> None:
        self._home.journal.put(_SECTION, 0, int(self._seconds()).to_bytes(_SIZE, "little"))
