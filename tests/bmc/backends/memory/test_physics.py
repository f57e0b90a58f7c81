"""The sensors' closed forms of time."""

from __future__ import annotations

from itertools import pairwise
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.backends.memory.physics import (
    Environment,
    catalogue,
    drawn,
    drive,
    jitter,
)
from baseboard.bmc.blueprint import Physics, SensorSpec
from tests.bmc.backends.memory.bench import SENSORS

NUMBERS = st.integers(0, 2**64 - 1)


def environment(*, on: bool = False, seed: int = 1, now: float = 0.0) -> Environment:
    return Environment(SENSORS, seed, on, now)


def reading(env: Environment, name: str, now: float) -> float:
    value = env.analog(name, now)
    assert value is not None
    return value


@given(NUMBERS, NUMBERS, st.integers(-1, 2**40))
def test_drawn_numbers_are_bounded_and_repeat(seed: int, key: int, bucket: int) -> None:
    number = drawn(seed, key, bucket)
    assert -1.0 <= number <= 1.0
    assert drawn(seed, key, bucket) == number


def test_drawn_numbers_spread() -> None:
    numbers = [drawn(7, 11, bucket) for bucket in range(1000)]
    assert abs(sum(numbers) / 1000) < 0.1
    assert min(numbers) < -0.95
    assert max(numbers) > 0.95


@given(NUMBERS, NUMBERS, st.floats(0, 1e7))
def test_jitter_is_bounded(seed: int, key: int, now: float) -> None:
    assert -1.0 <= jitter(seed, key, now, 5.0) <= 1.0


def test_jitter_makes_no_jumps() -> None:
    values = [jitter(3, 4, step * 0.01, 5.0) for step in range(5000)]
    assert max(abs(b - a) for a, b in pairwise(values)) < 0.01


def test_nothing_drives_a_server_that_is_off() -> None:
    assert {drive(kind, False, 2.0, 1.0) for kind in ("temperature", "fan", "power", "voltage")} == {0.0}


def test_load_drives_heat_power_and_fans_but_no_voltage() -> None:
    for kind in ("temperature", "fan", "power", "current"):
        assert drive(kind, True, 1.0, 1.0) == 1.0
        assert drive(kind, True, 2.0, 1.0) > 1.1
        assert drive(kind, True, 0.0, 1.0) < 0.8
    assert drive("voltage", True, 2.0, 1.0) == 1.0


def test_less_air_means_more_heat_and_faster_fans_within_reason() -> None:
    assert drive("temperature", True, 1.0, 0.5) > 1.3
    assert drive("temperature", True, 1.0, 0.0) == drive("temperature", True, 1.0, 0.1) == 2.0
    assert drive("fan", True, 1.0, 0.5) == 1.2


def test_a_temperature_follows_with_inertia() -> None:
    env = environment()
    assert reading(env, "Quiet Temp", 0.0) == 20.0
    env.switch(10.0, on=True, load=1.0)
    assert reading(env, "Quiet Temp", 10.0) == 20.0
    assert reading(env, "Quiet Temp", 50.0) == pytest.approx(20 + 40 * (1 - exp(-1)))
    assert reading(env, "Quiet Temp", 1e6) == 60.0


def test_a_change_begins_where_the_one_before_had_come_to() -> None:
    env = environment()
    env.switch(0.0, on=True, load=1.0)
    reached = reading(env, "Quiet Temp", 30.0)
    env.switch(30.0, on=False, load=1.0)
    assert reading(env, "Quiet Temp", 30.0) == pytest.approx(reached)
    assert 20.0 < reading(env, "Quiet Temp", 60.0) < reached


@given(st.lists(st.floats(0.1, 100.0), min_size=1, max_size=8), st.floats(0.0, 500.0))
def test_looking_changes_nothing(gaps: list[float], when: float) -> None:
    """The value at a time depends on what happened, not on who looked before."""
    seen, unseen = environment(), environment()
    now = 0.0
    for n, gap in enumerate(gaps):
        now += gap
        seen.analog("Temp", now)
        for env in (seen, unseen):
            env.switch(now, on=n % 2 == 0, load=1.0 + n % 3)
    assert seen.analog("Temp", now + when) == unseen.analog("Temp", now + when)


