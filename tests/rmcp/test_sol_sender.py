"""The sending half of a SOL end: every state and event of its table, and what they are for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.rmcp.sol_packet import NACK, SolPacket
from baseboard.rmcp.sol_sender import PROBE, Seen, Sender, Sending

BREAK = 0x10
INTERVAL = 0.5
RETRIES = 3


class Bench:
    """A sender, and what it has sent: when, number, flags, characters."""

    def __init__(self, size: int = 14, retries: int = RETRIES, interval: float = INTERVAL) -> None:
        self.sent: list[tuple[float, int, int, bytes]] = []
        self.lost = 0
        self.sender = Sender(self.emit, self.gave_up, size, retries, interval)

    def emit(self, number: int, flags: int, data: bytes, now: float) -> None:
        self.sent.append((now, number, flags, data))

    def gave_up(self) -> None:
        self.lost += 1

    def acknowledge(self, number: int, accepted: int, now: float, nack: int = 0) -> None:
        self.sender.acknowledge(SolPacket(acknowledged=number, accepted=accepted, flags=nack), now)

    def packets(self) -> list[tuple[int, bytes]]:
        return [(number, data) for _, number, _, data in self.sent]


def waiting() -> Bench:
    bench = Bench()
    bench.sender.write(b"hello")
    bench.sender.proceed(0.0)
    return bench


def suspended() -> Bench:
    bench = waiting()
    bench.acknowledge(1, 0, 0.1, NACK)
    return bench


def closed() -> Bench:
    bench = Bench()
    bench.sender.step(Seen.CLOSE, 0.0)
    return bench


WAYS: dict[Sending, Callable[[], Bench]] = {
    Sending.IDLE: Bench,
    Sending.WAITING: waiting,
    Sending.SUSPENDED: suspended,
    Sending.CLOSED: closed,
}


@pytest.mark.parametrize(("state", "seen"), list(itertools.product(Sending, Seen)))
def test_every_pair_goes_where_the_table_says(state: Sending, seen: Seen) -> None:
    bench = WAYS[state]()
    assert bench.sender.state is state
    before, timer = list(bench.sent), bench.sender.timer
    bench.sender.step(seen, 1.0)
    row = Sender.TABLE.get((state, seen))
    if row is None:
        assert (bench.sender.state, bench.sent, bench.sender.timer) == (state, before, timer)
    else:
        assert bench.sender.state is row.then
    running = bench.sender.state in {Sending.WAITING, Sending.SUSPENDED}
    assert (bench.sender.timer is not None) is running


def test_every_state_can_be_left_but_the_last() -> None:
    for state in Sending:
        ways = {step.then for (start, _), step in Sender.TABLE.items() if start is state}
        assert (state is Sending.CLOSED) is not ways


def test_15_11_one_packet_is_under_way_at_a_time() -> None:
    bench = waiting()
    bench.sender.write(b" again")
    bench.sender.proceed(0.1)
    assert bench.packets() == [(1, b"hello")]
    bench.acknowledge(1, 5, 0.2)
    bench.sender.proceed(0.2)
    assert bench.packets()[1:] == [(2, b" again")]


def test_15_11_a_retry_is_the_same_packet() -> None:
    bench = waiting()
    bench.sender.write(b"more")
    bench.sender.expire(0.4)
    bench.sender.expire(0.5)
    assert bench.sent == [(0.0, 1, 0, b"hello"), (0.5, 1, 0, b"hello")]


def test_15_11_after_the_last_retry_the_packet_is_lost_and_the_next_has_the_next_number() -> None:
    """Q-SOLSEQSTUCK."""
    bench = waiting()
    for tenths in range(1, 30):
        bench.sender.expire(tenths / 10)
    assert [when for when, *_ in bench.sent] == [0.0, 0.5, 1.0, 1.5]
    assert bench.lost == 1
    assert bench.sender.timer is None
    bench.sender.write(b"next")
    bench.sender.proceed(3.0)
    assert bench.packets()[-1] == (2, b"next")


def test_26_4_without_retries_a_packet_is_sent_once() -> None:
    bench = Bench(retries=0)
    bench.sender.write(b"x")
    bench.sender.proceed(0.0)
    bench.sender.expire(0.5)
    assert (len(bench.sent), bench.lost, bench.sender.state) == (1, 1, Sending.IDLE)


def test_26_4_an_interval_of_zero_does_not_spin() -> None:
    bench = Bench(interval=0.0)
    bench.sender.write(b"x")
    bench.sender.proceed(0.0)
    assert bench.sender.timer is not None
    assert bench.sender.timer > 0.0


def test_table_15_3_partial_ack_sends_the_rest_under_the_next_number() -> None:
    for nack in (0, NACK):
        bench = waiting()
        bench.sender.write(b"!")
        bench.acknowledge(1, 2, 0.1, nack)
        bench.sender.proceed(0.1)
        assert bench.packets() == [(1, b"hello"), (2, b"llo!")]


def test_table_15_3_suspend_nack_stops_until_the_resume_ack() -> None:
    bench = suspended()
    bench.sender.write(b"more")
    bench.sender.proceed(0.2)
    bench.sender.expire(3.0)
    assert bench.packets() == [(1, b"hello")]
    bench.acknowledge(1, 0, 4.0)
    assert bench.packets() == [(1, b"hello"), (1, b"hello")]
    assert bench.sender.state is Sending.WAITING


def test_table_15_3_a_suspension_ends_with_an_ack_of_any_kind() -> None:
    bench = suspended()
    bench.acknowledge(1, 5, 0.2)
    assert bench.sender.state is Sending.IDLE
    bench = suspended()
    bench.acknowledge(1, 3, 0.2, NACK)
    bench.sender.proceed(0.2)
    assert bench.packets()[-1] == (2, b"lo")


def test_a_lost_resume_ack_is_found_out_by_a_probe() -> None:
    bench = suspended()
    assert bench.sender.timer == pytest.approx(0.1 + PROBE)
    bench.sender.expire(0.1 + PROBE)
    assert bench.packets() == [(1, b"hello"), (1, b"hello")]
    assert bench.sender.state is Sending.SUSPENDED
    bench.acknowledge(1, 0, 6.0, NACK)
    assert bench.sender.timer == pytest.approx(6.0 + PROBE)
    assert not bench.lost


def test_a_peer_that_resumes_again_and_again_does_not_make_us_spin() -> None:
    bench = waiting()
    for _ in range(100):
        bench.acknowledge(1, 0, 0.1)
    assert len(bench.sent) == 1 + RETRIES
    bench.sender.expire(0.7)
    assert bench.lost == 1


def test_table_15_3_acknowledgements_of_other_packets_mean_nothing() -> None:
    bench = waiting()
    bench.acknowledge(2, 5, 0.1)
    bench.acknowledge(0, 0, 0.1)
    assert bench.sender.state is Sending.WAITING
    idle = Bench()
    idle.acknowledge(0, 0, 0.1)
    assert idle.sender.state is Sending.IDLE


def test_table_15_3_an_empty_packet_is_acknowledged_with_count_zero() -> None:
    bench = Bench()
    bench.sender.mark(0)
    assert bench.sender.marked
    bench.sender.proceed(0.0)
    assert bench.packets() == [(1, b"")]
    bench.acknowledge(1, 0, 0.1)
    assert bench.sender.state is Sending.IDLE
    assert not bench.sender.marked


def test_15_9_characters_are_cut_to_the_negotiated_size() -> None:
    bench = Bench(size=4 + 3)
    bench.sender.write(b"abcdefgh")
    for number in (1, 2, 3):
        bench.sender.proceed(0.0)
        bench.acknowledge(number, 3, 0.0)
    assert bench.packets() == [(1, b"abc"), (2, b"def"), (3, b"gh")]
    assert bench.sender.largest == 3
    assert len(bench.sender) == 0


def test_15_9_a_flag_keeps_its_place_between_the_characters() -> None:
    bench = Bench()
    bench.sender.write(b"abc")
    bench.sender.mark(BREAK)
    bench.sender.write(b"d")
    bench.sender.mark(BREAK)
    bench.sender.mark(0x20)
    for number in (1, 2, 3):
        bench.sender.proceed(0.0)
        bench.acknowledge(number, 14, 0.0)
    assert [entry[1:] for entry in bench.sent] == [(1, 0, b"abc"), (2, BREAK, b"d"), (3, BREAK | 0x20, b"")]


def test_a_flag_keeps_its_place_when_the_rest_of_a_packet_is_put_back() -> None:
    bench = Bench()
    bench.sender.write(b"abc")
    bench.sender.mark(BREAK)
    bench.sender.proceed(0.0)
    bench.acknowledge(1, 1, 0.1)
    bench.sender.proceed(0.1)
    bench.acknowledge(2, 2, 0.2)
    bench.sender.proceed(0.2)
    assert [entry[1:] for entry in bench.sent] == [(1, 0, b"abc"), (2, 0, b"bc"), (3, BREAK, b"")]


def test_an_attached_flag_rides_on_the_next_new_packet() -> None:
    bench = waiting()
    bench.sender.attach(0x08)
    bench.sender.expire(0.5)
    bench.acknowledge(1, 5, 0.6)
    bench.sender.write(b"x")
    bench.sender.proceed(0.7)
    assert [flags for _, _, flags, _ in bench.sent] == [0, 0, 0x08]


def test_15_9_flush_drops_what_waits_and_what_is_under_way() -> None:
    for bench in (waiting(), suspended()):
        bench.sender.write(b"more")
        bench.sender.flush(1.0)
        assert (bench.sender.state, len(bench.sender), bench.sender.timer) == (Sending.IDLE, 0, None)
        bench.sender.write(b"new")
        bench.sender.proceed(1.0)
        assert bench.packets()[-1] == (2, b"new")


def test_what_waits_can_be_forgotten_without_the_packet_under_way() -> None:
    bench = waiting()
    bench.sender.write(b"more")
    bench.sender.forget_waiting()
    assert bench.sender.state is Sending.WAITING
    assert len(bench.sender) == 0


def test_nothing_is_sent_after_the_end() -> None:
    bench = waiting()
    bench.sender.step(Seen.CLOSE, 1.0)
    bench.sender.write(b"more")
    bench.sender.mark(BREAK)
    bench.sender.proceed(1.0)
    bench.sender.expire(9.0)
    bench.acknowledge(1, 5, 9.0)
    assert bench.packets() == [(1, b"hello")]


@drawn(st.lists(st.tuples(st.sampled_from(Seen), st.integers(0, 300)), max_size=60))
def test_any_walk_keeps_timer_and_state_together(walk: list[tuple[Seen, int]]) -> None:
    bench = Bench()
    for now, (seen, accepted) in enumerate(walk):
        bench.sender.write(b"abc")
        if seen in {Seen.TIMER, Seen.RETRIES_OVER}:
            bench.sender.expire(float(now))
        elif seen in {Seen.COMPLETION_ACK, Seen.PARTIAL_ACK, Seen.RESUME_ACK, Seen.SUSPEND_NACK}:
            number = bench.sent[-1][1] if bench.sent else 0
            nack = NACK if seen is Seen.SUSPEND_NACK else 0
            bench.acknowledge(number, min(accepted, 255), float(now), nack)
        elif seen is Seen.READY:
            bench.sender.proceed(float(now))
        else:
            bench.sender.step(seen, float(now))
        running = bench.sender.state in {Sending.WAITING, Sending.SUSPENDED}
        assert (bench.sender.timer is not None) is running
        assert len({number for _, number, _, _ in bench.sent} - set(range(1, 16))) == 0
