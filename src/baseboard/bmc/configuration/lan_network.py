"""The network below a described LAN channel: the host's sockets, or one of its own."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv6Interface, NetmaskValueError
from typing import TYPE_CHECKING

from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.lan_wiring import Wiring

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Lan


def wiring(lan: Lan, spot: Spot, count: int) -> Wiring | None:
    """What the channel's network is made of; None = sockets of the host.

    Args:
        lan: as described.
        spot: of its table.
        count: how many BMCs have it.

    Raises:
        ConfigurationError: two things that do not go together.
    """
    for key, needed in (("namespace", lan.namespace is not None), ("stack", lan.stack != "kernel")):
        if needed and lan.interface is None:
            raise (spot / key).wrong(f"{key} says something of an interface, and there is no lan.interface")
    if lan.interface is None and lan.tap is None:
        return None
    key = "tap" if lan.interface is None else "interface"
    if lan.interface is not None and lan.tap is not None:
        raise (spot / "tap").wrong("a channel has lan.interface or lan.tap, not both")
    if count > 1:
        raise (spot / key).wrong(f"an interface is for one BMC alone, and these are {count}")
    if lan.spread == "addresses":
        raise (spot / "spread").wrong(f"loopback addresses are spread over, and there is lan.{key}")
    if lan.ip is None and lan.ipv6 is None and (key == "tap" or lan.stack == "own"):
        raise (spot / key).wrong("what speaks IP itself needs lan.ip or lan.ipv6, by which it is reached")
    return Wiring(
        interface=lan.interface or "", namespace=lan.namespace or "", stack=lan.stack, tap=lan.tap or ""
    )


def checked_ipv6(lan: Lan, spot: Spot) -> str:
    """The static IPv6 address with its prefix length; empty = there is none.

    Raises:
        ConfigurationError: it is no such address.
    """
    if lan.ipv6 is None:
        return ""
    try:
        address = IPv6Interface(lan.ipv6)
    except (AddressValueError, NetmaskValueError):
        address = None
    if address is None or "/" not in lan.ipv6 or address.ip.is_multicast or address.ip.is_unspecified:
        text = f'found "{lan.ipv6}"; allowed is an IPv6 address with its prefix length, like 2001:db8::5/64'
        raise (spot / "ipv6").wrong(text)
    return str(address)
