"""The responder on an IPMB: every state and event, and no request carried out twice (IPMB v1.0)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.commands import ipmi_message
from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import LocalProtocolError
from baseboard.links.ipmb import EXPIRES_S, Form, opened
from baseboard.links.ipmb_responder import ANSWERS, TABLE, Do, Phase, Responder, Seen, Ticket


def request(data: bytes = b"", sequence: int = 5, by: int = 0x24) -> LanMessage:
    return LanMessage(0x82, 0x06, 0, by, sequence, 0, 1, data)


def asked(responder: Responder, message: LanMessage, now: float = 0.0) -> Ticket:
    responder.receive(message, now)
    (ticket,) = responder.asked()
    return ticket


def test_a_request_is_answered() -> None:
    responder = Responder()
    ticket = asked(responder, request(b"\x01"))
    assert (ticket.phase, ticket.message.data, responder.outgoing()) == (Phase.WORKING, b"\x01", [])
    responder.reply(ticket, b"\0abc")
    (frame,) = responder.outgoing()
    response = opened(frame)
    assert (response.netfn, response.rq_addr, response.rs_addr, response.data) == (7, 0x24, 0x82, b"\0abc")
    assert responder.outgoing() == []


def test_a_repeated_request_gets_the_response_that_there_was() -> None:
    responder = Responder(Form.SMBUS)
    ticket = asked(responder, request())
    responder.receive(request(), 0.1)
    assert (responder.asked(), responder.outgoing()) == ([], []), "it is being carried out"
    responder.reply(ticket, b"\0")
    responder.receive(request(), EXPIRES_S - 0.1)
    first, second = responder.outgoing()
    assert first == second
    assert opened(first, Form.SMBUS).data == b"\0"
    assert asked(responder, request(), EXPIRES_S).phase is Phase.WORKING, "the number has expired"


@pytest.mark.parametrize("other", [request(b"\x02"), request(sequence=6), request(by=0x26)])
def test_another_request_is_carried_out(other: LanMessage) -> None:
    responder = Responder()
    responder.receive(request(), 0)
    responder.receive(other, 0)
    assert len(responder.asked()) == 2


def test_what_is_remembered_is_bounded_and_what_is_forgotten_still_answered() -> None:
    responder = Responder()
    tickets = [asked(responder, request(bytes((number,)))) for number in range(ANSWERS + 1)]
    assert [one.phase for one in tickets] == [Phase.FORGOTTEN] + [Phase.WORKING] * ANSWERS
    responder.reply(tickets[0], b"\0")
    assert (tickets[0].phase, len(responder.outgoing())) == (Phase.OVER, 1)
    responder.reply(tickets[1], b"\0")
    asked(responder, request(b"\xff"))
    assert tickets[1].phase is Phase.OVER
    with pytest.raises(LocalProtocolError, match="OVER: REPLY"):
        responder.reply(tickets[1], b"\0")


@pytest.mark.parametrize(("phase", "seen"), list(itertools.product(Phase, Seen)))
def test_every_state_and_event(phase: Phase, seen: Seen) -> None:
    """What the table has is done; for the rest there is one error path."""
    responder = Responder()
    ticket = Ticket(request(), (), 1.0)
    ticket.phase, ticket.response = phase, b"kept"
    row = TABLE.get((phase, seen))
    if row is None:
        with pytest.raises(LocalProtocolError, match=f"{phase.name}: {seen.name}"):
            responder._step(ticket, seen)
        assert ticket.phase is phase
        return
    responder._step(ticket, seen)
    assert ticket.phase is row.then
    assert (responder.asked() == [ticket]) == (row.do is Do.HAND_OVER)
    assert (responder.outgoing() == [b"kept"]) == (row.do is Do.SEND)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.floats(0, 2)), max_size=80))
def test_at_random_no_request_is_carried_out_twice_before_it_expires(
    walk: list[tuple[int, bool, float]],
) -> None:
    responder, now = Responder(), 0.0
    carried: dict[int, float] = {}
    open_tickets: list[Ticket] = []
    for number, answer, pause in walk:
        now += pause
        responder.receive(request(bytes((number,))), now)
        for ticket in responder.asked():
            assert ticket.message.data == bytes((number,))
            if len(carried) < ANSWERS:
                assert now >= carried.get(number, -EXPIRES_S) + EXPIRES_S
            carried[number] = now
            open_tickets.append(ticket)
        if answer and open_tickets:
            responder.reply(open_tickets.pop(), b"\0")
        assert all(ipmi_message.unwrap(frame).data == b"\0" for frame in responder.outgoing())
