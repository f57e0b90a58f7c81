"""KCS from the host's side: every status in every phase, and against a controller that goes wrong."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.links import kcs_host
from baseboard.links.host_machine import PAUSE, SPIN, Done, Failed, Read, Reason, Step, Wait, Write, complete
from baseboard.links.kcs import COMMAND, DATA, IBF, OBF, SMS_ATN, Kcs, State
from baseboard.links.kcs_host import LONGEST, RECOVERIES, KcsHost, Phase, Seen
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
IDLE, READ, WRITE, ERROR = State.IDLE, State.READ, State.WRITE, State.ERROR
FULL = READ | OBF
TO_READY, TO_STARTED = (), (IDLE,)
TO_WRITING = (*TO_STARTED, WRITE)
TO_ENDING = (*TO_WRITING, WRITE, WRITE)
TO_READING = (*TO_ENDING, WRITE)
TO_ABORTING = (ERROR,)
TO_ABORTED = (*TO_ABORTING, ERROR)
TO_STATUS = (*TO_ABORTED, WRITE)
TO_CLOSING = (*TO_STATUS, FULL)
WAYS: dict[str, tuple[Phase, tuple[int, ...]]] = {
    "ready": (Phase.READY, TO_READY),
    "started": (Phase.STARTED, TO_STARTED),
    "writing": (Phase.WRITING, TO_WRITING),
    "writing, one left": (Phase.WRITING, (*TO_WRITING, WRITE)),
    "ending": (Phase.ENDING, TO_ENDING),
    "reading": (Phase.READING, TO_READING),
    "aborting": (Phase.ABORTING, TO_ABORTING),
    "aborted": (Phase.ABORTED, TO_ABORTED),
    "status": (Phase.STATUS, TO_STATUS),
    "closing": (Phase.CLOSING, TO_CLOSING),
    "looking": (Phase.LOOKING, ()),
}
ABORTED, STARTED, NEXT = Write(COMMAND, 0x60), Write(COMMAND, 0x61), Write(DATA, 0x68)
Expected = tuple[Phase, list[Step]]
WAITS: Expected = (Phase.OVER, [])


class Host:
    """A machine that is told statuses, one after the other; what it reads of Data_Out is 5."""

    def __init__(self, request: bytes | None = REQUEST) -> None:
        self.machine = KcsHost(patience=PATIENCE)
        self.time = Time()
        if request is None:
            self.machine.look(self.time())
        else:
            self.machine.request(request, self.time())
        self.step = self.machine.step(0, self.time())

    def told(self, status: int, data: int = 5) -> list[Step]:
        """What it does until it asks for the status again, or is done."""
        assert self.step == Read(COMMAND)
        done: list[Step] = []
        value = status
        while True:
            self.step = self.machine.step(value, self.time())
            if self.step == Read(COMMAND) or isinstance(self.step, Done | Failed):
                return done
            done.append(self.step)
            value = data


def reach(way: str) -> Host:
    phase, statuses = WAYS[way]
    host = Host(None if phase is Phase.LOOKING else REQUEST)
    for status in statuses:
        host.told(status)
    assert host.machine.phase is phase
    return host


def expected(way: str, status: int) -> Expected | Failed | Done:
    """Figures 9-8 and 9-9 again, as a reader has them."""
    phase, state, full = WAYS[way][0], status & 0xC0, bool(status & OBF)
    discard: list[Step] = [Read(DATA)] if full else []
    if status == 0xFF:
        return Failed(Reason.ABSENT)
    if phase is Phase.LOOKING:
        return Done(b"")
    if status & IBF:
        return phase, []
    match way:
        case "ready" if state == IDLE:
            return Phase.STARTED, [*discard, STARTED]
        case "started" if state == WRITE:
            return Phase.WRITING, [*discard, Write(DATA, REQUEST[0])]
        case "writing" if state == WRITE:
            return Phase.WRITING, [*discard, Write(DATA, REQUEST[1])]
        case "writing, one left" if state == WRITE:
            return Phase.ENDING, [*discard, Write(COMMAND, 0x62)]
        case "ending" if state == WRITE:
            return Phase.READING, [*discard, Write(DATA, REQUEST[2])]
        case "reading" if state == READ:
            return Phase.READING, [Read(DATA), NEXT] if full else []
        case "reading" if state == IDLE:
            return Failed(Reason.LOST)  # there was no byte of it
        case "aborting":
            return Phase.ABORTED, [ABORTED]
        case "aborted":
            return Phase.STATUS, [*discard, Write(DATA, 0)]
        case "status" if state == READ:
            return (Phase.CLOSING, [Read(DATA), NEXT]) if full else (phase, [])
        case "closing" if state == IDLE:
            return Phase.READY, discard
    return Phase.ABORTING, []


STATUSES = [
    0xFF,
    *(state | bits for state in State for bits in (0, OBF, IBF, IBF | OBF, 0x08, SMS_ATN, SMS_ATN | OBF)),
]


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: f"{status:02X}h")
@pytest.mark.parametrize("way", WAYS)
def test_9_15_every_status_in_every_phase(way: str, status: int) -> None:
    host = reach(way)
    done = host.told(status)
    wanted = expected(way, status)
    if isinstance(wanted, Failed | Done):
        assert host.step == wanted
        assert host.machine.phase is Phase.OVER
        assert host.machine.step(0, 0.0) == wanted
    else:
        assert (host.machine.phase, done) == wanted
    if not status & IBF and status & 0x40 == 0:
        assert host.machine.attention is (status & SMS_ATN != 0)


def test_every_status_that_the_table_knows_is_among_them() -> None:
    assert {phase for phase, _ in WAYS.values()} | {Phase.OVER} == set(Phase)
    assert {seen for _, seen in KcsHost.TABLE} | set(KcsHost.ALWAYS) == set(Seen)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "looking"])
@pytest.mark.parametrize("status", [IBF, READ], ids=["IBF", "no OBF"])
def test_9_15_what_is_waited_for_has_an_end(way: str, status: int) -> None:
    host = reach(way)
    if expected(way, status) != (WAYS[way][0], []):
        return  # it is not waited for, see above
    pauses = 0
    for _ in range(SPIN + round(PATIENCE / PAUSE) + 10):
        pauses += host.told(status) == [Wait(PAUSE)]
        host.time.sleep(PAUSE if pauses else 0)
        if host.machine.phase is not WAYS[way][0]:
            break
    assert pauses > 100
    if way == "reading":
        assert host.machine.phase is Phase.ABORTING
        for _ in range(5):
            host.told(IBF)
            host.time.sleep(PATIENCE)
            if host.machine.phase is Phase.OVER:
                break
        assert host.step == Failed(Reason.SILENT)  # what came first is told
    else:
        assert host.step == Failed(Reason.BUSY)


@pytest.mark.parametrize("way", ["ready", "started", "reading", "aborted", "closing"])
def test_a_request_begins_afresh_in_every_phase(way: str) -> None:
    host = reach(way)
    host.machine.request(b"\x28\x02", host.time())
    host.step = host.machine.step(0xC0, host.time())
    assert host.told(IDLE) == [STARTED]
    assert host.told(WRITE) == [Write(DATA, 0x28)]


def test_a_request_that_no_interface_carries() -> None:
    host = KcsHost()
    for message in (b"\x18", bytes(kcs_host.LARGEST + 1)):
        with pytest.raises(EncodeError):
            host.request(message, 0.0)
    assert host.step(0, 0.0) == Done(b"")


def connected(controller: Controller | None = None) -> tuple[KcsHost, Kcs, Controller]:
    controller = controller or Controller()
    kcs = Kcs(controller, 50)
    controller.model = kcs
    return KcsHost(patience=PATIENCE), kcs, controller


def test_9_the_trace_of_the_vectors() -> None:
    """The host does what the trace says, but for when it looks whether Data_Out has something."""
    host, kcs, _ = connected(Controller(lambda request: DEVICE_ID))
    host.abort(0.0)
    complete(host, kcs, Time(), Time().sleep)
    host.request(GET_DEVICE_ID, 0.0)
    done: list[list[str]] = []
    value = 0
    while not isinstance(step := host.step(value, 0.0), Done):
        if isinstance(step, Read):
            value = kcs.read(step.register)
            done.append(["R", "status" if step.register == COMMAND else "data_out", f"{value:02X}"])
        elif isinstance(step, Write):
            kcs.write(step.register, step.value)
            done.append(["W", "command" if step.register == COMMAND else "data_in", f"{step.value:02X}"])
    trace = [words[:3] for words in entry("kcs", "get_device_id")["steps"]]
    assert done[0][:2] == trace[0][:2]
    assert done[1:] == trace[1:]
    assert step == Done(DEVICE_ID)


@pytest.mark.parametrize("request_", [GET_DEVICE_ID, b"\x18\x01\x68", bytes(50)], ids=len)
def test_requests_and_responses_from_the_first_after_power_on(request_: bytes) -> None:
    host, kcs, controller = connected()
    for _ in range(3):
        assert ask(host, kcs, request_) == Done(echoed(request_))
    assert controller.requests == [request_] * 3


def test_linux_qemu_the_last_dummy_byte_may_be_missing() -> None:
    host = Host(GET_DEVICE_ID)
    for status in (IDLE, WRITE, WRITE, WRITE):
        host.told(status)
    for byte in b"\x1c\x01\x00":
        assert host.told(FULL, byte) == [Read(DATA), NEXT]
    assert host.told(IDLE) == []
    assert host.step == Done(b"\x1c\x01\x00")


@pytest.mark.parametrize("answer", [b"", b"\x1c\x01", b"\x18\x01\x00", b"\x1c\x02\x00"])
def test_an_answer_to_something_else_is_none(answer: bytes) -> None:
    host = Host(GET_DEVICE_ID)
    for status in (IDLE, WRITE, WRITE, WRITE):
        host.told(status)
    for byte in answer:
        host.told(FULL, byte)
    assert host.told(IDLE | OBF) == [Read(DATA)]
    assert host.step == Failed(Reason.LOST)


def test_an_answer_without_end_is_none() -> None:
    host = reach("reading")
    for _ in range(LONGEST):
        assert host.told(FULL) == [Read(DATA), NEXT]
    assert host.told(FULL) == [Read(DATA)]
    assert host.told(READ) == [ABORTED]
    for status in (WRITE, FULL, IDLE):
        host.told(status)
    assert host.step == Failed(Reason.LOST)


def test_9_17_an_error_in_the_request_is_recovered_from_and_the_request_sent_again() -> None:
    host, kcs, controller = connected()
    access = Meddling(kcs, lambda number: 0x63 if number == 8 else None)
    ask(host, kcs, GET_DEVICE_ID)
    assert ask(host, access, REQUEST) == Done(echoed(REQUEST))
    assert controller.requests == [GET_DEVICE_ID, REQUEST]


def test_9_17_an_error_after_the_request_is_recovered_from_and_told() -> None:
    host, kcs, controller = connected()
    access = Meddling(kcs, lambda number: 0x69 if number == 16 else None)
    ask(host, kcs, GET_DEVICE_ID)
    assert ask(host, access, REQUEST) == Failed(Reason.LOST)
    assert access.count > 16
    assert ask(host, kcs, REQUEST) == Done(echoed(REQUEST))
    assert controller.requests == [GET_DEVICE_ID, REQUEST, REQUEST]


def test_9_17_there_is_a_limit_to_recoveries() -> None:
    host, registers = KcsHost(), Fixed({COMMAND: ERROR, DATA: 0})
    assert ask(host, registers, REQUEST) == Failed(Reason.CONFUSED)
    assert registers.written.count((COMMAND, 0x60)) == RECOVERIES


def test_9_17_a_recovery_that_fails_too_tells_what_came_first() -> None:
    host = reach("reading")
    host.told(ERROR)
    for _ in range(RECOVERIES):
        for status in (ERROR, ERROR, ERROR):
            host.told(status)
    assert host.step == Failed(Reason.LOST)


def test_a_request_that_the_controller_has_no_room_for() -> None:
    host, kcs, controller = connected()
    assert ask(host, kcs, bytes(51)) == Failed(Reason.TOO_LONG)
    assert ask(host, kcs, bytes(60)) == Failed(Reason.TOO_LONG)
    assert not controller.requests
    assert ask(host, kcs, bytes(50)) == Done(echoed(bytes(50)))


def test_no_answer_in_time_and_the_late_one_is_not_taken_for_the_next() -> None:
    host, kcs, controller = connected(Controller(None))
    time = Time()
    assert ask(host, kcs, GET_DEVICE_ID, time) == Failed(Reason.SILENT)
    assert time.now > PATIENCE
    kcs.answer(b"\x1c\x01\x00late")
    controller.answer = echoed
    assert ask(host, kcs, GET_DEVICE_ID) == Done(echoed(GET_DEVICE_ID))
    assert len(controller.requests) == 2


def test_9_18_a_host_may_abort() -> None:
    host, kcs, controller = connected(Controller(None))
    time = Time()
    host.request(GET_DEVICE_ID, 0.0)
    stepped(host, kcs, 40, time)
    assert controller.requests == [GET_DEVICE_ID]
    host.abort(time())
    assert complete(host, kcs, time, time.sleep) == Done(b"")
    assert kcs.read(COMMAND) == IDLE
    controller.answer = echoed
    assert ask(host, kcs, b"\x18\x02") == Done(b"\x1c\x02\x00")
    kcs.answer(echoed(GET_DEVICE_ID))
    assert ask(host, kcs, b"\x18\x03") == Done(b"\x1c\x03\x00")


@pytest.mark.parametrize("steps", range(60))
@pytest.mark.parametrize("answers", [True, False])
def test_9_18_an_abort_after_any_step_leaves_nothing_behind(steps: int, answers: bool) -> None:
    host, kcs, controller = connected(Controller(echoed if answers else None))
    time = Time()
    host.request(REQUEST, time())
    stepped(host, kcs, steps, time)
    host.abort(time())
    assert complete(host, kcs, time, time.sleep) == Done(b"")
    assert kcs.read(COMMAND) & ~0x08 == IDLE
    controller.answer = echoed
    assert ask(host, kcs, b"\x28\x77\x01") == Done(echoed(b"\x28\x77\x01"))
    assert controller.requests.count(REQUEST) <= 1


def test_9_18_an_abort_of_a_request_that_was_too_long_is_an_abort() -> None:
    host, kcs, _ = connected()
    time = Time()
    for event in [(COMMAND, 0x61), *((DATA, 0) for _ in range(51))]:
        kcs.write(*event)
    host.abort(time())
    assert complete(host, kcs, time, time.sleep) == Done(b"")


def test_9_18_an_abort_that_fails_says_so() -> None:
    host, registers, time = KcsHost(), Fixed({COMMAND: ERROR, DATA: 0}), Time()
    host.abort(0.0)
    assert complete(host, registers, time, time.sleep) == Failed(Reason.CONFUSED)
    host, registers = KcsHost(), Fixed({COMMAND: IBF, DATA: 0})
    host.abort(time())
    assert complete(host, registers, time, time.sleep) == Failed(Reason.BUSY)


def test_9_14_attention_is_seen_after_a_request_and_by_a_look() -> None:
    host, kcs, _ = connected()
    ask(host, kcs, GET_DEVICE_ID)
    assert not host.attention
    kcs.attention(0x01, interrupts=False)
    host.look(0.0)
    assert complete(host, kcs, Time(), Time().sleep) == Done(b"")
    assert host.attention
    kcs.attention(0x00, interrupts=False)
    ask(host, kcs, GET_DEVICE_ID)
    assert not host.attention


def test_nothing_is_there() -> None:
    host, registers = KcsHost(), Fixed({COMMAND: 0xFF, DATA: 0xFF})
    assert ask(host, registers, GET_DEVICE_ID) == Failed(Reason.ABSENT)
    host.look(0.0)
    assert complete(host, registers, Time(), Time().sleep) == Failed(Reason.ABSENT)
    assert not host.attention
    assert not registers.written


@pytest.mark.parametrize("number", range(40))
@pytest.mark.parametrize("wrong", [0x00, 0x60, 0x61, 0x62, 0x68, 0xC1, 0x03, 0xFF])
def test_one_access_of_a_request_goes_wrong_and_the_next_request_works(number: int, wrong: int) -> None:
    host, kcs, controller = connected()
    ask(host, kcs, GET_DEVICE_ID)
    ask(host, Meddling(kcs, lambda count: wrong if count == number else None), b"\x18\x02\x03\x04")
    controller.requests.clear()
    assert ask(host, kcs, b"\x28\x77\x01") == Done(echoed(b"\x28\x77\x01"))
    assert controller.requests == [b"\x28\x77\x01"]


FAULTS = st.dictionaries(st.integers(0, 150), st.one_of(st.integers(0, 255), st.just("reset")), max_size=6)


@given(st.lists(st.tuples(st.binary(min_size=2, max_size=30), FAULTS), min_size=1, max_size=4), st.booleans())
def test_both_ends_agree_or_stop_and_then_work(
    exchanges: list[tuple[bytes, dict[int, int | str]]], at_once: bool
) -> None:
    """A wrong byte can change a request or its answer: KCS has no checksum."""
    host, kcs, controller = connected(Controller(echoed if at_once else None))
    for request, faults in exchanges:
        request = bytes((request[0] & 0xFB, *request[1:]))

        def meddle(number: int, faults: dict[int, int | str] = faults) -> int | None:
            fault = faults.get(number)
            if fault == "reset":
                kcs.reset()
            return fault if isinstance(fault, int) else None

        before = len(controller.requests)
        end = ask(host, Meddling(kcs, meddle), request)
        if not faults:
            assert end == (Done(echoed(request)) if at_once else Failed(Reason.SILENT))
        if isinstance(end, Done):
            assert end.message[:2] == bytes((request[0] | 4, request[1]))
        assert len(controller.requests) - before <= RECOVERIES + 1
    controller.answer = echoed
    assert ask(host, kcs, b"\x28\x77") == Done(b"\x2c\x77\x00")


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=300))
def test_whatever_the_registers_say_the_machine_comes_to_an_end(said: list[tuple[int, int]]) -> None:
    host, time = KcsHost(patience=0.01), Time()
    status = itertools.chain((pair[0] for pair in said), itertools.repeat(0x40))
    data = itertools.chain((pair[1] for pair in said), itertools.repeat(0))

    class Random(Fixed):
        def read(self, register: int) -> int:
            time()
            return next(status if register == COMMAND else data)

    assert isinstance(ask(host, Random({}), b"\x18\x01\x02", time), Done | Failed)
