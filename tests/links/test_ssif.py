"""SSIF from the controller's side: parts, ends, codes, and hosts that break its rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.smbus import pec, read_head, write_head
from baseboard.links.ssif import ADDRESS, Seen, SsifTarget, State, blocks
from tests.records.vectors import entry, vector

REQUEST, RESPONSE = b"\x18\x01", b"\x1c\x01\x00\x20"


class Bench:
    """A target whose answers are a test's."""

    def __init__(self, *, pec: bool = True, input_size: int = 255, output_size: int = 255) -> None:
        self.requests: list[bytes] = []
        self.target = SsifTarget(
            self.requests.append, pec=pec, input_size=input_size, output_size=output_size
        )

    def write(self, command: int, block: bytes, *, code: bool = False) -> bool:
        wire = bytes((command, len(block))) + block
        if code:
            wire += bytes((pec(write_head(ADDRESS) + wire),))
        return self.target.write(wire)

    def read(self, command: int = 3) -> bytes | None:
        """The block that is read, without count and code."""
        wire = self.target.read(command)
        if wire is None:
            return None
        assert len(wire) - 1 - wire[0] in (0, 1)
        return wire[1 : 1 + wire[0]]

    def working(self) -> None:
        assert self.write(2, REQUEST)

    def ready(self, response: bytes = RESPONSE) -> None:
        self.working()
        self.target.answer(response)


def test_a_short_exchange() -> None:
    bench = Bench()
    assert bench.read() is None
    bench.working()
    assert bench.requests == [REQUEST]
    assert bench.read() is None
    bench.target.answer(RESPONSE)
    assert bench.read() == RESPONSE
    assert bench.read() == RESPONSE
    assert bench.read(9) is None


def test_codes_as_worked_out() -> None:
    bench = Bench()
    written, read = vector("ssif", "single_write_pec")[0], vector("ssif", "single_read_pec")[0]
    assert bench.target.write(written[1:])
    bench.target.answer(read[4:-1])
    assert bench.target.read(3) == read[3:]


def test_codes_are_sent_once_they_come_and_no_more_once_they_do_not() -> None:
    bench = Bench()
    for code in (False, True, False):
        assert bench.write(2, REQUEST, code=code)
        bench.target.answer(RESPONSE)
        wire = bench.target.read(3)
        assert wire is not None
        assert len(wire) == 5 + code
        if code:
            assert pec(read_head(ADDRESS, 3) + wire) == 0


@pytest.mark.parametrize("understands", [False, True])
def test_a_bad_code_discards_the_request(understands: bool) -> None:
    bench = Bench(pec=understands)
    bench.write(6, bytes(32))
    assert not bench.target.write(b"\x08\x01\x00\x99")
    assert not bench.write(8, b"\0")
    assert bench.requests == []


def test_a_response_in_blocks() -> None:
    response, decoded = vector("ssif", "multipart_read_100")
    expected = [bytes.fromhex(block) for block in decoded["blocks"]]
    assert blocks(response) == expected
    bench = Bench()
    bench.write(2, b"\x28\x11")
    bench.target.answer(response)
    assert [bench.read(), *(bench.read(9) for _ in expected[1:])] == expected
    assert bench.read(9) is None
    assert bench.read() == expected[0]


@pytest.mark.parametrize("length", range(1, 256))
def test_every_length_of_a_response(length: int) -> None:
    message = bytes(range(1, length + 1))[:length]
    first, *rest = blocks(message)
    if length <= 32:
        assert (first, rest) == (message, [])
        return
    assert len(first) == 32
    assert [block[0] for block in rest] == [*range(len(rest) - 1), 0xFF]
    assert first[2:] + b"".join(block[1:] for block in rest) == message
    assert all(2 <= len(block) <= 32 for block in rest)


@pytest.mark.parametrize("number", [0, 1, 2, 0xFF])
def test_a_block_is_read_again(number: int) -> None:
    response, _ = vector("ssif", "multipart_read_100")
    bench = Bench()
    bench.write(2, b"\x28\x11")
    bench.target.answer(response)
    read = [bench.read(), bench.read(9), bench.read(9), bench.read(9)]
    assert bench.write(0x0A, bytes((number,)))
    assert bench.read(9) == read[{0: 1, 1: 2, 2: 3, 0xFF: 3}[number]]


