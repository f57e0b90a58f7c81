"""UDP, drained to the last datagram at each wake-up.

An own non-blocking socket and ``add_reader`` carry several times what a ``DatagramProtocol`` does.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from baseboard.errors import TransportError
from baseboard.transports import segments, waiting

if TYPE_CHECKING:
    from baseboard.links.network import NetworkSettings

Address = tuple[str, int] | tuple[str, int, int, int]
"""A peer as the socket module names it: host and port, for IPv6 also flow and scope."""

DRAIN = 64
"""Most datagrams taken at one wake-up, so that other sockets and timers get their turn."""

ROUND = 16
"""Of these, so many are taken before the answers to them go out, those to the same peer together."""

_MAX_DATAGRAM = 65536
_BUFFER = 1 << 20
_PACKET_INFO = struct.Struct("@i4s4s")  # in_pktinfo: interface index, local address, destination
_IP_PKTINFO = 8  # <linux/in.h>; Python 3.11 does not name it
_MOST_LEASES = 32  # peers of one socket that the system lends a flow label for
_NO_HEADERS: list[segments.Control] = []
_NUMBER = struct.Struct("@i")


class UdpSocket:
    """One bound socket that hands over each datagram, then says that there are no more for now.

    Args:
        host: address to bind, IPv4 or IPv6.
        port: port to bind; 0 = any.
        receive: called with each datagram and its sender.
        drained: called after a wake-up's datagrams were handed over.
        opened: the socket, bound already, where it was opened elsewhere, such as in another namespace.

    Raises:
        TransportError: the address cannot be bound.
    """

    def __init__(
        self,
        host: str,
        port: int,
        receive: Callable[[bytes, Address], None],
        drained: Callable[[], None],
        opened: socket.socket | None = None,
    ) -> None:
        self._socket = _bound(_family(host), host, port) if opened is None else opened
        self._label = 0
        self._leased: set[str] = set()
        self._receive = receive
        self._drained = drained
        self._held: dict[Address, list[bytes]] = {}
        # After a request that came alone the next one's answer goes out at once, 4 us earlier.
        self._holding, self._crowded = False, True
        self._loop = waiting.running()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        name = self._socket.getsockname()
        self.host: str = name[0]
        self.port: int = name[1]

    def _readable(self) -> None:
        for _ in range(0, DRAIN, ROUND):
            if not self._take():
                break
        self._drained()

    def _take(self) -> bool:
        """Hand over a round of datagrams, then send what that has brought about.

        Returns: whether there may be more.
        """
        receive_from, receive = self._socket.recvfrom, self._receive
        self._holding = self._crowded
        taken = 0
        try:
            for _ in range(ROUND):
                try:
                    data, sender = receive_from(_MAX_DATAGRAM)
                except (BlockingIOError, InterruptedError):
                    return False
                except OSError:  # an ICMP error of an earlier answer, reported here
                    continue
                taken += 1
                receive(data, sender)
            return True
        finally:
            self._holding, self._crowded = False, taken != 1
            if self._held:
                self._release()

    def _release(self) -> None:
        """Send what was held back."""
        held, self._held = self._held, {}
        for address, datagrams in held.items():
            if len(datagrams) == 1:
                self.send(datagrams[0], address)
            else:
                segments.send(self._socket, datagrams, self._labelled(address) if self._label else address)

    @property
    def speaks_ipv6(self) -> bool:
        """Whether its peers have addresses of IPv6."""
        return self._socket.family == socket.AF_INET6

    def configure(self, settings: NetworkSettings) -> None:
        """Have the packets that it sends carry these headers."""
        from baseboard.transports import socket_headers  # a client has no headers of its own

        if self.speaks_ipv6:
            socket_headers.set_ipv6(self._socket, settings)
            self._label = settings.flow_label
            self._leased.clear()
        else:
            socket_headers.set_ipv4(self._socket, settings)

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram; what the network refuses is lost, as UDP may lose it anyway.

        While datagrams are taken it waits for the others that the same round brings about.
        """
        if self._holding:
            if address in self._held:
                self._held[address].append(data)
            else:
                self._held[address] = [data]
            return
        try:
            self._socket.sendto(data, self._labelled(address) if self._label else address)
        except OSError:
            return

    def _labelled(self, address: Address) -> Address:
        """The address with the flow label, which the system lends for each peer."""
        host = address[0]
        if host not in self._leased and len(self._leased) < _MOST_LEASES:
            from baseboard.transports import socket_headers

            socket_headers.lease_label(self._socket, self._label, host)
            self._leased.add(host)
        return host, address[1], self._label, address[3] if len(address) == 4 else 0

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
        from baseboard.links.network import NetworkSettings
        from baseboard.transports import socket_headers

        socket_headers.set_ipv4(self._socket, NetworkSettings(mac=bytes(6)))
        self._loopback = socket.if_nametoindex("lo")
        self._receive = receive
        self._drained = drained
        self._local: dict[bytes, str] = {}
        self._held: dict[tuple[Address, str], tuple[list[bytes], list[segments.Control]]] = {}
        self._holding, self._crowded = False, True
        self._loop = waiting.running()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        self.port: int = self._socket.getsockname()[1]

    def serve(self, host: str) -> None:
        """Take datagrams for this address from now on."""
        self._local[socket.inet_aton(host)] = host

    def _readable(self) -> None:
        for _ in range(0, DRAIN, ROUND):
            if not self._take():
                break
        self._drained()

    def _take(self) -> bool:
        """As of `UdpSocket`."""
        receive_message, receive, local = self._socket.recvmsg, self._receive, self._local
        self._holding = self._crowded
        taken = 0
        try:
            for _ in range(ROUND):
                try:
                    data, ancillary, _flags, sender = receive_message(_MAX_DATAGRAM, 64)
                except (BlockingIOError, InterruptedError):
                    return False
                except OSError:
                    continue
                taken += 1
                if not ancillary:
                    continue
                interface, _local, destination = _PACKET_INFO.unpack_from(ancillary[0][2])
                host = local.get(destination)
                if interface == self._loopback and host is not None:
                    receive(data, sender, host)
            return True
        finally:
            self._holding, self._crowded = False, taken != 1
            if self._held:
                self._release()

    def _release(self) -> None:
        """Send what was held back."""
        held, self._held = self._held, {}
        for (address, source), (datagrams, headers) in held.items():
            self._send(datagrams, address, source, headers)

    def send(
        self,
        data: bytes,
        address: Address,
        source: str,
        headers: list[segments.Control] = _NO_HEADERS,
    ) -> None:
        """Send one datagram from ``source``, as of `UdpSocket`; ``headers`` as of `headers_of`."""
        if not self._holding:
            self._send((data,), address, source, headers)
        elif (address, source) in self._held:
            self._held[address, source][0].append(data)
        else:
            self._held[address, source] = [data], headers

    def _send(
        self, datagrams: Sequence[bytes], address: Address, source: str, headers: list[segments.Control]
    ) -> None:
        info = _PACKET_INFO.pack(0, socket.inet_aton(source), b"\0\0\0\0")
        segments.send(self._socket, datagrams, address, ((socket.IPPROTO_IP, _IP_PKTINFO, info), *headers))

    def close(self) -> None:
        """Stop reading and free the port."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()


def headers_of(settings: NetworkSettings) -> list[tuple[int, int, bytes]]:
    """What has one datagram of a shared socket carry the headers of LAN parameter 7."""
    return [
        (socket.IPPROTO_IP, socket.IP_TTL, _NUMBER.pack(max(1, settings.ttl))),
        (socket.IPPROTO_IP, socket.IP_TOS, _NUMBER.pack(settings.tos)),
    ]


def bound(host: str, port: int, device: str = "", *, only_ipv6: bool = False) -> socket.socket:
    """A socket that is bound.

    Args:
        device: takes and sends by that interface alone; empty = by all.
        only_ipv6: an IPv6 socket takes no IPv4.

    Raises:
        TransportError: the address cannot be bound.
    """
    return _bound(_family(host), host, port, device, only_ipv6=only_ipv6)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _bound(
    family: socket.AddressFamily, host: str, port: int, device: str = "", *, only_ipv6: bool = False
) -> socket.socket:
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        if only_ipv6 and family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if device:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise TransportError(f"UDP {host} port {port}: {error.strerror or error}") from error
    return made
