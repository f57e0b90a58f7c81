"""LAN parameters that the network found out, or decides (§23.2): read, never written."""

from __future__ import annotations

from ipaddress import IPv4Interface

from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.links.network import (
    DISABLED,
    NO_MAC,
    PENDING,
    NetworkReport,
)

_DUID_LL = bytes((0, 3, 0, 1))
"""DHCPv6 unique identifier: type 3, link-layer address; hardware type 1, Ethernet (RFC 3315, §9.4)."""

DUID_BLOCK = 16
_ROUTERS = range(74, 78)
_IPV4 = {3, 6, 12}
_GATEWAY_MACS = {13, 15}
FOUND = frozenset({*_IPV4, *_GATEWAY_MACS, 56, 59, *range(73, 79)})
"""Selectors of the parameters that a network may say something about."""


def found(
    selector: int, set_selector: int, stored: bytes, source: int, report: NetworkReport
) -> bytes | None:
    """What a parameter reads as.

    Args:
        selector: one of `FOUND`.
        set_selector: where it has one.
        stored: what is stored of it; empty if nothing ever is.
        source: of the IPv4 address (parameter 4).
        report: of the network.

    Returns: its data; None = there is no such entry.
    """
    if selector in _IPV4:
        return _ipv4(selector, stored, report) if source == p.AddressSource.DHCP else stored
    if selector in _GATEWAY_MACS:
        known = (
            report.gateway_mac
            if selector == p.DefaultGatewayMacAddress.selector
            else report.backup_gateway_mac
        )
        return known if stored == NO_MAC else stored
    if selector == p6.Ipv6StaticAddress.selector:
        return _static(set_selector, stored, report)
    if selector == p6.Ipv6DynamicAddress.selector:
        return _dynamic(set_selector, report)
    if selector == p6.Ipv6DynamicRouterCount.selector:
        return bytes((len(report.routers),))
    if selector in _ROUTERS:
        return _router(selector, set_selector, report)
    return bytes((report.hop_limit,))


def _ipv4(selector: int, stored: bytes, report: NetworkReport) -> bytes:
    """What others gave; what is stored where they gave nothing yet."""
    if report.ipv4 is None:
        return stored
    if selector == p.DefaultGatewayAddress.selector:
        return report.gateway.packed
    given: IPv4Interface = report.ipv4
    return given.ip.packed if selector == p.IpAddress.selector else given.netmask.packed


def _static(entry: int, stored: bytes, report: NetworkReport) -> bytes:
    """An address that is set, with how it fares."""
    parameter = p6.Ipv6StaticAddress.decode(stored)
    status = report.static[entry] if entry < len(report.static) else PENDING
    return stored[:-1] + bytes((status if parameter.enabled else DISABLED,))


def _dynamic(entry: int, report: NetworkReport) -> bytes:
    """An address that was given; without one the entry is empty and disabled."""
    if entry >= len(report.dynamic):
        return bytes((entry, 0)) + bytes(17) + bytes((DISABLED,))
    source, address, status = report.dynamic[entry]
    return bytes((entry, source)) + address.ip.packed + bytes((address.network.prefixlen, status))


def _router(selector: int, entry: int, report: NetworkReport) -> bytes | None:
    if entry >= len(report.routers):
        return None
    router = report.routers[entry]
    prefix = router.prefix
    fields = (router.address.packed, router.mac, bytes((prefix.network.prefixlen,)), prefix.ip.packed)
    return bytes((entry,)) + fields[selector - _ROUTERS.start]


def duid_block(mac: bytes, block: int) -> bytes | None:
    """A block of the DHCPv6 unique identifier of that hardware address; None = it has no such block."""
    duid = _DUID_LL + mac
    whole = bytes((len(duid),)) + duid
    return whole.ljust(DUID_BLOCK, b"\0") if block == 0 else None