def test_a_block_that_there_is_not_is_not_read() -> None:
    bench = Bench()
    bench.ready(b"\x1c\x01" + bytes(98))
    assert bench.write(0x0A, b"\x03")
    assert bench.read(9) is None
    bench.ready()
    assert bench.write(0x0A, b"\xff")
    assert bench.read(9) is None


def test_a_request_in_parts() -> None:
    request, decoded = vector("ssif", "multipart_write_70")
    bench = Bench()
    for command, count, block in decoded["writes"]:
        assert len(bytes.fromhex(block)) == count
        assert bench.write(int(command, 16), bytes.fromhex(block))
    assert bench.requests == [request]


def test_what_linux_tries() -> None:
    request, decoded = vector("ssif", "linux_probe_33")
    bench = Bench()
    for command, _, block in decoded["writes"]:
        assert bench.write(int(command, 16), bytes.fromhex(block))
    assert bench.requests == [request]


@pytest.mark.parametrize(
    ("ends", "length"),
    [([(8, 0)], 32), ([(8, 32)], 64), ([(7, 0)], 32), ([(7, 31)], 63), ([(7, 32), (7, 0)], 64)],
)
def test_every_end_of_a_request(ends: list[tuple[int, int]], length: int) -> None:
    bench = Bench()
    assert bench.write(6, bytes(32))
    for command, count in ends:
        assert bench.requests == []
        assert bench.write(command, bytes(count))
    assert bench.requests == [bytes(length)]


def test_the_answer_of_other_controllers_fits() -> None:
    raw = entry("ssif", "caps")["hex"].split("->")
    bench = Bench()
    assert bench.write(2, bytes.fromhex(raw[0]))
    bench.target.answer(bytes.fromhex(raw[1]))
    assert bench.read() == bytes.fromhex(raw[1])


@pytest.mark.parametrize(
    "wire",
    [
        "02",
        "02 01 18",
        "02 03 18 01",
        "02 21" + 33 * "00",
        "06 02 18 01",
        "0A 00",
        "0A 02 00 00",
        "02 02 18 01 66 00",
    ],
)
def test_what_cannot_be_is_not_acknowledged(wire: str) -> None:
    bench = Bench()
    bench.ready()
    assert not bench.target.write(bytes.fromhex(wire))
    assert bench.read() is None


@pytest.mark.parametrize("wire", ["00", "03 00", "09 00", "05 01 00", "FF"])
def test_commands_that_there_are_not_change_nothing(wire: str) -> None:
    bench = Bench()
    bench.ready()
    assert not bench.target.write(bytes.fromhex(wire))
    assert bench.read() == RESPONSE
    assert bench.read(5) is None


def test_whoever_looks_finds_it() -> None:
    assert Bench().target.write(b"")


def test_a_request_that_is_too_long_is_refused() -> None:
    bench = Bench(input_size=64)
    bench.write(6, REQUEST.ljust(32, b"\0"))
    for _ in range(9):
        assert bench.write(7, bytes(32))
    assert bench.write(8, b"\0")
    assert bench.requests == []
    assert bench.read() == b"\x1c\x01\xc8"


def test_a_response_that_is_too_long_is_told() -> None:
    bench = Bench(output_size=38)
    bench.ready(b"\x1c\x01\x00" + bytes(36))
    assert bench.read() == b"\x1c\x01\xca"


def test_a_new_request_never_gets_the_response_to_the_old_one() -> None:
    bench = Bench()
    bench.working()
    bench.write(2, b"\x18\x37")
    bench.target.answer(RESPONSE)
    assert bench.read() is None
    bench.target.answer(b"\x1c\x37\x00")
    assert bench.read() == b"\x1c\x37\x00"
    bench.working()
    assert bench.read() is None


def test_the_address_counts_for_the_code() -> None:
    requests: list[bytes] = []
    target = SsifTarget(requests.append, address=0x11)
    wire = b"\x02\x02\x18\x01"
    assert target.write(wire + bytes((pec(b"\x22" + wire),)))
    assert not target.write(wire + bytes((pec(b"\x20" + wire),)))


# ---- SMBALERT#


