"""The receiving half of a SOL end (§15.11): what is new, what fits, what is acknowledged."""

from __future__ import annotations

import pytest

from baseboard.rmcp.sol_packet import NACK, SolPacket
from baseboard.rmcp.sol_receiver import INSISTENCE, RESUMES, Receiver

INTERVAL = 0.5


def receiver(capacity: int | None = None) -> Receiver:
    return Receiver(capacity, INTERVAL)


def take(half: Receiver, sequence: int, data: bytes, now: float = 0.0) -> tuple[bool, bytes] | None:
    packet = SolPacket(sequence=sequence, data=data)
    new = half.recognize(packet, now)
    return None if new is None else (new, half.take(packet))


def test_15_11_a_packet_is_acknowledged_with_its_count() -> None:
    half = receiver()
    assert take(half, 1, b"abc") == (True, b"abc")
    assert half.owed == (1, 3, 0)


def test_15_11_an_empty_packet_is_acknowledged_too() -> None:
    half = receiver()
    assert take(half, 1, b"") == (True, b"")
    assert half.owed == (1, 0, 0)


def test_15_11_a_duplicate_is_acknowledged_again_and_not_delivered() -> None:
    half = receiver()
    take(half, 1, b"abc")
    assert take(half, 1, b"abc", 0.1) == (False, b"")
    assert half.owed == (1, 3, 0)


def test_a_retry_that_grew_delivers_what_is_new() -> None:
    half = receiver()
    take(half, 1, b"abc")
    assert take(half, 1, b"abcde", 0.1) == (False, b"de")
    assert half.owed == (1, 5, 0)
    assert take(half, 1, b"abc", 0.2) == (False, b"")
    assert half.owed == (1, 5, 0)


def test_15_11_the_first_number_may_be_any() -> None:
    assert take(receiver(), 9, b"a") == (True, b"a")


def test_15_11_numbers_lost_on_the_way_are_left_out() -> None:
    half = receiver()
    take(half, 14, b"a")
    assert take(half, 2, b"b") == (True, b"b")


def test_an_echo_of_the_past_is_not_delivered_twice() -> None:
    half = receiver()
    take(half, 3, b"a", 0.0)
    take(half, 4, b"b", 0.1)
    half.owed = half.owed._replace(acknowledged=0)
    assert take(half, 3, b"a", 0.2) is None
    assert take(half, 3, b"a", 0.3) is None
    assert not half.owed.acknowledged
    assert take(half, 5, b"c", 0.4) == (True, b"c")


def test_a_number_that_insists_is_believed() -> None:
    # Some BMCs begin their numbering anew when the host is reset.
    """Q-SOLSEQJUMP."""
    half = receiver()
    take(half, 5, b"a", 0.0)
    assert take(half, 1, b"b", 0.1) is None
    assert take(half, 2, b"c", 0.2) is None
    assert take(half, 1, b"b", 0.3) is None
    assert take(half, 1, b"b", 0.3 + INSISTENCE) == (True, b"b")
    assert take(half, 2, b"c", 2.0) == (True, b"c")


def test_table_15_3_what_does_not_fit_is_refused_by_a_partial_ack() -> None:
    half = receiver(5)
    take(half, 1, b"abc")
    assert take(half, 2, b"defg") == (True, b"de")
    assert half.owed == (2, 2, NACK)
    assert half.room == 0


def test_after_a_partial_ack_an_echo_of_the_packet_delivers_nothing() -> None:
    half = receiver(2)
    take(half, 1, b"abc", 0.0)
    half.consumed(2)
    half.reopen(0.1)
    assert half.timer is None
    assert take(half, 1, b"abc", 0.2) == (False, b"")
    assert half.owed == (1, 2, NACK)
    assert take(half, 2, b"c", 0.3) == (True, b"c")


def test_table_15_3_a_full_buffer_suspends_and_room_resumes() -> None:
    half = receiver(3)
    take(half, 1, b"abc")
    assert take(half, 2, b"d") == (True, b"")
    assert half.owed == (2, 0, NACK)
    half.reopen(0.5)
    assert half.timer is None
    half.consumed(1)
    half.reopen(1.0)
    assert half.owed == (2, 0, 0)
    assert half.timer == 1.0 + INTERVAL
    assert take(half, 2, b"d", 1.2) == (False, b"d")
    assert half.owed == (2, 1, 0)
    assert half.timer is None


def test_a_resume_ack_is_said_again_but_not_for_ever() -> None:
    half = receiver(1)
    take(half, 1, b"a")
    take(half, 2, b"b")
    half.consumed(1)
    half.reopen(0.0)
    times, now = 1, 0.0
    while half.timer is not None:
        half.expire(half.timer - 0.1)
        assert times < RESUMES
        now, half.owed = half.timer, half.owed._replace(acknowledged=0)
        half.expire(now)
        assert half.owed == (2, 0, 0)
        times += 1
    assert times == RESUMES
    half.expire(now + 9.0)
    half.reopen(now + 9.0)
    assert half.timer is not None


def test_a_resume_ack_under_way_is_not_begun_anew() -> None:
    half = receiver(2)
    take(half, 1, b"ab")
    take(half, 2, b"c")
    half.consumed(1)
    half.reopen(0.0)
    half.consumed(1)
    half.reopen(0.1)
    assert half.timer == INTERVAL


def test_a_blocked_end_refuses_everything() -> None:
    half = receiver()
    half.blocked = True
    assert half.room == 0
    assert take(half, 1, b"abc") == (True, b"")
    assert half.owed == (1, 0, NACK)
    half.blocked = False
    half.reopen(1.0)
    assert half.owed == (1, 0, 0)


def test_all_can_be_consumed_at_once() -> None:
    half = receiver(3)
    take(half, 1, b"abc")
    half.consumed(None)
    assert half.room == 3
    half.consumed(7)
    assert half.room == 3


def test_an_end_without_capacity_has_always_room() -> None:
    half = receiver()
    for sequence in range(1, 16):
        assert take(half, sequence, bytes(255)) == (True, bytes(255))


def test_more_characters_than_can_be_counted_are_not_taken() -> None:
    half = receiver()
    assert take(half, 1, bytes(300)) == (True, bytes(255))
    assert half.owed == (1, 255, 0)


def test_nothing_is_owed_after_the_end() -> None:
    half = receiver(1)
    take(half, 1, b"ab")
    half.close()
    assert not half.owed.acknowledged
    assert half.timer is None


@pytest.mark.parametrize("behind", range(1, 8))
def test_the_half_circle_behind_is_the_past(behind: int) -> None:
    half = receiver()
    take(half, 8, b"a")
    assert take(half, (8 - behind - 1) % 15 + 1, b"b") is None
