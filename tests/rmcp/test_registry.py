"""How many sessions and logins there are, and how long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.crypto.suites import SUITES
from baseboard.rmcp.pending import Challenge
from baseboard.rmcp.registry import HALF_OPEN, INACTIVITY, Registry
from baseboard.rmcp.session import (
    Account,
    Reason,
    SessionClosed,
    SessionOpened,
    SessionV15,
    SessionV20,
    Unauthenticated,
)
from tests.rmcp.bmc import HERE, OPS, VIEWER, Rules


class Numbers:
    """A random source of chosen session IDs."""

    def __init__(self, *numbers: int) -> None:
        self.numbers: Iterator[int] = iter(numbers)

    def __call__(self, size: int) -> bytes:
        return bytes(size) if size != 4 else next(self.numbers).to_bytes(4, "little")


def registry(*numbers: int, **options: int) -> Registry:
    return Registry(Rules(), Numbers(*(numbers or range(1, 1000))), **options)  # type: ignore[arg-type]  # by name


def opened(held: Registry, now: float = 0.0, account: Account = OPS) -> SessionV20:
    session = SessionV20(
        held.new_id(), held.new_handle(), account, 4, 1, 5, SUITES[0], integrity(0, b"", b""),
        confidentiality(0, b"", bytes),
    )  # fmt: skip
    held.open(session, HERE, now)
    return session


def begun(held: Registry, now: float = 0.0) -> Challenge:
    pending = Challenge(held.new_id(), HERE, now, 2, b"", OPS, b"", bytes(16))
    held.begin(pending)
    return pending


def test_session_ids_are_never_zero_and_never_taken() -> None:
    held = registry(0, 5, 5, 6, 6, 0, 7)
    session, pending = opened(held), begun(held)
    assert (session.id, pending.id, held.new_id()) == (5, 6, 7)


def test_22_20_handles_are_unique_and_rest_before_they_are_used_again() -> None:
    held = registry(handles=range(10, 13), slots=63)  # type: ignore[arg-type]  # by name
    assert held.slots == 3
    first, second = opened(held), opened(held)
    held.close(first)
    third, fourth = opened(held), opened(held)
    assert [session.handle for session in (first, second, third, fourth)] == [10, 11, 12, 10]


def test_22_20_a_handle_that_is_still_used_is_passed_over() -> None:
    held = registry(handles=range(10, 13), slots=63)  # type: ignore[arg-type]  # by name
    kept, passed = opened(held), opened(held)
    handles = []
    for _ in range(3):
        held.close(passed)
        passed = opened(held)
        handles.append(passed.handle)
    assert (kept.handle, handles) == (10, [12, 11, 12])


def test_6_12_slots_are_counted() -> None:
    held = registry(slots=2)
    opened(held)
    assert held.has_slot()
    session = opened(held)
    assert not held.has_slot()
    held.close(session)
    assert held.has_slot()


def test_22_26_a_user_may_have_a_limit() -> None:
    held = registry()
    assert held.within_limit(VIEWER)
    opened(held, account=VIEWER)
    opened(held, account=OPS)
    opened(held, account=OPS)
    assert not held.within_limit(VIEWER)
    assert held.within_limit(OPS)


def test_the_oldest_login_makes_room_and_sessions_never_do() -> None:
    held = registry(pending_slots=3)
    session = opened(held)
    begins = [begun(held, float(n)) for n in range(5)]
    assert list(held.pending.values()) == begins[2:]
    assert held.sessions == {session.id: session}


def test_table_6_7_a_silent_session_ends_after_sixty_seconds() -> None:
    held = registry()
    session = opened(held, 10.0)
    assert held.deadline() == 10.0 + INACTIVITY
    session.last_active = 30.0
    held.expire(10.0 + INACTIVITY - 1)
    held.expire(10.0 + INACTIVITY)
    assert held.deadline() == 30.0 + INACTIVITY
    assert not session.closed
    held.expire(30.0 + INACTIVITY)
    assert session.closed
    assert held.deadline() is None
    ended = held.happened[-1]
    assert isinstance(ended, SessionClosed)
    assert ended.reason is Reason.TIMED_OUT


def test_a_login_may_not_take_for_ever() -> None:
    held = registry()
    first = begun(held, 0.0)
    second = begun(held, 1.0)
    held.expire(HALF_OPEN)
    assert list(held.pending) == [second.id]
    assert first.id not in held.pending
    assert held.deadline() == 1.0 + HALF_OPEN
    held.expire(1.0 + HALF_OPEN)
    assert held.deadline() is None
    held.expire(999.0)


def test_the_deadline_is_the_earliest() -> None:
    held = registry()
    opened(held, 0.0)
    begun(held, 10.0)
    assert held.deadline() == 10.0 + HALF_OPEN
    begun(held, 20.0)
    assert held.deadline() == 10.0 + HALF_OPEN


def test_opening_and_closing_are_told_once() -> None:
    held = registry()
    session = opened(held)
    held.close(session, Reason.CLOSED)
    held.close(session, Reason.ENDED)
    first, second = held.happened
    assert isinstance(first, SessionOpened)
    assert isinstance(second, SessionClosed)
    assert second.reason is Reason.CLOSED
    assert not held.sessions


def test_a_closed_v15_session_takes_its_temporary_id_along() -> None:
    held = registry()
    pending = begun(held)
    session = SessionV15(
        held.new_id(), held.new_handle(), OPS, 4, 1, 2, Unauthenticated.NOTHING, 1, 1, pending.id
    )
    held.open(session, HERE, 0.0)
    held.close(session)
    assert not held.pending


def test_all_sessions_can_be_ended_or_those_of_a_user() -> None:
    held = registry()
    mine, theirs, also_mine = opened(held), opened(held, account=VIEWER), opened(held)
    begun(held)
    held.close_user(OPS.user_id)
    assert (mine.closed, theirs.closed, also_mine.closed) == (True, False, True)
    assert held.pending
    held.close_all()
    assert theirs.closed
    assert not held.pending


def test_22_20_sessions_are_found_by_handle_and_by_index() -> None:
    held = registry()
    first, second = opened(held), opened(held)
    assert held.by_handle(second.handle) is second
    assert held.by_handle(99) is None
    assert [held.by_index(n) for n in (0, 1, 2, 3)] == [None, first, second, None]
    held.close(first)
    assert held.by_index(1) is second


@pytest.mark.parametrize("slots", [0, 1, 63])
def test_there_are_as_many_slots_as_asked_for(slots: int) -> None:
    assert registry(slots=slots).slots == slots
