"""UDP, drained to the last datagram at each wake-up.

An own non-blocking socket and ``add_reader`` carry several times what a ``DatagramProtocol`` does.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from collections.abc import Callable

from baseboard.errors import TransportError

Address = tuple[str, int] | tuple[str, int, int, int]
"""A peer as the socket module names it: host and port, for IPv6 also flow and scope."""

DRAIN = 64
"""Most datagrams taken at one wake-up, so that other sockets and timers get their turn."""

_MAX_DATAGRAM = 65536
_BUFFER = 1 << 20
_PACKET_INFO = struct.Struct("@i4s4s")  # in_pktinfo: interface index, local address, destination
_IP_PKTINFO = 8  # <linux/in.h>; Python 3.11 does not name it


class UdpSocket:
    """One bound socket that hands over each datagram, then says that there are no more for now.

    Args:
        host: address to bind, IPv4 or IPv6.
        port: port to bind; 0 = any.
        receive: called with each datagram and its sender.
        drained: called after a wake-up's datagrams were handed over.

    Raises:
        TransportError: the address cannot be bound.
    """

    def __init__(
        self, host: str, port: int, receive: Callable[[bytes, Address], None], drained: Callable[[], None]
    ) -> None:
        family = (
            socket.AF_INET6 if ipaddress.ip_address(host.partition("%")[0]).version == 6 else socket.AF_INET
        )
        self._socket = _bound(family, host, port)
        self._receive = receive
        self._drained = drained
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        name = self._socket.getsockname()
        self.host: str = name[0]
        self.port: int = name[1]

    def _readable(self) -> None:
        receive_from, receive = self._socket.recvfrom, self._receive
        for _ in range(DRAIN):
            try:
                data, sender = receive_from(_MAX_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:  # an ICMP error of an earlier answer, reported here
                continue
            receive(data, sender)
        self._drained()

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram; what the network refuses is lost, as UDP may lose it anyway."""
        try:
            self._socket.sendto(data, address)
        except OSError:
            return

    def close(self) -> None:
        """Stop reading and free the port."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()


class LoopbackUdp:
    """One socket for every address of the loopback network, the way to thousands of BMCs.

    IP_PKTINFO tells which address a datagram was for, and from which an answer goes out. What did not
    arrive on the loopback device is dropped, whatever its destination says.

    Args:
        port: port to bind.
        receive: called with each datagram, its sender, and the address that it was sent to.
        drained: called after a wake-up's datagrams were handed over.

    Raises:
        TransportError: the port cannot be bound.
    """

    def __init__(
        self, port: int, receive: Callable[[bytes, Address, str], None], drained: Callable[[], None]
    ) -> None:
        self._socket = _bound(socket.AF_INET, "0.0.0.0", port, device="lo")  # noqa: S104 - device lo only
        self._socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        self._loopback = socket.if_nametoindex("lo")
        self._receive = receive
        self._drained = drained
        self._local: dict[bytes, str] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        self.port: int = self._socket.getsockname()[1]

    def serve(self, host: str) -> None:
        """Take datagrams for this address from now on."""
        self._local[socket.inet_aton(host)] = host

    def _readable(self) -> None:
        receive_message, receive, local = self._socket.recvmsg, self._receive, self._local
        for _ in range(DRAIN):
            try:
                data, ancillary, _flags, sender = receive_message(_MAX_DATAGRAM, 64)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                continue
            if not ancillary:
                continue
            interface, _local, destination = _PACKET_INFO.unpack_from(ancillary[0][2])
            host = local.get(destination)
            if interface == self._loopback and host is not None:
                receive(data, sender, host)
        self._drained()

    def send(self, data: bytes, address: Address, source: str) -> None:
        """Send one datagram from ``source``."""
        info = _PACKET_INFO.pack(0, socket.inet_aton(source), b"\0\0\0\0")
        try:
            self._socket.sendmsg([data], [(socket.IPPROTO_IP, _IP_PKTINFO, info)], 0, address)
        except OSError:
            return

    def close(self) -> None:
        """Stop reading and free the port."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()


def _bound(family: socket.AddressFamily, host: str, port: int, device: str = "") -> socket.socket:
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        if device:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise TransportError(f"UDP {host} port {port}: {error.strerror or error}") from error
    return made
