"""What cannot be written to a LAN parameter (§23.1)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan_checks import impossible
from baseboard.bmc.services.lan_defaults import entries
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.links.network import Abilities

SPEC = LanSpec()
SOCKET = Abilities()
OWN = Abilities(arp=True, addresses=True, static_addresses=4, dynamic_addresses=4, dhcp=False)
MULTICAST = IPv6Address("ff02::1")
GOOD = IPv6Address("2001:db8::5")


def refused(parameter: p.LanParameter, abilities: Abilities = OWN, supported: int = 0x14) -> bool:
    return impossible(parameter, lambda selector, _: bytes((supported,)), entries(SPEC), SPEC, abilities)


def levels(*values: int) -> p.LanParameter:
    return p.CipherSuitePrivilegeLevels.of_levels(values)


def enables(bits: int) -> p.LanParameter:
    none = AuthTypes(0)
    return p.AuthenticationTypeEnables(
        callback=none, user=AuthTypes(bits), operator=none, administrator=none, oem=none
    )


def static(address: IPv6Address, length: int, source: int = 0) -> p.LanParameter:
    return p6.Ipv6StaticAddress(
        set_selector=0, enabled=True, address=address, prefix_length=length, source=p6.Ipv6Source(source)
    )


@pytest.mark.parametrize(
    ("parameter", "wrong"),
    [
        (enables(0x14), False),
        (enables(0x20), True),
        (levels(0, 0, 0, 4), False),
        (levels(4), True),
        (levels(0, 0, 0, 6), True),
        (p.IpAddress(address=IPv4Address("224.0.0.1")), True),
        (p.IpAddress(address=IPv4Address("255.255.255.255")), True),
        (p.IpAddress(address=IPv4Address("10.0.0.1")), False),
        (p.IpAddressSource(source=p.AddressSource.BIOS), False),
        (p.IpAddressSource(source=p.AddressSource.OTHER), True),
        (p.IpAddressSource(source=p.AddressSource.UNSPECIFIED), True),
        (p.SubnetMask(mask=IPv4Address("255.255.254.0")), False),
        (p.SubnetMask(mask=IPv4Address("0.0.0.0")), False),  # noqa: S104 - everything is on the link
        (p.SubnetMask(mask=IPv4Address("255.0.255.0")), True),
        (p.VlanId(enabled=True, vlan_id=4094), False),
        (p.VlanId(enabled=True, vlan_id=4095), True),
        (p.VlanId(enabled=True, vlan_id=0), True),
        (p.VlanId(enabled=False, vlan_id=0), False),
        (p.DestinationVlanTags(destination=1, format=p.VlanFormat.TAG, vlan_id=0), True),
        (p.DestinationVlanTags(destination=1, format=p.VlanFormat.TAG, vlan_id=1), False),
        (p.DestinationVlanTags(destination=1, format=p.VlanFormat(2), vlan_id=1), True),
        (p.DestinationVlanTags(destination=1), False),
        (p.DestinationAddresses(destination=1, address=bytes(11)), False),
        (p.DestinationAddresses(destination=1, format=p.AddressFormat(2), address=bytes(11)), True),
        (static(GOOD, 128), False),
        (static(GOOD, 129), True),
        (static(MULTICAST, 64), True),
        (static(GOOD, 64, 1), True),
        (p6.Ipv6Router1PrefixLength(prefix_length=128), False),
        (p6.Ipv6Router2PrefixLength(prefix_length=129), True),
        (p6.Ipv6StaticDuid(set_selector=0, block_selector=0, block=bytes(16)), False),
        (p6.Ipv6StaticDuid(set_selector=0, block_selector=0, block=bytes(17)), True),
        (p6.Dhcpv6Timing(set_selector=0, block_selector=0, block=bytes(17)), True),
        (p6.NeighborDiscoveryTiming(set_selector=0, block_selector=0, block=bytes(17)), True),
        (p6.Ipv6Enables(addressing=p6.Addressing(3)), True),
        (p.VlanPriority(priority=7), False),
    ],
)
def test_what_no_channel_can_do_is_refused(parameter: p.LanParameter, wrong: bool) -> None:
    assert refused(parameter) == wrong


@pytest.mark.parametrize(
    ("parameter", "socket", "own"),
    [
        (p.ArpControl(arp_responses=True, gratuitous_arps=False), False, False),
        (p.ArpControl(arp_responses=False, gratuitous_arps=False), True, False),
        (p.ArpControl(arp_responses=True, gratuitous_arps=True), True, False),
        (p6.Ipv6Enables(addressing=p6.Addressing.BOTH), False, False),
        (p6.Ipv6Enables(addressing=p6.Addressing.IPV6_ONLY), True, False),
        (p.IpAddress(address=IPv4Address("224.0.0.1")), False, True),
        (p.IpAddressSource(source=p.AddressSource.DHCP), False, True),
    ],
)
def test_a_network_is_asked_for_what_it_can(parameter: p.LanParameter, socket: bool, own: bool) -> None:
    """On the host's sockets its network stack decides; on its own network the BMC does."""
    assert (refused(parameter, SOCKET), refused(parameter, OWN)) == (socket, own)
