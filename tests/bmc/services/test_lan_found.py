"""LAN parameters that the network found out (§23.2)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

import pytest

from baseboard.bmc.services.lan_found import FOUND, duid_block, found
from baseboard.links.network import AddressStatus, NetworkReport, Router

STATIC, DHCP = 1, 2
MAC, OTHER = bytes(range(6)), bytes(range(6, 12))
REPORT = NetworkReport(
    ipv4=IPv4Interface("192.0.2.7/25"),
    gateway=IPv4Address("192.0.2.1"),
    gateway_mac=MAC,
    backup_gateway_mac=OTHER,
    static=(3,),
    dynamic=(AddressStatus(1, IPv6Interface("2001:db8::7/64"), 4),),
    routers=(Router(IPv6Address("fe80::1"), MAC, IPv6Interface("2001:db8::/64")),),
    hop_limit=77,
)
NOTHING = NetworkReport()
PREFIX = "20010db8000000000000000000000000"


@pytest.mark.parametrize(("selector", "data"), [(3, "c0000207"), (6, "ffffff80"), (12, "c0000201")])
def test_what_dhcp_gave_is_told_while_dhcp_gives(selector: int, data: str) -> None:
    assert found(selector, 0, b"kept", DHCP, REPORT) == bytes.fromhex(data)
    assert found(selector, 0, b"kept", STATIC, REPORT) == b"kept"
    assert found(selector, 0, b"kept", DHCP, NOTHING) == b"kept"


@pytest.mark.parametrize(("selector", "mac"), [(13, MAC), (15, OTHER)])
def test_hardware_addresses_that_are_not_set_are_those_found_out(selector: int, mac: bytes) -> None:
    assert found(selector, 0, bytes(6), STATIC, REPORT) == mac
    assert found(selector, 0, b"is set", STATIC, REPORT) == b"is set"
    assert found(selector, 0, bytes(6), STATIC, NOTHING) == bytes(6)


def test_a_static_address_is_told_with_how_it_fares() -> None:
    """Table 23-4, parameter 56: 1 disabled, 2 pending, 3 failed."""
    on, off = (bytes((0, flag)) + bytes(16) + b"\x40\x00" for flag in (0x80, 0x00))
    assert found(56, 0, on, STATIC, REPORT) == on[:-1] + b"\x03"
    assert found(56, 0, on, STATIC, NOTHING) == on[:-1] + b"\x02"
    assert found(56, 0, off, STATIC, REPORT) == off[:-1] + b"\x01"


def test_dynamic_addresses_are_told_and_empty_places_are_disabled() -> None:
    address = "20010db8000000000000000000000007"
    assert found(59, 0, b"", STATIC, REPORT) == bytes.fromhex(f"00 01 {address} 40 04")
    assert found(59, 1, b"", STATIC, REPORT) == bytes((1, 0)) + bytes(17) + b"\x01"


@pytest.mark.parametrize(
    ("selector", "data"),
    [
        (74, "00 fe800000000000000000000000000001"),
        (75, "00 000102030405"),
        (76, "00 40"),
        (77, f"00 {PREFIX}"),
    ],
)
def test_advertised_routers_are_told_in_four_parts(selector: int, data: str) -> None:
    assert found(selector, 0, b"", STATIC, REPORT) == bytes.fromhex(data)
    assert found(selector, 1, b"", STATIC, REPORT) is None


def test_how_many_routers_there_are_and_their_hop_limit() -> None:
    assert [found(selector, 0, b"", STATIC, REPORT) for selector in (73, 78)] == [b"\x01", b"\x4d"]
    assert [found(selector, 0, b"", STATIC, NOTHING) for selector in (73, 78)] == [b"\x00", b"\x00"]
    assert {3, 6, 12, 13, 15, 56, 59, 73, 74, 75, 76, 77, 78} == FOUND


def test_the_identifier_of_a_dhcpv6_client_is_made_of_the_hardware_address() -> None:
    """RFC 3315, §9.4: type 3, hardware type 1; its length comes first."""
    assert duid_block(MAC, 0) == bytes.fromhex("0a 0003 0001 000102030405 0000000000")
    assert duid_block(MAC, 1) is None
