"""Ethernet frames, with 802.1Q tags (IEEE 802.3 §3, 802.1Q §9.6): parsed and built, never trusted."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from baseboard.links.network import Tag

BROADCAST: Final = b"\xff" * 6
IPV4, ARP, VLAN, IPV6 = 0x0800, 0x0806, 0x8100, 0x86DD
"""EtherTypes."""

SHORTEST: Final = 60
"""Bytes of a frame without its check sequence; shorter ones are filled up."""

_HEAD: Final = struct.Struct("!6s6sH")
_TAG: Final = struct.Struct("!HH")
_CANONICAL: Final = 1 << 12
_VLAN_ID: Final = 0xFFF


class Frame(NamedTuple):
    """An Ethernet frame.

    Attributes:
        destination: hardware address.
        source: hardware address.
        kind: EtherType of what is in it.
        data: what is in it, and what it was filled up with.
        tag: of its VLAN; None = it has none.
    """

    destination: bytes
    source: bytes
    kind: int
    data: bytes
    tag: Tag | None = None

    def encode(self) -> bytes:
        """The frame as it goes on the wire, without its check sequence."""
        if self.tag is None:
            head = _HEAD.pack(self.destination, self.source, self.kind)
        else:
            control = self.tag.priority << 13 | self.tag.vlan_id
            head = _HEAD.pack(self.destination, self.source, VLAN) + _TAG.pack(control, self.kind)
        return (head + self.data).ljust(SHORTEST, b"\0")


def parse(raw: bytes) -> Frame | None:
    """The frame in these bytes; None if they are none, or have two tags or a token ring's addresses."""
    if len(raw) < _HEAD.size:
        return None
    destination, source, kind = _HEAD.unpack_from(raw)
    if kind != VLAN:
        return Frame(destination, source, kind, raw[_HEAD.size :])
    if len(raw) < _HEAD.size + _TAG.size:
        return None
    control, kind = _TAG.unpack_from(raw, _HEAD.size)
    if control & _CANONICAL or kind == VLAN:
        return None
    return Frame(
        destination, source, kind, raw[_HEAD.size + _TAG.size :], Tag(control & _VLAN_ID, control >> 13)
    )


def checksum(data: bytes) -> int:
    """The Internet checksum of these bytes (RFC 1071); 0 over data that hold a right one."""
    padded = data + b"\0" if len(data) & 1 else data
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
