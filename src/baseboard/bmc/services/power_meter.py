"""What the power meter measured: now, and over the periods before (DCMI 1.5, 6.6.1).

Samples are taken every second while the power moves, while somebody asks for statistics and while a limit
is kept, else every ten: then a reading only jitters, and stands for the time until the next one. They are
kept in cells of a second for the last minute, and of twenty seconds for the last hour.

Of a server that tells beforehand how its power will jitter nothing is sampled or kept until somebody asks:
what it drew meanwhile can be asked for then.
"""

from __future__ import annotations

import math
import zlib
from array import array
from collections.abc import Callable
from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import PowerMeterPort, foresees
from baseboard.bmc.services.home import Home

LONGEST_S = 3600
"""Seconds that statistics reach back."""

SPARSE_S = 10
"""Seconds between samples while the power only jitters; else it is one second."""

INTEREST_S = 60.0
"""After a question for statistics there is a sample every second for so long."""

_MOST = 0xFFFF
_MINUTE, _COARSE_S = 60, 20
_TENTHS = 10


class Statistics(NamedTuple):
    """The power over a period, in watts.

    Attributes:
        current: now.
        minimum: least sample.
        maximum: greatest one.
        average: mean over time.
    """

    current: int
    minimum: int
    maximum: int
    average: int


