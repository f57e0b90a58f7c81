"""Where many BMCs listen: a port each, or an address of the loopback network each."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice
from typing import Literal

from baseboard.bmc.server import Place
from baseboard.errors import TransportError

Spread = Literal["ports", "addresses"]

_LAST_PORT = 0xFFFF
_EDGES = (0x00, 0xFF)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    return ip_address(host.partition("%")[0]).is_loopback


def endpoints(host: str, port: int, count: int, spread: Spread = "ports") -> list[Place]:
    """The endpoints of that many BMCs.

    Args:
        host: the address, with ``spread="addresses"`` the first one.
        port: the port, with ``spread="ports"`` the first one; 0 = any.
        count: how many.
        spread: what differs from one to the next.

    Raises:
        TransportError: there are not so many; or the address is none, or none of the loopback network.
    """
    address = parsed(host)
    if spread == "addresses":
        if not (isinstance(address, IPv4Address) and address.is_loopback):
            raise TransportError(
                f"{host}: only addresses of the loopback network 127.0.0.0/8 can be spread over"
            )
        hosts = list(islice(_following(address), count))
        if len(hosts) < count:
            raise TransportError(f"{count} addresses from {host} on go beyond the loopback network")
        return [Place(one, port, shared=True) for one in hosts]
    if port and port + count - 1 > _LAST_PORT:
        raise TransportError(
            f"{count} ports from {port} on go beyond {_LAST_PORT}; take a lower one, or spread over addresses"
        )
    return [Place(host, port + number if port else 0) for number in range(count)]


def parsed(host: str) -> IPv4Address | IPv6Address:
    """The address as a number.

    Raises:
        TransportError: it is no IP address.
    """
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        raise TransportError(f"{host!r} is no IP address") from None


def _following(address: IPv4Address) -> Iterator[str]:
    """Addresses from this one on to the end of the loopback network, without those ending in 0 or 255."""
    number = int(address)
    while IPv4Address(number).is_loopback:
        if number & 0xFF not in _EDGES:
            yield str(IPv4Address(number))
        number += 1
