"""One UDP socket for every address of the loopback network, the way to thousands of BMCs.

IP_PKTINFO tells which address a datagram was for, and from which an answer goes out. What did not arrive on
the loopback device is dropped, whatever its destination says.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from baseboard.links.network import NetworkSettings
from baseboard.transports import segments, socket_headers, waiting
from baseboard.transports.udp import DRAIN, MAX_DATAGRAM, ROUND, Address, bound

Receive = Callable[[bytes, Address], None]
"""Takes a datagram and its sender."""

_PACKET_INFO = struct.Struct("@i4s4s")  # in_pktinfo: interface index, local address, destination
_IP_PKTINFO = 8  # <linux/in.h>; Python 3.11 does not name it
_ANCILLARY = socket.CMSG_SPACE(_PACKET_INFO.size)
_NUMBER = struct.Struct("@i")
_USUAL = NetworkSettings(mac=bytes(6))


class LoopbackUdp:
    """A socket on the loopback device, of which each BMC has a `LoopbackShare`.

    Args:
        port: port to bind.
        drained: called after a wake-up's datagrams were handed over.

    Attributes:
        port: the port that it has.
        holding: whether datagrams that are to be sent wait, since a round of others is being taken.
        held: those that wait, by where they go and whom they come from.

    Raises:
        TransportError: the port cannot be bound.
    """

    def __init__(self, port: int, drained: Callable[[], None]) -> None:
        self._socket = bound("0.0.0.0", port, device="lo")  # noqa: S104 - device lo only
        self._socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        socket_headers.set_ipv4(self._socket, _USUAL)
        self._loopback = socket.if_nametoindex("lo")
        self._drained = drained
        # By the kernel's in_pktinfo as a whole: interface and address are right, or it is not found.
        self._receivers: dict[bytes, Receive] = {}
        self.held: dict[tuple[Address, LoopbackShare], list[bytes]] = {}
        self.holding, self._crowded = False, True
        self._loop = waiting.running()
        self._loop.add_reader(self._socket.fileno(), self._readable)
        self.port: int = self._socket.getsockname()[1]

    def serve(self, host: str, receive: Receive) -> None:
        """Hand over the datagrams for this address from now on."""
        self._receivers[self._info_of(host)] = receive

    def leave(self, host: str) -> None:
        """Drop the datagrams for this address from now on."""
        self._receivers.pop(self._info_of(host), None)

    def _info_of(self, host: str) -> bytes:
        """What the kernel says of a datagram for this address that came by the loopback device."""
        address = socket.inet_aton(host)
        return _PACKET_INFO.pack(self._loopback, address, address)

    def _readable(self) -> None:
        for _ in range(0, DRAIN, ROUND):
            if not self._take():
                break
        self._drained()

    def _take(self) -> bool:
        """As of `UdpSocket`."""
        receive_message, receivers = self._socket.recvmsg, self._receivers
        self.holding = self._crowded
        taken = 0
        try:
            for _ in range(ROUND):
                try:
                    data, ancillary, _flags, sender = receive_message(MAX_DATAGRAM, _ANCILLARY)
                except (BlockingIOError, InterruptedError):
                    return False
                except OSError:  # an ICMP error of an earlier answer, reported here
                    continue
                taken += 1
                receive = receivers.get(ancillary[0][2]) if ancillary else None
                if receive is not None:
                    receive(data, sender)
            return True
        finally:
            self.holding, self._crowded = False, taken != 1
            if self.held:
                self._release()

    def _release(self) -> None:
        """Send what was held back."""
        held, self.held = self.held, {}
        for (address, share), datagrams in held.items():
            segments.send(self._socket, datagrams, address, share.control())

    def send(self, data: bytes, address: Address, share: LoopbackShare) -> None:
        """Send one datagram at once."""
        segments.send(self._socket, (data,), address, share.control())

    def close(self) -> None:
        """Stop reading and free the port."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()


class LoopbackShare:
    """One address of a socket that serves all addresses of the loopback network.

    Args:
        shared: the socket.
        host: the address.
        receive: called with each datagram for this address and its sender.
    """

    __slots__ = ("_control", "_host", "_shared")
    speaks_ipv6 = False

    def __init__(self, shared: LoopbackUdp, host: str, receive: Receive) -> None:
        self._shared, self._host = shared, host
        self._control: tuple[segments.Control, ...] | None = None
        shared.serve(host, receive)

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram from this address, as of `UdpSocket`."""
        shared = self._shared
        if not shared.holding:
            shared.send(data, address, self)
            return
        way = address, self
        others = shared.held.get(way)
        if others is None:
            shared.held[way] = [data]
        else:
            others.append(data)

    def control(self) -> tuple[segments.Control, ...]:
        """What has a datagram go out from this address; made when there is one, since most never send."""
        if self._control is None:
            self._control = (self._source(),)
        return self._control

    def _source(self) -> segments.Control:
        info = _PACKET_INFO.pack(0, socket.inet_aton(self._host), bytes(4))
        return socket.IPPROTO_IP, _IP_PKTINFO, info

    def configure(self, settings: NetworkSettings) -> None:
        """Have its packets carry these headers; what the socket does by itself is not told it each time."""
        usual = (settings.ttl, settings.tos) == (_USUAL.ttl, _USUAL.tos)
        self._control = None if usual else (self._source(), *headers_of(settings))

    def close(self) -> None:
        """Take no more for this address; the socket serves the others."""
        self._shared.leave(self._host)


def headers_of(settings: NetworkSettings) -> tuple[segments.Control, ...]:
    """What has one datagram of a shared socket carry the headers of LAN parameter 7."""
    return (
        (socket.IPPROTO_IP, socket.IP_TTL, _NUMBER.pack(max(1, settings.ttl))),
        (socket.IPPROTO_IP, socket.IP_TOS, _NUMBER.pack(settings.tos)),
    )