def test_a_switch_to_the_same_is_none() -> None:
    env = environment(on=True)
    assert env.settled(0.0)
    env.switch(0.0, on=True, load=1.0)
    assert env.settled(0.0)


@given(st.integers(0, 2**64 - 1), st.floats(0.0, 1e6))
def test_noise_stays_within_its_amplitude(seed: int, now: float) -> None:
    env = environment(on=True, seed=seed)
    assert abs(reading(env, "Temp", now) - 60.0) <= 1.0
    assert abs(reading(env, "12V", now) - 12.0) <= 0.1


def test_noise_moves_and_differs_by_seed_but_not_by_run() -> None:
    def series(seed: int) -> list[float]:
        env = environment(on=True, seed=seed)
        return [reading(env, "Temp", float(now)) for now in range(0, 600, 7)]

    assert len(set(series(1))) > 50
    assert series(1) == series(1)
    assert series(1) != series(2)


def test_what_is_off_can_not_be_read_or_rests() -> None:
    env = environment()
    assert env.analog("12V", 0.0) is None
    assert env.analog("Fan 1", 0.0) is None
    assert env.discrete("Blind", 0.0) is None
    assert env.analog("Watts", 0.0) == 10.0
    assert env.analog("Fixed", 0.0) == 3.0


def test_a_fan_is_read_once_its_tachometer_has_caught() -> None:
    env = environment()
    env.switch(0.0, on=True, load=1.0)
    assert env.analog("Fan 1", 0.5) is None
    assert 2500 <= reading(env, "Fan 1", 2.5) < 5000
    assert reading(env, "Fan 1", 200.0) == 5000
    env.switch(200.0, on=False, load=1.0)
    assert env.analog("Fan 1", 200.0) is None


def test_load_raises_watts_and_the_fans_follow() -> None:
    env = environment(on=True)
    env.switch(0.0, on=True, load=2.0)
    assert reading(env, "Watts", 60.0) == pytest.approx(10 + 190 * 1.6)
    assert reading(env, "Fan 1", 60.0) == pytest.approx(6500)
    assert reading(env, "Quiet Temp", 600.0) == pytest.approx(20 + 40 * 1.35, abs=0.01)


def test_a_held_value_is_shown_until_it_is_released() -> None:
    env = environment(on=True)
    env.set_value("Temp", 99.5, 0.0)
    assert env.analog("Temp", 1000.0) == 99.5
    env.set_value("Temp", None, 1.0)
    assert env.analog("Temp", 1.0) is None
    assert env.overridden() == ("Temp",)
    env.release("Temp", 2.0)
    env.release("Temp", 3.0)
    assert abs(reading(env, "Temp", 2.0) - 60.0) <= 1.0
    assert env.overridden() == ()


def test_held_states_are_shown_until_they_are_released() -> None:
    env = environment(on=True)
    assert env.discrete("Door", 0.0) == 1
    env.set_states("Door", 0x42, 0.0)
    assert env.discrete("Door", 9.0) == 0x42
    env.set_states("Door", None, 9.0)
    assert env.discrete("Door", 9.0) is None
    env.release("Door", 10.0)
    assert env.discrete("Door", 10.0) == 1


def test_a_stopped_fan_heats_and_speeds_up_the_other() -> None:
    env = environment(on=True)
    env.set_value("Fan 1", 0.0, 0.0)
    assert env.analog("Fan 1", 60.0) == 0.0
    assert reading(env, "Fan 2", 60.0) == pytest.approx(6000)
    assert reading(env, "Quiet Temp", 600.0) > 70.0
    env.release("Fan 1", 600.0)
    assert reading(env, "Quiet Temp", 1200.0) == pytest.approx(60.0, abs=0.01)
    assert reading(env, "Fan 2", 1200.0) == pytest.approx(5000.0)


def test_a_fan_that_can_not_be_read_is_taken_for_stopped() -> None:
    env = environment(on=True)
    env.set_value("Fan 1", None, 0.0)
    assert reading(env, "Fan 2", 60.0) == pytest.approx(6000)


def test_sensors_that_are_not_there() -> None:
    env = environment(on=True)
    assert env.analog("Nothing", 0.0) is None
    assert env.discrete("Nothing", 0.0) is None
    with pytest.raises(KeyError):
        env.set_value("Nothing", 1.0, 0.0)


