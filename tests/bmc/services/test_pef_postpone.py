"""The postpone timer: what it holds back, and for how long (§17.4, §30.2)."""

from __future__ import annotations

from baseboard.bmc.services.events import Event
from baseboard.bmc.services.pef_postpone import MOST_POSTPONED, Postponed, PostponeTimer
from baseboard.testing.clock import VirtualClock
from tests.bmc.services.homes import make_home

EVENT = Event(0x01, 0x30, 0x01, bytes.fromhex("595A58"))


def make() -> tuple[VirtualClock, PostponeTimer, list[int]]:
    released: list[int] = []
    home = make_home()
    return home.clock, PostponeTimer(home, lambda got: released.extend(one.record for one in got)), released


def test_it_is_off_at_first() -> None:
    _, timer, _ = make()
    assert (timer.present, timer.postpones) == (0, False)


def test_it_counts_only_while_something_waits() -> None:
    clock, timer, released = make()
    timer.arm(10)
    clock.advance(60)
    assert (timer.present, timer.postpones) == (10, True)
    timer.hold(Postponed(1, EVENT, 0))
    clock.advance(4)
    timer.hold(Postponed(2, EVENT, 0))
    assert (timer.present, released) == (6, [])
    clock.advance(6)
    assert (released, timer.present, timer.postpones) == ([1, 2], 0, False)


def test_software_that_has_processed_all_arms_it_again() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    clock.advance(4)
    timer.processed(1, all_of_it=True)
    assert timer.present == 10
    clock.advance(60)
    assert released == []


def test_software_that_has_processed_some_leaves_the_rest() -> None:
    clock, timer, released = make()
    timer.arm(10)
    for record in (1, 2, 3):
        timer.hold(Postponed(record, EVENT, 0))
    timer.processed(9, all_of_it=False)
    timer.processed(2, all_of_it=False)
    clock.advance(10)
    assert released == [3]


def test_software_that_has_processed_the_last_one_that_waits_stops_it() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    timer.processed(1, all_of_it=False)
    clock.advance(60)
    assert (released, timer.present) == ([], 10)
    timer.processed(1, all_of_it=True)
    assert timer.present == 10


def test_switching_it_off_releases_what_waits_at_once() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    timer.arm(0)
    assert released == [1]
    clock.advance(60)
    assert released == [1]


def test_arming_it_anew_counts_from_the_new_value() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    clock.advance(9)
    timer.arm(20)
    clock.advance(19)
    assert (timer.present, released) == (1, [])
    clock.advance(1)
    assert released == [1]


def test_feh_forgets_what_waits() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    timer.arm(0xFE)
    clock.advance(60)
    assert (timer.present, timer.postpones, released) == (0xFE, False, [])
    timer.arm(0)
    assert timer.present == 0


def test_a_flood_takes_no_memory() -> None:
    _, timer, released = make()
    timer.arm(10)
    for record in range(1, MOST_POSTPONED + 3):
        timer.hold(Postponed(record, EVENT, 0))
    timer.arm(0)
    assert (len(released), released[0]) == (MOST_POSTPONED, 3)


def test_stopping_ends_it() -> None:
    clock, timer, released = make()
    timer.arm(10)
    timer.hold(Postponed(1, EVENT, 0))
    timer.stop()
    clock.advance(60)
    assert released == []
