"""IPv6 packets (RFC 8200) and the addresses that Ethernet makes of hardware addresses."""

from __future__ import annotations

import enum
import struct
from ipaddress import IPv6Address, IPv6Interface
from typing import Final, NamedTuple

from baseboard.links.ethernet import checksum

UDP, FRAGMENT, ICMPV6 = 17, 44, 58
"""Next headers."""

ALL_NODES: Final = IPv6Address("ff02::1")
ALL_ROUTERS: Final = IPv6Address("ff02::2")
LINK_LOCAL: Final = 64
"""Prefix length of addresses that hold on one link."""

_LAYOUT: Final = struct.Struct("!IHBB16s16s")
_VERSION: Final = 6


class Fault(enum.Enum):
    """What is wrong with a packet."""

    HEADER = enum.auto()


class Packet(NamedTuple):
    """An IPv6 packet.

    Attributes:
        source: who sent it.
        destination: for whom it is.
        header: kind of the header that follows.
        data: from that header on.
        hop_limit: how many routers it may pass.
        traffic_class: how it is to be treated.
        flow_label: which flow it belongs to.
    """

    source: IPv6Address
    destination: IPv6Address
    header: int
    data: bytes
    hop_limit: int = 64
    traffic_class: int = 0
    flow_label: int = 0

    def encode(self) -> bytes:
        """What goes into a frame."""
        first = _VERSION << 28 | self.traffic_class << 20 | self.flow_label
        return (
            _LAYOUT.pack(
                first,
                len(self.data),
                self.header,
                self.hop_limit,
                self.source.packed,
                self.destination.packed,
            )
            + self.data
        )


def parse(data: bytes) -> Packet | Fault:
    """The packet in a frame; what it was filled up with is left out."""
    if len(data) < _LAYOUT.size:
        return Fault.HEADER
    first, size, header, hop_limit, source, destination = _LAYOUT.unpack_from(data)
    if first >> 28 != _VERSION or size > len(data) - _LAYOUT.size:
        return Fault.HEADER
    return Packet(
        IPv6Address(source),
        IPv6Address(destination),
        header,
        data[_LAYOUT.size : _LAYOUT.size + size],
        hop_limit,
        first >> 20 & 0xFF,
        first & 0xF_FFFF,
    )


def upper_checksum(source: IPv6Address, destination: IPv6Address, header: int, data: bytes) -> int:
    """The checksum of what is in a packet, over its addresses too (§8.1); 0 over a right one."""
    pseudo = source.packed + destination.packed + struct.pack("!II", len(data), header)
    return checksum(pseudo + data)


def group_mac(group: IPv6Address) -> bytes:
    """The hardware address of a group (RFC 2464, §7)."""
    return b"\x33\x33" + group.packed[12:]


def solicited_node(address: IPv6Address) -> IPv6Address:
    """The group in which an address is asked for (RFC 4291, §2.7.1)."""
    return IPv6Address(b"\xff\x02" + bytes(9) + b"\x01\xff" + address.packed[13:])


def interface_id(mac: bytes) -> bytes:
    """The half of an address that is made of a hardware address (RFC 4291, Appendix A)."""
    return bytes((mac[0] ^ 0x02,)) + mac[1:3] + b"\xff\xfe" + mac[3:]


def with_interface(prefix: bytes, mac: bytes) -> IPv6Interface:
    """The address that a hardware address makes under a prefix of 64 bits."""
    return IPv6Interface((IPv6Address(prefix[:8] + interface_id(mac)), LINK_LOCAL))


def link_local(mac: bytes) -> IPv6Interface:
    """The address on the link that a hardware address makes (RFC 4862, §5.3)."""
    return with_interface(b"\xfe\x80" + bytes(6), mac)