def test_an_analog_sensor_has_no_states_and_a_discrete_one_no_value() -> None:
    env = environment(on=True)
    assert env.discrete("Temp", 0.0) is None
    assert env.analog("Door", 0.0) is None


def test_fixed_states_depend_on_power() -> None:
    assert environment(on=True).discrete("Door", 0.0) == 1
    assert environment(on=False).discrete("Door", 0.0) == 2


def test_a_rule_of_the_host_decides_and_any_other_leaves_it_to_the_fixed_states() -> None:
    env = environment(on=True)
    assert env.discrete("acpi", 0.0) == 0
    env.host_states = {"acpi": 0x20}.get
    assert env.discrete("acpi", 0.0) == 0x20
    assert env.discrete("Watchdog", 0.0) == 0


def test_settled_once_the_slowest_has_come_to_rest() -> None:
    env = environment(on=True)
    assert env.settled(0.0)
    env.switch(0.0, on=True, load=2.0)
    assert not env.settled(0.0)
    assert not env.settled(159.0)
    assert env.settled(160.0)
    env.set_value("Temp", 1.0, 200.0)
    assert not env.settled(200.0)
    env.disturbed(1000.0)
    assert not env.settled(1000.0)


def test_servers_of_one_make_up_share_its_catalogue() -> None:
    assert catalogue(SENSORS) is catalogue(SENSORS)
    lone = (SensorSpec(1, "Alone", 1, physics=Physics("temperature", 30, 20)),)
    assert catalogue(lone).fans == ()
    env = Environment(lone, 1, True, 0.0)
    env.set_value("Alone", 5.0, 0.0)
    assert env.analog("Alone", 0.0) == 5.0


def test_a_server_without_sensors_is_settled() -> None:
    env = Environment((), 1, False, 0.0)
    env.switch(5.0, on=True, load=1.0)
    assert env.settled(5.0)


def test_it_counts_what_moves_readings_at_a_stroke() -> None:
    env = environment()
    reading(env, "Temp", 1.0)
    assert env.changes == 0
    env.switch(2.0, on=True, load=1.0)
    assert env.changes == 1
    env.set_value("Temp", 90.0, 3.0)
    assert env.changes == 2
    env.release("Temp", 4.0)
    assert env.changes == 3
    env.cap("Watts", 100.0, 5.0)
    assert env.changes == 4
    env.disturbed(6.0)
    assert env.changes == 5


def test_what_comes_is_told_of_a_server_that_is_as_it_is_made_to_be() -> None:
    env = environment(on=True)
    assert env.swings(5.0) == env.swings(1e6)
    swings = env.swings(100.0)
    assert swings is not None
    for moment in range(100, 400):
        for name, (low, high) in swings.items():
            shown = env.analog(name, float(moment))
            assert shown is not None
            assert low <= shown <= high
    off = environment(on=False).swings(5.0)
    assert off is not None
    assert off.keys() < swings.keys()


def test_who_wants_to_know_is_told_once_and_before_it_is_so() -> None:
    env = environment(on=True)
    told: list[float | None] = []
    env.when_disturbed(lambda: told.append(env.analog("Temp", 100.0)))
    env.set_value("Temp", 1.0, 100.0)
    assert len(told) == 1
    assert told[0] != 1.0
    assert env.swings(1000.0) is None
    env.when_disturbed(lambda: told.append(None))
    env.release("Temp", 2000.0)
    assert told[1:] == [None]
    assert env.swings(2005.0) is None
    env.disturbed(2006.0)
    assert len(told) == 2
    assert env.swings(4000.0) is not None


def test_nothing_is_told_of_a_server_that_works_hard_is_held_back_or_is_still_moving() -> None:
    env = environment(on=True)
    env.switch(0.0, on=True, load=2.0)
    assert env.swings(1e5) is None
    env.switch(1e5, on=True, load=1.0)
    assert env.swings(1e5 + 11.0) is None
    assert env.swings(2e5) is not None
    env.switch(2e5, on=False, load=1.0)
    assert env.swings(3e5) == environment(on=False).swings(11.0)
