"""SMIC from the controller's side, transaction by transaction (§10; Tables 10-1 to 10-4)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.smic import (
    BUSY,
    CONTROL,
    DATA,
    EVT_ATN,
    FLAGS,
    LARGEST,
    RX_DATA_RDY,
    SMS_ATN,
    TX_DATA_RDY,
    Error,
    Phase,
    Seen,
    Smic,
)
from tests.links.register_bench import DEVICE_ID, Controller, echoed
from tests.records.vectors import entry

ANSWER = b"\x1c\x01\x00"
GET_STATUS, WR_START, WR_NEXT, WR_END, RD_START, RD_NEXT, RD_END = range(0x40, 0x47)
A = -1
# What leads to each phase: control codes with their byte, or the answer.
WAYS: dict[str, tuple[Phase, list[tuple[int, int]]]] = {
    "ready": (Phase.READY, []),
    "writing": (Phase.WRITING, [(WR_START, 0x18)]),
    "full": (Phase.WRITING, [(WR_START, 0x18), (WR_NEXT, 1), (WR_NEXT, 2), (WR_NEXT, 3)]),
    "working": (Phase.WORKING, [(WR_START, 0x18), (WR_END, 1)]),
    "answered": (Phase.ANSWERED, [(WR_START, 0x18), (WR_END, 1), (A, 0)]),
    "reading": (Phase.READING, [(WR_START, 0x18), (WR_END, 1), (A, 0), (RD_START, 0)]),
    "one left": (Phase.READING, [(WR_START, 0x18), (WR_END, 1), (A, 0), (RD_START, 0), (RD_NEXT, 0)]),
    "read": (Phase.READ, [(WR_START, 0x18), (WR_END, 1), (A, 0), (RD_START, 0), (RD_NEXT, 0), (RD_NEXT, 0)]),
}
RDY = {
    Phase.READY: RX_DATA_RDY | TX_DATA_RDY,
    Phase.WRITING: TX_DATA_RDY,
    Phase.WORKING: 0,
    Phase.ANSWERED: RX_DATA_RDY,
    Phase.READING: RX_DATA_RDY,
    Phase.READ: RX_DATA_RDY,
}
Then = tuple[Phase, int, int]
BEGUN: Then = (Phase.WRITING, 0xC1, 7)
ABORTED: Then = (Phase.READY, 0xC0, Error.ABORTED)
ILLEGAL: Then = (Phase.READY, 0xC0, Error.ILLEGAL)
FULL: Then = (Phase.READY, 0xC0, Error.FULL)
# Phase, status and data after what is legal; the byte in Data is 7. All else is illegal.
LEGAL: dict[tuple[str, int], Then] = {
    **{(way, WR_START): BEGUN for way in WAYS},
    **{(way, code): ABORTED for way in WAYS for code in (GET_STATUS, 0x60, 0x7F)},
    ("ready", GET_STATUS): (Phase.READY, 0xC0, Error.NONE),
    ("writing", WR_NEXT): (Phase.WRITING, 0xC2, 7),
    ("writing", WR_END): (Phase.WORKING, 0xC3, 0),
    ("full", WR_NEXT): FULL,
    ("full", WR_END): FULL,
    ("working", A): (Phase.ANSWERED, 0xC3, 7),
    ("answered", RD_START): (Phase.READING, 0xC4, 0x1C),
    ("reading", RD_NEXT): (Phase.READING, 0xC5, 0x01),
    ("one left", RD_NEXT): (Phase.READ, 0xC6, 0x00),
    ("read", RD_END): (Phase.READY, 0xC0, 0x00),
}
EVENTS = [GET_STATUS, WR_START, WR_NEXT, WR_END, RD_START, RD_NEXT, RD_END, 0x47, 0x00, 0x60, 0x7F, 0x80, A]


def made(controller: Controller | None = None, largest: int = LARGEST) -> Smic:
    controller = controller or Controller(None)
    smic = Smic(controller, largest)
    controller.model = smic
    return smic


def do(smic: Smic, events: Sequence[tuple[int, int]]) -> None:
    for code, data in events:
        smic.write(DATA, data)
        if code == A:
            smic.answer(ANSWER)
        else:
            smic.write(CONTROL, code)
            smic.write(FLAGS, smic.read(FLAGS) | BUSY)
        assert not smic.read(FLAGS) & BUSY


def send(smic: Smic, request: bytes) -> None:
    do(smic, [(WR_START, request[0]), *((WR_NEXT, byte) for byte in request[1:-1]), (WR_END, request[-1])])
    assert (smic.read(CONTROL), smic.read(DATA)) == (0xC3, 0)


def received(smic: Smic) -> bytes:
    response, code = bytearray(), RD_START
    while smic.read(CONTROL) != 0xC6:
        assert smic.read(FLAGS) & RX_DATA_RDY
        do(smic, [(code, 0)])
        assert smic.read(CONTROL) in (0xC4, 0xC5, 0xC6)
        response.append(smic.read(DATA))
        code = RD_NEXT
    do(smic, [(RD_END, 0xFF)])
    assert (smic.read(CONTROL), smic.read(DATA)) == (0xC0, 0)
    return bytes(response)


@pytest.mark.parametrize("code", EVENTS, ids=lambda code: "answer" if code == A else f"{code:02X}h")
@pytest.mark.parametrize("way", WAYS)
def test_10_6_every_control_code_in_every_phase(way: str, code: int) -> None:
    phase, events = WAYS[way]
    smic = made(largest=4)
    do(smic, events)
    assert smic.phase is phase
    assert smic.read(FLAGS) == RDY[phase]
    status = smic.read(CONTROL)
    do(smic, [(code, 7)])
    wanted = LEGAL.get((way, code), (phase, status, 7) if code == A else ILLEGAL)
    assert (smic.phase, smic.read(CONTROL), smic.read(DATA)) == wanted
    assert smic.read(FLAGS) == RDY[smic.phase]


def test_every_row_of_the_table_is_walked() -> None:
    assert {seen for _, seen in Smic.TABLE} | set(Smic.ALWAYS) == set(Seen)
    assert {phase for phase, _ in WAYS.values()} == set(Phase)


def test_10_7_get_status_tells_the_last_error_once() -> None:
    smic = made()
    do(smic, [(RD_NEXT, 0), (GET_STATUS, 7)])
    assert (smic.read(CONTROL), smic.read(DATA)) == (0xC0, Error.ILLEGAL)
    do(smic, [(GET_STATUS, 7)])
    assert smic.read(DATA) == Error.NONE
    do(smic, [(RD_NEXT, 0), (WR_START, 0x18), (GET_STATUS, 7)])
    assert smic.read(DATA) == Error.ABORTED


def test_10_3_only_busy_has_an_effect() -> None:
    smic = made()
    smic.write(DATA, 0x18)
    smic.write(CONTROL, WR_START)
    smic.write(FLAGS, 0xFE)
    assert (smic.phase, smic.read(CONTROL)) == (Phase.READY, 0xC0)
    smic.write(FLAGS, BUSY)
    assert smic.phase is Phase.WRITING


def test_10_the_trace_of_the_vectors() -> None:
    smic = made(Controller(lambda request: DEVICE_ID))
    for code, data, status in entry("smic", "get_device_id")["steps"]:
        written = 0x5A if data.startswith("->") else int(data, 16)
        do(smic, [(int(code, 16), written)])
        assert smic.read(CONTROL) == int(status[:2], 16)
        if data.startswith("->"):
            assert smic.read(DATA) == int(data[2:], 16)
        if "data" in status:
            assert smic.read(DATA) == int(status[-2:], 16)
    assert smic.phase is Phase.READY


def test_10_the_shortest_worked_trace() -> None:
    """`18 01` -> `1C 01 00 20`."""
    smic = made(Controller(lambda request: b"\x1c\x01\x00\x20"))
    send(smic, b"\x18\x01")
    assert received(smic) == b"\x1c\x01\x00\x20"


@pytest.mark.parametrize("way", [way for way in WAYS if way != "full"])
def test_10_7_write_start_begins_anew_in_every_phase(way: str) -> None:
    controller = Controller(None)
    smic = made(controller)
    do(smic, WAYS[way][1])
    controller.requests.clear()
    send(smic, b"\x18\x02\x03")
    assert controller.requests == [b"\x18\x02\x03"]
    smic.answer(b"\x1c\x02\x00\x03")
    assert received(smic) == b"\x1c\x02\x00\x03"


@pytest.mark.parametrize("code", [GET_STATUS, WR_START, RD_START, 0x61])
def test_a_late_answer_to_a_request_that_was_given_up_is_dropped(code: int) -> None:
    smic = made()
    send(smic, b"\x18\x01")
    do(smic, [(code, 0)])
    smic.answer(b"\x1c\x01\x00first")
    send(smic, b"\x18\x01\xff")
    assert smic.phase is Phase.WORKING
    smic.answer(b"\x1c\x01\x00second")
    assert received(smic) == b"\x1c\x01\x00second"


def test_a_reset_forgets_what_was_asked() -> None:
    smic = made()
    send(smic, b"\x18\x01")
    smic.reset()
    smic.answer(ANSWER)
    assert (smic.phase, smic.read(CONTROL), smic.read(DATA)) == (Phase.READY, 0xC0, 0)


def test_the_longest_request() -> None:
    controller = Controller()
    smic = made(controller)
    send(smic, b"\x18\x01" + bytes(LARGEST - 2))
    assert len(controller.requests[0]) == LARGEST
    assert len(received(smic)) == LARGEST + 1


@pytest.mark.parametrize(
    ("flags", "shown"),
    [(0, 0), (0x01, SMS_ATN), (0x02, EVT_ATN), (0x03, SMS_ATN | EVT_ATN), (0x08, SMS_ATN), (0x20, SMS_ATN)],
)
def test_10_4_the_event_buffer_has_an_attention_bit_of_its_own(flags: int, shown: int) -> None:
    smic = made()
    smic.attention(flags, interrupts=False)
    assert smic.read(FLAGS) == RX_DATA_RDY | TX_DATA_RDY | shown
    assert not smic.interrupt
    smic.attention(flags, interrupts=True)
    assert smic.interrupt is (flags != 0)


WRITES = st.tuples(
    st.sampled_from([*range(0x40, 0x47), WR_NEXT, RD_NEXT, 0x47, 0x60, 0xFF, A]), st.integers(0, 255)
)


@given(st.lists(WRITES, max_size=60), st.booleans())
def test_whatever_the_host_does_the_next_request_works(events: list[tuple[int, int]], at_once: bool) -> None:
    controller = Controller(echoed if at_once else None)
    smic = made(controller, largest=6)
    do(smic, events)
    assert all(2 <= len(request) <= 6 for request in controller.requests)
    asked = len(controller.requests)
    send(smic, b"\x28\x77\x01")
    assert controller.requests[asked:] == [b"\x28\x77\x01"]
    smic.answer(b"\x2c\x77\x00\x01")
    assert received(smic) == b"\x2c\x77\x00\x01"
