"""Requests that consoles are to answer: sent under the BMC's number, matched with their session (§6.12)."""

from __future__ import annotations

from typing import Any, cast

import pytest

from baseboard.bmc.services.bus_station import EXPIRES_S
from baseboard.bmc.services.console_requests import MOST, ConsoleRequests
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage
from baseboard.testing.clock import VirtualClock

REQUEST = lan_message.unwrap(lan_message.wrap_request(0x06, 0x01, b"\x07", 33, rs_addr=0x81, rq_addr=0x82))


class Asker:
    owner: object = None
    number: object = None

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def answer(self, message: LanMessage) -> None:
        self.heard.append(message.data)


class Table:
    def __init__(self) -> None:
        self.sent: list[tuple[object, LanMessage]] = []

    def send_message(self, session: object, message: bytes) -> None:
        self.sent.append((session, lan_message.unwrap(message)))


def made() -> tuple[ConsoleRequests, Any, VirtualClock]:
    clock = VirtualClock()
    return ConsoleRequests(clock), cast(Any, Table()), clock


def response(sent: LanMessage, data: bytes = b"\x00", **changes: int) -> LanMessage:
    answer = lan_message.unwrap(lan_message.wrap_response(sent, data))
    for name, value in changes.items():
        setattr(answer, name, value)
    return answer


def test_a_consoles_answer_goes_to_who_asked() -> None:
    requests, table, _ = made()
    asker, session = Asker(), cast(Any, object())
    requests.send(session, table, REQUEST, asker)
    ((to, sent),) = table.sent
    assert to is session
    assert (sent.rs_addr, sent.rq_addr, sent.rq_seq, sent.rq_lun, sent.data) == (0x81, 0x20, 0, 0, b"\x07")
    assert not requests.received(cast(Any, object()), response(sent))
    assert not requests.received(session, response(sent, rq_seq=1))
    assert not requests.received(session, response(sent, cmd=2))
    assert not requests.received(session, response(sent, rq_lun=2)), "that one is system software's"
    assert requests.received(session, response(sent, b"\x00\x55"))
    assert not requests.received(session, response(sent))
    assert asker.heard == [b"\x00\x55"]


def test_what_is_not_answered_expires() -> None:
    requests, table, clock = made()
    asker, session = Asker(), cast(Any, object())
    requests.send(session, table, REQUEST, asker)
    clock.advance(EXPIRES_S)
    assert not requests.received(session, response(table.sent[0][1]))


def test_what_is_under_way_is_bounded_and_ends_with_its_session() -> None:
    requests, table, _ = made()
    requests.forget(object())
    first, second = cast(Any, object()), cast(Any, object())
    for _ in range(MOST):
        requests.send(first, table, REQUEST, Asker())
    with pytest.raises(CompletionError) as caught:
        requests.send(second, table, REQUEST, Asker())
    assert caught.value.code == 0xC0
    requests.forget(first)
    requests.send(second, table, REQUEST, Asker())
    assert not requests.received(first, response(table.sent[0][1]))


def test_a_number_in_use_is_skipped() -> None:
    requests, table, _ = made()
    stays = cast(Any, object())
    requests.send(stays, table, REQUEST, Asker())
    for _ in range(63):
        passing = cast(Any, object())
        requests.send(passing, table, REQUEST, Asker())
        requests.forget(passing)
    requests.send(stays, table, REQUEST, Asker())
    assert table.sent[-1][1].rq_seq == 1
