"""Presses the buttons of a front panel, one after the other, as a person would."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, NamedTuple

from baseboard.bmc.backends.gpio_lines import OutputPin
from baseboard.bmc.clock import Clock, Timer
from baseboard.errors import TransportError

REST: Final = 0.3
"""Seconds between two presses: a board has to see that the button was let go."""


class Phase(enum.Enum):
    """What the finger does."""

    IDLE = "nothing to press"
    PRESSING = "a button is held down"
    RESTING = "the last one was let go just now"


class Seen(enum.Enum):
    """What may happen to it."""

    ORDER = "a press was ordered"
    TIME = "what it does has lasted long enough"


class Press(NamedTuple):
    """One press.

    Attributes:
        pin: of the button.
        seconds: how long.
        makes_sense: asked as it begins: a machine that is off is not reset, one that is on not switched on.
        done: called when the button was let go.
    """

    pin: OutputPin
    seconds: float
    makes_sense: Callable[[], bool]
    done: Callable[[], None]


class Step(NamedTuple):
    """A row of the table.

    Attributes:
        action: what is done, and with that where it goes: a press may turn out senseless.
    """

    action: Callable[[Finger], None]


class Finger:
    """Presses buttons.

    Args:
        clock: time.
        failed: called when a line cannot be driven.
    """

    __slots__ = ("_clock", "_failed", "_now", "_timer", "_waiting", "phase")

    def __init__(self, clock: Clock, failed: Callable[[TransportError], None]) -> None:
        self._clock, self._failed = clock, failed
        self._waiting: list[Press] = []
        self._now: Press | None = None
        self._timer: Timer | None = None
        self.phase = Phase.IDLE

    def press(self, press: Press) -> None:
        """Press a button as soon as the last press is over; whatever waits yet is not pressed any more."""
        self._waiting = [press]
        self._step(Seen.ORDER)

    def also(self, press: Press) -> None:
        """Press a button after what waits; once, however often it is asked for."""
        if all(waiting.pin is not press.pin for waiting in self._waiting):
            self._waiting.append(press)
        self._step(Seen.ORDER)

    def stop(self) -> None:
        """Let go."""
        if self._timer is not None:
            self._timer.cancel()
        self._waiting.clear()
        if self._now is not None:
            self._drive(self._now, False)
            self._now = None
        self.phase = Phase.IDLE

    # ---- the machine

    def _step(self, seen: Seen) -> None:
        step = self.TABLE.get((self.phase, seen))
        if step is not None:  # else a timer has run out that was cancelled just then
            step.action(self)

    def _wait(self) -> None:
        """What was ordered has its turn later."""

    def _begin(self) -> None:
        """Take the next press that makes sense."""
        self.phase = Phase.IDLE
        while self._waiting:
            press = self._waiting.pop(0)
            if press.makes_sense() and self._drive(press, True):
                self._now = press
                self._last(Phase.PRESSING, press.seconds)
                return

    def _let_go(self) -> None:
        press, self._now = self._now, None
        assert press is not None
        self._last(Phase.RESTING, REST)
        if self._drive(press, False):
            press.done()

    def _last(self, phase: Phase, seconds: float) -> None:
        self.phase = phase
        self._timer = self._clock.call_at(self._clock.now() + seconds, self._over)

    def _over(self) -> None:
        self._step(Seen.TIME)

    def _drive(self, press: Press, active: bool) -> bool:
        try:
            press.pin.drive(active)
        except TransportError as error:
            self._failed(error)
            return False
        return True

    # where it is, what happened -> what it does
    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.IDLE, Seen.ORDER): Step(_begin),
        (Phase.PRESSING, Seen.ORDER): Step(_wait),
        (Phase.PRESSING, Seen.TIME): Step(_let_go),
        (Phase.RESTING, Seen.ORDER): Step(_wait),
        (Phase.RESTING, Seen.TIME): Step(_begin),
    }
