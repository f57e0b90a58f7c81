"""The power-on hours (§28.14): whole counts only, while the system is on, over restarts."""

from __future__ import annotations

from baseboard.bmc.services.power_hours import MINUTES_PER_COUNT, SAVE_EVERY_S, PowerOnHours
from tests.bmc.services.homes import make_home

COUNT_S = MINUTES_PER_COUNT * 60


def test_28_14_the_count_never_rounds_up() -> None:
    home = make_home()
    hours = PowerOnHours(home)
    hours.run()
    home.clock.advance(COUNT_S - 1)
    assert hours.counter == 0
    home.clock.advance(1)
    assert hours.counter == 1
    home.clock.advance(10 * COUNT_S)
    assert hours.counter == 11


def test_28_14_only_time_with_power_counts() -> None:
    home = make_home()
    hours = PowerOnHours(home)
    home.clock.advance(5 * COUNT_S)
    assert hours.counter == 0
    hours.run()
    home.clock.advance(1.5 * COUNT_S)
    hours.pause()
    home.clock.advance(5 * COUNT_S)
    assert hours.counter == 1
    hours.run()
    home.clock.advance(0.5 * COUNT_S)
    assert hours.counter == 2


def test_saying_the_same_twice_changes_nothing() -> None:
    home = make_home()
    hours = PowerOnHours(home)
    hours.pause()
    hours.run()
    home.clock.advance(COUNT_S)
    hours.run()
    assert hours.counter == 1
    assert home.journal.store.sequence == 0


def test_a_crash_loses_little_and_the_store_is_written_rarely() -> None:
    home = make_home()
    hours = PowerOnHours(home)
    hours.run()
    home.clock.advance(10 * SAVE_EVERY_S + 1)
    assert home.journal.store.sequence == 10
    again = PowerOnHours(home.again())
    assert again.counter == 10 * SAVE_EVERY_S // COUNT_S
    assert hours.counter == again.counter


def test_switching_off_and_a_proper_end_lose_nothing() -> None:
    home = make_home()
    hours = PowerOnHours(home)
    hours.run()
    home.clock.advance(2 * COUNT_S)
    hours.pause()
    assert PowerOnHours(home.again()).counter == 2
    hours.run()
    home.clock.advance(COUNT_S)
    hours.stop()
    assert home.clock.next_due() is None
    assert PowerOnHours(home.again()).counter == 3


def test_the_counter_stops_at_its_end() -> None:
    home = make_home()
    home.journal.put("power hours", 0, (0x100000000 * COUNT_S).to_bytes(8, "little"))
    assert PowerOnHours(home.again()).counter == 0xFFFFFFFF
