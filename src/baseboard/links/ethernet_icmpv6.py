"""ICMPv6 for neighbors and routers (RFC 4861)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv6Address, IPv6Interface
from typing import Final, NamedTuple

from baseboard.links.ethernet_ipv6 import ICMPV6, Packet, upper_checksum

ROUTER_SOLICITATION, ROUTER_ADVERTISEMENT, NEIGHBOR_SOLICITATION, NEIGHBOR_ADVERTISEMENT = 133, 134, 135, 136
_ECHO, _ECHO_REPLY = 128, 129

ON_LINK_ONLY: Final = 255
"""Hop limit by which a message is known to come from this link (§3.1)."""

_SOURCE_MAC, _TARGET_MAC, _PREFIX = 1, 2, 3
_UNIT: Final = 8
_PREFIX_LAYOUT: Final = struct.Struct("!BBII4x16s")
_ADVERTISED: Final = struct.Struct("!BBHII")
_OVERRIDE, _SOLICITED, _ROUTER = 0x20, 0x40, 0x80
_ON_LINK, _AUTONOMOUS = 0x80, 0x40


class Solicitation(NamedTuple):
    """Who has this address?

    Attributes:
        target: the address.
        mac: of who asks; empty where it has no address itself.
    """

    target: IPv6Address
    mac: bytes = b""

    def encode(self) -> bytes:
        """From the message's type on, with room for its checksum."""
        options = _option(_SOURCE_MAC, self.mac) if self.mac else b""
        return bytes((NEIGHBOR_SOLICITATION, 0, 0, 0)) + bytes(4) + self.target.packed + options


class Advertisement(NamedTuple):
    """I have this address.

    Attributes:
        target: the address.
        mac: who has it; empty where it is not said.
        solicited: somebody asked.
    """

    target: IPv6Address
    mac: bytes = b""
    solicited: bool = False

    def encode(self) -> bytes:
        """From the message's type on, with room for its checksum."""
        flags = _OVERRIDE | (_SOLICITED if self.solicited else 0)
        head = bytes((NEIGHBOR_ADVERTISEMENT, 0, 0, 0, flags, 0, 0, 0))
        return head + self.target.packed + (_option(_TARGET_MAC, self.mac) if self.mac else b"")


class RouterSolicitation(NamedTuple):
    """Which routers are here?

    Attributes:
        mac: of who asks; empty where it has no address itself.
    """

    mac: bytes = b""

    def encode(self) -> bytes:
        """From the message's type on, with room for its checksum."""
        return (
            bytes((ROUTER_SOLICITATION,)) + bytes(7) + (_option(_SOURCE_MAC, self.mac) if self.mac else b"")
        )


class Prefix(NamedTuple):
    """A prefix that a router advertises.

    Attributes:
        network: the prefix.
        on_link: what is under it is reached without a router.
        autonomous: addresses may be made of it.
        valid_s: for how long.
        preferred_s: for how long they are as good as others.
    """

    network: IPv6Interface
    on_link: bool
    autonomous: bool
    valid_s: int
    preferred_s: int


class RouterAdvertisement(NamedTuple):
    """I am a router.

    Attributes:
        hop_limit: that is good here; 0 = it does not say.
        lifetime_s: for how long; 0 = it is no way to everything.
        mac: of it; empty where it is not said.
        prefixes: of this link.
    """

    hop_limit: int
    lifetime_s: int
    mac: bytes
    prefixes: tuple[Prefix, ...]

    def encode(self) -> bytes:
        """From the message's type on, with room for its checksum."""
        head = bytes((ROUTER_ADVERTISEMENT, 0, 0, 0)) + _ADVERTISED.pack(
            self.hop_limit, 0, self.lifetime_s, 0, 0
        )
        options = _option(_SOURCE_MAC, self.mac) if self.mac else b""
        for prefix in self.prefixes:
            flags = (_ON_LINK if prefix.on_link else 0) | (_AUTONOMOUS if prefix.autonomous else 0)
            length = prefix.network.network.prefixlen
            body = _PREFIX_LAYOUT.pack(
                length, flags, prefix.valid_s, prefix.preferred_s, prefix.network.ip.packed
            )
            options += _option(_PREFIX, body)
        return head + options


