"""Requests under way."""

from __future__ import annotations

import pytest

from baseboard.errors import EncodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.bridging import Hop
from baseboard.rmcp.flight import Flight, Pace, Pending
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.round_trip import FIRST, LEAST

PACE = Pace(timeout=1.0, growth=0.5, attempts=3)


def sent(flight: Flight, now: float) -> Pending:
    pending = flight.next_to_send(now)
    assert pending is not None
    flight.was_sent(pending, now)
    return pending


def answer_to(pending: Pending, **changes: int) -> LanMessage:
    message = lan_message.unwrap(lan_message.wrap_response(lan_message.unwrap(pending.message()), b"\0"))
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def test_waits_grow() -> None:
    assert [PACE.wait(attempt) for attempt in (1, 2, 3)] == [1.0, 1.5, 2.0]
    assert PACE.patience == 4.5


def test_requests_go_one_after_the_other() -> None:
    flight = Flight()
    tokens = [flight.submit(6, 1, b"", PACE).token for _ in range(3)]
    assert len(set(tokens)) == 3
    first = sent(flight, 0.0)
    assert flight.next_to_send(0.0) is None
    assert flight.answered(answer_to(first), 0.0) is first
    assert not flight.has(first)
    second = sent(flight, 0.1)
    assert (first.token, second.token) == tuple(tokens[:2])
    assert second.rq_seq == first.rq_seq + 1


def test_as_many_as_the_depth_at_a_time() -> None:
    flight = Flight(depth=3)
    for _ in range(5):
        flight.submit(6, 1, b"", PACE)
    under_way = [sent(flight, 0.0) for _ in range(3)]
    assert flight.next_to_send(0.0) is None
    assert len({pending.rq_seq for pending in under_way}) == 3
    assert flight.answered(answer_to(under_way[1]), 0.0) is under_way[1]
    assert sent(flight, 0.0).rq_seq == 3


@pytest.mark.parametrize(
    "change",
    [
        {"rq_seq": 9},
        {"cmd": 2},
        {"netfn": 0x0B},
        {"rs_addr": 0x22},
        {"rs_lun": 1},
        {"rq_addr": 0x83},
        {"rq_lun": 2},
    ],
)
def test_4_1_an_answer_matches_in_every_field(change: dict[str, int]) -> None:
    flight = Flight()
    flight.submit(6, 1, b"", PACE)
    pending = sent(flight, 0.0)
    assert flight.answered(answer_to(pending, **change), 0.0) is None
    assert flight.has(pending)
    assert flight.answered(answer_to(pending), 0.0) is pending
    assert flight.answered(answer_to(pending), 0.0) is None, "late and second answers are nobody's"


def test_overdue_requests_keep_their_number() -> None:
    flight = Flight()
    flight.submit(0, 2, b"\1", PACE)
    pending = sent(flight, 10.0)
    message = pending.message()
    assert flight.deadline() == 11.0
    assert flight.overdue(10.9) == []
    assert flight.overdue(11.0) == [pending]
    flight.was_sent(pending, 11.0)
    assert pending.message() == message
    assert flight.deadline() == 12.5
    assert pending.sent == 2
    flight.was_sent(pending, 12.5)
    assert flight.deadline() == pending.over == 14.5


def test_what_only_reads_is_repeated_as_early_as_answers_come() -> None:
    """Get Device ID, twice as late each time, and given up when anything else would be."""
    flight = Flight()
    flight.submit(6, 1, b"", PACE)
    pending = sent(flight, 10.0)
    times = [pending.due]
    while pending.due < pending.over:
        flight.was_sent(pending, pending.due)
        times.append(pending.due)
    assert times == pytest.approx([10.2, 10.6, 11.4, 13.0, 14.0, 14.5])
    flight.abandon(pending)
    flight.submit(6, 1, b"", PACE)
    assert sent(flight, 20.0).due == 21.0, "a BMC that is away is not hurried"
    quick = Flight()
    quick.round_trip.took(0.002)
    quick.submit(6, 1, b"", PACE)
    assert sent(quick, 20.0).due == 20.0 + LEAST


def test_6_12_9_a_window_of_the_bmc_is_not_outrun() -> None:
    """What may have been lost goes out again as it was, unless the BMC has shown that it is further on."""
    flight = Flight(depth=3)
    for _ in range(3):
        flight.submit(6, 1, b"", PACE)
    assert flight.waits
    first, second, third = (sent(flight, 0.0) for _ in range(3))
    assert not flight.waits
    for pending in (first, second, third):
        assert flight.renews(pending, 4)
    for pending, new in ((first, True), (second, False), (third, False)):
        flight.was_sent(pending, 1.0)
        assert flight.renews(pending, 4) is new
    flight.end(second, 1.1)
    flight.was_sent(first, 2.0)
    assert flight.renews(first, 4), "the second has come there"
    flight.was_sent(third, 2.0)
    assert flight.renews(third, 4)


