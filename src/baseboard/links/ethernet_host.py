"""A host on Ethernet with one UDP port: frames in, frames out, and no I/O (§23).

It speaks with tags of its VLAN only, or with none, answers ARP and neighbor discovery as it is told, and
counts what it sees. This is a LAN channel's own network, where it has no operating system's below it.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from baseboard.links import ethernet, ethernet_ipv6
from baseboard.links.ethernet import BROADCAST, Frame
from baseboard.links.ethernet_host_ipv4 import Ipv4Host
from baseboard.links.ethernet_host_ipv6 import Ipv6Host
from baseboard.links.ethernet_wire import Peer, Wire
from baseboard.links.network import Counters, NetworkReport, NetworkSettings, Via


class EthernetHost:
    """An interface with its addresses.

    Args:
        settings: as of `configure`.
        now: monotonic seconds.
    """

    __slots__ = ("_ipv4", "_ipv6", "_wire")

    def __init__(self, settings: NetworkSettings, now: float) -> None:
        self._wire = Wire(settings)
        self._ipv4 = Ipv4Host(self._wire)
        self._ipv6 = Ipv6Host(self._wire)
        self._ipv4.configured(now, moved=True)
        self._ipv6.configured(now, moved=True)
        self.expire(now)

    @property
    def settings(self) -> NetworkSettings:
        """What counts now."""
        return self._wire.settings

    def configure(self, settings: NetworkSettings, now: float) -> None:
        """Have these settings from now on; with another address or VLAN everything begins anew."""
        before = self._wire.settings
        self._wire.settings = settings
        away = (settings.mac, _vlan(settings)) != (before.mac, _vlan(before))
        self._ipv4.configured(now, moved=away or settings.ipv4 != before.ipv4)
        self._ipv6.configured(now, moved=away)
        self.expire(now)

    def receive(self, raw: bytes, now: float) -> None:
        """Take a frame."""
        frame = ethernet.parse(raw)
        if frame is None or not self._for_me(frame):
            return
        settings = self._wire.settings
        match frame.kind:
            # Answers to questions in other VLANs, where an alert goes, are sorted out further on.
            case ethernet.ARP:
                self._ipv4.receive_arp(frame, now)
            case ethernet.IPV6:
                self._ipv6.receive(frame, now)
            case ethernet.IPV4 if (None if frame.tag is None else frame.tag.vlan_id) == _vlan(settings):
                self._ipv4.receive(frame, now)
            case _:
                return

    def _for_me(self, frame: Frame) -> bool:
        to = frame.destination
        if frame.source == self._wire.settings.mac or frame.source[0] & 1:
            return False
        return to in (self._wire.settings.mac, BROADCAST) or (to[:2] == b"\x33\x33" and self._listens(to))

    def _listens(self, mac: bytes) -> bool:
        """Whether it is in that group: that of all nodes, or that of an address of its own."""
        group = ethernet_ipv6.group_mac(ethernet_ipv6.ALL_NODES)
        return mac == group or self._ipv6.addresses.asked_by(mac)

    def send(self, data: bytes, peer: Peer, now: float, via: Via | None = None) -> None:
        """Send a datagram; what has no way to go is lost."""
        host = peer[0].partition("%")[0]
        try:
            self._ipv4.send(data, IPv4Address(host), peer[1], now, via)
        except AddressValueError:
            self._ipv6.send(data, IPv6Address(host), peer[1], now, via)

    def frames(self) -> list[bytes]:
        """Frames to be sent, oldest first; each once."""
        return self._wire.frames()

    def datagrams(self) -> list[tuple[bytes, Peer]]:
        """Datagrams that came for the port, oldest first; each once."""
        return self._wire.datagrams()

    def deadline(self) -> float | None:
        """When `expire` is next due; None while there is nothing to wait for."""
        dues = (self._ipv4.deadline(), self._ipv6.deadline())
        return min((due for due in dues if due is not None), default=None)

    def expire(self, now: float) -> None:
        """Do what is due by now."""
        self._ipv4.expire(now)
        self._ipv6.expire(now)

    def counters(self) -> Counters:
        """Packets counted since it began."""
        return self._wire.counters()

    def report(self) -> NetworkReport:
        """What it found out by itself."""
        return replace(
            self._ipv6.report(),
            gateway_mac=self._ipv4.gateway_mac(backup=False),
            backup_gateway_mac=self._ipv4.gateway_mac(backup=True),
        )


def _vlan(settings: NetworkSettings) -> int | None:
    return None if settings.tag is None else settings.tag.vlan_id
