"""BT from the controller's side: its tables, its rules for time and numbers, and hosts that break them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.bt import Bt, Giving, Seen, Taking
from baseboard.links.bt_registers import (
    B2H_ATN,
    B_BUSY,
    BMC_HWRST,
    BUFFER,
    CLR_RD_PTR,
    CLR_WR_PTR,
    CONTROL,
    H2B_ATN,
    H_BUSY,
    INTMASK,
    SMS_ATN,
)
from tests.records.vectors import vector

WHOLE, DECODED = vector("bt", "get_device_id")
REQUEST, RESPONSE = WHOLE[:4], WHOLE[4:]


class Bench:
    """A BT whose time and answers are a test's."""

    def __init__(self, **options: int) -> None:
        self.now = 0.0
        self.requests: list[bytes] = []
        self.resets = 0
        self.bt = Bt(self.requests.append, now=lambda: self.now, hardware_reset=self._reset, **options)
        self.bt.read(CONTROL)

    def _reset(self) -> None:
        self.resets += 1

    @property
    def control(self) -> int:
        return self.bt.read(CONTROL)

    def send(self, message: bytes) -> None:
        """As a host writes a request."""
        self.bt.write(CONTROL, CLR_WR_PTR)
        for byte in message:
            self.bt.write(BUFFER, byte)
        self.bt.write(CONTROL, H2B_ATN)

    def fetch(self) -> bytes:
        """As a host reads a response."""
        assert self.control & B2H_ATN
        for bit in (H_BUSY, B2H_ATN, CLR_RD_PTR):
            self.bt.write(CONTROL, bit)
        length = self.bt.read(BUFFER)
        message = bytes((length, *(self.bt.read(BUFFER) for _ in range(length))))
        self.bt.write(CONTROL, H_BUSY)
        return message


def numbered(seq: int, cmd: int = 1) -> tuple[bytes, bytes]:
    """A request and its response."""
    return bytes((3, 0x18, seq, cmd)), bytes((4, 0x1C, seq, cmd, 0))


def test_one_exchange() -> None:
    bench = Bench()
    bench.send(REQUEST)
    assert bench.requests == [REQUEST]
    assert bench.control == 0
    bench.bt.answer(RESPONSE)
    assert bench.fetch() == RESPONSE
    assert bench.control == 0
    assert bench.bt.size == 3


def test_a_controller_that_starts_is_busy_and_then_takes_what_was_written_too_early() -> None:
    bench = Bench(start_s=3)
    assert bench.control == B_BUSY
    bench.bt.attention(1)
    bench.send(REQUEST)
    assert bench.control == B_BUSY | H2B_ATN
    assert bench.requests == []
    bench.now = 3.0
    assert bench.control == SMS_ATN
    assert bench.requests == [REQUEST]


def test_several_requests_are_under_way_and_answers_overtake() -> None:
    bench = Bench(outstanding=2)
    (first, one), (second, two), (third, three) = (numbered(n) for n in range(3))
    for request in (first, second, third):
        bench.send(request)
    assert bench.requests == [first, second]
    assert bench.control == H2B_ATN
    assert bench.bt.taking is Taking.FULL
    bench.bt.write(CONTROL, H2B_ATN)  # once more: nothing changes
    bench.bt.answer(two)
    assert bench.requests == [first, second, third]
    bench.bt.answer(three)
    bench.bt.answer(one)
    assert [bench.fetch() for _ in range(3)] == [two, three, one]


def test_the_same_seq_with_another_command_is_another_request() -> None:
    bench = Bench(outstanding=2)
    (first, one), (second, two) = numbered(7, 1), numbered(7, 2)
    bench.send(first)
    bench.send(second)
    bench.bt.answer(two)
    bench.bt.answer(one)
    assert [bench.fetch(), bench.fetch()] == [two, one]


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x04\x1c\x5a\x02\x00", b"\x04\x1c\x5b\x01\x00", b"\x04\x24\x5a\x01\x00", b"\x05\x1c\x5a\x01\x00"],
    ids=["empty", "command", "seq", "netfn", "length"],
)
def test_an_answer_to_nothing_is_dropped(answer: bytes) -> None:
    bench = Bench()
    bench.send(REQUEST)
    bench.bt.answer(answer)
    assert bench.control == 0
    assert bench.bt.dropped == 1


def test_an_answer_comes_once() -> None:
    bench = Bench()
    bench.send(REQUEST)
    bench.bt.answer(RESPONSE)
    bench.bt.answer(RESPONSE)
    bench.fetch()
    assert bench.control == 0
    assert bench.bt.dropped == 1


