"""Alert destinations: LAN parameters 18, 19 and 25 together (Table 23-4)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from baseboard.bmc.services.lan_destinations import Destination, destination, is_whole
from baseboard.commands.parameters import lan as p
from baseboard.links.network import Tag, Via

MAC = bytes(range(6))


def read(kind: str, address: str, tag: str) -> Destination:
    data = {18: bytes.fromhex(kind), 19: bytes.fromhex(address), 25: bytes.fromhex(tag)}
    return destination(3, lambda selector, number: data[selector] if number == 3 else b"")


def test_everything_of_a_destination_is_read() -> None:
    """Acknowledged, 5 s (0-based 4), 2 retries; by the backup gateway; VLAN 200 with priority 6."""
    found = read("03 80 04 02", "03 00 01 c0000209 000102030405", "03 10 c8 c0")
    assert found == Destination(
        number=3,
        kind=p.DestinationKind.PET_TRAP,
        acknowledged=True,
        timeout_s=5,
        retries=2,
        address=IPv4Address("192.0.2.9"),
        via=Via(MAC, True, Tag(200, 6)),
    )
    assert found.set_up


def test_a_destination_by_ipv6_has_neither_gateway_nor_hardware_address() -> None:
    address = IPv6Address("2001:db8::9")
    found = read("03 06 00 00", "03 10" + address.packed.hex(), "03 00 c8 c0")
    assert (found.address, found.via, found.kind) == (address, Via(), p.DestinationKind.OEM_1)
    assert (found.acknowledged, found.timeout_s) == (False, 1)


def test_without_an_address_it_leads_nowhere() -> None:
    assert not read("03 00 03 00", "03 00 00 00000000 000000000000", "03 00 00 00").set_up


@pytest.mark.parametrize(
    ("form", "size", "whole"),
    [(0, 11, True), (0, 10, False), (0, 12, False), (1, 16, True), (1, 15, False), (2, 99, True)],
)
def test_an_address_has_the_length_of_its_format(form: int, size: int, whole: bool) -> None:
    parameter = p.DestinationAddresses(destination=1, format=p.AddressFormat(form), address=bytes(size))
    assert is_whole(parameter) == whole
