"""Frames as Linux shows them beside its own network stack, made whole: tags and checksums it leaves aside."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from baseboard.links import ethernet, ethernet_ipv4, ethernet_ipv6, ethernet_udp
from baseboard.links.ethernet_udp import Datagram

_ADDRESSES: Final = 12
_UDP: Final = struct.Struct("!HHHH")


def tagged(frame: bytes, control: int) -> bytes:
    """A frame with its 802.1Q tag back in its place."""
    return frame[:_ADDRESSES] + struct.pack("!HH", ethernet.VLAN, control) + frame[_ADDRESSES:]


def finished(frame: bytes) -> bytes:
    """A frame whose sender left the checksum of UDP to hardware that it never met; others as they were."""
    parsed = ethernet.parse(frame)
    if parsed is None:
        return frame
    if parsed.kind == ethernet.IPV4:
        packet = ethernet_ipv4.parse(parsed.data)
        if isinstance(packet, ethernet_ipv4.Packet) and packet.protocol == ethernet_ipv4.UDP:
            return _finished(frame, packet.data, packet.source, packet.destination)
    elif parsed.kind == ethernet.IPV6:
        six = ethernet_ipv6.parse(parsed.data)
        if isinstance(six, ethernet_ipv6.Packet) and six.header == ethernet_ipv6.UDP:
            return _finished(frame, six.data, six.source, six.destination)
    return frame


def _finished(
    frame: bytes, data: bytes, source: IPv4Address | IPv6Address, destination: IPv4Address | IPv6Address
) -> bytes:
    """The frame with what is in its packet made right; it stands where it stood."""
    if len(data) < _UDP.size:
        return frame
    from_port, to_port, size, _open = _UDP.unpack_from(data)
    if not _UDP.size <= size <= len(data):
        return frame
    right = ethernet_udp.encode(Datagram(from_port, to_port, data[_UDP.size : size]), source, destination)
    at = frame.index(data)
    return frame[:at] + right + frame[at + size :]