def test_no_sooner_than_one_asked_for_and_never_where_it_may_go_out_once() -> None:
    flight = Flight()
    flight.submit(6, 1, b"", Pace(0.05, 0.0, 3))
    pending = sent(flight, 0.0)
    for now in (0.05, 0.1):
        assert pending.due == pytest.approx(now)
        flight.was_sent(pending, pending.due)
    assert pending.due == pending.over
    flight.abandon(pending)
    flight.submit(6, 1, b"", Pace(3.0, 0.0, 1))
    pending = sent(flight, 0.0)
    assert pending.due == pending.over == 3.0


def test_a_controller_behind_the_bmc_takes_its_time() -> None:
    flight = Flight()
    flight.submit(6, 1, b"", PACE, hops=(Hop(0, 0x24),))
    pending = sent(flight, 0.0)
    assert pending.due == 1.0
    flight.end(pending, 0.9)
    assert flight.round_trip.wait == FIRST, "nor does it say anything of the BMC"


def test_4_1_a_number_rests_while_late_answers_may_come() -> None:
    flight = Flight(depth=1)
    for _ in range(64):
        flight.submit(6, 1, b"", Pace(attempts=1))
        pending = sent(flight, 100.0)
        flight.was_sent(pending, 100.0)
        assert flight.answered(answer_to(pending), 100.0) is pending
    flight.submit(6, 1, b"", PACE)
    # It answers soon, so nothing comes late after seconds.
    rest = 10 * FIRST
    assert flight.next_to_send(100.0 + rest / 2) is None
    assert flight.deadline() == 100.0 + rest
    assert sent(flight, 100.0 + rest).rq_seq == 0


def test_4_1_the_numbers_of_a_slow_bmc_rest_longer() -> None:
    flight = Flight()
    flight.submit(6, 1, b"", PACE)
    pending = sent(flight, 100.0)
    flight.was_sent(pending, 101.0)
    flight.answered(answer_to(pending), 103.0)
    for _ in range(63):
        flight.submit(6, 1, b"", PACE)
        flight.answered(answer_to(sent(flight, 103.0)), 103.0)
    flight.submit(6, 1, b"", PACE)
    flight.round_trip.took(0.0)
    assert sent(flight, 103.0).rq_seq == 1, "0 is left out"


def test_a_number_answered_at_once_is_free_at_once() -> None:
    flight = Flight(first=63)
    for expected in (63, 0, 1):
        flight.submit(6, 1, b"", PACE)
        pending = sent(flight, 5.0)
        assert pending.rq_seq == expected
        flight.answered(answer_to(pending), 5.0)
    assert flight.deadline() is None
    assert flight.idle


def test_an_abandoned_number_rests_too() -> None:
    flight = Flight()
    flight.submit(6, 1, b"", PACE)
    pending = sent(flight, 0.0)
    flight.abandon(pending)
    assert flight.idle
    for _ in range(63):
        flight.submit(6, 1, b"", PACE)
        flight.answered(answer_to(sent(flight, 1.0)), 1.0)
    flight.submit(6, 1, b"", PACE)
    assert sent(flight, 1.0).rq_seq == 1, "0 is left out"


def test_find_and_abandon() -> None:
    flight = Flight()
    first, second = flight.submit(6, 1, b"", PACE), flight.submit(6, 2, b"", PACE)
    sent(flight, 0.0)
    assert flight.find(first.token) is first
    assert flight.find(second.token) is second
    assert flight.find(99) is None
    flight.abandon(second)
    assert flight.find(second.token) is None
    assert not flight.idle
    flight.submit(6, 3, b"", PACE)
    assert [pending.cmd for pending in flight.abandon_all()] == [1, 3]
    assert flight.idle


def test_what_cannot_be_sent_is_not_taken() -> None:
    flight = Flight()
    with pytest.raises(EncodeError):
        flight.submit(6, 0x100, b"", PACE)
    assert flight.idle


def test_a_request_to_a_controller_behind_the_bmc() -> None:
    flight = Flight()
    pending = flight.submit(6, 1, b"", PACE, hops=(Hop(0, 0x24),), rs_lun=2)
    assert flight.next_to_send(0.0) is pending
    message = lan_message.unwrap(pending.message())
    assert (message.netfn, message.cmd, message.rs_addr, message.rs_lun) == (6, 0x34, 0x20, 0)
    inner = lan_message.unwrap(message.data[1:])
    assert (inner.rs_addr, inner.rs_lun, inner.rq_seq) == (0x24, 2, pending.rq_seq)
    assert flight.bridged(pending.rq_seq) is pending
    assert flight.bridged(pending.rq_seq + 1) is None
    flight.was_sent(pending, 0.0)
    flight.end(pending, 0.5)
    assert flight.idle
    plain = flight.submit(6, 1, b"", PACE)
    assert flight.next_to_send(0.0) is plain
    assert flight.bridged(plain.rq_seq) is None
