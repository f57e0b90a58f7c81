"""Samples of power, and the statistics made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.backends.memory.meter import Meter
from baseboard.bmc.backends.memory.physics import Environment
from baseboard.bmc.blueprint import Physics, SensorSpec
from baseboard.bmc.services.power_meter import INTEREST_S, Cells, PowerMeter
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import FakeMeter
from tests.bmc.services.homes import make_home


class Counting(FakeMeter):
    """A meter that counts how often it was looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def watts(self, now: float) -> float | None:
        self.looks += 1
        return self.reading


def started() -> tuple[PowerMeter, Counting, object]:
    home, port = make_home(), Counting()
    meter = PowerMeter(home, port)
    meter.start()
    port.looks = 0
    return meter, port, home.clock


def test_samples_are_rare_while_nothing_moves_and_nobody_asks() -> None:
    meter, port, clock = started()
    clock.advance(100)  # type: ignore[attr-defined]  # a virtual clock
    assert 9 <= port.looks <= 11
    port.looks, port.steady = 0, False
    clock.advance(30)  # type: ignore[attr-defined]  # a virtual clock
    port.looks = 0
    clock.advance(20)  # type: ignore[attr-defined]  # a virtual clock
    assert 19 <= port.looks <= 21
    meter.stop()
    port.looks = 0
    clock.advance(60)  # type: ignore[attr-defined]  # a virtual clock
    assert port.looks == 0
    meter.stop()


def test_who_asks_is_served_every_second_for_a_while() -> None:
    meter, port, clock = started()
    clock.advance(35)  # type: ignore[attr-defined]  # a virtual clock
    meter.statistics(60)
    port.looks = 0
    clock.advance(INTEREST_S)  # type: ignore[attr-defined]  # a virtual clock
    assert 58 <= port.looks <= 61
    clock.advance(20)  # type: ignore[attr-defined]  # a virtual clock
    port.looks = 0
    clock.advance(100)  # type: ignore[attr-defined]  # a virtual clock
    assert port.looks <= 11


def test_who_keeps_a_limit_is_told_every_second() -> None:
    meter, port, clock = started()
    heard: list[float | None] = []
    meter.listeners.append(heard.append)
    meter.watch(closely=True)
    clock.advance(30)  # type: ignore[attr-defined]  # a virtual clock
    assert len(heard) >= 29
    assert set(heard) == {200.0}
    port.reading = None
    clock.advance(1)  # type: ignore[attr-defined]  # a virtual clock
    assert heard[-1] is None
    assert meter.statistics(60) is None


@pytest.mark.parametrize("period", [5, 60, 61, 3600])
def test_a_first_sample_is_all_there_is(period: int) -> None:
    meter, port, _ = started()
    found = meter.statistics(period)
    assert found is not None
    assert tuple(found) == (200, 200, 200, 200)
    port.reading = -5.0
    assert meter.sample() == 0.0
    port.reading = 1e9
    assert meter.sample() == 65535.0


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 400)), min_size=1, max_size=40))
def test_the_mean_is_over_time(steps: list[tuple[int, int]]) -> None:
    cells = Cells(20, 181, 7.0)
    now = 7.0
    for watts, seconds in steps:
        cells.note(watts)
        now += seconds
        cells.hold(watts, now)
    total = now - 7.0
    if total > 3500:
        return
    low, high, mean = cells.over(3600)
    assert low == min(watts for watts, _ in steps)
    assert high == max(watts for watts, _ in steps)
    exact = sum(watts * seconds for watts, seconds in steps) / total
    assert abs(mean - exact) < 0.01 * exact + 0.01


def test_cells_that_were_written_over_are_forgotten() -> None:
    cells = Cells(1, 61, 0.0)
    cells.hold(100, 50.0)
    cells.hold(300, 5000.0)
    low, high, mean = cells.over(60)
    assert (low, high) == (300, 300)
    assert abs(mean - 300) < 1


SERVER = (SensorSpec(1, "Power", 0x0B, base_unit=6, physics=Physics("power", 300, 10, tau=3, noise=6)),)


def simulated() -> tuple[PowerMeter, Environment, VirtualClock]:
    """A meter of a simulated server to which nothing has happened."""
    home = make_home()
    environment = Environment(SERVER, 7, True, home.clock.now())
    meter = PowerMeter(home, Meter(environment, home.clock, "Power"))
    meter.start()
    return meter, environment, home.clock


def test_what_is_known_beforehand_is_sampled_when_somebody_asks() -> None:
    meter, _, clock = simulated()
    clock.advance(30)
    assert clock.next_due() is None
    clock.advance(7200)
    assert clock.next_due() is None
    found = meter.statistics(3600)
    assert found is not None
    assert 290 <= found.minimum < found.average < found.maximum <= 310
    assert clock.next_due() is not None


def test_what_was_drawn_before_a_disturbance_is_not_lost() -> None:
    meter, environment, clock = simulated()
    clock.advance(1000)
    environment.switch(clock.now(), on=False, load=0.0)
    assert clock.next_due() is not None
    clock.advance(20)
    found = meter.statistics(3600)
    assert found is not None
    assert found.current == found.minimum == 10
    assert 280 <= found.average <= found.maximum <= 310


def test_who_asks_again_and_again_is_told_to_the_port_once() -> None:
    meter, environment, clock = simulated()
    for _ in range(3):
        clock.advance(1000)
        assert clock.next_due() is None
        assert meter.statistics(60) is not None
    told: list[None] = []
    environment.when_disturbed(lambda: told.append(None))
    meter.stop()
    environment.disturbed(clock.now())
    assert clock.next_due() is None
    assert told == [None]


def test_who_keeps_a_limit_samples_every_second_even_where_all_is_known() -> None:
    meter, _, clock = simulated()
    clock.advance(30)
    meter.watch(closely=False)
    assert clock.next_due() is None
    meter.watch(closely=True)
    assert clock.next_due() is not None
    clock.advance(200)
    assert clock.next_due() is not None
