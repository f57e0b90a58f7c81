"""Presses of buttons, on virtual time: every phase with everything that can happen in it."""

from __future__ import annotations

import itertools
import random

import pytest

from baseboard.bmc.backends.hardware.buttons import REST, Finger, Phase, Press, Seen
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.machine_bench import FakePin


class Panel:
    """Two buttons and a finger."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.power, self.reset = FakePin(self.clock), FakePin(self.clock)
        self.errors: list[TransportError] = []
        self.done: list[str] = []
        self.sensible = True
        self.finger = Finger(self.clock, self.errors.append)

    def press(self, pin: FakePin, seconds: float = 1.0, name: str = "") -> Press:
        return Press(pin, seconds, lambda: self.sensible, lambda: self.done.append(name))


def test_a_press_has_its_length() -> None:
    panel = Panel()
    panel.finger.press(panel.press(panel.power, 0.5, "power"))
    assert panel.finger.phase is Phase.PRESSING
    panel.clock.advance(0.5)
    assert panel.power.history == [(0.0, True), (0.5, False)]
    assert panel.done == ["power"]
    assert panel.finger.phase is Phase.RESTING
    panel.clock.advance(REST)
    assert panel.finger.phase is Phase.IDLE


def test_the_next_press_waits_until_the_button_was_let_go() -> None:
    panel = Panel()
    panel.finger.press(panel.press(panel.power, 6.0))
    panel.finger.press(panel.press(panel.power, 0.5, "forgotten"))
    panel.finger.press(panel.press(panel.reset, 0.5, "reset"))
    panel.clock.advance(20)
    assert panel.power.history == [(0.0, True), (6.0, False)]
    assert panel.reset.history == [(6.0 + REST, True), (6.5 + REST, False)]
    assert panel.done == ["", "reset"]


def test_others_are_pressed_after_what_waits_and_once() -> None:
    panel = Panel()
    panel.finger.also(panel.press(panel.power))
    for _ in range(5):
        panel.finger.also(panel.press(panel.reset))
        panel.finger.also(panel.press(panel.power))
    panel.clock.advance(20)
    assert len(panel.reset.history) == 2
    assert len(panel.power.history) == 4


def test_what_makes_no_sense_any_more_is_not_pressed() -> None:
    panel = Panel()
    panel.finger.press(panel.press(panel.power))
    panel.finger.also(panel.press(panel.reset))
    panel.sensible = False
    panel.clock.advance(20)
    assert panel.reset.history == []
    assert panel.finger.phase is Phase.IDLE
    panel.finger.press(panel.press(panel.reset))
    assert panel.finger.phase is Phase.IDLE


def test_a_line_that_is_gone() -> None:
    panel = Panel()
    panel.power.broken = True
    panel.finger.press(panel.press(panel.power))
    assert (len(panel.errors), panel.finger.phase) == (1, Phase.IDLE)
    panel.finger.press(panel.press(panel.reset))
    panel.reset.broken = True
    panel.clock.advance(1.0)
    assert (len(panel.errors), panel.done) == (2, [])
    panel.clock.advance(REST)
    assert panel.finger.phase is Phase.IDLE


def test_at_the_end_every_button_is_let_go() -> None:
    panel = Panel()
    panel.finger.stop()
    panel.finger.press(panel.press(panel.power, 6.0))
    panel.finger.also(panel.press(panel.reset))
    panel.finger.stop()
    panel.clock.advance(20)
    assert panel.power.history == [(0.0, True), (0.0, False)]
    assert panel.reset.history == []
    assert panel.done == []


@pytest.mark.parametrize(("phase", "seen"), list(itertools.product(Phase, Seen)))
def test_every_phase_with_everything_that_can_happen(phase: Phase, seen: Seen) -> None:
    panel = Panel()
    if phase is not Phase.IDLE:
        panel.finger.press(panel.press(panel.power))
    if phase is Phase.RESTING:
        panel.clock.advance(1.0)
    assert panel.finger.phase is phase
    known = (phase, seen) in Finger.TABLE
    assert known is ((phase, seen) != (Phase.IDLE, Seen.TIME))
    if seen is Seen.ORDER:
        panel.finger.also(panel.press(panel.reset))
    else:
        panel.finger._over()  # a timer that was cancelled just as it ran out
    panel.clock.advance(20)
    assert panel.finger.phase is Phase.IDLE
    assert not panel.power.level
    assert len(panel.reset.history) == (2 if seen is Seen.ORDER else 0)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_ordered_no_button_stays_pressed(seed: int) -> None:
    panel, drawn = Panel(), random.Random(seed)
    for _ in range(200):
        order = drawn.choice((panel.finger.press, panel.finger.also))
        order(panel.press(drawn.choice((panel.power, panel.reset)), drawn.uniform(0.1, 6)))
        panel.sensible = drawn.random() < 0.8
        panel.clock.advance(drawn.uniform(0, 3))
        assert not (panel.power.level and panel.reset.level)
    panel.clock.advance(100)
    assert (panel.power.level, panel.reset.level) == (False, False)
