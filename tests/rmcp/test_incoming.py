"""From bytes to a request, and back to an answer (§13.8)."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.rmcp import lan_message
from baseboard.rmcp.incoming import SESSION_LESS, answer, read, session_less
from baseboard.rmcp.session import RequestReceived, ResponseReceived
from tests.rmcp.bmc import HERE
from tests.rmcp.test_session import v20

REQUEST = lan_message.wrap_request(0x06, 0x38, b"\x8e\x04", 5, rs_lun=1, rq_lun=2)


def test_13_8_a_request_is_taken_apart() -> None:
    request = read(REQUEST, None, HERE, 6)
    assert isinstance(request, RequestReceived)
    assert (request.netfn, request.lun, request.cmd, request.data) == (0x06, 1, 0x38, b"\x8e\x04")
    assert (request.rq_addr, request.rq_seq, request.rq_lun) == (0x81, 5, 2)
    assert (request.session, request.address, request.form) == (None, HERE, 6)


@pytest.mark.parametrize("place", range(len(REQUEST)))
def test_13_8_a_changed_byte_is_found_out(place: int) -> None:
    changed = bytearray(REQUEST)
    changed[place] ^= 0x40
    assert read(bytes(changed), None, HERE, 6) is None


def test_13_8_both_checksums_count_apart() -> None:
    # One too many before, one too few behind: the sum of all is still right.
    changed = bytearray(REQUEST)
    changed[2] += 1
    changed[-1] -= 1
    assert sum(changed) & 0xFF == sum(REQUEST) & 0xFF
    assert read(bytes(changed), None, HERE, 6) is None


@pytest.mark.parametrize("size", range(7))
def test_13_8_seven_bytes_are_the_least(size: int) -> None:
    assert read(bytes(size), None, HERE, 6) is None


def test_13_8_another_address_is_not_served() -> None:
    assert read(lan_message.wrap_request(6, 1, b"", 0, rs_addr=0x22), None, HERE, 6) is None


def test_a_response_belongs_to_a_session() -> None:
    session = v20()
    request = lan_message.LanMessage(0x81, 0x0C, 0, 0x20, 3, 0, 0x20, b"")
    response = lan_message.wrap_response(request, b"\0")
    assert read(response, None, HERE, 6) is None
    received = read(response, session, HERE, 6)
    assert isinstance(received, ResponseReceived)
    assert (received.session, received.message.rq_seq, received.message.data) == (session, 3, b"\0")


def test_13_8_a_response_without_completion_code_is_none() -> None:
    short = bytes((0x20, 0x07 << 2, -(0x20 + 0x1C) & 0xFF, 0x81, 0, 1, -0x82 & 0xFF))
    assert read(short, v20(), HERE, 6) is None


@drawn(
    netfn=st.integers(0, 31).map(lambda half: half * 2),
    cmd=st.integers(0, 255),
    data=st.binary(max_size=60),
    answered=st.binary(min_size=1, max_size=60),
    numbers=st.tuples(st.integers(0, 63), st.integers(0, 3), st.integers(0, 3), st.integers(0, 255)),
)
def test_13_8_an_answer_finds_its_request(
    netfn: int, cmd: int, data: bytes, answered: bytes, numbers: tuple[int, int, int, int]
) -> None:
    rq_seq, rs_lun, rq_lun, rq_addr = numbers
    message = lan_message.wrap_request(
        netfn, cmd, data, rq_seq, rs_lun=rs_lun, rq_lun=rq_lun, rq_addr=rq_addr
    )
    request = read(message, None, HERE, 0)
    assert isinstance(request, RequestReceived)
    assert answer(request, answered) == lan_message.wrap_response(lan_message.unwrap(message), answered)


@drawn(st.binary(max_size=80))
def test_any_bytes_are_read_or_not(message: bytes) -> None:
    read(message, v20(), HERE, 6)


def asked(netfn: int, cmd: int, data: bytes) -> RequestReceived:
    request = read(lan_message.wrap_request(netfn, cmd, data, 1), None, HERE, 6)
    assert isinstance(request, RequestReceived)
    return request


def test_table_g_1_what_is_answered_outside_a_session() -> None:
    for number in SESSION_LESS:
        assert session_less(asked(number >> 8, number & 0xFF, b"\xdc\x01"))
    assert not session_less(asked(0x06, 0x01, b""))


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"\xdd", b"\x01\xdc"])
def test_dcmi_6_1_1_of_group_extensions_only_dcmis(data: bytes) -> None:
    assert not session_less(asked(0x2C, 0x01, data))
    assert session_less(asked(0x2C, 0x01, b"\xdc" + data))
    assert not session_less(asked(0x2C, 0x02, b"\xdc" + data))


@pytest.mark.parametrize("size", [249, 250, 700])
def test_13_8_messages_of_any_size_are_summed_up(size: int) -> None:
    data = b"\xff" * size
    message = lan_message.wrap_request(0x06, 0x38, data, 5)
    request = read(message, None, HERE, 6)
    assert isinstance(request, RequestReceived)
    assert request.data == data
    assert read(message[:-2] + bytes(((message[-2] + 1) & 0xFF, message[-1])), None, HERE, 6) is None
    assert lan_message.unwrap(answer(request, data)).data == data
