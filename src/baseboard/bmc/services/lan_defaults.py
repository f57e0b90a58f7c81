"""LAN parameters before anybody changed them (§23.2, Table 23-4)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Interface

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


_NO_DESTINATION = DestinationSpec()

# A function for each parameter, so that only the one asked for is made.
_Makers = dict[int, Callable[[], p.LanParameter]]

_NOWHERE = IPv6Address(0)
_OF_A_SOCKET = Abilities()


def entries(spec: LanSpec) -> tuple[int, ...]:
    """The cipher suites of parameter 23, in the order that parameter 24 follows.

    Entry n is suite n, so that the literal reading of parameter 24 and that of ipmitool, FreeIPMI and
    OpenBMC (nibble n is suite n) agree; a suite that the channel has not is there with level 0. Suites from
    16 on have no place of their own and stand where one is missing, in the last entry only if they must:
    ipmitool neither shows it nor keeps it when it sets the others.
    """
    offered = {number for number, _ in spec.suites}
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
    groups = (
        _addresses(spec),
        _alerts(set_selector, spec),
        _logins(spec, listed),
        _ipv6(set_selector, spec, abilities),
        _given_ipv6(set_selector, block_selector) if abilities.dynamic_addresses else {},
    )
    for makers in groups:
        if selector in makers:
            return makers[selector]()
    return None


def _addresses(spec: LanSpec) -> _Makers:
    return {
        3: lambda: p.IpAddress(address=IPv4Address(spec.ip)),
        4: lambda: p.IpAddressSource(source=p.AddressSource.DHCP if spec.dhcp else p.AddressSource.STATIC),
        5: lambda: p.MacAddress(mac=spec.mac),
        6: lambda: p.SubnetMask(mask=IPv4Address(spec.mask)),
        7: p.Ipv4HeaderParameters,
        8: lambda: p.PrimaryRmcpPort(port=spec.port),
        9: p.SecondaryRmcpPort,
        10: lambda: p.ArpControl(arp_responses=True, gratuitous_arps=False),
        11: lambda: p.GratuitousArpInterval(interval=3),
        12: lambda: p.DefaultGatewayAddress(address=IPv4Address(spec.gateway)),
        13: lambda: p.DefaultGatewayMacAddress(mac=bytes(6)),
        14: lambda: p.BackupGatewayAddress(address=IPv4Address(0)),
        15: lambda: p.BackupGatewayMacAddress(mac=bytes(6)),
        20: lambda: p.VlanId(vlan_id=0),
        21: p.VlanPriority,
    }


def _alerts(set_selector: int, spec: LanSpec) -> _Makers:
    known = 0 < set_selector <= len(spec.destinations)
    shipped = spec.destinations[set_selector - 1] if known else _NO_DESTINATION
    on_ipv4 = isinstance(shipped.address, IPv4Address)
    return {
        16: lambda: p.CommunityString(community=spec.community.ljust(18, b"\0")),
        17: lambda: p.NumberOfDestinations(count=ALERT_DESTINATIONS),
        18: lambda: p.DestinationType(
            destination=set_selector,
            acknowledged=shipped.acknowledged,
            kind=p.DestinationKind.PET_TRAP,
            timeout=shipped.timeout_s - 1,
            retries=shipped.retries,
        ),
        19: lambda: p.DestinationAddresses(
            destination=set_selector,
            format=p.AddressFormat.IPV4 if on_ipv4 else p.AddressFormat.IPV6,
            address=b"\0" + shipped.address.packed + bytes(6) if on_ipv4 else shipped.address.packed,
        ),
        25: lambda: p.DestinationVlanTags(
            destination=set_selector,
            format=p.VlanFormat.NO_TAG if shipped.vlan is None else p.VlanFormat.TAG,
            vlan_id=shipped.vlan or 0,
        ),
    }


def _logins(spec: LanSpec, listed: tuple[int, ...]) -> _Makers:
    enabled = AuthTypes(spec.auth_types)
    limits = dict(spec.suites)
    return {
        1: lambda: p.AuthenticationTypeSupport(auth_types=enabled | AuthTypes.NONE if enabled else enabled),
        2: lambda: p.AuthenticationTypeEnables(
            callback=enabled, user=enabled, operator=enabled, administrator=enabled, oem=enabled
        ),
        22: lambda: p.CipherSuiteEntrySupport(count=len(listed)),
        23: lambda: p.CipherSuiteEntries(suites=bytes(listed)),
        24: lambda: p.CipherSuitePrivilegeLevels.of_levels([limits.get(suite, 0) for suite in listed]),
        26: lambda: p.BadPasswordThreshold(
            threshold=spec.bad_password_threshold,
            reset_interval=0,
            lockout_interval=spec.lockout_s // TEN_SECONDS,
        ),
    }


_DHCPV6_TIMING = (
    bytes((1, 1, 120, 1, 30, 10, 1, 1, 4, 10, 10, 255, 10, 255, 1, 1)),
    bytes((120, 1, 5, 1, 5, 32)),
)
"""RFC 3315, §5.5, a byte each, in the order in which ipmitool names them; a byte does not hold 600 s."""


def _ipv6(set_selector: int, spec: LanSpec, abilities: Abilities) -> _Makers:
    """IPv6: its static addresses, and static routers."""
    dynamic, own = abilities.dynamic_addresses, abilities.addresses
    timing = p6.TimingSupport.GLOBAL if dynamic else p6.TimingSupport.NOT_SUPPORTED
    return {
        50: lambda: p6.Ipv6Support(alert_destinations=True, simultaneous=True, ipv6_only=own),
        51: lambda: p6.Ipv6Enables(addressing=p6.Addressing(spec.ipv6_enables)),
        52: p6.Ipv6TrafficClass,
        53: p6.Ipv6HopLimit,
        54: p6.Ipv6FlowLabel,
        55: lambda: p6.Ipv6Status(
            static_addresses=abilities.static_addresses,
            dynamic_addresses=dynamic,
            slaac=bool(dynamic),
            dhcpv6=False,
        ),
        56: lambda: _static_address(set_selector, spec),
        62: lambda: p6.Dhcpv6TimingSupport(support=timing),
        64: lambda: p6.Ipv6RouterControl(dynamic=bool(dynamic), static=False),
        65: lambda: p6.Ipv6Router1Address(address=_NOWHERE),
        66: lambda: p6.Ipv6Router1MacAddress(mac=bytes(6)),
        67: lambda: p6.Ipv6Router1PrefixLength(prefix_length=0),
        68: lambda: p6.Ipv6Router1Prefix(prefix=_NOWHERE),
        69: lambda: p6.Ipv6Router2Address(address=_NOWHERE),
        70: lambda: p6.Ipv6Router2MacAddress(mac=bytes(6)),
        71: lambda: p6.Ipv6Router2PrefixLength(prefix_length=0),
        72: lambda: p6.Ipv6Router2Prefix(prefix=_NOWHERE),
        73: lambda: p6.Ipv6DynamicRouterCount(count=0),
        79: lambda: p6.NeighborDiscoveryTimingSupport(support=timing),
    }


def _static_address(set_selector: int, spec: LanSpec) -> p6.Ipv6StaticAddress:
    """The first static address may have been shipped with the BMC."""
    address, length = _NOWHERE, 0
    if spec.ipv6 and set_selector == 0:
        shipped = IPv6Interface(spec.ipv6)
        address, length = shipped.ip, shipped.network.prefixlen
    return p6.Ipv6StaticAddress(
        set_selector=set_selector, enabled=bool(length), address=address, prefix_length=length
    )


def _given_ipv6(set_selector: int, block_selector: int) -> _Makers:
    """IPv6 where others give addresses: what was given, and by which timing it is asked for."""
    block = 16
    at: dict[str, int] = {"set_selector": set_selector, "block_selector": block_selector}
    dhcp = _DHCPV6_TIMING[block_selector] if block_selector < len(_DHCPV6_TIMING) else b""
    router = set_selector
    return {
        57: lambda: p6.Ipv6StaticDuidLength(blocks=STATIC_DUID_BLOCKS),
        58: lambda: p6.Ipv6StaticDuid(**at, block=bytes(block)),
        59: lambda: p6.Ipv6DynamicAddress(
            set_selector=set_selector,
            source=p6.Ipv6Source.STATIC,
            address=_NOWHERE,
            prefix_length=0,
            status=p6.Ipv6AddressStatus.DISABLED,
        ),
        60: lambda: p6.Ipv6DynamicDuidLength(blocks=1),
        63: lambda: p6.Dhcpv6Timing(**at, block=dhcp.ljust(block, b"\0")),
        74: lambda: p6.Ipv6DynamicRouterAddress(set_selector=router, address=_NOWHERE),
        75: lambda: p6.Ipv6DynamicRouterMacAddress(set_selector=router, mac=bytes(6)),
        76: lambda: p6.Ipv6DynamicRouterPrefixLength(set_selector=router, prefix_length=0),
        77: lambda: p6.Ipv6DynamicRouterPrefix(set_selector=router, prefix=_NOWHERE),
        78: lambda: p6.Ipv6ReceivedHopLimit(hop_limit=0),
        80: lambda: p6.NeighborDiscoveryTiming(**at, block=NEIGHBOR_TIMING.ljust(block, b"\0")),
    }
