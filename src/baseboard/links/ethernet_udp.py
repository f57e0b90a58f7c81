"""UDP in IPv4 and IPv6 (RFC 768; RFC 8200, §8.1)."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from baseboard.links import ethernet_ipv4, ethernet_ipv6
from baseboard.links.ethernet import checksum

_LAYOUT: Final = struct.Struct("!HHHH")


class Datagram(NamedTuple):
    """A UDP datagram.

    Attributes:
        source: port it came from.
        destination: port it is for.
        data: what is in it.
    """

    source: int
    destination: int
    data: bytes


def _sum(source: IPv4Address | IPv6Address, destination: IPv4Address | IPv6Address, data: bytes) -> int:
    if isinstance(source, IPv6Address) and isinstance(destination, IPv6Address):
        return ethernet_ipv6.upper_checksum(source, destination, ethernet_ipv6.UDP, data)
    pseudo = source.packed + destination.packed + struct.pack("!HH", ethernet_ipv4.UDP, len(data))
    return checksum(pseudo + data)


def encode(
    datagram: Datagram, source: IPv4Address | IPv6Address, destination: IPv4Address | IPv6Address
) -> bytes:
    """What goes into a packet between these addresses."""
    size = _LAYOUT.size + len(datagram.data)
    head = _LAYOUT.pack(datagram.source, datagram.destination, size, 0)
    # 0 would say that there is no checksum.
    right = _sum(source, destination, head + datagram.data) or 0xFFFF
    return head[:6] + right.to_bytes(2, "big") + datagram.data


def parse(
    data: bytes, source: IPv4Address | IPv6Address, destination: IPv4Address | IPv6Address
) -> Datagram | None:
    """The datagram in a packet between these addresses; None if there is none, or its checksum is wrong."""
    if len(data) < _LAYOUT.size:
        return None
    from_port, to_port, size, given = _LAYOUT.unpack_from(data)
    if not _LAYOUT.size <= size <= len(data):
        return None
    # In IPv6 there must be a checksum.
    if (given or source.version == 6) and _sum(source, destination, data[:size]):
        return None
    return Datagram(from_port, to_port, data[_LAYOUT.size : size])
