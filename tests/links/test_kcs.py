"""KCS from the controller's side, register by register (§9; Tables 9-1 to 9-4, figures 9-6 and 9-7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.kcs import COMMAND, DATA, LARGEST, OBF, SMS_ATN, Error, Kcs, Phase, Seen, State
from tests.links.register_bench import DEVICE_ID, GET_DEVICE_ID, Controller, echoed
from tests.records.vectors import entry

REGISTERS = {"status": COMMAND, "command": COMMAND, "data_in": DATA, "data_out": DATA}
ANSWER = b"\x1c\x01\x00"
ABORT, START, END, READ = 0x60, 0x61, 0x62, 0x68
_STATE, _CONTROL = 0xC0, 0x08

C, D, A = "command", "data", "answer"
# What leads to each phase from a controller that has just started.
WAYS: dict[str, tuple[Phase, list[tuple[str, int]]]] = {
    "error": (Phase.ERROR, []),
    "idle": (Phase.IDLE, [(C, ABORT), (D, 0), (D, READ)]),
    "start": (Phase.WRITE_START, [(C, START)]),
    "data": (Phase.WRITE_DATA, [(C, START), (D, 0x18)]),
    "full": (Phase.WRITE_DATA, [(C, START), (D, 0x18), (D, 1), (D, 2), (D, 3)]),
    "end": (Phase.WRITE_END, [(C, START), (D, 0x18), (C, END)]),
    "end, full": (Phase.WRITE_END, [(C, START), (D, 0x18), (D, 1), (D, 2), (D, 3), (C, END)]),
    "working": (Phase.WORKING, [(C, START), (D, 0x18), (C, END), (D, 1)]),
    "reading": (Phase.READING, [(C, START), (D, 0x18), (C, END), (D, 1), (A, 0)]),
    "last": (Phase.READING, [(C, START), (D, 0x18), (C, END), (D, 1), (A, 0), (D, READ), (D, READ)]),
    "aborting": (Phase.ABORTING, [(C, ABORT)]),
    "status": (Phase.STATUS, [(C, ABORT), (D, 0)]),
}


class Then(NamedTuple):
    """State bits, phase, what Data_Out has (None = OBF is clear), and the code that GET_STATUS reads then."""

    state: State
    phase: Phase
    out: int | None = 0
    error: Error = Error.NONE


BEGUN = Then(State.WRITE, Phase.WRITE_START, error=Error.ABORTED)
ASKED = Then(State.WRITE, Phase.ABORTING)
ABORTED = Then(State.WRITE, Phase.ABORTING, error=Error.ABORTED)
ILLEGAL = Then(State.ERROR, Phase.ERROR, error=Error.ILLEGAL)
OVERRUN = Then(State.ERROR, Phase.ERROR, error=Error.LENGTH)
IDLE = Then(State.IDLE, Phase.IDLE)
TAKEN = Then(State.WRITE, Phase.WRITE_DATA, error=Error.ABORTED)
SENT = Then(State.READ, Phase.WORKING, None, Error.ABORTED)
SHOWN = Then(State.READ, Phase.READING, 0x01, Error.ABORTED)
STATUS = Then(State.READ, Phase.STATUS)

EVENTS = [
    (C, START),
    (C, ABORT),
    (C, END),
    (C, 0x10),
    (C, 0x63),
    (C, READ),
    (D, 5),
    (D, 0),
    (D, READ),
    (A, 0),
]
# What is no error; every event is tried in every phase.
LEGAL: dict[tuple[str, tuple[str, int]], Then] = {
    **{(way, (C, START)): BEGUN for way in WAYS},
    **{(way, (C, ABORT)): ABORTED for way in WAYS},
    **{(way, (C, ABORT)): ASKED for way in ("error", "idle", "aborting", "status")},
    **{(way, (D, byte)): TAKEN for way in ("start", "data") for byte in (5, 0, READ)},
    ("data", (C, END)): Then(State.WRITE, Phase.WRITE_END, error=Error.ABORTED),
    ("full", (C, END)): Then(State.WRITE, Phase.WRITE_END, error=Error.ABORTED),
    **{(way, (D, byte)): OVERRUN for way in ("full", "end, full") for byte in (5, 0, READ)},
    **{("end", (D, byte)): SENT for byte in (5, 0, READ)},
    ("working", (A, 0)): Then(State.READ, Phase.READING, 0x1C, Error.ABORTED),
    ("reading", (D, READ)): SHOWN,
    ("last", (D, READ)): IDLE,
    **{("aborting", (D, byte)): STATUS for byte in (5, 0, READ)},
    ("status", (D, READ)): IDLE,
}


def made(controller: Controller | None = None, largest: int = LARGEST) -> Kcs:
    controller = controller or Controller(None)
    kcs = Kcs(controller, largest)
    controller.model = kcs
    return kcs


def do(kcs: Kcs, events: Sequence[tuple[str, int]]) -> None:
    for what, value in events:
        if what == A:
            kcs.answer(ANSWER)
        else:
            kcs.write(COMMAND if what == C else DATA, value)


def out(kcs: Kcs) -> int | None:
    return kcs.read(DATA) if kcs.read(COMMAND) & OBF else None


def idle(controller: Controller | None = None, largest: int = LARGEST) -> Kcs:
    kcs = made(controller, largest)
    do(kcs, WAYS["idle"][1])
    kcs.read(DATA)
    return kcs


def error_code(kcs: Kcs) -> int | None:
    do(kcs, [(C, ABORT), (D, 0)])
    code = out(kcs)
    do(kcs, [(D, READ)])
    assert (kcs.phase, kcs.read(COMMAND) & _STATE, out(kcs)) == (Phase.IDLE, State.IDLE, 0)
    return code


def send(kcs: Kcs, request: bytes) -> None:
    """A request as the flow chart has it, each dummy byte read."""
    events = [(C, START), *((D, byte) for byte in request[:-1]), (C, END), (D, request[-1])]
    for event in events[:-1]:
        do(kcs, [event])
        assert kcs.read(COMMAND) & ~_CONTROL == State.WRITE | OBF
        assert kcs.read(DATA) == 0
    do(kcs, events[-1:])


def received(kcs: Kcs) -> bytes:
    response = bytearray()
    while kcs.read(COMMAND) & _STATE == State.READ:
        byte = out(kcs)
        assert byte is not None
        response.append(byte)
        do(kcs, [(D, READ)])
    assert kcs.read(COMMAND) & _STATE == State.IDLE
    assert out(kcs) == 0
    return bytes(response)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event[0]} {event[1]:02X}h")
@pytest.mark.parametrize("way", WAYS)
def test_9_11_every_event_in_every_phase(way: str, event: tuple[str, int]) -> None:
    phase, events = WAYS[way]
    kcs = made(largest=4)
    do(kcs, events)
    assert kcs.phase is phase
    before = kcs.read(COMMAND)
    kcs.read(DATA)
    do(kcs, [event])
    if event == (A, 0) and way != "working":
        assert (kcs.phase, kcs.read(COMMAND)) == (phase, before & ~OBF)  # nobody waits for it
        return
    then = LEGAL.get((way, event), ILLEGAL)
    assert (kcs.read(COMMAND) & _STATE, kcs.phase) == (then.state, then.phase)
    assert bool(kcs.read(COMMAND) & _CONTROL) is (event[0] == C)
    assert out(kcs) == then.out
    assert error_code(kcs) == then.error
    assert error_code(kcs) == Error.NONE


def test_every_row_of_the_table_is_walked() -> None:
    """The events above cause each that the table knows."""
    assert {seen for _, seen in Kcs.TABLE} | set(Kcs.ALWAYS) | set(Kcs.ERROR) == set(Seen)
    assert {phase for phase, _ in Kcs.TABLE} <= {phase for phase, _ in WAYS.values()} == set(Phase)


@pytest.mark.parametrize("name", ["get_device_id", "abort"])
def test_9_the_traces_of_the_vectors(name: str) -> None:
    found = {"get_device_id": entry("kcs", "get_device_id"), "abort": entry("kcs", "abort")}[name]
    kcs = idle(Controller(lambda request: DEVICE_ID))
    if name == "abort":
        do(kcs, [(C, START), (D, 0x18)])
        kcs.read(DATA)
    for way, register, value, note in found["steps"]:
        if way == "W":
            kcs.write(REGISTERS[register], int(value, 16))
        else:
            assert kcs.read(REGISTERS[register]) == int(value, 16), note
    assert kcs.phase is Phase.IDLE
    assert out(kcs) is None


def test_9_11_the_state_stands_and_the_byte_is_taken_before_the_controller_has_the_request() -> None:
    seen: list[tuple[int, bytes]] = []
    kcs = idle()
    kcs = Kcs(lambda request: seen.append((kcs.read(COMMAND), request)))
    send(kcs, GET_DEVICE_ID)
    assert seen == [(State.READ, GET_DEVICE_ID)]  # no IBF, and no OBF before the response's first byte


def test_9_7_after_power_on_the_state_is_error_and_a_request_works_all_the_same() -> None:
    kcs = made(Controller())
    assert kcs.read(COMMAND) == State.ERROR | OBF
    send(kcs, GET_DEVICE_ID)
    assert received(kcs) == echoed(GET_DEVICE_ID)


def test_9_7_linux_recovers_from_the_state_after_power_on() -> None:
    kcs = made(Controller())
    assert error_code(kcs) == Error.NONE
    send(kcs, GET_DEVICE_ID)
    assert received(kcs) == echoed(GET_DEVICE_ID)


def test_linux_asks_a_pci_kcs_for_its_register_spacing_by_10h() -> None:
    kcs = made(Controller())
    do(kcs, [(C, 0x10)])
    assert kcs.read(COMMAND) not in (0x00, 0xFF)
    assert error_code(kcs) == Error.ILLEGAL
    send(kcs, GET_DEVICE_ID)
    assert received(kcs) == echoed(GET_DEVICE_ID)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("end, full", "full")])
def test_9_19_write_start_begins_anew_in_every_phase(way: str) -> None:
    controller = Controller(None)
    kcs = made(controller)
    do(kcs, WAYS[way][1])
    controller.requests.clear()
    send(kcs, b"\x18\x02\x03")
    assert controller.requests == [b"\x18\x02\x03"]
    kcs.answer(b"\x1c\x02\x00\x03")
    assert received(kcs) == b"\x1c\x02\x00\x03"


@pytest.mark.parametrize("given_up", [[(C, START)], [(C, ABORT)], [(D, 0)], [(C, END)]])
def test_a_late_answer_to_a_request_that_was_given_up_is_dropped(given_up: list[tuple[str, int]]) -> None:
    kcs = idle()
    send(kcs, b"\x18\x01")
    do(kcs, given_up)
    kcs.answer(b"\x1c\x01\x00first")
    send(kcs, b"\x18\x01\xff")
    assert kcs.phase is Phase.WORKING
    kcs.answer(b"\x1c\x01\x00second")
    assert received(kcs) == b"\x1c\x01\x00second"


def test_the_answer_to_a_request_that_was_given_up_may_come_in_the_midst_of_the_next() -> None:
    kcs = idle()
    send(kcs, b"\x18\x01")
    send(kcs, b"\x18\x01\xff")
    kcs.answer(b"\x1c\x01\x00first")
    assert kcs.phase is Phase.WORKING
    assert out(kcs) is None
    kcs.answer(b"\x1c\x01\x00second")
    assert received(kcs) == b"\x1c\x01\x00second"


def test_a_reset_forgets_what_was_asked() -> None:
    kcs = idle()
    send(kcs, b"\x18\x01")
    kcs.reset()
    assert kcs.read(COMMAND) == State.ERROR | OBF  # §9.11: never to IDLE
    kcs.answer(b"\x1c\x01\x00")
    assert kcs.phase is Phase.ERROR
    send(kcs, b"\x18\x01")
    kcs.answer(b"\x1c\x01\x00")
    assert received(kcs) == b"\x1c\x01\x00"


def test_the_longest_request() -> None:
    controller = Controller()
    kcs = idle(controller)
    send(kcs, b"\x18\x01" + bytes(LARGEST - 2))
    assert len(controller.requests[0]) == LARGEST
    assert len(received(kcs)) == LARGEST + 1
    with pytest.raises(AssertionError):
        send(kcs, b"\x18\x01" + bytes(LARGEST))
    assert kcs.read(COMMAND) & _STATE == State.ERROR
    assert error_code(kcs) == Error.LENGTH


def test_9_12_obf_interrupts_during_a_transfer() -> None:
    kcs = idle(Controller())
    do(kcs, [(C, START)])
    assert not kcs.interrupt
    kcs.attention(0, interrupts=True)
    assert kcs.interrupt
    kcs.read(COMMAND)
    assert kcs.interrupt
    kcs.read(DATA)
    assert not kcs.interrupt
    send(kcs, GET_DEVICE_ID)
    assert kcs.interrupt
    assert received(kcs) == echoed(GET_DEVICE_ID)
    assert not kcs.interrupt


def test_9_14_sms_atn_shows_the_flags_whether_they_interrupt_or_not() -> None:
    kcs = idle()
    kcs.attention(0x01, interrupts=False)
    assert kcs.read(COMMAND) == State.IDLE | SMS_ATN
    assert not kcs.interrupt
    kcs.attention(0x00, interrupts=False)
    assert kcs.read(COMMAND) == State.IDLE


def test_9_12_flags_interrupt_by_a_dummy_byte_while_idle() -> None:
    kcs = idle(Controller())
    kcs.attention(0x02, interrupts=True)
    assert kcs.interrupt
    assert kcs.read(COMMAND) == State.IDLE | SMS_ATN | OBF
    assert out(kcs) == 0
    assert not kcs.interrupt
    kcs.attention(0x03, interrupts=True)  # it stood already
    assert not kcs.interrupt
    send_with_attention(kcs)
    assert kcs.interrupt  # entered IDLE, and a flag stands: one OBF for both
    assert out(kcs) == 0
    assert not kcs.interrupt


def test_9_12_the_interrupt_goes_with_its_cause() -> None:
    kcs = idle()
    kcs.attention(0x02, interrupts=True)
    kcs.attention(0x00, interrupts=True)
    assert not kcs.interrupt
    assert kcs.read(COMMAND) == State.IDLE
    kcs.attention(0x00, interrupts=True)
    assert not kcs.interrupt


def test_9_12_flags_that_stood_interrupt_once_interrupts_are_wanted() -> None:
    kcs = idle()
    kcs.attention(0x02, interrupts=False)
    kcs.attention(0x02, interrupts=True)
    assert kcs.interrupt
    kcs.attention(0x02, interrupts=False)
    assert not kcs.interrupt


def test_9_12_no_dummy_byte_of_an_attention_gets_between_those_of_a_transfer() -> None:
    kcs = idle()
    send(kcs, GET_DEVICE_ID)
    kcs.attention(0x01, interrupts=True)
    assert kcs.read(COMMAND) == State.READ | SMS_ATN
    kcs.answer(echoed(GET_DEVICE_ID))
    kcs.attention(0x00, interrupts=True)
    assert received(kcs) == echoed(GET_DEVICE_ID)


def test_9_12_a_dummy_byte_that_nobody_read_stands_for_the_attention_too() -> None:
    kcs = made()
    do(kcs, WAYS["idle"][1])
    kcs.attention(0x01, interrupts=True)
    assert kcs.interrupt
    kcs.attention(0x00, interrupts=True)
    assert kcs.interrupt  # it was for entering IDLE
    assert out(kcs) == 0


def send_with_attention(kcs: Kcs) -> None:
    for event in [(C, START), (D, 0x18), (C, END), (D, 0x01), (D, READ), (D, READ), (D, READ)]:
        do(kcs, [event])
    assert kcs.read(COMMAND) & _STATE == State.IDLE


WRITES = st.tuples(
    st.sampled_from([C, C, D, D, D, D, A, "read", "look", "reset", "flags"]),
    st.sampled_from([ABORT, START, END, READ, 0x00, 0x18, 0x01, 0xFF]),
)


@given(st.lists(WRITES, max_size=60), st.booleans())
def test_whatever_the_host_does_the_next_request_works(events: list[tuple[str, int]], at_once: bool) -> None:
    controller = Controller(echoed if at_once else None)
    kcs = made(controller, largest=6)
    for what, value in events:
        match what:
            case "read":
                kcs.read(DATA)
            case "look":
                assert kcs.read(COMMAND) & 0x32 == 0  # neither IBF nor the OEM bits
            case "reset":
                kcs.reset()
            case "flags":
                kcs.attention(value & 0x0B, interrupts=bool(value & 0x10))
            case _:
                do(kcs, [(what, value)])
        assert kcs.read(COMMAND) & _STATE == {
            Phase.IDLE: State.IDLE, Phase.ERROR: State.ERROR, Phase.WORKING: State.READ,
            Phase.READING: State.READ, Phase.STATUS: State.READ,
        }.get(kcs.phase, State.WRITE)  # fmt: skip
    assert all(2 <= len(request) <= 6 for request in controller.requests)
    asked = len(controller.requests)
    kcs.attention(0, interrupts=False)
    error_code(kcs)
    send(kcs, b"\x28\x77\x01")
    assert controller.requests[asked:] == [b"\x28\x77\x01"]
    kcs.answer(b"\x2c\x77\x00\x01")
    assert received(kcs) == b"\x2c\x77\x00\x01"
