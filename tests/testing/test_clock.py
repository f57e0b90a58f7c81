"""The virtual clock of the tests."""

from __future__ import annotations

from baseboard.bmc.clock import Clock
from baseboard.testing.clock import VirtualClock


def test_time_moves_only_when_told_to() -> None:
    clock: Clock = VirtualClock(now=5.0, wall=1000.0)
    assert (clock.now(), clock.wall()) == (5.0, 1000.0)
    assert clock.now() == 5.0


def test_advancing_moves_both_clocks() -> None:
    clock = VirtualClock(now=5.0, wall=1000.0)
    clock.advance(2.5)
    assert (clock.now(), clock.wall()) == (7.5, 1002.5)


def test_calls_come_at_their_own_time_and_in_order() -> None:
    clock = VirtualClock()
    seen: list[tuple[str, float]] = []
    clock.call_at(3.0, lambda: seen.append(("c", clock.now())))
    clock.call_at(1.0, lambda: seen.append(("a", clock.now())))
    clock.call_at(1.0, lambda: seen.append(("b", clock.now())))
    clock.advance(2.0)
    assert seen == [("a", 1.0), ("b", 1.0)]
    assert clock.next_due() == 3.0
    clock.advance(1.0)
    assert seen[2:] == [("c", 3.0)]
    assert clock.next_due() is None


def test_a_call_may_ask_for_another_within_the_same_advance() -> None:
    clock = VirtualClock()
    ticks: list[float] = []

    def tick() -> None:
        ticks.append(clock.now())
        clock.call_at(clock.now() + 1.0, tick)

    clock.call_at(1.0, tick)
    clock.advance(3.5)
    assert ticks == [1.0, 2.0, 3.0]
    assert clock.now() == 3.5


def test_a_cancelled_call_does_not_come() -> None:
    clock = VirtualClock()
    seen: list[int] = []
    timer = clock.call_at(1.0, lambda: seen.append(1))
    assert timer.pending
    timer.cancel()
    assert not timer.pending
    clock.advance(2.0)
    timer.cancel()
    assert seen == []


def test_a_call_in_the_past_comes_late_without_turning_time_back() -> None:
    clock = VirtualClock(now=10.0)
    seen: list[float] = []
    clock.call_at(1.0, lambda: seen.append(clock.now()))
    clock.advance(0.0)
    assert seen == [10.0]
    clock.advance_to(4.0)
    assert clock.now() == 10.0


def test_a_timer_fires_once() -> None:
    clock = VirtualClock()
    seen: list[int] = []
    timer = clock.call_at(1.0, lambda: seen.append(1))
    clock.advance(1.0)
    timer.fire()
    assert seen == [1]