def test_a_response_that_is_too_late_is_not_given() -> None:
    bench = Bench(response_s=5)
    bench.send(REQUEST)
    bench.now = 5.1
    bench.bt.answer(RESPONSE)
    assert bench.control == 0


def test_a_request_that_is_lost_makes_room_for_the_next() -> None:
    bench = Bench(response_s=5)
    bench.send(REQUEST)
    bench.send(numbered(9)[0])
    assert bench.control == H2B_ATN
    bench.now = 5.1
    assert bench.control == 0
    assert len(bench.requests) == 2


def test_a_response_that_waits_behind_another_may_become_too_late() -> None:
    bench = Bench(outstanding=3, response_s=5)
    for n in range(2):
        bench.send(numbered(n)[0])
    bench.now = 4.0
    bench.send(numbered(2)[0])
    for n in range(3):
        bench.bt.answer(numbered(n)[1])
    bench.bt.write(CONTROL, H_BUSY)
    bench.now = 5.5
    bench.bt.write(CONTROL, B2H_ATN)
    bench.bt.write(CONTROL, H_BUSY)
    assert bench.fetch() == numbered(2)[1]
    assert bench.bt.dropped == 1


def test_a_host_that_fetches_nothing_gets_no_more() -> None:
    bench = Bench(outstanding=2)
    bench.bt._request = lambda request: bench.bt.answer(numbered(request[2])[1])
    for n in range(9):
        bench.send(numbered(n)[0])
    assert bench.control == B2H_ATN | H2B_ATN
    # One in the buffer, two behind it, and the request that the host wrote last over all the others.
    assert [bench.fetch()[2] for _ in range(4)] == [0, 1, 2, 8]
    assert bench.control == 0


@pytest.mark.parametrize("message", [b"", b"\x03\x18\x5a", b"\x02\x18\x5a\x01"])
def test_what_is_no_request_is_dropped(message: bytes) -> None:
    bench = Bench()
    bench.send(message)
    assert (bench.requests, bench.bt.dropped, bench.control) == ([], 1, 0)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\x09\x18\x5a\x01\x00", 0xC7),
        (b"\x46\x18\x5a\x01" + bytes(67), 0xC8),
        (b"\x40\x18\x5a\x01" + bytes(80), 0xC8),
    ],
    ids=["cut", "long", "overrun"],
)
def test_what_does_not_fit_is_refused(message: bytes, code: int) -> None:
    bench = Bench(input_size=0x45)
    bench.send(message)
    assert bench.requests == []
    assert bench.fetch() == bytes((4, 0x1C, 0x5A, 1, code))


def test_what_stands_behind_a_request_is_not_part_of_it() -> None:
    bench = Bench()
    bench.send(REQUEST + b"\xff")
    assert bench.requests == [REQUEST]


def test_a_response_that_does_not_fit_is_told() -> None:
    bench = Bench(output_size=63)
    bench.send(REQUEST)
    bench.bt.answer(b"\x40\x1c\x5a\x01\x00" + bytes(60))
    assert bench.fetch() == b"\x04\x1c\x5a\x01\xca"


def test_attention_is_the_hosts_to_clear() -> None:
    bench = Bench()
    bench.bt.attention(1, interrupts=True)
    assert bench.control == SMS_ATN
    bench.bt.attention(0, interrupts=True)
    assert bench.control == SMS_ATN
    bench.bt.write(CONTROL, SMS_ATN)
    assert bench.control == 0
    bench.bt.write(INTMASK, 1)
    bench.bt.attention(8)
    assert bench.bt.interrupt


def test_the_host_resets_the_hardware() -> None:
    bench = Bench(start_s=1)
    bench.now = 1.0
    bench.send(REQUEST)
    bench.bt.write(INTMASK, BMC_HWRST)
    assert bench.resets == 1
    assert bench.control == B_BUSY
    bench.bt.answer(RESPONSE)
    bench.now = 2.0
    assert bench.control == 0
    assert bench.bt.dropped == 1


def test_without_a_clock_nothing_is_late() -> None:
    requests: list[bytes] = []
    bt = Bt(requests.append)
    bt.write(INTMASK, BMC_HWRST)
    assert bt.read(CONTROL) == 0
    bt.write(3, 0xFF)
    assert bt.read(3) == 0xFF


# ---- the tables, pair by pair

# What leads to each state, as writes to BT_CTRL; a response is offered first.
TO_GIVING: dict[Giving, tuple[int, ...]] = {
    Giving.FREE: (B2H_ATN,),
    Giving.OFFERED: (),
    Giving.CLAIMED: (H_BUSY,),
    Giving.READING: (H_BUSY, B2H_ATN),
}


