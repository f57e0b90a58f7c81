"""IPv6 packets, and the addresses that Ethernet makes."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.ethernet_ipv6 import (
    ICMPV6,
    UDP,
    Fault,
    Packet,
    group_mac,
    interface_id,
    link_local,
    parse,
    solicited_node,
    upper_checksum,
    with_interface,
)
from tests.links.captured import IPV6_SOLICITATION, IPV6_UDP, LINUX_MAC, ROUTER_SOLICITATION

RAW = IPV6_UDP[14:]


@pytest.mark.parametrize("raw", [RAW, IPV6_SOLICITATION[14:], ROUTER_SOLICITATION[14:]])
def test_a_packet_of_linux_is_taken_apart_and_put_together(raw: bytes) -> None:
    packet = parse(raw + b"filled up")
    assert isinstance(packet, Packet)
    assert packet.encode() == raw
    assert upper_checksum(packet.source, packet.destination, packet.header, packet.data) == 0


def test_its_fields_are_in_their_places() -> None:
    packet = parse(RAW)
    assert isinstance(packet, Packet)
    assert (packet.header, packet.hop_limit, packet.traffic_class, packet.flow_label) == (UDP, 64, 0, 0xE1DC2)
    other = parse(packet._replace(traffic_class=0xB8, header=ICMPV6).encode())
    assert isinstance(other, Packet)
    assert (other.traffic_class, other.flow_label, other.header) == (0xB8, 0xE1DC2, ICMPV6)


@pytest.mark.parametrize("data", [b"", RAW[:39], RAW[:-1], b"\x45" + RAW[1:]])
def test_a_wrong_header_is_told(data: bytes) -> None:
    assert parse(data) is Fault.HEADER


@given(data=st.binary(max_size=80))
def test_any_bytes_are_parsed(data: bytes) -> None:
    packet = parse(data)
    assert packet is Fault.HEADER or len(data) >= 40


def test_addresses_of_the_link_and_groups_are_as_linux_made_them() -> None:
    """Source and destinations of the captured solicitations."""
    assert link_local(LINUX_MAC) == IPv6Interface("fe80::863:40ff:fea6:858e/64")
    assert interface_id(LINUX_MAC) == bytes.fromhex("086340fffea6858e")
    assert with_interface(IPv6Address("2001:db8::").packed, LINUX_MAC).ip == IPv6Address(
        "2001:db8::863:40ff:fea6:858e"
    )
    group = solicited_node(IPv6Address("fd77::2"))
    assert group == IPv6Address("ff02::1:ff00:2")
    assert group_mac(group) == IPV6_SOLICITATION[:6]
