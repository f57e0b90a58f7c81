"""SSIF from the host's side: against the controller's side, with transfers that are lost or bad."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.links.host_machine import Done, Failed, Reason
from baseboard.links.smbus import pec, read_head, write_head
from baseboard.links.ssif import ADDRESS, SsifTarget, blocks
from baseboard.links.ssif_host import (
    Ending,
    Limits,
    ReadBlock,
    Result,
    Seen,
    SsifHost,
    SsifProbe,
    State,
    Trouble,
    WriteBlock,
    complete,
    parts,
)
from tests.records.vectors import vector

GET_DEVICE_ID, ANSWER = b"\x18\x01", b"\x1c\x01\x00\x20"
LONG = Limits(255, pec=True)


class Bus:
    """A target behind an SMBus controller; a test answers, and spoils transfers."""

    def __init__(self, limits: Limits | None = None, *, understands_pec: bool = True) -> None:
        self.now = 0.0
        self.requests: list[bytes] = []
        self.transfers: list[WriteBlock | ReadBlock] = []
        self.respond: Callable[[bytes], bytes | None] = lambda request: ANSWER
        self.spoil: Callable[[WriteBlock | ReadBlock], Result] = lambda wanted: None
        self.target = SsifTarget(self._take, pec=understands_pec)
        self.host = SsifHost(limits, response_s=1.0)

    def _take(self, request: bytes) -> None:
        self.requests.append(request)
        response = self.respond(request)
        if response is not None:
            self.target.answer(response)

    def transfer(self, wanted: WriteBlock | ReadBlock) -> bytes | Trouble:
        self.transfers.append(wanted)
        spoiled = self.spoil(wanted)
        if spoiled is not None:
            return spoiled
        if isinstance(wanted, WriteBlock):
            wire = bytes((wanted.command, len(wanted.block))) + wanted.block
            if wanted.pec:
                wire += bytes((pec(write_head(ADDRESS) + wire),))
            return b"" if self.target.write(wire) else Trouble.UNACKNOWLEDGED
        read = self.target.read(wanted.command)
        if read is None:
            return Trouble.UNACKNOWLEDGED
        if wanted.pec:
            assert pec(read_head(ADDRESS, wanted.command) + read) == 0
        return read[1 : 1 + read[0]]

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self, machine: SsifHost | SsifProbe) -> Done | Failed:
        return complete(machine, self.transfer, lambda: self.now, self._sleep)

    def ask(self, message: bytes = GET_DEVICE_ID) -> Done | Failed:
        self.host.request(message, self.now)
        return self.run(self.host)

    def probe(self) -> Limits:
        assert self.run(SsifProbe(self.host, self.now)) == Done(b"")
        return self.host.limits

    @property
    def commands(self) -> list[int]:
        return [one.command for one in self.transfers]


def test_a_short_exchange() -> None:
    bus = Bus()
    assert bus.host.step(None, 0.0) == Done(b"")
    assert bus.ask() == Done(ANSWER)
    assert bus.transfers == [WriteBlock(2, GET_DEVICE_ID, False), ReadBlock(3, False)]
    assert bus.host.step(None, 0.0) == Done(ANSWER)
    assert bus.now == 0.0


@pytest.mark.parametrize("message", [b"", b"\x18", bytes(33)])
def test_what_the_interface_cannot_carry(message: bytes) -> None:
    with pytest.raises(EncodeError):
        SsifHost().request(message, 0.0)


def test_a_request_in_parts_as_worked_out() -> None:
    request, decoded = vector("ssif", "multipart_write_70")
    expected = [(int(command, 16), bytes.fromhex(block)) for command, _, block in decoded["writes"]]
    assert parts(request, Ending.END) == expected
    assert parts(request, Ending.SHORT) == [*expected[:2], (7, expected[2][1])]
    assert parts(bytes(64), Ending.SHORT) == [(6, bytes(32)), (7, bytes(32)), (7, b"")]
    assert parts(bytes(64), Ending.END) == [(6, bytes(32)), (8, bytes(32))]


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("length", [2, 31, 32, 33, 63, 64, 65, 96, 255])
def test_every_length_arrives(length: int, ending: Ending) -> None:
    bus = Bus(Limits(255, pec=True, ending=ending))
    request = GET_DEVICE_ID + bytes(length - 2)
    bus.respond = lambda request: b"\x1c\x01\x00" + bytes(max(0, length - 3))
    assert bus.ask(request) == Done(b"\x1c\x01\x00" + bytes(max(0, length - 3)))
    assert bus.requests == [request]


def test_a_response_is_waited_for() -> None:
    bus = Bus()
    bus.respond = lambda request: None

    def spoil(wanted: WriteBlock | ReadBlock) -> Result:
        if len(bus.transfers) == 4:
            bus.target.answer(ANSWER)
        return None

    bus.spoil = spoil
    assert bus.ask() == Done(ANSWER)
    assert bus.commands == [2, 3, 3, 3]
    assert bus.now == pytest.approx(0.04)


def test_one_that_does_not_come_is_given_up() -> None:
    bus = Bus()
    bus.respond = lambda request: None
    assert bus.ask() == Failed(Reason.SILENT)
    assert bus.now == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    "early", [b"", b"\x1c\x01", b"\x1c\x37\x00", b"\x24\x01\x00", b"\x00\x01" + bytes(30)]
)
def test_what_is_not_the_response_is_not_taken(early: bytes) -> None:
    bus = Bus()
    bus.spoil = lambda wanted: early if len(bus.transfers) == 2 else None
    assert bus.ask() == Done(ANSWER)
    assert bus.commands == [2, 3, 3]


def test_a_write_that_is_not_acknowledged_is_tried_again_from_the_first_part() -> None:
    bus = Bus(LONG)
    bus.spoil = lambda wanted: Trouble.UNACKNOWLEDGED if len(bus.transfers) == 2 else None
    request = GET_DEVICE_ID + bytes(60)
    assert bus.ask(request) == Done(ANSWER)
    assert bus.commands == [6, 8, 6, 8, 3]
    assert bus.requests == [request]


def test_a_controller_that_takes_nothing_is_busy() -> None:
    bus = Bus()
    bus.spoil = lambda wanted: Trouble.UNACKNOWLEDGED
    assert bus.ask() == Failed(Reason.BUSY)
    assert bus.commands == [2] * 6


def long_response() -> bytes:
    return b"\x1c\x01" + bytes(range(98))


@pytest.mark.parametrize("at", range(2, 6))
def test_a_block_with_a_bad_code_is_read_again(at: int) -> None:
    bus = Bus(LONG)
    bus.respond = lambda request: long_response()
    bus.spoil = lambda wanted: Trouble.BAD_PEC if len(bus.transfers) == at else None
    assert bus.ask() == Done(long_response())
    assert (0x0A in bus.commands) == (at > 2)
    assert bus.requests == [GET_DEVICE_ID]


@pytest.mark.parametrize("wrong", [b"", b"\x01" + bytes(31), b"\x00" + bytes(30), Trouble.UNACKNOWLEDGED])
def test_a_block_that_is_not_due_is_asked_for_by_its_number(wrong: Result) -> None:
    bus = Bus(LONG)
    bus.respond = lambda request: long_response()
    bus.spoil = lambda wanted: wrong if len(bus.transfers) == 3 else None
    assert bus.ask() == Done(long_response())
    assert bus.transfers[3] == WriteBlock(0x0A, b"\0", True)


def test_a_controller_that_does_not_know_the_retry_is_read_from_the_first_block() -> None:
    bus = Bus(LONG)
    bus.respond = lambda request: long_response()

    def spoil(wanted: WriteBlock | ReadBlock) -> Result:
        if wanted.command == 0x0A:
            return Trouble.UNACKNOWLEDGED
        return Trouble.BAD_PEC if len(bus.transfers) == 4 else None

    bus.spoil = spoil
    assert bus.ask() == Done(long_response())
    assert bus.commands == [2, 3, 9, 9, 0x0A, 3, 9, 9, 9]


@pytest.mark.parametrize("command", [3, 9, 0x0A])
def test_too_many_failures_are_the_end(command: int) -> None:
    bus = Bus(LONG)
    bus.respond = lambda request: long_response()

    def spoil(wanted: WriteBlock | ReadBlock) -> Result:
        bad = wanted.command == command or (command == 0x0A and wanted.command == 9)
        return Trouble.BAD_PEC if bad else None

    bus.spoil = spoil
    assert bus.ask() == Failed(Reason.CONFUSED)
    bus.spoil = lambda wanted: None
    assert bus.ask() == Done(long_response())


# ---- the probe


def capabilities(flags: int, size: int = 255) -> bytes:
    return bytes((0x1C, 0x57, 0, 0, flags, size, 255))


def controller(flags: int, size: int = 255) -> Callable[[bytes], bytes]:
    return lambda request: capabilities(flags, size) if request[1] == 0x57 else b"\x1c\x01\xc7"


@pytest.mark.parametrize(
    ("flags", "size", "limits"),
    [
        (0x88, 255, Limits(255, True)),
        (0x80, 255, Limits(255, False)),
        (0x48, 255, Limits(64, True)),
        (0x40, 40, Limits(40, False)),
        (0x08, 255, Limits(32, True)),
        (0x00, 255, Limits(32, False)),
        (0xC8, 255, Limits(32, True)),
        (0x88, 32, Limits(32, True)),
    ],
)
def test_what_a_controller_says_of_itself(flags: int, size: int, limits: Limits) -> None:
    bus = Bus()
    bus.respond = controller(flags, size)
    assert bus.probe() == limits
    assert all(len(one) <= size for one in bus.requests)


@pytest.mark.parametrize(
    "answer", [b"\x1c\x57\xc1", b"\x1c\x57\x00\x00\x80\xff", b"\x1c\x57\xcc\x00\x88\xff\xff"]
)
def test_one_that_says_nothing_has_the_least(answer: bytes) -> None:
    bus = Bus(LONG)
    bus.respond = lambda request: answer
    assert bus.probe() == Limits()


def test_one_that_is_silent_has_the_least() -> None:
    bus = Bus()
    bus.respond = lambda request: None
    assert bus.probe() == Limits()


@pytest.mark.parametrize(
    ("knows", "limits", "commands"),
    [
        ("08h", Limits(255, True), [6, 8]),
        ("empty 07h", Limits(255, True, Ending.SHORT), [6, 7, 7]),
        ("short 07h", Limits(63, True, Ending.SHORT), [6, 7]),
        ("nothing", Limits(32, True), [6]),
    ],
)
def test_the_end_that_a_controller_knows_is_found(knows: str, limits: Limits, commands: list[int]) -> None:
    bus = Bus()
    bus.respond = controller(0x88)

    def spoil(wanted: WriteBlock | ReadBlock) -> Result:
        refused = {
            "08h": (),
            "empty 07h": (8,),
            "short 07h": (8,),
            "nothing": (6, 7, 8),
        }[knows]
        empty = isinstance(wanted, WriteBlock) and not wanted.block
        if wanted.command in refused or (knows == "short 07h" and empty):
            return Trouble.UNACKNOWLEDGED
        return None

    bus.spoil = spoil
    assert bus.probe() == limits
    last = [command for command in bus.commands if command in (6, 7, 8)]
    assert last[-len(commands) :] == commands


# ---- the table, pair by pair


def reached(state: State) -> Bus:
    """A machine that has just said what it does in a state."""
    bus = Bus(Limits(255))
    bus.respond = lambda request: None if state is State.READ_PAUSE else long_response()
    bus.host.request(GET_DEVICE_ID + bytes(60), 0.0)
    result: Result = None
    while True:
        step = bus.host.step(result, 0.0)
        if bus.host.state is state:
            return bus
        assert isinstance(step, WriteBlock | ReadBlock)
        late = (state, step.command) in ((State.WRITE_PAUSE, 6), (State.SEEKING, 9))
        result = Trouble.UNACKNOWLEDGED if late else bus.transfer(step)


RESULTS: dict[tuple[State, Seen], Result] = {
    (State.WRITING, Seen.MORE): b"",
    (State.WRITING, Seen.DID): b"",
    (State.READING, Seen.PART): blocks(long_response())[0],
    (State.READING, Seen.WHOLE): ANSWER,
    (State.READING, Seen.WRONG): Trouble.BAD_PEC,
    (State.CONTINUING, Seen.PART): blocks(long_response())[1],
    (State.CONTINUING, Seen.WHOLE): b"\xff\x00",
    (State.SEEKING, Seen.DID): b"",
}


@pytest.mark.parametrize(("state", "seen"), SsifHost.TABLE, ids=lambda one: one.name)
def test_every_row_leads_where_it_says(state: State, seen: Seen) -> None:
    bus = reached(state)
    if (state, seen) == (State.WRITING, Seen.DID):
        bus.host.step(b"", 0.0)
    result = RESULTS.get((state, seen), Trouble.UNACKNOWLEDGED)
    if seen is Seen.LATE and state is not State.READING:
        bus.host._failures = 5
    bus.host.step(result, 2.0 if seen is Seen.LATE else 0.0)
    assert bus.host.state is SsifHost.TABLE[state, seen].state


def test_every_state_is_left() -> None:
    assert {state for state, _ in SsifHost.TABLE} == set(State) - {State.DONE}
    assert {seen for _, seen in SsifHost.TABLE} == set(Seen)


# ---- both sides against each other


class Always:
    """The same response to every request."""

    def __init__(self, response: bytes) -> None:
        self._response = response

    def __call__(self, request: bytes) -> bytes:
        return self._response


SPOILS = st.one_of(st.none(), st.sampled_from(Trouble), st.binary(max_size=32))


@given(
    spoils=st.lists(SPOILS, max_size=40),
    exchanges=st.lists(st.tuples(st.integers(2, 255), st.integers(1, 253)), max_size=6),
)
def test_both_sides_agree_again_after_noise(spoils: list[Result], exchanges: list[tuple[int, int]]) -> None:
    bus = Bus(LONG)
    bus.spoil = lambda wanted: spoils.pop() if spoils else None
    for asked, answered in exchanges:
        bus.respond = Always(b"\x1c\x01" + bytes(answered))
        ended = bus.ask(GET_DEVICE_ID + bytes(asked - 2))
        assert isinstance(ended, Done | Failed)
    spoils.clear()
    bus.respond = lambda request: long_response()
    assert bus.ask() == Done(long_response())
