"""LAN parameters before anybody changed them (§23.2, Table 23-4)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from baseboard.bmc.blueprint import LanSpec
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.crypto.suites import SUITES

ALERT_DESTINATIONS = 4
"""Non-volatile alert destinations; destination 0 is the volatile one and not counted."""

ENTRIES = 16
TEN_SECONDS = 10
"""Intervals of the bad password threshold are in units of 10 s."""


# A function for each parameter, so that only the one asked for is made.
_Makers = dict[int, Callable[[], p.LanParameter]]


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
    selector: int, set_selector: int, spec: LanSpec, listed: tuple[int, ...]
) -> p.LanParameter | None:
    """What a parameter is at first; None = the BMC has no such parameter.

    Args:
        listed: the cipher suite entries, as :func:`entries` made them.
    """
    groups = (_addresses(spec), _alerts(set_selector), _logins(spec, listed), _ipv6(set_selector))
    for makers in groups:
        if selector in makers:
            return makers[selector]()
    return None


def _addresses(spec: LanSpec) -> _Makers:
    return {
        3: lambda: p.IpAddress(address=IPv4Address(spec.ip)),
        4: lambda: p.IpAddressSource(source=p.AddressSource.STATIC),
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


def _alerts(set_selector: int) -> _Makers:
    nowhere = p.Ipv4Destination(address=IPv4Address(0))
    return {
        16: lambda: p.CommunityString(community=b"public".ljust(18, b"\0")),
        17: lambda: p.NumberOfDestinations(count=ALERT_DESTINATIONS),
        18: lambda: p.DestinationType(
            destination=set_selector,
            acknowledged=False,
            kind=p.DestinationKind.PET_TRAP,
            timeout=3,
            retries=0,
        ),
        19: lambda: p.DestinationAddresses(destination=set_selector, address=nowhere.encode()),
        25: lambda: p.DestinationVlanTags(destination=set_selector),
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


def _ipv6(set_selector: int) -> _Makers:
    """IPv6: one static address, no dynamic ones."""
    nowhere = IPv6Address(0)
    return {
        50: lambda: p6.Ipv6Support(alert_destinations=False, simultaneous=True, ipv6_only=False),
        51: lambda: p6.Ipv6Enables(addressing=p6.Addressing.IPV4_ONLY),
        52: p6.Ipv6TrafficClass,
        53: p6.Ipv6HopLimit,
        54: p6.Ipv6FlowLabel,
        55: lambda: p6.Ipv6Status(static_addresses=1, dynamic_addresses=0, slaac=False, dhcpv6=False),
        56: lambda: p6.Ipv6StaticAddress(
            set_selector=set_selector, address=nowhere, prefix_length=0, status=p6.Ipv6AddressStatus.DISABLED
        ),
        62: lambda: p6.Dhcpv6TimingSupport(support=p6.TimingSupport.NOT_SUPPORTED),
        64: lambda: p6.Ipv6RouterControl(dynamic=False, static=False),
        65: lambda: p6.Ipv6Router1Address(address=nowhere),
        66: lambda: p6.Ipv6Router1MacAddress(mac=bytes(6)),
        67: lambda: p6.Ipv6Router1PrefixLength(prefix_length=0),
        68: lambda: p6.Ipv6Router1Prefix(prefix=nowhere),
        69: lambda: p6.Ipv6Router2Address(address=nowhere),
        70: lambda: p6.Ipv6Router2MacAddress(mac=bytes(6)),
        71: lambda: p6.Ipv6Router2PrefixLength(prefix_length=0),
        72: lambda: p6.Ipv6Router2Prefix(prefix=nowhere),
        73: lambda: p6.Ipv6DynamicRouterCount(count=0),
        79: lambda: p6.NeighborDiscoveryTimingSupport(support=p6.TimingSupport.NOT_SUPPORTED),
    }
