"""The simulated power meter and its governor."""

from __future__ import annotations

from baseboard.bmc.backends.memory.meter import Meter
from baseboard.bmc.backends.memory.physics import HEADROOM, THROTTLED, Environment
from baseboard.bmc.blueprint import Physics, SensorSpec
from baseboard.testing.clock import VirtualClock

POWER = SensorSpec(1, "Power", 0x0B, base_unit=6, physics=Physics("power", 300, 10, tau=3, noise=6))
CPU = SensorSpec(2, "CPU", 0x01, physics=Physics("temperature", 60, 20, tau=20))
FLAT = SensorSpec(3, "Flat", 0x0B, physics=Physics("power", 10, 10))


def made(name: str = "Power") -> tuple[Meter, Environment, VirtualClock]:
    clock = VirtualClock(now=1000.0)
    environment = Environment((POWER, CPU, FLAT), 7, True, clock.now())
    return Meter(environment, clock, name), environment, clock


def test_it_shows_what_its_sensor_shows() -> None:
    meter, environment, clock = made()
    assert meter.watts(clock.now()) == environment.analog("Power", clock.now())
    environment.set_value("Power", 123.0, clock.now())
    assert meter.watts(clock.now()) == 123.0
    environment.set_value("Power", None, clock.now())
    assert meter.watts(clock.now()) is None


def test_a_sensor_that_there_is_not_measures_nothing_and_caps_nothing() -> None:
    meter, environment, clock = made("")
    assert meter.watts(clock.now()) is None
    meter.cap(100)
    assert not environment.throttled


def test_a_cap_slows_the_system_down_until_it_is_lifted() -> None:
    meter, environment, clock = made()
    assert meter.settled(clock.now())
    meter.cap(200)
    assert environment.throttled
    assert not meter.settled(clock.now())
    clock.advance(10)
    for _ in range(200):
        watts = meter.watts(clock.now())
        assert watts is not None
        assert 200 * HEADROOM - 14 < watts <= 200
        clock.advance(0.5)
    assert not environment.over_limit(clock.now())
    warm = environment.analog("CPU", clock.now() + 100)
    assert warm is not None
    assert warm < 55
    meter.cap(None)
    clock.advance(60)
    assert not environment.throttled
    watts = meter.watts(clock.now())
    assert watts is not None
    assert watts > 290


def test_processors_go_no_slower_than_they_can() -> None:
    meter, environment, clock = made()
    meter.cap(20)
    clock.advance(20)
    watts = meter.watts(clock.now())
    assert watts is not None
    assert abs(watts - (10 + 290 * (1 - 0.6 * (1 - THROTTLED)))) < 7
    assert environment.over_limit(clock.now())
    environment.switch(clock.now(), on=True, load=0.2)
    assert not environment.throttled, "there is less to do than they can"


def test_a_limit_above_what_is_drawn_changes_nothing() -> None:
    meter, environment, clock = made()
    meter.cap(900)
    assert not environment.throttled
    clock.advance(30)
    assert not environment.over_limit(clock.now())


def test_what_is_off_is_not_slowed_down() -> None:
    meter, environment, clock = made()
    meter.cap(200)
    environment.switch(clock.now(), on=False, load=1.0)
    assert not environment.throttled


def test_a_sensor_that_shows_the_same_on_and_off_governs_nothing() -> None:
    meter, environment, _ = made("Flat")
    meter.cap(5)
    assert not environment.throttled
    meter.cap(None)
    assert not environment.throttled
