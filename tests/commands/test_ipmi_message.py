"""IPMI messages of LAN sessions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.commands import ipmi_message
from baseboard.errors import ChecksumError, DecodeError, EncodeError, TruncatedError
from tests.session_vectors import DATA, octets, vectors

PLAINTEXTS = sorted(
    {
        (name, text)
        for vector in DATA["vectors"]
        if vector["kind"] == "v20_session"
        for name, text in vector["expected"]["plaintexts"].items()
    }
)


@vectors("checksum8")
def test_checksum(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert ipmi_message.checksum(octets(given["region"])) == octets(expected["checksum"])[0]


@pytest.mark.parametrize(("name", "text"), PLAINTEXTS)
def test_messages_of_the_vectors(name: str, text: str) -> None:
    message = ipmi_message.unwrap(octets(text))
    assert message.is_response == name.endswith("_rsp")
    assert (message.rs_addr, message.rq_addr) == (0x20, 0x81)
    if message.is_response:
        request = ipmi_message.LanMessage(
            0x20, message.netfn - 1, 0, 0x81, message.rq_seq, 0, message.cmd, b""
        )
        again = ipmi_message.wrap_response(request, message.data)
    else:
        again = ipmi_message.wrap_request(message.netfn, message.cmd, message.data, message.rq_seq)
    assert again.hex() == text


def test_13_8_addresses_and_luns_swap_in_a_response() -> None:
    wire = ipmi_message.wrap_request(0x0A, 0x43, b"abc", 63, rs_addr=0x24, rs_lun=2, rq_addr=0x8D, rq_lun=1)
    request = ipmi_message.unwrap(wire)
    assert repr(request) == "<request 0Ah/43h rq_seq=63 8Dh.1 to 24h.2, 3 bytes>"
    answer = ipmi_message.wrap_response(request, b"\x00xyz")
    assert answer[:6] == bytes((0x8D, 0x0B << 2 | 1, answer[2], 0x24, 63 << 2 | 2, 0x43))
    response = ipmi_message.unwrap(answer)
    assert (response.rs_addr, response.rs_lun, response.rq_addr, response.rq_lun) == (0x24, 2, 0x8D, 1)
    assert (response.netfn, response.cmd, response.rq_seq, response.data) == (0x0B, 0x43, 63, b"\x00xyz")
    assert "response" in repr(response)


def test_payload_is_not_shown() -> None:
    message = ipmi_message.unwrap(ipmi_message.wrap_request(6, 0x47, b"\x02\x02secret", 1))
    assert "secret" not in repr(message)


@pytest.mark.parametrize(("place", "which"), [(1, "first"), (2, "first"), (4, "second"), (-1, "second")])
def test_wrong_checksums(place: int, which: str) -> None:
    wire = bytearray(ipmi_message.wrap_request(6, 1, b"", 1))
    wire[place] ^= 0x10
    with pytest.raises(ChecksumError, match=which):
        ipmi_message.unwrap(bytes(wire))
    assert ipmi_message.unwrap(bytes(wire), tolerate_checksums=True).cmd == 1


def test_smallest_messages() -> None:
    request = ipmi_message.wrap_request(6, 1, b"", 1)
    assert len(request) == 7
    with pytest.raises(TruncatedError, match="of 6 bytes"):
        ipmi_message.unwrap(request[:6])
    response = ipmi_message.wrap_response(ipmi_message.unwrap(request), b"")
    with pytest.raises(TruncatedError, match="without completion code"):
        ipmi_message.unwrap(response)


@pytest.mark.parametrize(
    "change", [{"rq_seq": 64}, {"cmd": 256}, {"netfn": 64}, {"rs_addr": 256}, {"rs_addr": -1}]
)
def test_fields_that_do_not_fit(change: dict[str, int]) -> None:
    fields: dict[str, Any] = {"netfn": 6, "cmd": 1, "data": b"", "rq_seq": 0, **change}
    with pytest.raises(EncodeError, match="a field exceeds its bits"):
        ipmi_message.wrap_request(**fields)


@drawn(st.binary(max_size=30), st.booleans())
def test_random_bytes(data: bytes, tolerant: bool) -> None:
    try:
        message = ipmi_message.unwrap(data, tolerate_checksums=tolerant)
    except DecodeError:
        return
    assert message.data == (data[6:-1])


@drawn(st.binary(min_size=5, max_size=30))
def test_any_message_with_right_checksums(body: bytes) -> None:
    first, rest = body[:2], body[2:]
    wire = first + bytes((ipmi_message.checksum(first),)) + rest + bytes((ipmi_message.checksum(rest),))
    message = ipmi_message.unwrap(wire) if not wire[1] & 4 or len(wire) > 7 else None
    if message is not None and not message.is_response:
        assert wire == ipmi_message.wrap_request(
            message.netfn,
            message.cmd,
            message.data,
            message.rq_seq,
            rs_addr=message.rs_addr,
            rs_lun=message.rs_lun,
            rq_addr=message.rq_addr,
            rq_lun=message.rq_lun,
        )
