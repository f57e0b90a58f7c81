"""Controllers on a bus: each request is answered once, each response finds its request (§6.13, IPMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.bus import Ipmb, Written
from baseboard.bmc.services.bus_station import (
    ANSWERS,
    EXPIRES_S,
    RETRIES,
    RETRY_S,
    SEQUENCES,
    Reply,
    Station,
    steps_of,
)
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage
from baseboard.testing.clock import VirtualClock

APP, GET_DEVICE_ID, SEND_MESSAGE = 0x06, 0x01, 0x34


class Echo(Station):
    """Answers with its address and what it was given; ``late`` keeps the answers back."""

    def __init__(self, address: int, bus: Ipmb, clock: VirtualClock, most: int = SEQUENCES) -> None:
        super().__init__(address, bus, clock, most)
        self.handled: list[LanMessage] = []
        self.late: list[Reply] | None = None

    def handle(self, message: LanMessage, reply: Reply) -> None:
        self.handled.append(message)
        if self.late is not None:
            self.late.append(reply)
        else:
            reply(bytes((0, self.address)) + message.data)


class Ear:
    """Somebody who only listens."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append(frame)


def two() -> tuple[Echo, Echo, VirtualClock]:
    clock = VirtualClock()
    bus = Ipmb(clock)
    return Echo(0x20, bus, clock), Echo(0x82, bus, clock), clock


def asked(data: bytes = b"", sequence: int = 5, to: int = 0x82, by: int = 0x24, cmd: int = 0x01) -> bytes:
    return lan_message.wrap_request(APP, cmd, data, sequence, rs_addr=to, rq_addr=by)


def test_a_question_is_answered() -> None:
    bmc, satellite, clock = two()
    answers: list[bytes] = []
    bmc.ask(0x82, APP, 0x01, b"\xaa", answers.append, lambda code: answers.append(b"failed"), lun=1)
    clock.advance(1)
    assert answers == [b"\x00\x82\xaa"]
    assert [(one.rs_lun, one.rq_addr) for one in satellite.handled] == [(1, 0x20)]
    clock.advance(60)
    assert len(satellite.handled) == 1, "what was answered is not asked again"


def test_who_is_silent_is_asked_again_and_given_up() -> None:
    bmc, satellite, clock = two()
    satellite.late = []
    codes: list[int] = []
    bmc.ask(0x82, APP, 0x01, b"", lambda data: codes.append(-1), codes.append)
    clock.advance(RETRY_S * RETRIES)
    assert codes == []
    clock.advance(RETRY_S)
    assert codes == [0xC3]
    assert len(satellite.handled) == 1, "the same request is carried out once"
    satellite.late[0](b"\x00")
    clock.advance(1)
    assert codes == [0xC3], "a late answer is nobody's"


@pytest.mark.parametrize(("fault", "code"), [("contended", 0x81), ("stuck", 0x82), ("", 0x83)])
def test_what_cannot_be_written_is_told_after_the_last_attempt(fault: str, code: int) -> None:
    bmc, _, clock = two()
    if fault:
        setattr(bmc.bus, fault, True)
    codes: list[int] = []
    bmc.ask(0x82 if fault else 0x84, APP, 0x01, b"", lambda data: None, codes.append)
    assert codes == []
    clock.advance(RETRY_S * RETRIES)
    assert codes == [code]


def test_a_bus_that_comes_free_in_time_lets_it_through() -> None:
    bmc, _, clock = two()
    assert isinstance(bmc.bus, Ipmb)
    bmc.bus.contended = True
    answers: list[bytes] = []
    bmc.ask(0x82, APP, 0x01, b"", answers.append, lambda code: None)
    bmc.bus.contended = False
    clock.advance(RETRY_S * 2)
    assert answers == [b"\x00\x82"]


def test_a_repeated_request_gets_the_answer_that_there_was() -> None:
    bmc, satellite, clock = two()
    ear = Ear()
    bmc.bus.attach(0x24, ear)
    for _ in range(2):
        bmc.bus.write(asked(b"\x01"))
        clock.advance(0.1)
    assert len(satellite.handled) == 1
    assert len(ear.heard) == 2
    assert ear.heard[0] == ear.heard[1]
    bmc.bus.write(asked(b"\x02"))
    clock.advance(EXPIRES_S)
    bmc.bus.write(asked(b"\x01"))
    clock.advance(0.1)
    assert len(satellite.handled) == 3, "other data, and a number that has expired"


def test_what_is_kept_for_repetitions_is_bounded() -> None:
    bmc, satellite, clock = two()
    bmc.bus.attach(0x24, Ear())
    satellite.late = []
    for number in range(ANSWERS + 1):
        bmc.bus.write(asked(bytes((number,))))
        clock.advance(0.01)
    bmc.bus.write(asked(b"\x00"))
    clock.advance(0.01)
    assert len(satellite.handled) == ANSWERS + 2, "the oldest was forgotten"
    satellite.late[0](b"\x00")
    clock.advance(0.01)


def test_a_broken_frame_and_one_for_somebody_else_are_ignored() -> None:
    bmc, satellite, clock = two()
    good = asked()
    for frame in (good[:-1] + b"\x00", good[:2] + b"\x00" + good[3:], good[:4], b"\x82", b"\x00"):
        satellite.receive(frame)
    satellite.receive(asked(to=0x84))
    satellite.receive(lan_message.wrap_response(lan_message.unwrap(asked(by=0x84)), b"\x00"))
    clock.advance(1)
    assert not satellite.handled
    assert not bmc.handled


