"""BT from the host's side: against the controller's side, and against registers that a test has."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.links.bt import Bt
from baseboard.links.bt_host import BtHost, Seen, State
from baseboard.links.bt_registers import (
    B2H_ATN,
    B_BUSY,
    BUFFER,
    CLR_WR_PTR,
    CONTROL,
    H2B_ATN,
    H_BUSY,
    SMS_ATN,
)
from baseboard.links.host_machine import Done, Failed, HostMachine, Read, Reason, Wait, Write, complete

GET_DEVICE_ID, ANSWER = b"\x18\x01", b"\x1c\x01\x00\x20"


class Wires:
    """A controller's side whose answers, losses and noise are a test's; time passes only by waiting."""

    def __init__(self, **options: float) -> None:
        self.now = 0.0
        self.requests: list[bytes] = []
        self.respond: Callable[[bytes], Iterable[bytes]] = lambda request: [response(request)]
        self.disturb: Callable[[int, int], int] = lambda register, value: value
        self.bt = Bt(self._take, now=lambda: self.now)
        self.host = BtHost(**options)  # type: ignore[arg-type]  # numbers, as a test names them

    def _take(self, message: bytes) -> None:
        self.requests.append(message)
        for one in self.respond(message):
            self.bt.answer(one)

    def read(self, register: int) -> int:
        return self.disturb(register, self.bt.read(register))

    def write(self, register: int, value: int) -> None:
        self.bt.write(register, value)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self) -> Done | Failed:
        return complete(self.host, self, lambda: self.now, self._sleep)

    def ask(self, message: bytes = GET_DEVICE_ID) -> Done | Failed:
        self.host.request(message, self.now)
        return self.run()


def response(request: bytes, data: bytes = b"\x00\x20") -> bytes:
    """The response that belongs to a request."""
    return bytes((3 + len(data), request[1] | 4, request[2], request[3], *data))


def test_it_is_a_host_machine() -> None:
    machine: HostMachine = BtHost()
    assert machine.size == 3
    assert machine.step(0, 0.0) == Done(b"")
    assert not machine.attention


def test_requests_one_after_another_have_numbers_of_their_own() -> None:
    wires = Wires()
    assert [wires.ask() for _ in range(300)] == [Done(ANSWER)] * 300
    assert len({request[2] for request in wires.requests[:256]}) == 256
    assert wires.requests[0] == b"\x03\x18\x01\x01"
    assert wires.now == 0.0


def test_a_long_request_and_a_long_response() -> None:
    wires = Wires()
    wires.respond = lambda request: [response(request, bytes(252))]
    assert wires.ask(b"\x18\x01" + bytes(252)) == Done(b"\x1c\x01" + bytes(252))
    assert wires.requests[0][0] == 255


@pytest.mark.parametrize("message", [b"", b"\x18", bytes(255)])
def test_what_the_interface_cannot_carry(message: bytes) -> None:
    with pytest.raises(EncodeError):
        BtHost().request(message, 0.0)


def test_the_answer_is_waited_for_with_pauses() -> None:
    wires = Wires()
    wires.respond = lambda request: []
    wires.host.request(GET_DEVICE_ID, 0.0)
    waited = 0.0
    value = 0
    while not isinstance(step := wires.host.step(value, wires.now), Done):
        match step:
            case Read(register):
                value = wires.read(register)
            case Write(register, written):
                wires.write(register, written)
            case Wait(seconds):
                waited += seconds
                wires.now += seconds
                if waited >= 0.5:
                    wires.bt.answer(response(wires.requests[0]))
            case _:
                pytest.fail(str(step))
    assert step == Done(ANSWER)
    assert 0.5 <= waited < 0.6


def test_a_response_that_is_not_ours_is_dropped() -> None:
    wires = Wires()
    wires.bt = Bt(wires._take, outstanding=9)
    for other in (b"\x03\x18\x77\x01", b"\x03\x18\x78\x01"):
        wires.bt.write(CONTROL, CLR_WR_PTR)
        for byte in other:
            wires.bt.write(BUFFER, byte)
        wires.bt.write(CONTROL, H2B_ATN)
    assert wires.ask() == Done(ANSWER)
    assert wires.host.dropped == 2


def test_a_response_meanwhile_that_is_not_ours_is_dropped() -> None:
    wires = Wires()
    wires.respond = lambda request: []
    wires.bt = Bt(wires._take, outstanding=9)
    wires.bt.write(CONTROL, CLR_WR_PTR)
    for byte in b"\x03\x18\x77\x01":
        wires.bt.write(BUFFER, byte)
    wires.bt.write(CONTROL, H2B_ATN)
    wires.respond = lambda request: [response(b"\x03\x18\x77\x01"), response(request)]
    assert wires.ask() == Done(ANSWER)
    assert wires.host.dropped == 1


def test_a_request_is_sent_again_and_a_late_response_to_the_first_is_good() -> None:
    wires = Wires(response_s=1.0, retries=2)
    wires.respond = lambda request: [response(request)] if len(wires.requests) == 2 else []
    wires.bt = Bt(wires._take, now=lambda: wires.now, response_s=0.9)
    assert wires.ask() == Done(ANSWER)
    first, second = wires.requests
    assert first == second
    assert 1.0 <= wires.now < 1.2


def test_a_controller_that_is_silent_is_given_up() -> None:
    wires = Wires(response_s=1.0, retries=2)
    wires.respond = lambda request: []
    wires.bt = Bt(wires._take, now=lambda: wires.now, response_s=0.9)
    assert wires.ask() == Failed(Reason.SILENT)
    assert len(wires.requests) == 3
    wires.respond = lambda request: [response(request)]
    wires.now += 1.0
    assert wires.ask() == Done(ANSWER)


def test_a_late_response_found_before_the_next_try_is_taken() -> None:
    wires = Wires(response_s=1.0, retries=1)
    wires.respond = lambda request: []
    late = [B2H_ATN]

    def disturb(register: int, value: int) -> int:
        if register == CONTROL and wires.now >= 1.0 and late and wires.host.state is State.LOOKING:
            late.clear()
            wires.bt.answer(response(wires.requests[0]))
            return wires.bt.read(CONTROL)
        return value

    wires.disturb = disturb
    assert wires.ask() == Done(ANSWER)
    assert len(wires.requests) == 1


def test_one_that_does_not_take_the_request_again_is_silent() -> None:
    wires = Wires(response_s=1.0, retries=2)
    wires.respond = lambda request: []
    assert wires.ask() == Failed(Reason.SILENT)


def test_a_controller_that_does_not_run_is_busy() -> None:
    wires = Wires(response_s=1.0)
    wires.bt = Bt(wires._take, now=lambda: wires.now, start_s=9.0)
    assert wires.ask() == Failed(Reason.BUSY)
    assert wires.now >= 1.0


def test_a_controller_that_starts_is_waited_for() -> None:
    wires = Wires(response_s=1.0)
    wires.bt = Bt(wires._take, now=lambda: wires.now, start_s=0.5)
    assert wires.ask() == Done(ANSWER)


@pytest.mark.parametrize("state", [State.LOOKING, State.AWAITING, State.CHECKING, State.GLANCING])
def test_where_nothing_is_all_bits_are_set(state: State) -> None:
    wires = Wires()
    wires.disturb = lambda register, value: 0xFF if wires.host.state is state else value
    if state is State.GLANCING:
        wires.host.look(0.0)
        assert wires.run() == Failed(Reason.ABSENT)
    else:
        assert wires.ask() == Failed(Reason.ABSENT)


def test_an_h_busy_that_was_left_behind_is_toggled_off() -> None:
    wires = Wires()
    wires.bt.write(CONTROL, H_BUSY)
    assert wires.ask() == Done(ANSWER)
    assert not wires.bt.read(CONTROL) & H_BUSY


@pytest.mark.parametrize("looks", [1, 3])
def test_b2h_atn_is_cleared_until_it_is_clear(looks: int) -> None:
    wires = Wires()
    left = [B2H_ATN] * looks
    wires.disturb = lambda register, value: (
        value | left.pop() if left and wires.host.state is State.CHECKING else value
    )
    assert wires.ask() == Done(ANSWER)
    assert not left


def test_b2h_atn_that_does_not_become_clear_is_an_error() -> None:
    wires = Wires(response_s=1.0)

    def disturb(register: int, value: int) -> int:
        if wires.host.state is State.CHECKING:
            wires.now += 0.1
            return value | B2H_ATN
        return value

    wires.disturb = disturb
    assert wires.ask() == Failed(Reason.CONFUSED)


def test_garbage_in_the_buffer_is_no_response() -> None:
    wires = Wires()
    lengths = [2]
    wires.disturb = lambda register, value: (
        lengths.pop() if register == BUFFER and lengths and wires.host.state is State.MEASURING else value
    )
    wires.respond = lambda request: [response(request)]
    assert wires.ask() == Done(ANSWER)
    assert wires.host.dropped == 1
    assert len(wires.requests) == 2


def test_attention_is_told_and_cleared_wherever_it_is_seen() -> None:
    wires = Wires()
    wires.bt.attention(1)
    assert wires.ask() == Done(ANSWER)
    assert wires.host.attention
    assert not wires.bt.read(CONTROL) & SMS_ATN
    assert wires.ask() == Done(ANSWER)
    assert not wires.host.attention

    def respond(request: bytes) -> list[bytes]:
        wires.bt.attention(1)
        return [response(request)]

    wires.respond = respond
    assert wires.ask() == Done(ANSWER)
    assert wires.host.attention
    assert not wires.bt.read(CONTROL) & SMS_ATN


@pytest.mark.parametrize("attention", [False, True])
def test_a_look_is_for_attention_alone(attention: bool) -> None:
    wires = Wires()
    wires.bt.attention(int(attention))
    wires.host.look(0.0)
    assert wires.run() == Done(b"")
    assert wires.host.attention == attention
    assert wires.bt.read(CONTROL) == 0


def test_an_abort_drops_what_is_there() -> None:
    wires = Wires()
    wires.host.request(GET_DEVICE_ID, 0.0)
    value = 0
    while not wires.bt.registers.control & B2H_ATN:
        match wires.host.step(value, 0.0):
            case Read(register):
                value = wires.read(register)
            case Write(register, written):
                wires.write(register, written)
            case other:
                pytest.fail(str(other))
    wires.host.abort(0.0)
    assert wires.run() == Done(b"")
    assert wires.host.dropped == 1
    assert wires.bt.read(CONTROL) == 0
    assert wires.ask() == Done(ANSWER)


# ---- the table, pair by pair

CONTROLS = {
    Seen.ABSENT: 0xFF,
    Seen.ATTENTION: SMS_ATN,
    Seen.HELD: H_BUSY,
    Seen.RESPONSE: B2H_ATN,
    Seen.BUSY: B_BUSY,
    Seen.CLEAR: 0,
}


@pytest.mark.parametrize(("state", "seen"), BtHost.TABLE, ids=lambda one: one.name)
def test_every_row_leads_where_it_says(state: State, seen: Seen) -> None:
    """The machine is walked to a state, is shown what the row is about, and is then where the row says."""
    host = BtHost(response_s=1.0, retries=0 if seen is Seen.LATE else 2)
    now = walked(host, state, seen)
    assert host.state is state
    host.step(value_for(state, seen), now + (1.5 if seen in (Seen.LATE, Seen.AGAIN) else 0.0))
    while (
        host.state in (State.LOOK_PAUSE, State.AWAIT_PAUSE) and BtHost.TABLE[state, seen].state != host.state
    ):
        host.step(0, now)
    after = BtHost.TABLE[state, seen].state
    # A pause that is none yet is over at once.
    over = {State.LOOK_PAUSE: State.LOOKING, State.AWAIT_PAUSE: State.AWAITING}
    assert host.state in (after, over.get(after))


def value_for(state: State, seen: Seen) -> int:
    """What is read so that this is seen."""
    if state is State.MEASURING:
        return 4 if seen is Seen.DID else 0
    if seen is Seen.LATE and state in (State.LOOKING, State.CHECKING):
        return B_BUSY | B2H_ATN
    return CONTROLS.get(seen, 0)


def walked(host: BtHost, state: State, seen: Seen) -> float:
    """Bring a machine to a state in which something can be seen."""
    if state in (State.GLANCING, State.NODDING):
        host.look(0.0)
    elif seen is Seen.OVER and state is State.LOOKING:
        host.abort(0.0)
    else:
        host.request(GET_DEVICE_ID, 0.0)
    host.step(0, 0.0)
    stale = seen is Seen.STALE
    steps = 0
    while host.state is not state or (seen is Seen.DID and state is State.FILLING and host._at < 3):
        host.step(toward(host, state, seen, stale=stale), 0.0)
        steps += 1
        assert steps < 400, (host.state, state)
    if state is State.FETCHING and seen is Seen.DID:
        for byte in (0x1C, host._seq, 1):
            host.step(byte, 0.0)
    return 0.0


def toward(host: BtHost, state: State, seen: Seen, *, stale: bool) -> int:
    """What is read on the way to a state."""
    match host.state:
        case State.LOOKING:
            ways = {State.GREETING: SMS_ATN, State.LOOK_PAUSE: B_BUSY, State.RELEASING: H_BUSY}
            return B2H_ATN if stale else ways.get(state, 0)
        case State.GLANCING:
            return SMS_ATN
        case State.AWAITING:
            ways = {State.ATTENDING: SMS_ATN, State.AWAIT_PAUSE: 0}
            return ways.get(state, B2H_ATN)
        case State.MEASURING:
            return 4
        case State.FETCHING:
            ours = bytes((4, 0x1C, host._seq, 1, 0))
            return ours[len(host._buffer)] if seen is Seen.WANTED else 0xEE
        case _:
            return 0


def test_every_state_is_left() -> None:
    assert {state for state, _ in BtHost.TABLE} == set(State) - {State.DONE}
    assert {seen for _, seen in BtHost.TABLE} == set(Seen)


# ---- both sides against each other

NOISE = st.lists(st.one_of(st.none(), st.integers(0, 0xFE)), max_size=60)


@given(noise=NOISE, losses=st.lists(st.booleans(), max_size=8), aborts=st.lists(st.booleans(), max_size=6))
def test_both_sides_agree_again_after_noise_losses_and_aborts(
    noise: list[int | None], losses: list[bool], aborts: list[bool]
) -> None:
    wires = Wires(response_s=0.2, retries=1)
    wires.bt = Bt(wires._take, now=lambda: wires.now, response_s=0.1)
    wires.respond = lambda request: [] if losses and losses.pop() else [response(request)]
    wires.disturb = lambda register, value: value if not noise or (x := noise.pop()) is None else x
    for abort in aborts:
        ended = wires.ask()
        assert isinstance(ended, Done | Failed)
        if abort:
            wires.host.abort(wires.now)
            wires.run()
    noise.clear()
    losses.clear()
    wires.now += 1.0
    wires.host.abort(wires.now)
    wires.run()
    assert wires.ask() == Done(ANSWER)