def test_flags_alert_while_they_are_wanted() -> None:
    bench = Bench()
    bench.target.attention(1, interrupts=False)
    assert not bench.target.alert
    assert bench.target.respond_to_alert() is None
    bench.target.attention(1, interrupts=True)
    assert bench.target.alert
    assert bench.target.respond_to_alert() == 0x20
    assert not bench.target.alert
    bench.target.attention(1, interrupts=True)
    assert not bench.target.alert
    bench.target.attention(3, interrupts=True)
    assert bench.target.alert
    bench.target.attention(0, interrupts=True)
    assert not bench.target.alert


def test_a_response_alerts_until_it_is_read() -> None:
    bench = Bench()
    bench.target.attention(0, interrupts=True)
    bench.ready()
    assert bench.target.alert
    bench.read()
    assert not bench.target.alert
    bench.ready()
    bench.working()
    assert not bench.target.alert


# ---- the tables, pair by pair


def in_state(state: State) -> Bench:
    bench = Bench()
    match state:
        case State.IDLE:
            pass
        case State.GATHERING:
            bench.write(6, REQUEST.ljust(32, b"\0"))
        case State.WORKING:
            bench.working()
        case State.READY:
            bench.ready(b"\x1c\x01" + bytes(98))
    assert bench.target.state is state
    return bench


def happens(bench: Bench, seen: Seen) -> bool:
    match seen:
        case Seen.SINGLE:
            return bench.write(2, REQUEST)
        case Seen.START:
            return bench.write(6, bytes(32))
        case Seen.MIDDLE:
            return bench.write(7, bytes(32))
        case Seen.END:
            return bench.write(8, bytes(1))
        case Seen.BROKEN:
            return bench.target.write(b"\x02\x02\x18")
        case Seen.RETRY:
            return bench.write(0x0A, b"\0")
        case Seen.ANSWER:
            bench.target.answer(RESPONSE)
        case Seen.RESET:
            bench.target.reset()
    return True


@pytest.mark.parametrize("seen", Seen)
@pytest.mark.parametrize("state", State)
def test_every_pair(state: State, seen: Seen) -> None:
    bench = in_state(state)
    acknowledged = happens(bench, seen)
    if seen is Seen.ANSWER and state is not State.WORKING:
        assert bench.target.state is state
        return
    row = SsifTarget.TABLE.get((state, seen)) or SsifTarget.ALWAYS[seen]
    assert bench.target.state is row.state
    assert acknowledged == row.acknowledged


def test_nothing_of_before_a_reset_is_left() -> None:
    bench = Bench()
    bench.target.attention(1, interrupts=True)
    assert bench.write(2, REQUEST, code=True)
    bench.target.reset()
    bench.target.answer(RESPONSE)
    assert bench.read() is None
    bench.ready()
    assert bench.target.read(3) == b"\x04" + RESPONSE
    assert bench.target.alert  # the flags still stand


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.binary(max_size=40)),
            st.tuples(st.sampled_from((2, 6, 7, 8, 0x0A)), st.binary(max_size=32)),
            st.tuples(st.sampled_from((6, 7)), st.binary(min_size=32, max_size=32)),
            st.tuples(st.just("read"), st.sampled_from((b"\3", b"\x09", b"\0"))),
            st.tuples(st.just("answer"), st.binary(min_size=1, max_size=255)),
        ),
        max_size=60,
    )
)
def test_random_hosts_find_a_controller_that_works_in_the_end(steps: list[tuple[object, bytes]]) -> None:
    bench = Bench()
    for what, data in steps:
        if what == "write":
            bench.target.write(data)
        elif what == "read":
            wire = bench.target.read(data[0])
            assert wire is None or 1 <= wire[0] <= 32
        elif what == "answer":
            head = bytes((bench.requests[-1][0] | 4, bench.requests[-1][1])) if bench.requests else b"\x1c\1"
            bench.target.answer(head + data)
        elif isinstance(what, int):
            bench.write(what, data)
    assert all(2 <= len(request) <= 255 for request in bench.requests)
    bench.write(2, b"\x18\x42")
    bench.target.answer(b"\x1c\x42\x00")
    bench.target.answer(b"\x1c\x42\x00")
    assert bench.read() == b"\x1c\x42\x00"
