"""SMIC from the host's side: every status in every phase, and against a controller that goes wrong."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.links.host_machine import PAUSE, SPIN, Done, Failed, Read, Reason, Step, Wait, Write, complete
from baseboard.links.smic import BUSY, CONTROL, DATA, EVT_ATN, FLAGS, RX_DATA_RDY, SMS_ATN, TX_DATA_RDY, Smic
from baseboard.links.smic_host import LARGEST, LONGEST, TRIES, Phase, Seen, SmicHost
from tests.links.register_bench import (
    DEVICE_ID,
    GET_DEVICE_ID,
    Controller,
    Fixed,
    Meddling,
    Time,
    ask,
    echoed,
    stepped,
)
from tests.records.vectors import entry

REQUEST = b"\x18\x01\x07"
PATIENCE = 1.0
BOTH = RX_DATA_RDY | TX_DATA_RDY
Shown = tuple[int, int, int]
"""Flags, status and data."""

C0, C1, C2, C3, C4, C5, C6 = ((BOTH, status, 0) for status in range(0xC0, 0xC7))
WAYS: dict[str, tuple[Phase, tuple[Shown, ...]]] = {
    "looking": (Phase.LOOKING, ()),
    "ready": (Phase.READY, ()),
    "checked": (Phase.CHECKED, (C0,)),
    "started": (Phase.STARTED, (C0, C0)),
    "writing": (Phase.WRITING, (C0, C0, C1)),
    "written": (Phase.WRITTEN, (C0, C0, C1, C2)),
    "waiting": (Phase.WAITING, (C0, C0, C1, C2, C3)),
    "read started": (Phase.READ_STARTED, (C0, C0, C1, C2, C3, C3)),
    "reading": (Phase.READING, (C0, C0, C1, C2, C3, C3, C4)),
    "closing": (Phase.CLOSING, (C0, C0, C1, C2, C3, C3, C4, C6)),
    "aborting": (Phase.ABORTING, ()),
    "aborted": (Phase.ABORTED, (C0,)),
}
TAKEN = ("waiting", "read started", "reading", "closing")


def control(code: int, flags: int = BOTH, data: int | None = None) -> list[Step]:
    return [*([] if data is None else [Write(DATA, data)]), Write(CONTROL, code), Write(FLAGS, flags | BUSY)]


class Host:
    """A machine that is told what the registers say, one look after the other."""

    def __init__(self, way: str, request: bytes = REQUEST) -> None:
        self.machine = SmicHost(patience=PATIENCE)
        self.time = Time()
        match way:
            case "looking":
                self.machine.look(self.time())
            case "aborting" | "aborted":
                self.machine.abort(self.time())
            case _:
                self.machine.request(request, self.time())
        self.step = self.machine.step(0, self.time())

    def told(self, shown: Shown) -> list[Step]:
        """What it writes, or how long it waits, until it looks again, or is done."""
        assert self.step == Read(FLAGS)
        done: list[Step] = []
        while True:
            value = 0
            if isinstance(self.step, Read):
                value = dict(zip((FLAGS, CONTROL, DATA), shown, strict=True))[self.step.register]
            self.step = self.machine.step(value, self.time())
            if self.step == Read(FLAGS) or isinstance(self.step, Done | Failed):
                return done
            if not isinstance(self.step, Read):
                done.append(self.step)


def reach(way: str) -> Host:
    phase, looks = WAYS[way]
    host = Host(way)
    for shown in looks:
        host.told(shown)
    assert host.machine.phase is phase
    return host


# What goes on, by phase and status; the flag that is needed; what is written.
GOES_ON: dict[tuple[str, int], tuple[Phase, int, dict[str, Any]]] = {
    ("checked", 0xC0): (Phase.STARTED, 0, {"code": 0x41, "data": 0x18}),
    ("started", 0xC1): (Phase.WRITING, TX_DATA_RDY, {"code": 0x42, "data": 0x01}),
    ("writing", 0xC2): (Phase.WRITTEN, TX_DATA_RDY, {"code": 0x43, "data": 0x07}),
    ("written", 0xC3): (Phase.WAITING, 0, {}),
    ("waiting", 0xC3): (Phase.READ_STARTED, RX_DATA_RDY, {"code": 0x44}),
    ("read started", 0xC4): (Phase.READING, RX_DATA_RDY, {"code": 0x45}),
    ("reading", 0xC5): (Phase.READING, RX_DATA_RDY, {"code": 0x45}),
    ("reading", 0xC6): (Phase.CLOSING, 0, {"code": 0x46}),
}
Expected = tuple[Phase, list[Step]]


def expected(way: str, shown: Shown) -> Expected | Done | Failed:
    flags, status, data = shown
    phase = WAYS[way][0]
    if flags == 0xFF:
        return Failed(Reason.ABSENT)
    if way == "looking":
        return Done(b"")
    if flags & BUSY:
        return phase, []
    if way in ("ready", "aborting"):
        return Phase.CHECKED if way == "ready" else Phase.ABORTED, control(0x40, flags)
    if way == "aborted" and status == 0xC0:
        return Done(b"")
    on = GOES_ON.get((way, status))
    if on is not None and (status not in (0xC0, 0xC3) or data == 0 or way == "checked"):
        goes_to, needed, written = on
        if flags & needed != needed:
            return phase, []
        return goes_to, control(flags=flags, **written) if written else []
    if way in TAKEN:
        return Failed(Reason.LOST)
    if status == 0xC0 and data == 5:
        return Failed(Reason.TOO_LONG)
    return Phase.READY, []


FLAGSETS = [0xFF, BOTH, BOTH | BUSY, RX_DATA_RDY, TX_DATA_RDY, 0, BOTH | SMS_ATN, BOTH | EVT_ATN]


@pytest.mark.parametrize("status", [*range(0xC0, 0xC8), 0xE0, 0x00], ids=lambda status: f"{status:02X}h")
@pytest.mark.parametrize("way", WAYS)
def test_10_6_every_status_in_every_phase(way: str, status: int) -> None:
    for flags, data in itertools.product(FLAGSETS, (0, 1, 5)):
        host, shown = reach(way), (flags, status, data)
        done, wanted = host.told(shown), expected(way, shown)
        if isinstance(wanted, Done | Failed):
            assert host.step == wanted, shown
            assert host.machine.phase is Phase.OVER
            assert host.machine.step(0, 0.0) == wanted
        else:
            assert (host.machine.phase, done) == wanted, shown
        assert host.machine.attention is (flags != 0xFF and flags & (SMS_ATN | EVT_ATN) != 0)


def test_every_status_that_the_table_knows_is_among_them() -> None:
    assert {phase for phase, _ in WAYS.values()} | {Phase.OVER} == set(Phase)
    assert {seen for _, seen in SmicHost.TABLE} | set(SmicHost.ALWAYS) | {Seen.ERROR, Seen.OTHER} == set(Seen)
    assert set(SmicHost.NEEDED) < set(SmicHost.TABLE)


def test_a_transfer_is_whole_with_the_end() -> None:
    host = Host("request", GET_DEVICE_ID)
    looks: list[Shown] = [C0, C0, C1, C3, C3, (BOTH, 0xC4, 0x1C), (BOTH, 0xC5, 0x01), (BOTH, 0xC6, 0x00), C0]
    written = [host.told(shown) for shown in looks]
    assert written[2:4] == [control(0x43, data=1), []]
    assert host.step == Done(b"\x1c\x01\x00")


def test_a_read_without_the_end_of_10_6_is_lost() -> None:
    host = reach("closing")
    host.told((BOTH, 0xC0, 1))
    assert host.step == Failed(Reason.LOST)


@pytest.mark.parametrize("answer", [b"\x1c\x01", b"\x18\x01\x00", b"\x1c\x02\x00"])
def test_an_answer_to_something_else_is_none(answer: bytes) -> None:
    host = Host("request", GET_DEVICE_ID)
    for shown in (C0, C0, C1, C3, C3, (BOTH, 0xC4, answer[0])):
        host.told(shown)
    for byte in answer[1:-1]:
        host.told((BOTH, 0xC5, byte))
    host.told((BOTH, 0xC6, answer[-1]))
    host.told(C0)
    assert host.step == Failed(Reason.LOST)


def test_an_answer_without_end_is_none() -> None:
    host = reach("reading")
    for _ in range(LONGEST - 1):
        assert host.told((BOTH, 0xC5, 0)) == control(0x45)
    assert host.told((BOTH, 0xC5, 0)) == []
    assert host.step == Failed(Reason.LOST)


WAITS = {
    "ready": Reason.BUSY, "checked": Reason.BUSY, "started": Reason.BUSY, "writing": Reason.BUSY,
    "written": Reason.BUSY, "waiting": Reason.SILENT, "read started": Reason.LOST, "reading": Reason.LOST,
    "closing": Reason.LOST, "aborting": Reason.BUSY, "aborted": Reason.BUSY,
}  # fmt: skip


@pytest.mark.parametrize("way", WAITS)
def test_10_9_what_is_waited_for_has_an_end(way: str) -> None:
    host = reach(way)
    pauses = 0
    for _ in range(SPIN + round(PATIENCE / PAUSE) + 10):
        pauses += host.told((BUSY, 0, 0)) == [Wait(PAUSE)]
        host.time.sleep(PAUSE if pauses else 0)
        if host.machine.phase is Phase.OVER:
            break
    assert pauses > 100
    assert host.step == Failed(WAITS[way])


@pytest.mark.parametrize("way", WAYS)
def test_a_request_begins_afresh_in_every_phase(way: str) -> None:
    host = reach(way)
    host.machine.request(b"\x28\x02", host.time())
    host.step = host.machine.step(0xC0, host.time())
    assert [host.told(shown) for shown in (C0, C0, C1)] == [
        control(0x40), control(0x41, data=0x28), control(0x43, data=2)
    ]  # fmt: skip


def test_a_request_that_no_interface_carries() -> None:
    host = SmicHost()
    for message in (b"\x18", bytes(LARGEST + 1)):
        with pytest.raises(EncodeError):
            host.request(message, 0.0)
    assert host.step(0, 0.0) == Done(b"")


def connected(controller: Controller | None = None) -> tuple[SmicHost, Smic, Controller]:
    controller = controller or Controller()
    smic = Smic(controller, 50)
    controller.model = smic
    return SmicHost(patience=PATIENCE), smic, controller


def test_10_the_trace_of_the_vectors() -> None:
    host, smic, _ = connected(Controller(lambda request: DEVICE_ID))
    host.request(GET_DEVICE_ID, 0.0)
    written: list[tuple[int, int]] = []
    value = 0
    while not isinstance(step := host.step(value, 0.0), Done):
        if isinstance(step, Read):
            value = smic.read(step.register)
        elif isinstance(step, Write):
            smic.write(step.register, step.value)
            written.append((step.register, step.value))
    assert step == Done(DEVICE_ID)
    codes = [value for register, value in written if register == CONTROL]
    assert codes == [0x40, *(int(words[0], 16) for words in entry("smic", "get_device_id")["steps"])]
    assert [value for register, value in written if register == DATA] == [0x18, 0x01]


@pytest.mark.parametrize("request_", [GET_DEVICE_ID, b"\x18\x01\x68", bytes(50)], ids=len)
def test_requests_and_responses(request_: bytes) -> None:
    host, smic, controller = connected()
    for _ in range(3):
        assert ask(host, smic, request_) == Done(echoed(request_))
    assert controller.requests == [request_] * 3


def test_10_7_an_error_in_the_request_is_recovered_from_and_the_request_sent_again() -> None:
    host, smic, controller = connected()
    # The first control code after GET_STATUS.
    access = Meddling(smic, lambda number: 0x47 if number == 7 else None)
    assert ask(host, access, REQUEST) == Done(echoed(REQUEST))
    assert controller.requests == [REQUEST]
    assert access.count > 60


def test_10_7_there_is_a_limit_to_tries() -> None:
    registers = Fixed({FLAGS: BOTH, CONTROL: 0xC7, DATA: 0})
    assert ask(SmicHost(), registers, REQUEST) == Failed(Reason.CONFUSED)
    assert registers.written.count((CONTROL, 0x40)) == TRIES


def test_a_request_that_the_controller_has_no_room_for() -> None:
    host, smic, controller = connected()
    for length in (51, 52, 80):
        assert ask(host, smic, bytes(length)) == Failed(Reason.TOO_LONG)
    assert not controller.requests
    assert ask(host, smic, bytes(50)) == Done(echoed(bytes(50)))


def test_no_answer_in_time_and_the_late_one_is_not_taken_for_the_next() -> None:
    host, smic, controller = connected(Controller(None))
    time = Time()
    assert ask(host, smic, GET_DEVICE_ID, time) == Failed(Reason.SILENT)
    assert time.now > PATIENCE
    smic.answer(b"\x1c\x01\x00late")
    controller.answer = lambda request: DEVICE_ID
    assert ask(host, smic, GET_DEVICE_ID) == Done(DEVICE_ID)
    assert len(controller.requests) == 2


def test_a_host_may_abort() -> None:
    host, smic, controller = connected(Controller(None))
    time = Time()
    host.request(GET_DEVICE_ID, 0.0)
    stepped(host, smic, 40, time)
    assert controller.requests == [GET_DEVICE_ID]
    host.abort(time())
    assert complete(host, smic, time, time.sleep) == Done(b"")
    controller.answer = echoed
    assert ask(host, smic, b"\x18\x02") == Done(b"\x1c\x02\x00")
    smic.answer(echoed(GET_DEVICE_ID))
    assert ask(host, smic, b"\x18\x03") == Done(b"\x1c\x03\x00")


@pytest.mark.parametrize("steps", range(80))
@pytest.mark.parametrize("answers", [True, False])
def test_an_abort_after_any_step_leaves_nothing_behind(steps: int, answers: bool) -> None:
    host, smic, controller = connected(Controller(echoed if answers else None))
    time = Time()
    host.request(REQUEST, time())
    stepped(host, smic, steps, time)
    host.abort(time())
    assert complete(host, smic, time, time.sleep) == Done(b"")
    assert smic.read(CONTROL) == 0xC0
    controller.answer = echoed
    assert ask(host, smic, b"\x28\x77\x01") == Done(echoed(b"\x28\x77\x01"))
    assert controller.requests.count(REQUEST) <= 1


def test_attention_is_seen_after_a_request_and_by_a_look() -> None:
    host, smic, _ = connected()
    ask(host, smic, GET_DEVICE_ID)
    assert not host.attention
    smic.attention(0x02, interrupts=False)
    host.look(0.0)
    assert complete(host, smic, Time(), Time().sleep) == Done(b"")
    assert host.attention
    smic.attention(0x00, interrupts=False)
    ask(host, smic, GET_DEVICE_ID)
    assert not host.attention


def test_nothing_is_there() -> None:
    host, registers = SmicHost(), Fixed({FLAGS: 0xFF, CONTROL: 0xFF, DATA: 0xFF})
    assert ask(host, registers, GET_DEVICE_ID) == Failed(Reason.ABSENT)
    assert not registers.written


@pytest.mark.parametrize("number", range(60))
@pytest.mark.parametrize("wrong", [0x00, 0x40, 0x41, 0x43, 0x45, 0xC0, 0xC1, 0xFF])
def test_one_access_of_a_request_goes_wrong_and_the_next_request_works(number: int, wrong: int) -> None:
    host, smic, controller = connected()
    ask(host, Meddling(smic, lambda count: wrong if count == number else None), b"\x18\x02\x03\x04")
    controller.requests.clear()
    assert ask(host, smic, b"\x28\x77\x01") == Done(echoed(b"\x28\x77\x01"))
    assert controller.requests == [b"\x28\x77\x01"]


FAULTS = st.dictionaries(st.integers(0, 150), st.one_of(st.integers(0, 255), st.just("reset")), max_size=6)


@given(st.lists(st.tuples(st.binary(min_size=2, max_size=30), FAULTS), min_size=1, max_size=4), st.booleans())
def test_both_ends_agree_or_stop_and_then_work(
    exchanges: list[tuple[bytes, dict[int, int | str]]], at_once: bool
) -> None:
    """A wrong byte can change a request or its answer: SMIC has no checksum."""
    host, smic, controller = connected(Controller(echoed if at_once else None))
    for request, faults in exchanges:
        request = bytes((request[0] & 0xFB, *request[1:]))

        def meddle(number: int, faults: dict[int, int | str] = faults) -> int | None:
            fault = faults.get(number)
            if fault == "reset":
                smic.reset()
            return fault if isinstance(fault, int) else None

        before = len(controller.requests)
        end = ask(host, Meddling(smic, meddle), request)
        if not faults:
            assert end == (Done(echoed(request)) if at_once else Failed(Reason.SILENT))
        if isinstance(end, Done):
            assert end.message[:2] == bytes((request[0] | 4, request[1]))
        assert len(controller.requests) - before <= TRIES
    controller.answer = echoed
    assert ask(host, smic, b"\x28\x77") == Done(b"\x2c\x77\x00")


SAID = st.tuples(st.integers(0, 255), st.integers(0xBE, 0xC8), st.integers(0, 255))


@given(st.lists(SAID, max_size=300))
def test_whatever_the_registers_say_the_machine_comes_to_an_end(said: list[Shown]) -> None:
    host, time = SmicHost(patience=0.01), Time()
    shows = {
        register: itertools.chain((shown[column] for shown in said), itertools.repeat(BUSY))
        for column, register in enumerate((FLAGS, CONTROL, DATA))
    }

    class Random(Fixed):
        def read(self, register: int) -> int:
            return next(shows[register])

    assert isinstance(ask(host, Random({}), b"\x18\x01\x02", time), Done | Failed)