class Echo(NamedTuple):
    """Are you there?

    Attributes:
        data: what is to come back: identifier, sequence number and more.
        reply: it is the answer.
    """

    data: bytes
    reply: bool = False

    def encode(self) -> bytes:
        """From the message's type on, with room for its checksum."""
        return bytes((_ECHO_REPLY if self.reply else _ECHO, 0, 0, 0)) + self.data


Message = Solicitation | Advertisement | RouterSolicitation | RouterAdvertisement | Echo


def encode(message: Message, source: IPv6Address, destination: IPv6Address) -> bytes:
    """What goes into a packet between these addresses."""
    data = message.encode()
    right = upper_checksum(source, destination, ICMPV6, data)
    return data[:2] + right.to_bytes(2, "big") + data[4:]


def parse(packet: Packet) -> Message | None:
    """What a packet says; None if it says nothing of this, comes from another link, or is wrong."""
    data = packet.data
    if len(data) < _UNIT or upper_checksum(packet.source, packet.destination, ICMPV6, data):
        return None
    kind, code = data[0], data[1]
    if kind in (_ECHO, _ECHO_REPLY):
        return Echo(data[4:], kind == _ECHO_REPLY)
    if packet.hop_limit != ON_LINK_ONLY or code:
        return None
    match kind:
        case 133:
            options = _options(data[8:])
            return None if options is None else RouterSolicitation(_mac(options, _SOURCE_MAC))
        case 134:
            return _advertisement(data)
        case 135 | 136:
            return _neighbor(data)
        case _:
            return None


def _neighbor(data: bytes) -> Solicitation | Advertisement | None:
    options = _options(data[24:])
    if len(data) < 24 or options is None:
        return None
    target = IPv6Address(data[8:24])
    if target.is_multicast:
        return None
    if data[0] == NEIGHBOR_SOLICITATION:
        return Solicitation(target, _mac(options, _SOURCE_MAC))
    return Advertisement(target, _mac(options, _TARGET_MAC), bool(data[4] & _SOLICITED))


def _advertisement(data: bytes) -> RouterAdvertisement | None:
    options = _options(data[16:])
    if len(data) < 16 or options is None:
        return None
    hop_limit, _flags, lifetime, _reachable, _retransmit = _ADVERTISED.unpack_from(data, 4)
    prefixes: list[Prefix] = []
    for kind, body in options:
        if kind == _PREFIX and len(body) == _PREFIX_LAYOUT.size and body[0] <= 128:
            length, flags, valid, preferred, prefix = _PREFIX_LAYOUT.unpack(body)
            network = IPv6Interface((prefix, length))
            prefixes.append(
                Prefix(network, bool(flags & _ON_LINK), bool(flags & _AUTONOMOUS), valid, preferred)
            )
    return RouterAdvertisement(hop_limit, lifetime, _mac(options, _SOURCE_MAC), tuple(prefixes))


def _option(kind: int, body: bytes) -> bytes:
    return bytes((kind, (len(body) + 2) // _UNIT)) + body


def _options(data: bytes) -> list[tuple[int, bytes]] | None:
    """The options of a message; None if one has no length, or more than there is."""
    return None if (found := list(_split(data))) and found[-1][0] < 0 else found


def _split(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        size = data[1] * _UNIT if len(data) > 1 else 0
        if not 0 < size <= len(data):
            yield -1, b""
            return
        yield data[0], data[2:size]
        data = data[size:]


def _mac(options: list[tuple[int, bytes]], kind: int) -> bytes:
    return next((body for found, body in options if found == kind and len(body) == 6), b"")
