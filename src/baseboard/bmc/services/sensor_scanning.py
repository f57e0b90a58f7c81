"""When the sensors of a BMC are scanned for events: not at all as long as it is known that there are none."""

from __future__ import annotations

import math
import zlib
from typing import Protocol

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import foresees
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensor_template import Catalogue

SCAN_S = 10
"""Seconds between scans while readings only jitter; else it is one second."""

_PHASES = 10


class Scanned(Protocol):
    """What is scanned."""

    @property
    def catalogue(self) -> Catalogue:
        """The sensors."""
        ...

    def scan(self) -> bool:
        """Look at them; returns whether none needed more than a comparison."""
        ...


class Scanning:
    """Scans every second, every ten while readings only jitter, and sleeps while they stay within the limits.

    It sleeps where the sensors' port tells between what values they stay; the port, the event log and whoever
    sets a sensor wake it. So thousands of idle BMCs cost nothing, where ten thousand that tick took a quarter
    of a processor.

    Args:
        home: surroundings.
        scanned: the sensors.
        sel: the log, whose own sensor tells how full it is.
    """

    __slots__ = ("_due", "_home", "_phase", "_running", "_scanned", "_sel", "_timer", "_watching")

    def __init__(self, home: Home, scanned: Scanned, sel: Sel) -> None:
        self._home, self._scanned, self._sel = home, scanned, sel
        # Scans of many BMCs are spread over ten seconds, on a grid of tenths so that they share wake-ups.
        self._phase = zlib.crc32(home.blueprint.identity.name.encode()) % (_PHASES * SCAN_S)
        self._due = -1
        self._timer: Timer | None = None
        self._running = self._watching = False

    @property
    def running(self) -> bool:
        """Whether there is anything to scan for, and the BMC is up."""
        return self._running

    def start(self) -> None:
        """Begin, if any sensor can send events."""
        self._running = self._scanned.catalogue.scanned
        self.rouse()

    def stop(self) -> None:
        """End it."""
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def rouse(self) -> None:
        """Something may have changed: look again from the next second on."""
        if self._running and self._timer is None:
            self._schedule()

    def _tick(self) -> None:
        self._timer = None
        port = self._home.backend.sensors
        settled = port is None or port.settled(self._home.clock.now())
        its_turn = self._due % SCAN_S == self._phase // _PHASES
        if (its_turn or not settled) and self._scanned.scan() and self._may_sleep():
            return
        self._schedule()

    def _schedule(self) -> None:
        clock, offset = self._home.clock, self._phase % _PHASES / _PHASES
        self._due = max(self._due, math.floor(clock.now() - offset)) + 1
        self._timer = clock.call_at(self._due + offset, self._tick)

    def _may_sleep(self) -> bool:
        """Whether scans find nothing until something happens; then it will be told."""
        port, catalogue = self._home.backend.sensors, self._scanned.catalogue
        if port is not None and not self._watching:
            if not foresees(port):
                return False
            swings = port.swings(self._home.clock.now())
            if swings is None or not catalogue.quiet_within(swings):
                return False
            port.when_disturbed(self._disturbed)
            self._watching = True
        if catalogue.logged:
            self._sel.when_changed = self.rouse
        return True

    def _disturbed(self) -> None:
        self._watching = False
        self.rouse()
