"""Headers of the packets that a UDP socket sends: time to live, type of service and so on (§23.2)."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
from typing import Final

from baseboard.links.network import NetworkSettings

_MTU_DISCOVER, _DO, _DONT = 10, 2, 0  # <linux/in.h>
_FLOW_LABEL_MANAGER, _FLOW_INFO_SEND = 32, 33  # <linux/in6.h>
_LABEL: Final = struct.Struct("!16sIBB")  # address, label, what is to be done, who may share it
_LEASE: Final = struct.Struct("=HHHI")  # flags, seconds until it expires, seconds that it lingers, nothing
_GET, _ANYBODY, _CREATE = 0, 255, 1
_DONT_FRAGMENT: Final = 0b010


def set_ipv4(opened: socket.SocketType, settings: NetworkSettings) -> None:
    """Have a socket's IPv4 packets carry what LAN parameter 7 says; what the system refuses stays."""
    discover = _DO if settings.flags & _DONT_FRAGMENT else _DONT
    _set(opened, socket.IPPROTO_IP, socket.IP_TTL, max(1, settings.ttl))
    _set(opened, socket.IPPROTO_IP, socket.IP_TOS, settings.tos)
    _set(opened, socket.IPPROTO_IP, _MTU_DISCOVER, discover)


def set_ipv6(opened: socket.SocketType, settings: NetworkSettings) -> None:
    """Have a socket's IPv6 packets carry what LAN parameters 52 and 53 say."""
    _set(opened, socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, max(1, settings.hop_limit))
    _set(opened, socket.IPPROTO_IPV6, socket.IPV6_TCLASS, settings.traffic_class)
    _set(opened, socket.IPPROTO_IPV6, _FLOW_INFO_SEND, int(bool(settings.flow_label)))


def lease_label(opened: socket.SocketType, label: int, host: str) -> None:
    """Get the right to send packets of that flow label there (LAN parameter 54); the system lends it."""
    address = ipaddress.IPv6Address(host.partition("%")[0]).packed
    request = _LABEL.pack(address, label, _GET, _ANYBODY) + _LEASE.pack(_CREATE, 0, 0, 0)
    with contextlib.suppress(OSError):
        opened.setsockopt(socket.IPPROTO_IPV6, _FLOW_LABEL_MANAGER, request)


def _set(opened: socket.SocketType, level: int, option: int, value: int) -> None:
    with contextlib.suppress(OSError):
        opened.setsockopt(level, option, value)
