"""UDP at one interface of Linux, whatever addresses it has: a peer is answered by the one it spoke to."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Final

from baseboard.transports.udp import DRAIN, Address, UdpSocket, bound

MOST_PEERS: Final = 128
"""Peers of which it is known to which address they spoke."""

_RECEIVE_INFO, _INFO = 49, 50  # IPV6_RECVPKTINFO and IPV6_PKTINFO of <linux/in6.h>
_MAX_DATAGRAM: Final = 65536


def device_socket(host: str, port: int, device: str) -> socket.SocketType:
    """A socket for a `DeviceUdp`: it takes and sends by one interface alone.

    Args:
        host: ``0.0.0.0`` or ``::``: all addresses of that interface.
        port: port to bind.
        device: the interface's name.

    Raises:
        TransportError: the port cannot be bound.
    """
    made = bound(host, port, device, only_ipv6=True)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if made.family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, _RECEIVE_INFO, 1)
    return made


class DeviceUdp(UdpSocket):
    """A socket that `device_socket` opened.

    Args:
        opened: the socket.
        receive: called with each datagram and its sender.
    """

    def __init__(self, opened: socket.SocketType, receive: Callable[[bytes, Address], None]) -> None:
        super().__init__("::", 0, receive, _drained, opened)
        self._spoken_to: dict[Address, bytes] = {}

    def _readable(self) -> None:
        if not self.speaks_ipv6:
            super()._readable()
            return
        for _ in range(DRAIN):
            try:
                data, ancillary, _flags, sender = self._socket.recvmsg(_MAX_DATAGRAM, 64)
            except OSError:  # nothing more, or an ICMP error of an earlier answer
                return
            for level, kind, info in ancillary:
                if (level, kind) == (socket.IPPROTO_IPV6, _INFO):
                    self._remember(sender, info)
            self._receive(data, sender)

    def _remember(self, sender: Address, info: bytes) -> None:
        self._spoken_to.pop(sender, None)
        if len(self._spoken_to) >= MOST_PEERS:
            del self._spoken_to[next(iter(self._spoken_to))]
        self._spoken_to[sender] = info

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram: from the address that this peer spoke to, if it did."""
        info = self._spoken_to.get(address)
        if info is None:
            super().send(data, address)
            return
        to = self._labelled(address) if self._label else address
        with contextlib.suppress(OSError):
            self._socket.sendmsg([data], [(socket.IPPROTO_IPV6, _INFO, info)], 0, to)


def _drained() -> None:
    """Each datagram is dealt with as it comes."""
