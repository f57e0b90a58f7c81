"""The RMCP header and its acknowledgement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import DecodeError, TruncatedError
from baseboard.rmcp import header
from tests.session_vectors import octets, vectors


@vectors("rmcp_ack")
def test_13_2_1_acknowledgement(given: dict[str, Any], expected: dict[str, Any]) -> None:
    ack = header.acknowledgement(octets(given["received"]))
    assert ack is not None
    assert ack.hex() == expected["ack"]
    assert header.message_class(ack) == header.ASF | header.ACK


@pytest.mark.parametrize(
    "data",
    ["0600ff06000011be802a0000", "0600ff07", "06000507", "06000508", "06000586"],
    ids=["wants none", "IPMI", "IPMI with a number", "OEM", "an ACK"],
)
def test_13_2_1_nothing_else_is_acknowledged(data: str) -> None:
    assert header.acknowledgement(octets(data)) is None


def test_13_1_message_class() -> None:
    assert header.message_class(header.IPMI_HEADER) == header.IPMI
    assert header.message_class(header.ASF_HEADER + b"data") == header.ASF
    assert header.message_class(b"\x06\x00\x00\x68") == header.OEM, "reserved bits are ignored"


def test_what_is_not_rmcp() -> None:
    with pytest.raises(TruncatedError, match="of 3 bytes"):
        header.message_class(b"\x06\x00\xff")
    with pytest.raises(DecodeError, match="version 05h"):
        header.message_class(b"\x05\x00\xff\x07")


def test_class_oem_starts_with_a_big_endian_iana_number() -> None:
    assert header.oem_payload(bytes.fromhex("0600ff08 0000157f 0102")) == (5503, b"\x01\x02")
    with pytest.raises(TruncatedError, match="has no IANA number"):
        header.oem_payload(bytes.fromhex("0600ff08 000015"))


@drawn(st.binary(max_size=20))
def test_random_bytes(data: bytes) -> None:
    for read in (header.message_class, header.acknowledgement, header.oem_payload):
        try:
            read(data)
        except DecodeError:
            continue
