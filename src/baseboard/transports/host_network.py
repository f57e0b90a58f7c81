"""A LAN channel on sockets of the host: addresses, VLANs and ARPs are the host's, and stay so (§23)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from ipaddress import IPv6Interface
from typing import Protocol

from baseboard.errors import TransportError
from baseboard.links.network import (
    ACTIVE,
    DISABLED,
    PENDING,
    Abilities,
    Counters,
    NetworkReport,
    NetworkSettings,
    Via,
)
from baseboard.transports.loopback_udp import LoopbackShare
from baseboard.transports.udp import Address, UdpSocket

_OF_A_SOCKET = Abilities()
_OF_A_SHARE = Abilities(usual=True)


class Primary(Protocol):
    """The socket that the channel has in any case."""

    @property
    def speaks_ipv6(self) -> bool:
        """Whether its peers have addresses of IPv6."""
        ...

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram."""
        ...

    def configure(self, settings: NetworkSettings) -> None:
        """Have the packets that it sends carry these headers."""
        ...


class HostNetwork:
    """The sockets of a channel: the one that it was given, and one more where IPv6 is spoken too.

    Parameters of addresses, gateways and VLAN are kept and tell nobody but those who read them; headers of
    the packets (7, 52-54) and static IPv6 addresses count, as far as the host has the address.

    Args:
        primary: the socket that it was given.
        host: its address. On the loopback network no other address is ever opened.
        receive: called with each datagram and its sender.
    """

    __slots__ = ("_host", "_primary", "_receive", "_second", "_speaks_ipv6", "_status", "abilities")

    def __init__(self, primary: Primary, host: str, receive: Callable[[bytes, Address], None]) -> None:
        self._primary, self._host, self._receive = primary, host, receive
        self.abilities = _OF_A_SHARE if isinstance(primary, LoopbackShare) else _OF_A_SOCKET
        self._speaks_ipv6 = primary.speaks_ipv6
        self._second: UdpSocket | None = None
        self._status = DISABLED

    def apply(self, settings: NetworkSettings) -> None:
        """Have these settings count, as far as they can."""
        self._primary.configure(settings)
        wanted = settings.static[0] if settings.ipv6 and settings.static else None
        if self._second is not None and (
            wanted is None or (self._second.host, self._second.port) != (str(wanted.ip), settings.port)
        ):
            self._second.close()
            self._second = None
        self._status = DISABLED if wanted is None else self._listen(wanted, settings.port)
        if self._second is not None:
            self._second.configure(settings)

    def _listen(self, wanted: IPv6Interface, port: int) -> int:
        """Open an IPv6 address too.

        Returns: how it fares; `PENDING` = the host has not that address, or somebody else listens there.
        """
        own = ipaddress.ip_address(self._host.partition("%")[0])
        if self._second is not None or own == wanted.ip:
            return ACTIVE
        if own.is_loopback and not wanted.ip.is_loopback:
            return PENDING
        try:
            self._second = UdpSocket(str(wanted.ip), port, self._receive, _drained)
        except TransportError:
            return PENDING
        return ACTIVE

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        """Send one datagram; which way it goes the host decides."""
        six = ":" in address[0]
        if six == self._speaks_ipv6:
            self._primary.send(data, address)
        elif six and self._second is not None:
            self._second.send(data, address)

    def report(self) -> NetworkReport:
        """How the static IPv6 address fares."""
        return NetworkReport(static=(self._status,))

    def counters(self) -> Counters | None:
        """Nothing: the host counts its packets, not one channel's."""
        return None

    def close(self) -> None:
        """Close what was opened here; the first socket is closed by who opened it."""
        if self._second is not None:
            self._second.close()
            self._second = None


def _drained() -> None:
    """Each datagram is dealt with as it comes."""
