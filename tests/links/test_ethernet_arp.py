"""ARP."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.ethernet_arp import REQUEST, Arp, gratuitous, parse
from tests.links.captured import ARP_REQUEST, LINUX_MAC

BODY = ARP_REQUEST[14:]
HOST, BMC = IPv4Address("10.77.0.1"), IPv4Address("10.77.0.2")


def test_a_request_of_linux_is_taken_apart_and_put_together() -> None:
    arp = parse(BODY + b"filled up")
    assert arp == Arp(REQUEST, LINUX_MAC, HOST, bytes(6), BMC)
    assert arp.encode() == BODY


def test_a_gratuitous_arp_asks_everybody_for_its_own_address() -> None:
    """RFC 5227, §3: an announcement is a request with both addresses the same."""
    told = gratuitous(LINUX_MAC, HOST)
    assert (told.operation, told.sender, told.target, told.target_mac) == (1, HOST, HOST, bytes(6))


@pytest.mark.parametrize(
    "data",
    [
        BODY[:27],
        b"\0\x06" + BODY[2:],  # another hardware
        BODY[:2] + b"\x86\xdd" + BODY[4:],  # another protocol
        BODY[:4] + b"\x08" + BODY[5:],
        BODY[:6] + b"\0\x03" + BODY[8:],  # another operation
    ],
)
def test_anything_else_is_none(data: bytes) -> None:
    assert parse(data) is None


@given(data=st.binary(max_size=40))
def test_any_bytes_are_parsed(data: bytes) -> None:
    arp = parse(data)
    assert arp is None or arp.encode() == data[:28]
