"""Packets, layer by layer."""

from __future__ import annotations

import pytest

from baseboard.cli.explaining import explain
from baseboard.cli.explaining_packets import Part, is_message, message
from baseboard.codes import PayloadType
from baseboard.rmcp import lan_message, setup, v15, v20
from baseboard.rmcp.asf import Ping, Pong

REQUEST = lan_message.wrap_request(0x06, 0x01, b"", 5)


def fields(part: Part) -> dict[str, str]:
    return {line.field: line.value for line in part.lines}


def test_a_packet_of_v15_layer_by_layer() -> None:
    header, session, message, command = explain(v15.wrap(2, 7, 0x01020304, REQUEST, b"secret"), "packet")
    assert fields(header)["class"] == "IPMI"
    assert fields(session)["session_id"] == "01020304h"
    assert fields(session)["length"] == "7"
    assert fields(message)["checksum"] == "right"
    assert command.title.startswith("Get Device ID")


def test_wrong_checksums_are_told_not_refused() -> None:
    broken = REQUEST[:-1] + b"\x00"
    *_, message, _ = explain(v15.wrap(0, 0, 0, broken), "packet")
    assert [line.value for line in message.lines if line.field == "checksum"] == ["right", "wrong"]


def test_a_response_in_a_packet_of_v20() -> None:
    asked = lan_message.unwrap(REQUEST)
    answer = lan_message.wrap_response(asked, b"\xc1")
    _, session, message, command = explain(v20.wrap(0, 0x05, 9, answer), "packet")
    assert fields(session)["sequence"] == "9"
    assert fields(message)["rq_addr"] == "81h"
    assert fields(command)["completion_code"] == "C1h"


def test_messages_of_the_login() -> None:
    request = setup.OpenSessionRequest(
        tag=1, console_session_id=2, authentication=3, integrity=4, confidentiality=1
    )
    packet = v20.wrap(PayloadType.OPEN_SESSION_REQUEST, 0, 0, request.encode())
    assert fields(explain(packet, "packet")[-1])["authentication"] == "3"
    refusal = setup.Refusal(tag=1, status=0x0D, console_session_id=2)
    packet = v20.wrap(PayloadType.RAKP_MESSAGE_2, 0, 0, refusal.encode())
    refused = explain(packet, "packet")[-1]
    assert fields(refused)["status"] == "13 (0Dh)"
    assert "Unauthorized name" in [line.note for line in refused.lines]


def test_sol_other_payloads_and_what_is_encrypted() -> None:
    sol = explain(v20.wrap(PayloadType.SOL, 5, 1, b"\x01\x00\x00\x00hello"), "packet")[-1]
    assert fields(sol)["data"] == b"hello".hex(" ")
    odd = explain(v20.wrap(PayloadType.OEM0, 5, 1, b"\x01\x02"), "packet")[-1]
    assert "not a payload" in odd.lines[0].note
    sealed = bytearray(v20.wrap(0, 5, 1, bytes(16)))
    sealed[5] |= v20.ENCRYPTED | v20.AUTHENTICATED
    payload, trailer = explain(bytes(sealed) + bytes(14), "packet")[-2:]
    assert "encrypted" in payload.lines[0].note
    assert trailer.title == "session trailer"


def test_a_ping_and_a_pong() -> None:
    header, ping = explain(Ping(7).encode(), "packet")
    assert fields(header)["class"] == "ASF"
    assert fields(ping) == {"iana": "4542", "type": "80h", "tag": "7", "length": "0"}
    _, pong = explain(Pong(7, entities=0x81).encode(), "packet")
    assert (fields(pong)["type"], fields(pong)["supports_ipmi"]) == ("40h", "yes")
    assert sum(len(line.raw) for line in pong.lines) == len(pong.raw) - 7
    assert fields(explain(Pong(7, entities=1).encode(), "packet")[1])["supports_ipmi"] == "no"


def test_other_classes_of_rmcp() -> None:
    header, acknowledged = explain(b"\x06\x00\x00\x86", "packet")
    assert fields(header)["class"] == "ASF, ACK"
    assert "nothing more" in acknowledged.lines[0].note
    _, other = explain(b"\x06\x00\xff\x08\x01", "packet")
    assert other.lines[0].note == "not of class IPMI or ASF"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x06\x00\xff\x07\x06", "packet of 5 bytes"),
        (b"\x06\x00\xff\x07\x00", "bytes"),
        (b"\x06\x00\xff\x06\x00", "ASF message of 5 bytes"),
        (v15.wrap(0, 0, 0, b"\x20\x18"), "bytes"),
    ],
)
def test_of_a_packet_that_is_cut_off_the_beginning_is_explained(data: bytes, why: str) -> None:
    header, *_, rest = explain(data, "packet")
    assert fields(header)["version"] == "06h"
    assert rest.title == "what cannot be read"
    assert why in rest.lines[0].note


def test_a_message_is_one_with_both_checksums() -> None:
    assert is_message(REQUEST)
    assert not is_message(REQUEST[:-1])
    assert not is_message(REQUEST[:-1] + b"\0")
    envelope, command = message(REQUEST)
    assert fields(envelope)["cmd"] == "01h"
    assert command.title.startswith("Get Device ID")
