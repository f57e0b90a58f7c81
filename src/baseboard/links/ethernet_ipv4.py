"""IPv4 packets (RFC 791), as far as one that is in one piece needs."""

from __future__ import annotations

import enum
import struct
from ipaddress import IPv4Address
from typing import Final, NamedTuple

from baseboard.links.ethernet import checksum

ICMP, UDP = 1, 17
"""Protocols."""

MTU: Final = 1500

_LAYOUT: Final = struct.Struct("!BBHHHBBH4s4s")
_PLAIN: Final = 0x45
_MORE, _OFFSET = 0x2000, 0x1FFF


class Fault(enum.Enum):
    """What is wrong with a packet."""

    HEADER = enum.auto()


class Packet(NamedTuple):
    """An IPv4 packet, or a piece of one.

    Attributes:
        source: who sent it.
        destination: for whom it is.
        protocol: of what is in it.
        data: what is in it.
        ttl: how many routers it may pass.
        tos: precedence and type of service.
        flags: three bits, 010b = don't fragment.
        identification: which packet a piece belongs to.
        piece: it is not a whole packet.
    """

    source: IPv4Address
    destination: IPv4Address
    protocol: int
    data: bytes
    ttl: int = 64
    tos: int = 0
    flags: int = 0b010
    identification: int = 0
    piece: bool = False

    def encode(self) -> bytes:
        """What goes into a frame."""
        head = _LAYOUT.pack(
            _PLAIN,
            self.tos,
            _LAYOUT.size + len(self.data),
            self.identification,
            self.flags << 13,
            self.ttl,
            self.protocol,
            0,
            self.source.packed,
            self.destination.packed,
        )
        return head[:10] + checksum(head).to_bytes(2, "big") + head[12:] + self.data


def parse(data: bytes) -> Packet | Fault:
    """The packet in a frame; what it was filled up with is left out."""
    if len(data) < _LAYOUT.size:
        return Fault.HEADER
    first, tos, total, identification, fragment, ttl, protocol, _sum, source, destination = (
        _LAYOUT.unpack_from(data)
    )
    size = (first & 0x0F) * 4
    if first >> 4 != 4 or size < _LAYOUT.size or not size <= total <= len(data) or checksum(data[:size]):
        return Fault.HEADER
    return Packet(
        IPv4Address(source),
        IPv4Address(destination),
        protocol,
        data[size:total],
        ttl,
        tos,
        fragment >> 13,
        identification,
        bool(fragment & (_MORE | _OFFSET)),
    )
