"""UDP, drained to the last datagram at each wake-up.

An own non-blocking socket and ``add_reader`` carry several times what a ``DatagramProtocol`` does.
"""

from __future__ import annotations

# `socket` is this and as much again in Python, which takes 2 ms to import and is not needed here.
import _socket as socket
from collections.abc import Callable
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

_CATCH_UP = 4096  # datagrams, more than a socket's buffer holds
MAX_DATAGRAM = 65536
"""Room for the longest datagram that there is."""

_BUFFER = 1 << 20
_MOST_LEASES = 32  # peers of one socket that the system lends a flow label for


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

    def catch_up(self) -> None:
        """Hand over all that is here already: so it is read before a timer takes it for lost."""
        for _ in range(0, _CATCH_UP, ROUND):
            if self._socket.fileno() < 0 or not self._take():
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
                    data, sender = receive_from(MAX_DATAGRAM)
                except (BlockingIOError, InterruptedError):
                    return False
                except OSError:  # an ICMP error of an earlier answer, reported here
                    if self._socket.fileno() < 0:  # or the last datagram had it closed
                        return False
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
            others = self._held.get(address)
            if others is None:
                self._held[address] = [data]
            else:
                others.append(data)
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


def bound(host: str, port: int, device: str = "", *, only_ipv6: bool = False) -> socket.socket:
    """A socket that is bound.

    Args:
        device: takes and sends by that interface alone; empty = by all.
        only_ipv6: an IPv6 socket takes no IPv4.

    Raises:
        TransportError: the address cannot be bound.
    """
    return _bound(_family(host), host, port, device, only_ipv6=only_ipv6)


def _family(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _bound(family: int, host: str, port: int, device: str = "", *, only_ipv6: bool = False) -> socket.socket:
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
