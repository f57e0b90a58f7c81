"""The requester on an IPMB: every state and event, matching, retries, numbers (§6.13, IPMB v1.0)."""

from __future__ import annotations

import itertools

import pytest

from baseboard.codes import Cc
from baseboard.commands import ipmi_message
from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import LocalProtocolError
from baseboard.links.ipmb import EXPIRES_S, SEQUENCES, Form, Written, opened
from baseboard.links.ipmb_requester import (
    RETRIES,
    RETRY_S,
    TABLE,
    Answered,
    Do,
    Exchange,
    GaveUp,
    Phase,
    Requester,
    Seen,
)

APP, SEND_MESSAGE = 0x06, 0x34
REQUEST = LanMessage(0x82, APP, 1, 0, 0, 3, 1, b"\xaa")


def response(
    one: Exchange[str], data: bytes = b"\0", *, netfn: int = APP | 1, cmd: int = 1, address: int = 0x82,
    lun: int = 1, rq_lun: int = 3, sequence: int | None = None,
) -> LanMessage:  # fmt: skip
    number = one.sequence if sequence is None else sequence
    return LanMessage(address, netfn, lun, 0x20, number, rq_lun, cmd, data)


def asked(requester: Requester[str], now: float = 0.0, retries: int = RETRIES) -> Exchange[str]:
    made = requester.ask(REQUEST, "whose", now, retries)
    assert made is not None
    assert requester.outgoing() == [made]
    requester.written(made, Written.DONE, now)
    return made


def test_a_question_goes_out_under_our_address_and_number_and_is_answered() -> None:
    requester: Requester[str] = Requester(0x20)
    made = asked(requester)
    sent = opened(made.frame)
    assert (sent.rs_addr, sent.rs_lun, sent.rq_addr, sent.rq_lun) == (0x82, 1, 0x20, 3)
    assert (sent.netfn, sent.cmd, sent.data, sent.rq_seq) == (APP, 1, b"\xaa", made.sequence)
    requester.receive(response(made, b"\0yes"), 0.1)
    (event,) = requester.events()
    assert isinstance(event, Answered)
    assert (event.exchange.token, event.message.data) == ("whose", b"\0yes")
    requester.receive(response(made, b"\0yes"), 0.1)
    assert requester.events() == [], "the second one is ignored"
    assert (requester.deadline(), requester.under_way(), made.phase) == (None, [], Phase.OVER)


def test_over_smbus_the_frames_are_sealed_so() -> None:
    requester: Requester[str] = Requester(0x20, form=Form.SMBUS)
    assert opened(asked(requester).frame, Form.SMBUS).data == b"\xaa"


def test_who_is_silent_is_asked_again_and_given_up() -> None:
    requester: Requester[str] = Requester(0x20)
    made = asked(requester)
    for attempt in range(1, RETRIES + 1):
        assert requester.deadline() == attempt * RETRY_S
        requester.expire(attempt * RETRY_S - 0.01)
        assert requester.outgoing() == []
        requester.expire(attempt * RETRY_S)
        assert requester.outgoing() == [made]
        requester.written(made, Written.DONE, attempt * RETRY_S)
    requester.expire((RETRIES + 1) * RETRY_S)
    assert requester.events() == [GaveUp(made, Cc.TIMEOUT)]


@pytest.mark.parametrize("code", [Written.LOST_ARBITRATION, Written.BUS_ERROR, Written.NAK])
def test_what_cannot_be_written_is_tried_again_and_told_after_the_last_attempt(code: Written) -> None:
    requester: Requester[str] = Requester(0x20)
    made = requester.ask(REQUEST, "", 0, retries=1)
    assert made is not None
    requester.outgoing()
    requester.written(made, code, 0)
    assert (requester.events(), made.phase) == ([], Phase.REFUSED)
    requester.expire(RETRY_S)
    assert requester.outgoing() == [made]
    requester.written(made, code, RETRY_S)
    assert requester.events() == [GaveUp(made, code)]


def test_a_bus_that_comes_free_in_time_lets_it_through() -> None:
    requester: Requester[str] = Requester(0x20)
    made = requester.ask(REQUEST, "", 0)
    assert made is not None
    requester.outgoing()
    requester.written(made, Written.LOST_ARBITRATION, 0)
    requester.expire(RETRY_S)
    requester.outgoing()
    requester.written(made, Written.DONE, RETRY_S)
    requester.expire(EXPIRES_S)
    assert requester.events() == [GaveUp(made, Cc.TIMEOUT)], "silence is not what the bus said before"