@pytest.mark.parametrize("seen", [Seen.RESPONSE, Seen.TOGGLED, Seen.CLEARED, Seen.RESET])
@pytest.mark.parametrize("state", Giving)
def test_every_pair_of_giving(state: Giving, seen: Seen) -> None:
    bench = Bench(outstanding=3)
    for n in range(2):
        bench.send(numbered(n)[0])
    bench.bt.answer(numbered(0)[1])
    for bit in TO_GIVING[state]:
        bench.bt.write(CONTROL, bit)
    assert bench.bt.giving is state
    match seen:
        case Seen.RESPONSE:
            bench.bt.answer(numbered(1)[1])
        case Seen.TOGGLED:
            bench.bt.write(CONTROL, H_BUSY)
        case Seen.CLEARED:
            bench.bt.write(CONTROL, B2H_ATN)
        case _:
            bench.bt.reset()
    assert bench.bt.giving is Bt.GIVING[state, seen].state
    shown = {
        Giving.FREE: 0,
        Giving.OFFERED: B2H_ATN,
        Giving.CLAIMED: B2H_ATN | H_BUSY,
        Giving.READING: H_BUSY,
    }
    assert bench.control == shown[bench.bt.giving]


TAKING = [
    (Taking.STARTING, Seen.STARTED, Taking.READY),
    (Taking.STARTING, Seen.REQUEST, Taking.STARTING),
    (Taking.STARTING, Seen.RESET, Taking.STARTING),
    (Taking.READY, Seen.REQUEST, Taking.READY),
    (Taking.READY, Seen.ONE_MORE, Taking.FULL),
    (Taking.READY, Seen.ROOM, Taking.READY),
    (Taking.READY, Seen.RESET, Taking.STARTING),
    (Taking.FULL, Seen.ONE_MORE, Taking.FULL),
    (Taking.FULL, Seen.ROOM, Taking.READY),
    (Taking.FULL, Seen.RESET, Taking.STARTING),
]


@pytest.mark.parametrize(("state", "seen", "after"), TAKING)
def test_every_pair_of_taking(state: Taking, seen: Seen, after: Taking) -> None:
    bench = Bench(start_s=1)
    if state is not Taking.STARTING:
        bench.now = 1.0
        bench.bt.read(CONTROL)
    if state is Taking.FULL or seen in (Seen.ONE_MORE, Seen.ROOM):
        bench.send(numbered(0)[0])
    if state is Taking.FULL:
        bench.send(numbered(1)[0])
    assert bench.bt.taking is state
    match seen:
        case Seen.STARTED:
            bench.now = 1.0
            bench.bt.read(CONTROL)
        case Seen.REQUEST | Seen.ONE_MORE:
            bench.send(numbered(2)[0])
        case Seen.ROOM:
            bench.bt.answer(numbered(0)[1])
        case _:
            bench.bt.reset()
    assert bench.bt.taking is after


def test_the_tables_have_the_pairs_that_can_be() -> None:
    """A controller that starts has no request, one that is full no room."""
    assert {(state, seen): after for state, seen, after in TAKING} == {
        pair: step.state for pair, step in Bt.TAKING.items()
    }
    assert len(Bt.GIVING) == 4 * len(Giving)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from((CONTROL, BUFFER, INTMASK)), st.integers(0, 255)),
            st.tuples(st.just(CONTROL), st.sampled_from((1, 2, 4, 8, 16, 64))),
            st.tuples(st.just("answer"), st.integers(0, 2)),
            st.tuples(st.just("time"), st.integers(0, 6)),
        ),
        max_size=80,
    )
)
def test_random_hosts_find_a_controller_that_works_in_the_end(steps: list[tuple[object, int]]) -> None:
    bench = Bench(outstanding=2, response_s=5)
    for what, value in steps:
        if what == "answer":
            for request in bench.requests[-2:][:value]:
                bench.bt.answer(bytes((4, request[1] | 4, request[2], request[3], 0)))
        elif what == "time":
            bench.now += value
        elif isinstance(what, int):
            bench.bt.write(what, value)
            bench.bt.read(what)
    bench.bt.reset()
    bench.bt.registers.host_writes_control(bench.bt.registers.control & H_BUSY)
    bench.send(REQUEST)
    assert bench.requests[-1] == REQUEST
    bench.bt.answer(RESPONSE)
    assert bench.fetch() == RESPONSE
