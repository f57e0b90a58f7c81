"""ARP: which hardware address has an IPv4 address (RFC 826)."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from typing import Final, NamedTuple

from baseboard.links.network import NO_MAC

REQUEST, REPLY = 1, 2

_LAYOUT: Final = struct.Struct("!HHBBH6s4s6s4s")
_ETHERNET_IPV4: Final = (1, 0x0800, 6, 4)


class Arp(NamedTuple):
    """A question for a hardware address, or the answer.

    Attributes:
        operation: `REQUEST` or `REPLY`.
        sender_mac: who speaks.
        sender: its IPv4 address; 0.0.0.0 while it has none.
        target_mac: who is spoken to; zeros in a question.
        target: its IPv4 address.
    """

    operation: int
    sender_mac: bytes
    sender: IPv4Address
    target_mac: bytes
    target: IPv4Address

    def encode(self) -> bytes:
        """What goes into the frame."""
        return _LAYOUT.pack(
            *_ETHERNET_IPV4,
            self.operation,
            self.sender_mac,
            self.sender.packed,
            self.target_mac,
            self.target.packed,
        )


def parse(data: bytes) -> Arp | None:
    """What a frame says; None if it is no ARP of Ethernet and IPv4."""
    if len(data) < _LAYOUT.size:
        return None
    *kind, operation, sender_mac, sender, target_mac, target = _LAYOUT.unpack_from(data)
    if tuple(kind) != _ETHERNET_IPV4 or operation not in (REQUEST, REPLY):
        return None
    return Arp(operation, sender_mac, IPv4Address(sender), target_mac, IPv4Address(target))


def gratuitous(mac: bytes, address: IPv4Address) -> Arp:
    """Tells everybody an address unasked (RFC 5227, §3)."""
    return Arp(REQUEST, mac, address, NO_MAC, address)