def test_a_number_that_expires_ends_it_whatever_is_left() -> None:
    requester: Requester[str] = Requester(0x20)
    made = asked(requester, retries=100)
    requester.expire(EXPIRES_S)
    assert requester.events() == [GaveUp(made, Cc.TIMEOUT)]
    stuck = requester.ask(REQUEST, "", 0, retries=100)
    assert stuck is not None
    requester.expire(EXPIRES_S)
    assert requester.outgoing() == [], "what is over is not written"
    assert requester.events() == [GaveUp(stuck, Cc.TIMEOUT)]


def test_6_13_responses_are_matched_by_everything() -> None:
    requester: Requester[str] = Requester(0x20)
    made = asked(requester)
    for wrong in (
        response(made, address=0x84),
        response(made, netfn=5),
        response(made, cmd=2),
        response(made, sequence=9),
        response(made, lun=0),
        response(made, rq_lun=0),
    ):
        requester.receive(wrong, 0)
    requester.receive(response(made), EXPIRES_S)
    assert requester.events() == []


@pytest.mark.parametrize(("first", "left"), [(b"\x00", 1), (b"\x83", 0), (b"\x00\x20\x1c", 0)])
def test_a_refusal_or_an_answer_within_ends_the_wait(first: bytes, left: int) -> None:
    requester: Requester[str] = Requester(0x20)
    steps = [(APP | 1, SEND_MESSAGE), (5, 0x2D)]
    made = requester.expect(0x82, 1, steps, "", 0)
    assert made is not None
    requester.receive(response(made, first, cmd=SEND_MESSAGE, rq_lun=0), 0)
    assert len(requester.under_way()) == left
    # a bridge answers for what lies behind it as itself
    requester.receive(response(made, b"\0\x99", netfn=5, cmd=0x2D, lun=0, rq_lun=0), 0)
    heard = [one.message.data for one in requester.events() if isinstance(one, Answered)]
    assert heard == [first, b"\0\x99"][: 1 + left]


def test_numbers_are_taken_in_turn_and_their_number_is_bounded() -> None:
    requester: Requester[str] = Requester(0x20, most=3)

    def expect(now: float = 0) -> int | None:
        made = requester.expect(0x82, 0, [(APP | 1, 1)], "", now)
        return None if made is None else made.sequence

    assert [expect() for _ in range(4)] == [0, 1, 2, None]
    assert requester.ask(REQUEST, "", 0) is None
    assert [expect(EXPIRES_S) for _ in range(4)] == [3, 4, 5, None]


def test_a_number_in_use_is_skipped() -> None:
    requester: Requester[str] = Requester(0x20)
    assert requester.expect(0x82, 0, [(7, 1)], "", 0) is not None
    for _ in range(SEQUENCES - 1):
        made = requester.expect(0x82, 0, [(7, 1)], "", 0)
        assert made is not None
        requester.forget(made)
        requester.forget(made)
    again = requester.expect(0x82, 0, [(7, 1)], "", 0)
    assert again is not None
    assert again.sequence == 1


@pytest.mark.parametrize(("phase", "seen"), list(itertools.product(Phase, Seen)))
def test_every_state_and_event(phase: Phase, seen: Seen) -> None:
    """What the table has is done; for the rest there is one error path."""
    requester: Requester[str] = Requester(0x20)
    made = asked(requester)
    made.phase = phase
    row = TABLE.get((phase, seen))
    if row is None:
        with pytest.raises(LocalProtocolError, match=f"{phase.name}: {seen.name}"):
            requester._step(made, seen)
        assert made.phase is phase
        return
    came = response(made) if row.do is Do.REPORT else None
    requester._step(made, seen, came)
    assert made.phase is row.then
    assert (requester.outgoing() == [made]) == (row.do is Do.WRITE)
    assert len(requester.events()) == (row.do in (Do.REPORT, Do.GIVE_UP))
    assert (made in requester.under_way()) == (row.then is not Phase.OVER)


def test_nothing_was_to_be_written() -> None:
    requester: Requester[str] = Requester(0x20)
    made = asked(requester)
    with pytest.raises(LocalProtocolError, match="WAITING: WRITTEN"):
        requester.written(made, Written.DONE, 0)
    assert ipmi_message.unwrap(made.frame).data == b"\xaa"
