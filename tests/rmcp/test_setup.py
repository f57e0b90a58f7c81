"""Open Session and RAKP messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import DecodeError, EncodeError, TruncatedError
from baseboard.rmcp import v20
from baseboard.rmcp.setup import (
    OpenSessionRequest,
    OpenSessionResponse,
    Rakp1,
    Rakp2,
    Rakp3,
    Rakp4,
    Refusal,
)
from baseboard.wire import Record
from tests.session_vectors import number, octets, vectors

KINDS: dict[str, type[Record]] = {
    "open_req": OpenSessionRequest,
    "open_rsp": OpenSessionResponse,
    "rakp1": Rakp1,
    "rakp2": Rakp2,
    "rakp3": Rakp3,
    "rakp4": Rakp4,
}


@vectors("v20_session")
def test_handshakes_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, kind in KINDS.items():
        data = octets(expected["datagrams"][name])
        flags, session_id, sequence, start, end = v20.parse(data)
        assert (session_id, sequence) == (0, 0)
        payload = data[start:end]
        message = kind.decode(payload)
        assert message.encode() == payload
        assert v20.wrap(flags, 0, 0, message.encode()) == data
    request = OpenSessionRequest.decode(octets(expected["datagrams"]["open_req"])[16:])
    assert request.console_session_id == number(given["console_sid_wire"])
    assert (request.integrity, request.confidentiality) == (given["integrity"], given["confidentiality"])
    rakp1 = Rakp1.decode(octets(expected["datagrams"]["rakp1"])[16:])
    assert rakp1 == Rakp1(
        tag=rakp1.tag,
        bmc_session_id=number(given["bmc_sid_wire"]),
        rm=octets(given["rm"]),
        role=octets(given["role"])[0],
        username=octets(given["username"]),
    )
    rakp2 = Rakp2.decode(octets(expected["datagrams"]["rakp2"])[16:])
    assert (rakp2.rc.hex(), rakp2.guid.hex()) == (given["rc"], given["guid"])
    assert rakp2.code.hex() == expected["keys"]["rakp2"]


@vectors("v20_session_capture")
def test_a_captured_handshake(given: dict[str, Any], expected: dict[str, Any]) -> None:
    datagrams = {name: octets(text)[16:] for name, text in expected["datagrams"].items()}
    for name, kind in KINDS.items():
        message = kind.decode(datagrams[name])
        if name != "open_rsp":
            assert message.encode() == datagrams[name]
    response = OpenSessionResponse.decode(datagrams["open_rsp"])
    assert response.bmc_session_id == number(given["bmc_sid_wire"])
    assert (response.authentication, response.integrity, response.confidentiality) == (0, 0, 0)
    assert len(response.encode()) == 36, "the reserved bytes that this BMC fills are sent as 0"
    assert Rakp1.decode(datagrams["rakp1"]).username == octets(given["username"])


def test_13_20_a_name_padded_to_16_counts_by_its_length_byte() -> None:
    plain = Rakp1(tag=1, bmc_session_id=2, rm=bytes(16), role=0x14, username=b"root").encode()
    assert len(plain) == 28 + 4
    assert Rakp1.decode(plain + bytes(12)).username == b"root"


def test_13_20_a_name_longer_than_16_is_read_but_not_sent() -> None:
    head = Rakp1(tag=1, bmc_session_id=2, rm=bytes(16), role=0x14, username=b"").encode()[:-1]
    assert Rakp1.decode(head + b"\x11" + b"n" * 17).username == b"n" * 17
    with pytest.raises(EncodeError, match="at most 16 bytes, not 17"):
        Rakp1(tag=1, bmc_session_id=2, rm=bytes(16), role=0x14, username=b"n" * 17).encode()


@pytest.mark.parametrize("tail", [b"", b"\x01", b"\x05root"])
def test_a_name_cut_off(tail: bytes) -> None:
    head = Rakp1(tag=1, bmc_session_id=2, rm=bytes(16), role=0x14, username=b"").encode()[:-1]
    with pytest.raises(DecodeError):
        Rakp1.decode(head + tail)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("0111", Refusal(tag=1, status=0x11)),
        ("02010000a4a3a2a0", Refusal(tag=2, status=1, console_session_id=0xA0A2A3A4)),
        ("02010000a4a3a2a0" + "00" * 28, Refusal(tag=2, status=1, console_session_id=0xA0A2A3A4)),
    ],
    ids=["two bytes", "eight bytes", "full length"],
)
def test_refusals_come_in_several_lengths(data: str, expected: Refusal) -> None:
    assert Refusal.decode(octets(data)) == expected


def test_a_refusal_is_sent_with_eight_bytes() -> None:
    assert Refusal(tag=2, status=1, console_session_id=1).encode() == octets("0201000001000000")


@pytest.mark.parametrize("kind", KINDS.values())
def test_messages_cut_off(kind: type[Record]) -> None:
    smallest = {OpenSessionRequest: 32, OpenSessionResponse: 36, Rakp1: 28, Rakp2: 40, Rakp3: 8, Rakp4: 8}[
        kind
    ]
    assert isinstance(kind.decode(bytes(smallest)), kind)
    for size in range(smallest):
        with pytest.raises(TruncatedError if size < 27 or kind is not Rakp1 else DecodeError):
            kind.decode(bytes(size))


@drawn(st.binary(max_size=80), st.sampled_from([*KINDS.values(), Refusal]))
def test_random_bytes(data: bytes, kind: type[Record]) -> None:
    try:
        message = kind.decode(data)
    except DecodeError:
        return
    assert repr(message)
