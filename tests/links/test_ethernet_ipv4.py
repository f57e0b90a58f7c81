"""IPv4 packets."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.ethernet import checksum
from baseboard.links.ethernet_ipv4 import UDP, Fault, Packet, parse
from tests.links.captured import IPV4_UDP, PING

RAW = IPV4_UDP[14:]


def changed(at: int, value: int, *, right: bool = True) -> bytes:
    """The captured packet with another byte in its header, its checksum right or not."""
    header = bytearray(RAW[:20])
    header[at] = value
    if right:
        header[10:12] = b"\0\0"
        header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    return bytes(header) + RAW[20:]


def test_a_packet_of_linux_is_taken_apart_and_put_together() -> None:
    packet = parse(RAW + b"filled up")
    assert isinstance(packet, Packet)
    assert (packet.source, packet.destination) == (IPv4Address("10.77.0.1"), IPv4Address("10.77.0.2"))
    assert (packet.protocol, packet.ttl, packet.tos, packet.flags, packet.piece) == (UDP, 64, 0, 2, False)
    assert packet.identification == 0xC820
    assert packet.data.endswith(PING)
    assert packet.encode() == RAW


@pytest.mark.parametrize(
    "data",
    [
        b"",
        RAW[:19],
        RAW[:-1],  # shorter than it says
        changed(0, 0x55),  # version 5
        changed(0, 0x44),  # a header of 16 bytes
        changed(3, 19),  # a packet shorter than its header
        changed(8, 9, right=False),
    ],
)
def test_a_wrong_header_is_told(data: bytes) -> None:
    assert parse(data) is Fault.HEADER


def test_options_are_skipped() -> None:
    header = bytearray(RAW[:20] + b"\x01\x01\x01\0")
    header[0], header[3], header[10:12] = 0x46, 44, b"\0\0"
    header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    packet = parse(bytes(header) + RAW[20:])
    assert isinstance(packet, Packet)
    assert packet.data == RAW[20:]


@pytest.mark.parametrize("piece", [changed(6, 0x20), changed(7, 0x01)])
def test_pieces_are_told_first_and_later_ones(piece: bytes) -> None:
    packet = parse(piece)
    assert isinstance(packet, Packet)
    assert packet.piece


@given(data=st.binary(max_size=60))
def test_any_bytes_are_parsed(data: bytes) -> None:
    packet = parse(data)
    assert packet is Fault.HEADER or len(data) >= 20