class Cells:
    """The power in equal spans of time, the last so many of them.

    Args:
        width: seconds of a cell.
        count: how many are kept.
        now: when the first one begins to be filled.
    """

    __slots__ = ("_begin", "_end", "_energy", "_high", "_last", "_low", "_width")

    def __init__(self, width: int, count: int, now: float) -> None:
        self._width = width
        self._begin = self._end = now
        self._low, self._high = array("H", bytes(2 * count)), array("H", bytes(2 * count))
        self._energy = array("f", bytes(4 * count))
        self._last = int(now // width) - 1
        self._enter(self._last + 1)

    def note(self, watts: float) -> None:
        """Take a sample at the present."""
        place = self._last % len(self._low)
        shown = round(watts)
        self._low[place] = min(self._low[place], shown)
        self._high[place] = max(self._high[place], shown)

    def hold(self, watts: float, until: float) -> None:
        """The power was this since the last time that was said, until now."""
        width = self._width
        # what lies further back than the cells reach would only be written over
        start = max(self._end, until - width * len(self._low))
        for number in range(int(start // width), int(until // width) + 1):
            self._enter(number)
            end = min((number + 1) * width, until)
            self._energy[number % len(self._low)] += watts * max(0.0, end - start)
            if end > start:
                self.note(watts)
            start = max(start, end)
        self._end = until

    def over(self, period: float) -> tuple[int, int, float]:
        """Least and greatest sample, and the mean; a cell that the period only touches counts whole."""
        count, width = len(self._low), self._width
        first = max(int((self._end - period) // width), int(self._begin // width), self._last - count + 1)
        places = [number % count for number in range(first, self._last + 1)]
        low, high = min(self._low[one] for one in places), max(self._high[one] for one in places)
        seconds = self._end - max(first * width, self._begin)
        # of no time at all the one sample is the mean
        mean = sum(self._energy[one] for one in places) / seconds if seconds > 0.0 else float(high)
        return low, high, mean

    def _enter(self, number: int) -> None:
        """Begin a cell, unless it is the one that is being filled."""
        if number > self._last:
            place = number % len(self._low)
            self._low[place], self._high[place], self._energy[place] = _MOST, 0, 0.0
            self._last = number


class PowerMeter:
    """Samples of the backend's meter, and what can be said of them.

    Attributes:
        listeners: called with each sample, in watts; with None where nothing is measured.
        attentive: a sample is wanted every second.
    """

    __slots__ = (
        "_asked", "_asleep", "_cells", "_due", "_home", "_last", "_phase", "_port", "_ticked", "_timer",
        "_watching", "attentive", "listeners",
    )  # fmt: skip

    def __init__(self, home: Home, port: PowerMeterPort) -> None:
        self._home, self._port = home, port
        self._cells: tuple[Cells, Cells] | None = None
        self._last = 0.0
        self._asked = -INTEREST_S
        self.listeners: list[Callable[[float | None], None]] = []
        self.attentive = False
        # Samples of many BMCs are spread, on a grid of tenths so that they share wake-ups.
        self._phase = zlib.crc32(home.blueprint.identity.name.encode()) % (_TENTHS * SPARSE_S)
        self._due = self._ticked = -1
        self._timer: Timer | None = None
        # Since when nothing is sampled, because it can be asked for later.
        self._asleep: float | None = None
        self._watching = False

    def start(self) -> None:
        """Begin to sample."""
        if not self._sleep():
            self.sample()
            self._schedule()

    def stop(self) -> None:
        """End the sampling."""
        self._asleep = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def sample(self) -> float | None:
        """Measure now; with None what was measured before is forgotten, for it says nothing of later."""
        watts = self._sample_at(self._home.clock.now())
        for listener in self.listeners:
            listener(watts)
        return watts

    def _sample_at(self, now: float) -> float | None:
        watts = self._port.watts(now)
        if watts is None:
            self._cells = None
            return None
        watts = min(max(watts, 0.0), float(_MOST))
        if self._cells is None:
            fine, coarse = Cells(1, _MINUTE + 1, now), Cells(_COARSE_S, LONGEST_S // _COARSE_S + 1, now)
            self._cells = fine, coarse
        for cells in self._cells:
            cells.hold(self._last, now)
            cells.note(watts)
        self._last = watts
        return watts

    def statistics(self, period_s: int) -> Statistics | None:
        """The power now, and over the last so many seconds, or as long as it has been measured.

        Returns: None where nothing is measured.
        """
        self._wake()
        self._asked = self._home.clock.now()
        watts = self.sample()
        self._schedule_sooner()
        if watts is None or self._cells is None:
            return None
        fine, coarse = self._cells
        low, high, mean = (fine if period_s <= _MINUTE else coarse).over(period_s)
        return Statistics(round(watts), low, high, round(mean))

    def watch(self, *, closely: bool) -> None:
        """Say whether a sample is wanted every second."""
        self.attentive = closely
        if closely:
            self._wake()
        self._schedule_sooner()

    def _close(self, now: float) -> bool:
        return self.attentive or now - self._asked < INTEREST_S or not self._port.settled(now)

    def _tick(self) -> None:
        self._timer = None
        self._ticked = self._due
        self.sample()
        if not self._sleep():
            self._schedule()

    def _sleep(self) -> bool:
        """Take no samples as long as they can be asked for later; returns whether it is so."""
        now, port = self._home.clock.now(), self._port
        if self._close(now) or not foresees(port) or port.swings(now) is None:
            return False
        self._asleep = now
        if not self._watching:
            self._watching = True
            port.when_disturbed(self._disturbed)
        return True

    def _disturbed(self) -> None:
        self._watching = False
        self._wake()

    def _wake(self) -> None:
        """Take the samples that were not taken, and sample again from the next second on."""
        if self._asleep is None:
            return
        now = self._home.clock.now()
        moment, self._asleep = max(self._asleep, now - LONGEST_S - _COARSE_S), None
        while moment < now:
            self._sample_at(moment)
            moment += SPARSE_S
        self._schedule()

    def _schedule(self) -> None:
        """Plan the next sample: a second or ten later, at this BMC's place between the others."""
        clock = self._home.clock
        now, offset = clock.now(), self._offset
        due = max(self._ticked, math.floor(now - offset)) + 1
        if not self._close(now):
            due += (self._phase // _TENTHS - due) % SPARSE_S
        self._due = due
        self._timer = clock.call_at(due + offset, self._tick)

    @property
    def _offset(self) -> float:
        return self._phase % _TENTHS / _TENTHS

    def _schedule_sooner(self) -> None:
        """Do not wait for a sample that was planned for long after."""
        if self._timer is not None and self._due + self._offset > self._home.clock.now() + 1.0:
            self._timer.cancel()
            self._schedule()
