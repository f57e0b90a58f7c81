"""LAN parameters before anybody changed them (§23.2, Table 23-4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Interface
from typing import Final, NamedTuple, TypeAlias

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.blueprint.pef import DestinationSpec
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.crypto.suites import SUITES
from baseboard.links.network import NEIGHBOR_TIMING, Abilities

ALERT_DESTINATIONS = 4
"""Non-volatile alert destinations; destination 0 is the volatile one and not counted."""

ENTRIES = 16
STATIC_DUID_BLOCKS = 9
"""A DUID has at most 130 bytes (RFC 3315, §9.1), and the byte of its length comes first."""

TEN_SECONDS = 10
"""Intervals of the bad password threshold are in units of 10 s."""


_NO_DESTINATION: Final = DestinationSpec()
_NOWHERE: Final = IPv6Address(0)
_NO_MAC: Final = bytes(6)
_OF_A_SOCKET: Final = Abilities()


class _Asked(NamedTuple):
    """What a parameter is asked of.

    Attributes:
        set_selector: which of several.
        block_selector: which of its blocks.
        spec: the channel as shipped.
        listed: the cipher suite entries, as :func:`entries` made them.
        abilities: of the network below the channel.
    """

    set_selector: int
    block_selector: int
    spec: LanSpec
    listed: tuple[int, ...]
    abilities: Abilities


_Makers: TypeAlias = dict[int, Callable[[_Asked], p.LanParameter]]


def entries(spec: LanSpec) -> tuple[int, ...]:
    """See `_entries`; the same tuple for the same suites."""
    return _entries(spec.suites)


@cache
def _entries(suites: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """The cipher suites of parameter 23, in the order that parameter 24 follows.

    Entry n is suite n, so that the literal reading of parameter 24 and that of ipmitool, FreeIPMI and
    OpenBMC (nibble n is suite n) agree; a suite that the channel has not is there with level 0. Suites from
    16 on have no place of their own and stand where one is missing, in the last entry only if they must:
    ipmitool neither shows it nor keeps it when it sets the others.
    """
    offered = {number for number, _ in suites}
    listed = list(range(ENTRIES))
    free = [place for place in (*range(4, ENTRIES), 0, 1, 2) if place not in offered]
    for number, place in zip(sorted(offered - set(listed)), free, strict=False):
        listed[place] = number
    assert all(number in SUITES for number in listed)
    return tuple(listed)


def default_parameter(
    selector: int,
    set_selector: int,
    spec: LanSpec,
    listed: tuple[int, ...],
    abilities: Abilities = _OF_A_SOCKET,
    *,
    block_selector: int = 0,
) -> p.LanParameter | None:
    """What a parameter is at first; None = the BMC has no such parameter.

    Args:
        listed: the cipher suite entries, as :func:`entries` made them.
        abilities: of the network below the channel.
    """
    maker = _MAKERS.get(selector)
    if maker is None and abilities.dynamic_addresses:
        maker = _GIVEN_IPV6.get(selector)
    if maker is None:
        return None
    return maker(_Asked(set_selector, block_selector, spec, listed, abilities))


_ADDRESSES: Final[_Makers] = {
    3: lambda a: p.IpAddress(address=IPv4Address(a.spec.ip)),
    4: lambda a: p.IpAddressSource(source=p.AddressSource.DHCP if a.spec.dhcp else p.AddressSource.STATIC),
    5: lambda a: p.MacAddress(mac=a.spec.mac),
    6: lambda a: p.SubnetMask(mask=IPv4Address(a.spec.mask)),
    7: lambda a: p.Ipv4HeaderParameters(),
    8: lambda a: p.PrimaryRmcpPort(port=a.spec.port),
    9: lambda a: p.SecondaryRmcpPort(),
    10: lambda a: p.ArpControl(arp_responses=True, gratuitous_arps=False),
    11: lambda a: p.GratuitousArpInterval(interval=3),
    12: lambda a: p.DefaultGatewayAddress(address=IPv4Address(a.spec.gateway)),
    13: lambda a: p.DefaultGatewayMacAddress(mac=_NO_MAC),
    14: lambda a: p.BackupGatewayAddress(address=IPv4Address(0)),
    15: lambda a: p.BackupGatewayMacAddress(mac=_NO_MAC),
    20: lambda a: p.VlanId(vlan_id=0),
    21: lambda a: p.VlanPriority(),
}


def _shipped(asked: _Asked) -> DestinationSpec:
    """The alert destination that is asked for, as it was shipped."""
    known = 0 < asked.set_selector <= len(asked.spec.destinations)
    return asked.spec.destinations[asked.set_selector - 1] if known else _NO_DESTINATION


def _destination_type(asked: _Asked) -> p.LanParameter:
    shipped = _shipped(asked)
    return p.DestinationType(
        destination=asked.set_selector,
        acknowledged=shipped.acknowledged,
        kind=p.DestinationKind.PET_TRAP,
        timeout=shipped.timeout_s - 1,
        retries=shipped.retries,
    )


def _destination_addresses(asked: _Asked) -> p.LanParameter:
    address = _shipped(asked).address
    on_ipv4 = isinstance(address, IPv4Address)
    return p.DestinationAddresses(
        destination=asked.set_selector,
        format=p.AddressFormat.IPV4 if on_ipv4 else p.AddressFormat.IPV6,
        address=b"\0" + address.packed + _NO_MAC if on_ipv4 else address.packed,
    )


def _destination_tags(asked: _Asked) -> p.LanParameter:
    vlan = _shipped(asked).vlan
    return p.DestinationVlanTags(
        destination=asked.set_selector,
        format=p.VlanFormat.NO_TAG if vlan is None else p.VlanFormat.TAG,
        vlan_id=vlan or 0,
    )


_ALERTS: Final[_Makers] = {
    16: lambda a: p.CommunityString(community=a.spec.community.ljust(18, b"\0")),
    17: lambda a: p.NumberOfDestinations(count=ALERT_DESTINATIONS),
    18: _destination_type,
    19: _destination_addresses,
    25: _destination_tags,
}


def _support(asked: _Asked) -> p.LanParameter:
    enabled = AuthTypes(asked.spec.auth_types)
    return p.AuthenticationTypeSupport(auth_types=enabled | AuthTypes.NONE if enabled else enabled)


def _enables(asked: _Asked) -> p.LanParameter:
    enabled = AuthTypes(asked.spec.auth_types)
    return p.AuthenticationTypeEnables(
        callback=enabled, user=enabled, operator=enabled, administrator=enabled, oem=enabled
    )


def _levels(asked: _Asked) -> p.LanParameter:
    limits = dict(asked.spec.suites)
    return p.CipherSuitePrivilegeLevels.of_levels([limits.get(suite, 0) for suite in asked.listed])


def _bad_passwords(asked: _Asked) -> p.LanParameter:
    return p.BadPasswordThreshold(
        threshold=asked.spec.bad_password_threshold,
        reset_interval=0,
        lockout_interval=asked.spec.lockout_s // TEN_SECONDS,
    )


_LOGINS: Final[_Makers] = {
    1: _support,
    2: _enables,
    22: lambda a: p.CipherSuiteEntrySupport(count=len(a.listed)),
    23: lambda a: p.CipherSuiteEntries(suites=bytes(a.listed)),
    24: _levels,
    26: _bad_passwords,
}


def _timing_support(asked: _Asked) -> p6.TimingSupport:
    given = asked.abilities.dynamic_addresses
    return p6.TimingSupport.GLOBAL if given else p6.TimingSupport.NOT_SUPPORTED


def _ipv6_status(asked: _Asked) -> p.LanParameter:
    dynamic = asked.abilities.dynamic_addresses
    return p6.Ipv6Status(
        static_addresses=asked.abilities.static_addresses,
        dynamic_addresses=dynamic,
        slaac=bool(dynamic),
        dhcpv6=False,
    )


def _static_address(asked: _Asked) -> p.LanParameter:
    """The first static address may have been shipped with the BMC."""
    address, length = _NOWHERE, 0
    if asked.spec.ipv6 and asked.set_selector == 0:
        shipped = IPv6Interface(asked.spec.ipv6)
        address, length = shipped.ip, shipped.network.prefixlen
    return p6.Ipv6StaticAddress(
        set_selector=asked.set_selector, enabled=bool(length), address=address, prefix_length=length
    )


_IPV6: Final[_Makers] = {
    50: lambda a: p6.Ipv6Support(alert_destinations=True, simultaneous=True, ipv6_only=a.abilities.addresses),
    51: lambda a: p6.Ipv6Enables(addressing=p6.Addressing(a.spec.ipv6_enables)),
    52: lambda a: p6.Ipv6TrafficClass(),
    53: lambda a: p6.Ipv6HopLimit(),
    54: lambda a: p6.Ipv6FlowLabel(),
    55: _ipv6_status,
    56: _static_address,
    62: lambda a: p6.Dhcpv6TimingSupport(support=_timing_support(a)),
    64: lambda a: p6.Ipv6RouterControl(dynamic=bool(a.abilities.dynamic_addresses), static=False),
    65: lambda a: p6.Ipv6Router1Address(address=_NOWHERE),
    66: lambda a: p6.Ipv6Router1MacAddress(mac=_NO_MAC),
    67: lambda a: p6.Ipv6Router1PrefixLength(prefix_length=0),
    68: lambda a: p6.Ipv6Router1Prefix(prefix=_NOWHERE),
    69: lambda a: p6.Ipv6Router2Address(address=_NOWHERE),
    70: lambda a: p6.Ipv6Router2MacAddress(mac=_NO_MAC),
    71: lambda a: p6.Ipv6Router2PrefixLength(prefix_length=0),
    72: lambda a: p6.Ipv6Router2Prefix(prefix=_NOWHERE),
    73: lambda a: p6.Ipv6DynamicRouterCount(count=0),
    79: lambda a: p6.NeighborDiscoveryTimingSupport(support=_timing_support(a)),
}
"""IPv6: its static addresses, and static routers."""

_BLOCK: Final = 16
_DHCPV6_TIMING: Final = (
    bytes((1, 1, 120, 1, 30, 10, 1, 1, 4, 10, 10, 255, 10, 255, 1, 1)),
    bytes((120, 1, 5, 1, 5, 32)),
)
"""RFC 3315, §5.5, a byte each, in the order in which ipmitool names them; a byte does not hold 600 s."""


def _dhcpv6_timing(asked: _Asked) -> p.LanParameter:
    block = asked.block_selector
    dhcp = _DHCPV6_TIMING[block] if block < len(_DHCPV6_TIMING) else b""
    return p6.Dhcpv6Timing(**_at(asked), block=dhcp.ljust(_BLOCK, b"\0"))


def _dynamic_address(asked: _Asked) -> p.LanParameter:
    return p6.Ipv6DynamicAddress(
        set_selector=asked.set_selector,
        source=p6.Ipv6Source.STATIC,
        address=_NOWHERE,
        prefix_length=0,
        status=p6.Ipv6AddressStatus.DISABLED,
    )


def _at(asked: _Asked) -> dict[str, int]:
    return {"set_selector": asked.set_selector, "block_selector": asked.block_selector}


_GIVEN_IPV6: Final[_Makers] = {
    57: lambda a: p6.Ipv6StaticDuidLength(blocks=STATIC_DUID_BLOCKS),
    58: lambda a: p6.Ipv6StaticDuid(**_at(a), block=bytes(_BLOCK)),
    59: _dynamic_address,
    60: lambda a: p6.Ipv6DynamicDuidLength(blocks=1),
    63: _dhcpv6_timing,
    74: lambda a: p6.Ipv6DynamicRouterAddress(set_selector=a.set_selector, address=_NOWHERE),
    75: lambda a: p6.Ipv6DynamicRouterMacAddress(set_selector=a.set_selector, mac=_NO_MAC),
    76: lambda a: p6.Ipv6DynamicRouterPrefixLength(set_selector=a.set_selector, prefix_length=0),
    77: lambda a: p6.Ipv6DynamicRouterPrefix(set_selector=a.set_selector, prefix=_NOWHERE),
    78: lambda a: p6.Ipv6ReceivedHopLimit(hop_limit=0),
    80: lambda a: p6.NeighborDiscoveryTiming(**_at(a), block=NEIGHBOR_TIMING.ljust(_BLOCK, b"\0")),
}
"""IPv6 where others give addresses: what was given, and by which timing it is asked for."""

_MAKERS: Final[_Makers] = _ADDRESSES | _ALERTS | _LOGINS | _IPV6
"""A function for each parameter that every channel has, so that only the one asked for is made."""
