"""Headers of packets, as the loopback network shows them (LAN parameters 7, 52-54)."""

from __future__ import annotations

import socket
import struct
from dataclasses import replace

from baseboard.links.network import NetworkSettings
from baseboard.transports import socket_headers

_FLOW_INFO = 11  # IPV6_FLOWINFO of <linux/in6.h>
SETTINGS = NetworkSettings(
    mac=bytes(6), ttl=33, tos=0x70, hop_limit=9, traffic_class=0xB8, flow_label=0x12345
)


def pair(family: socket.AddressFamily, host: str) -> tuple[socket.socket, socket.socket]:
    """A socket that is bound, and one to try."""
    taker, giver = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
    taker.bind((host, 0))
    taker.settimeout(5)
    return taker, giver


def told(taker: socket.socket) -> dict[int, int]:
    """What the kernel tells of one packet: control messages by kind."""
    _, ancillary, _, _ = taker.recvmsg(100, 500)
    return {
        kind: struct.unpack("=i", data.ljust(4, b"\0"))[0] for _, kind, data in ancillary if len(data) <= 4
    }


def test_ipv4_carries_time_to_live_and_type_of_service() -> None:
    taker, giver = pair(socket.AF_INET, "127.0.0.1")
    taker.setsockopt(socket.IPPROTO_IP, 12, 1)  # IP_RECVTTL
    taker.setsockopt(socket.IPPROTO_IP, 13, 1)  # IP_RECVTOS
    for settings, expected in ((SETTINGS, (33, 0x70)), (replace(SETTINGS, ttl=0, tos=0x10), (1, 0x10))):
        socket_headers.set_ipv4(giver, settings)
        giver.sendto(b"x", taker.getsockname())
        values = told(taker)
        assert (values[socket.IP_TTL], values[socket.IP_TOS]) == expected
    # IP_MTU_DISCOVER: 2 sets "don't fragment", 0 does not (<linux/in.h>).
    assert giver.getsockopt(socket.IPPROTO_IP, 10) == 2
    socket_headers.set_ipv4(giver, replace(SETTINGS, flags=0))
    assert giver.getsockopt(socket.IPPROTO_IP, 10) == 0
    taker.close()
    giver.close()


def test_ipv6_carries_hop_limit_traffic_class_and_flow_label() -> None:
    taker, giver = pair(socket.AF_INET6, "::1")
    taker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    taker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    taker.setsockopt(socket.IPPROTO_IPV6, _FLOW_INFO, 1)
    socket_headers.set_ipv6(giver, SETTINGS)
    socket_headers.lease_label(giver, SETTINGS.flow_label, "::1")
    giver.sendto(b"x", ("::1", taker.getsockname()[1], SETTINGS.flow_label, 0))
    values = told(taker)
    assert (values[socket.IPV6_HOPLIMIT], values[socket.IPV6_TCLASS]) == (9, 0xB8)
    assert socket.ntohl(values[_FLOW_INFO]) & 0xFFFFF == 0x12345
    taker.close()
    giver.close()


def test_what_the_system_refuses_stays_as_it_was() -> None:
    """A socket of the one version takes no options of the other."""
    _, giver = pair(socket.AF_INET, "127.0.0.1")
    socket_headers.set_ipv6(giver, SETTINGS)
    socket_headers.lease_label(giver, 1, "::1%lo")
    _.close()
    giver.close()