def test_20_9_only_get_device_id_is_answered_when_broadcast_and_only_by_its_owner() -> None:
    bmc, satellite, clock = two()
    ear = Ear()
    bmc.bus.attach(0x24, ear)
    assert bmc.bus.write(b"\x00" + asked()) == Written.DONE
    clock.advance(1)
    assert (len(satellite.handled), len(bmc.handled)) == (1, 0)
    answer = lan_message.unwrap(ear.heard[-1])
    assert (answer.rs_addr, answer.netfn, answer.cmd, answer.rq_seq) == (0x82, APP | 1, GET_DEVICE_ID, 5)
    bmc.bus.write(b"\x00" + asked(cmd=0x02, sequence=6))
    bmc.bus.write(b"\x00" + lan_message.wrap_request(APP, 1, b"", 7, rs_addr=0x82, rs_lun=1, rq_addr=0x24))
    bmc.bus.write(b"\x00" + lan_message.wrap_response(lan_message.unwrap(asked(by=0x82)), b"\x00"))
    clock.advance(1)
    assert len(satellite.handled) == 1


def test_6_13_responses_are_matched_by_everything() -> None:
    bmc, _, clock = two()
    heard: list[bytes] = []
    expected = bmc.expect(0x82, 0, [(APP | 1, 0x01)], lambda message: heard.append(message.data))
    assert expected is not None

    def respond(address: int, netfn: int, cmd: int, sequence: int, lun: int = 0) -> None:
        seen = LanMessage(address, netfn, lun, 0x20, sequence, 0, cmd, b"")
        bmc.receive(lan_message.wrap_response(seen, b"\x00"))

    for wrong in (
        (0x84, APP, 1, 0),
        (0x82, 0x04, 1, 0),
        (0x82, APP, 2, 0),
        (0x82, APP, 1, 9),
        (0x82, APP, 1, 0, 3),
    ):
        respond(*wrong)
    assert heard == []
    respond(0x82, APP, 1, expected.sequence)
    respond(0x82, APP, 1, expected.sequence)
    assert heard == [b"\x00"], "the second one is ignored"
    late = bmc.expect(0x82, 0, [(APP | 1, 0x01)], lambda message: heard.append(b"late"))
    assert late is not None
    clock.advance(EXPIRES_S)
    respond(0x82, APP, 1, late.sequence)
    assert heard == [b"\x00"]


def test_numbers_are_taken_in_turn_and_their_number_is_bounded() -> None:
    clock = VirtualClock()
    bmc = Echo(0x20, Ipmb(clock), clock, most=3)

    def expect() -> int | None:
        made = bmc.expect(0x82, 0, [(APP | 1, 1)], lambda message: None, owner="somebody")
        return None if made is None else made.sequence

    assert [expect() for _ in range(4)] == [0, 1, 2, None]
    codes: list[int] = []
    bmc.ask(0x82, APP, 1, b"", lambda data: None, codes.append)
    assert codes == [0xC0]
    clock.advance(EXPIRES_S)
    assert [expect() for _ in range(4)] == [3, 4, 5, None]
    bmc.forget_owner("nobody")
    assert expect() is None
    bmc.forget_owner("somebody")
    assert expect() == 6


def test_a_number_in_use_is_skipped() -> None:
    clock = VirtualClock()
    bmc = Echo(0x20, Ipmb(clock), clock)
    first = bmc.expect(0x82, 0, [(APP | 1, 1)], lambda message: None)
    assert first is not None
    for _ in range(SEQUENCES - 1):
        made = bmc.expect(0x82, 0, [(APP | 1, 1)], lambda message: None)
        assert made is not None
        bmc.forget(made)
        bmc.forget(made)
    again = bmc.expect(0x82, 0, [(APP | 1, 1)], lambda message: None)
    assert again is not None
    assert again.sequence == 1


def test_a_tracked_send_message_has_the_responses_of_what_it_carries_too() -> None:
    inner = lan_message.wrap_request(0x04, 0x2D, b"\x01", 5, rs_addr=0x72)
    middle = b"\x47" + inner
    outer = b"\x40" + lan_message.wrap_request(APP, SEND_MESSAGE, middle, 5, rs_addr=0x82)
    assert steps_of(APP, SEND_MESSAGE, outer) == [(7, 0x34), (7, 0x34), (5, 0x2D)]
    assert steps_of(APP, SEND_MESSAGE, b"\x00" + inner) == [(7, 0x34)]
    assert steps_of(APP, SEND_MESSAGE, b"\x40\x01") == [(7, 0x34)]
    assert steps_of(APP, SEND_MESSAGE, b"") == [(7, 0x34)]


@pytest.mark.parametrize(("first", "left"), [(b"\x00", 1), (b"\x83", 0), (b"\x00\x20\x1c", 0)])
def test_a_refusal_or_an_answer_within_ends_the_wait(first: bytes, left: int) -> None:
    clock = VirtualClock()
    bmc = Echo(0x20, Ipmb(clock), clock)
    heard: list[bytes] = []
    steps = [(APP | 1, SEND_MESSAGE), (5, 0x2D)]
    expected = bmc.expect(0x82, 0, steps, lambda message: heard.append(message.data))
    assert expected is not None
    for netfn, cmd, data in ((APP, SEND_MESSAGE, first), (0x04, 0x2D, b"\x00\x99")):
        seen = LanMessage(0x82, netfn, 0, 0x20, expected.sequence, 0, cmd, b"")
        bmc.receive(lan_message.wrap_response(seen, data))
    assert heard == [first, b"\x00\x99"][: 1 + left]
