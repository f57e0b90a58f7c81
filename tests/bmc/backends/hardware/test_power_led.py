"""The power LED: lit, dark, blinking, and gone."""

from __future__ import annotations

from baseboard.bmc.backends.hardware.power_led import PowerLed
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.machine_bench import FakePin


class Led:
    def __init__(self, *, lit: bool = False) -> None:
        self.clock = VirtualClock()
        self.pin = FakePin(self.clock)
        self.pin.level = lit
        self.told: list[bool] = []
        self.errors: list[TransportError] = []
        self.led = PowerLed(self.pin, 1.5, self.clock, self.told.append, self.errors.append)
        self.led.start()


def test_it_is_known_at_once() -> None:
    for lit in (True, False):
        made = Led(lit=lit)
        assert made.led.on is lit
        assert made.told == []


def test_lit_is_on_at_once_and_dark_is_off_after_a_while() -> None:
    made = Led()
    made.pin.become(True)
    assert made.told == [True]
    made.pin.become(False)
    made.clock.advance(1.4)
    assert made.led.on
    made.clock.advance(0.1)
    assert made.told == [True, False]
    assert not made.led.on


def test_one_that_blinks_is_on() -> None:
    made = Led(lit=True)
    for _ in range(20):
        made.pin.become(False)
        made.clock.advance(1.0)
        made.pin.become(True)
        made.clock.advance(1.0)
    assert made.told == []
    made.pin.become(False)
    made.pin.become(False)
    made.clock.advance(1.5)
    assert made.told == [False]


def test_what_happened_before_it_was_watched_is_seen() -> None:
    clock = VirtualClock()
    pin = FakePin(clock)
    told: list[bool] = []
    led = PowerLed(pin, 1.5, clock, told.append, lambda error: None)
    pin.level = True
    led.start()
    assert told == [True]


def test_at_the_end_nothing_is_told_any_more() -> None:
    made = Led(lit=True)
    made.pin.become(False)
    made.led.stop()
    made.clock.advance(10)
    assert made.told == []


def test_a_line_that_is_gone() -> None:
    made = Led(lit=True)
    made.pin.broken = True
    made.pin.become(False)
    made.clock.advance(10)
    assert (len(made.errors), made.told) == (1, [])
