"""A console before any session."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.errors import EncodeError
from baseboard.rmcp import asf, lan_message, v15, v20
from baseboard.rmcp.asf import Ping, Pong
from baseboard.rmcp.console_events import Answered, Ponged, RequestArrived, Unanswered
from baseboard.rmcp.discovery import Discovery, Form
from baseboard.rmcp.flight import Pace
from tests.session_vectors import octets, vectors


@vectors("asf_ping")
def test_ping_and_pong(given: dict[str, Any], expected: dict[str, Any]) -> None:
    console = Discovery()
    console.ping(given["tag"])
    assert [datagram.hex() for datagram in console.outgoing()] == [expected["ping"]]
    console.receive(octets(expected["pong_ipmi"]), 0.0)
    assert console.events() == [Ponged(Pong(given["tag"]))]
    assert console.events() == console.outgoing() == []


@vectors("v15_session", "v20_session_capture")
def test_capabilities_before_a_login(given: dict[str, Any], expected: dict[str, Any]) -> None:
    console = Discovery()
    data = octets(expected["datagrams"]["auth_cap_req"])
    token = console.request(0x06, 0x38, data[20:22], 0.0)
    assert console.outgoing() == [data]
    console.receive(octets(expected["datagrams"]["auth_cap_rsp"]), 0.1)
    (answer,) = console.events()
    assert isinstance(answer, Answered)
    assert (answer.token, answer.data) == (token, octets(expected["datagrams"]["auth_cap_rsp"])[20:-1])


def response_to(datagram: bytes, data: bytes = b"\0ok") -> bytes:
    """The IPMI message that answers the request in a datagram of either form."""
    message = datagram[16:] if datagram[4] == 6 else datagram[14:]
    return lan_message.wrap_response(lan_message.unwrap(message), data)


def test_both_forms_and_the_first_answer_counts() -> None:
    console = Discovery(form=Form.V15 | Form.V20)
    token = console.request(0x06, 0x38, b"\x8e\x04", 0.0)
    plain, plus = console.outgoing()
    assert v15.unwrap(plain).message == plus[16:]
    console.receive(v20.wrap(0, 0, 0, response_to(plus)), 0.1)
    console.receive(v15.wrap(0, 0, 0, response_to(plain)), 0.2)
    (answer,) = console.events()
    assert isinstance(answer, Answered)
    assert answer.token == token
    assert console.dropped == 1


@pytest.mark.parametrize("form", [Form.V15, Form.V20])
def test_repeated_then_given_up(form: Form) -> None:
    console = Discovery(form=form, pace=Pace(1.0, 0.0, 3))
    token = console.request(0x06, 0x38, b"\x8e\x04", 0.0)
    (first,) = console.outgoing()
    for now in (0.2, 0.6, 1.4, 2.4):
        due = console.deadline()
        assert due is not None
        assert due == pytest.approx(now)
        console.expire(due - 0.01)
        assert console.outgoing() == []
        console.expire(due)
        assert console.outgoing() == [first]
    console.expire(3.0)
    assert console.outgoing() == []
    assert console.events() == [Unanswered(token, 5)]
    assert console.deadline() is None


def test_what_is_dropped() -> None:
    console = Discovery()
    console.request(0x06, 0x38, b"\x8e\x04", 0.0)
    (sent,) = console.outgoing()
    answer = response_to(sent)
    for datagram in (
        b"",
        b"\x06\0\xff\x07",
        b"\x06\0\xff\x08data",
        v15.wrap(2, 0, 0, answer),
        v15.wrap(0, 0, 9, answer),
        v20.wrap(0x10, 0, 0, answer),
        v20.wrap(0, 9, 0, answer),
        v15.wrap(0, 0, 0, response_to(sent, b"\xcf")),
        v15.wrap(0, 0, 0, answer[:-1] + b"\0"),
        Ping(1).encode(),
        b"\x06\0\xff\x86",
    ):
        before = console.dropped
        console.receive(bytearray(datagram), 0.1)
        assert console.dropped == before + 1
    assert console.events() == []
    console.receive(v15.wrap(0, 0, 0, answer), 0.2)
    assert len(console.events()) == 1


def test_13_2_1_a_pong_that_wants_it_is_acknowledged() -> None:
    console = Discovery()
    pong = bytearray(Pong(1).encode())
    pong[2] = 0x17
    console.receive(pong, 0.0)
    assert console.outgoing() == [bytes.fromhex("06001786")]
    assert console.events() == [Ponged(Pong(1))]
    assert asf.decode(bytes(pong)) == Pong(1)


def test_checksums_may_be_ignored() -> None:
    for tolerant in (False, True):
        console = Discovery(ignore_checksums=tolerant)
        console.request(0x06, 0x38, b"\x8e\x04", 0.0)
        answer = bytearray(response_to(console.outgoing()[0]))
        answer[-1] ^= 1
        console.receive(v15.wrap(0, 0, 0, bytes(answer)), 0.1)
        assert len(console.events()) == tolerant


def test_a_request_of_the_bmc() -> None:
    console = Discovery()
    console.receive(v15.wrap(0, 0, 0, lan_message.wrap_request(0x0C, 0x20, b"\0\1\1\0", 5)), 0.0)
    (event,) = console.events()
    assert isinstance(event, RequestArrived)
    assert event.message.cmd == 0x20


def test_cancel_and_depth() -> None:
    console = Discovery()
    assert console.depth == 1
    first = console.request(6, 1, b"", 0.0)
    console.request(6, 2, b"", 0.0)
    third = console.request(6, 3, b"", 0.0)
    assert [lan_message.unwrap(datagram[14:]).cmd for datagram in console.outgoing()] == [1]
    console.cancel(first, 0.1)
    console.cancel(first, 0.1)
    assert [lan_message.unwrap(datagram[14:]).cmd for datagram in console.outgoing()] == [2]
    console.depth = 4
    console.expire(0.2)
    assert [lan_message.unwrap(datagram[14:]).cmd for datagram in console.outgoing()] == [3]
    console.cancel(third, 0.3)
    assert console.events() == []


def test_what_does_not_fit() -> None:
    console = Discovery()
    console.request(6, 1, bytes(248), 0.0)
    with pytest.raises(EncodeError, match="with 249 bytes"):
        console.request(6, 1, bytes(249), 0.0)
    with pytest.raises(EncodeError):
        console.request(6, 1, b"", 0.0, rs_lun=4, rs_addr=256)
    assert len(console.outgoing()) == 1
