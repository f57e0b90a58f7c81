"""From LAN parameters to what counts on the wire (§23.2)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Interface, IPv6Address, IPv6Interface

from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.links.network import (
    Abilities,
    NeighborTiming,
    NetworkSettings,
    Router,
    Tag,
)

Read = Callable[[int, int], bytes]
"""Gives the data of a LAN parameter by selector and set selector, as they are stored."""

ON_THE_WIRE = frozenset(
    {3, 4, 6, 7, 10, 11, 12, 13, 14, 15, 20, 21, 51, 52, 53, 54, 56, 64, *range(65, 73), 80}
)
"""Selectors of the parameters that the network has to be told of."""

HALF_SECOND = 0.5
_ROUTERS = (65, 69)


def wire_settings(read: Read, abilities: Abilities, port: int) -> NetworkSettings:
    """What the network is to do."""
    header = p.Ipv4HeaderParameters.decode(read(7, 0))
    arp = p.ArpControl.decode(read(10, 0))
    vlan = p.VlanId.decode(read(20, 0))
    versions = p6.Ipv6Enables.decode(read(51, 0)).addressing
    routers = p6.Ipv6RouterControl.decode(read(64, 0))
    source = p.IpAddressSource.decode(read(4, 0)).source
    on_ipv4, dynamic = versions != p6.Addressing.IPV6_ONLY, source == p.AddressSource.DHCP
    return NetworkSettings(
        mac=read(5, 0),
        ipv4=_ipv4(read) if on_ipv4 and not dynamic else None,
        dynamic=on_ipv4 and dynamic,
        gateway=p.DefaultGatewayAddress.decode(read(12, 0)).address,
        gateway_mac=read(13, 0),
        backup_gateway=p.BackupGatewayAddress.decode(read(14, 0)).address,
        backup_gateway_mac=read(15, 0),
        ttl=header.time_to_live,
        flags=header.flags,
        tos=header.precedence << 5 | header.type_of_service << 1,
        tag=Tag(vlan.vlan_id, p.VlanPriority.decode(read(21, 0)).priority) if vlan.enabled else None,
        arp_responses=arp.arp_responses,
        gratuitous_arps=arp.gratuitous_arps,
        arp_interval_s=(p.GratuitousArpInterval.decode(read(11, 0)).interval + 1) * HALF_SECOND,
        ipv6=versions != p6.Addressing.IPV4_ONLY,
        static=tuple(_static(read(56, entry)) for entry in range(abilities.static_addresses)),
        traffic_class=read(52, 0)[0],
        hop_limit=read(53, 0)[0],
        flow_label=p6.Ipv6FlowLabel.decode(read(54, 0)).flow_label,
        advertised_routers=routers.dynamic,
        static_routers=_routers(read) if routers.static else (),
        timing=NeighborTiming.of(read(80, 0)[2:] if abilities.dynamic_addresses else b""),
        port=port,
    )


def _ipv4(read: Read) -> IPv4Interface | None:
    address, mask = p.IpAddress.decode(read(3, 0)).address, p.SubnetMask.decode(read(6, 0)).mask
    return None if address.is_unspecified else IPv4Interface((address.packed, str(mask)))


def _static(data: bytes) -> IPv6Interface | None:
    entry = p6.Ipv6StaticAddress.decode(data)
    if not entry.enabled or entry.address.is_unspecified:
        return None
    return IPv6Interface((entry.address, entry.prefix_length))


def _routers(read: Read) -> tuple[Router, ...]:
    """The static routers that have an address; without a prefix one is the way to everything."""
    found: list[Router] = []
    for first in _ROUTERS:
        address, prefix = IPv6Address(read(first, 0)), IPv6Address(read(first + 3, 0))
        if not address.is_unspecified:
            length = read(first + 2, 0)[0]
            found.append(Router(address, read(first + 1, 0), IPv6Interface((prefix, length))))
    return tuple(found)
