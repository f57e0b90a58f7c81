"""IPv6 of a host: its addresses, neighbors and routers, UDP, and an echo (RFC 8200, 4861, 4862)."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Final

from baseboard.links import ethernet, ethernet_icmpv6, ethernet_ipv6, ethernet_udp
from baseboard.links.ethernet import Frame
from baseboard.links.ethernet_addresses import Addresses
from baseboard.links.ethernet_icmpv6 import (
    ON_LINK_ONLY,
    Advertisement,
    Echo,
    Message,
    RouterAdvertisement,
    RouterSolicitation,
    Solicitation,
)
from baseboard.links.ethernet_ipv6 import ALL_NODES, ALL_ROUTERS, ICMPV6, Packet
from baseboard.links.ethernet_neighbors import Neighbors, Place
from baseboard.links.ethernet_routers import Routers
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ethernet_wire import Wire
from baseboard.links.network import NO_MAC, NetworkReport, Tag, Via

MOST_PEERS: Final = 128
"""Peers of which it is known to which address they spoke, and so which one answers them."""

MTU: Final = 1500
_NOBODY: Final = IPv6Address(0)
_SLAAC_PREFIX: Final = 64
_DIRECTLY: Final = Via()


class Ipv6Host:
    """The IPv6 side of an Ethernet interface."""

    __slots__ = ("_neighbors", "_peers", "_solicit_at", "_solicitations", "_wire", "addresses", "routers")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.addresses = Addresses()
        self.routers = Routers()
        self._neighbors: Neighbors[IPv6Address] = Neighbors(hold_s=30, interval_s=1, tries=3)
        self._peers: dict[tuple[str, int], IPv6Address] = {}
        self._solicit_at: float | None = None
        self._solicitations = 0

    def configured(self, now: float, *, moved: bool) -> None:
        """The settings of the wire are others.

        Args:
            moved: hardware address or VLAN is another one: everything begins anew.
        """
        settings, timing = self._wire.settings, self._wire.settings.timing
        neighbors = self._neighbors
        neighbors.hold_s, neighbors.interval_s = timing.reachable_s, max(1, timing.retransmit_s)
        neighbors.tries = max(1, timing.multicast_tries)
        self.addresses.timing = timing
        if moved or not settings.ipv6:
            neighbors.clear()
            self.addresses.clear()
            self.routers.clear()
            self._peers.clear()
            self._solicit_at, self._solicitations = None, 0
        self.routers.static = settings.static_routers if settings.ipv6 else ()
        if not settings.ipv6:
            return
        self.addresses.keep(ethernet_ipv6.link_local(settings.mac), settings.static, now)
        if not settings.advertised_routers:
            self.routers.clear()
            self.addresses.forget_made()
            self._solicit_at, self._solicitations = None, 0
        elif self._solicit_at is None and not self._solicitations:
            # Many that were switched on together do not ask together: each has its own share of the delay.
            self._solicit_at = now + timing.solicitation_delay_s * settings.mac[-1] / 0xFF
            self._solicitations = timing.solicitations

    # ---- receiving

    def receive(self, frame: Frame, now: float) -> None:
        """Take a frame of IPv6.

        One with another VLAN's tag than the channel's counts only as the answer to a question asked there.
        """
        wire, settings = self._wire, self._wire.settings
        if not settings.ipv6:
            return
        vlan = None if frame.tag is None else frame.tag.vlan_id
        here = vlan == (None if settings.tag is None else settings.tag.vlan_id)
        wire.ip_received += here
        packet = ethernet_ipv6.parse(frame.data)
        if not isinstance(packet, Packet):
            wire.header_errors += here
            return
        if not here:
            self._elsewhere(packet, vlan, now)
            return
        if not self._rightly_addressed(packet):
            wire.address_errors += 1
        elif packet.header == ethernet_ipv6.FRAGMENT:
            wire.fragments += 1
        elif packet.header == ethernet_ipv6.UDP:
            self._udp(packet)
        elif packet.header == ICMPV6:
            self._icmp(packet, vlan, now)

    def _rightly_addressed(self, packet: Packet) -> bool:
        """Whether it is for this host, and comes from another."""
        to, addresses = packet.destination, self.addresses
        mine = to.is_multicast or addresses.usable(to) or addresses.tried(to)
        return mine and not packet.source.is_multicast and not addresses.usable(packet.source)

    def _elsewhere(self, packet: Packet, vlan: int | None, now: float) -> None:
        """What comes from another VLAN: who was asked for there may answer."""
        message = ethernet_icmpv6.parse(packet) if packet.header == ICMPV6 else None
        if isinstance(message, Advertisement):
            self._answered(message, vlan, now)

    def _answered(self, said: Advertisement, vlan: int | None, now: float) -> None:
        if said.mac and self._neighbors.is_asked(said.target, vlan):
            self._learn(said.target, vlan, said.mac, now)

    def _udp(self, packet: Packet) -> None:
        datagram = ethernet_udp.parse(packet.data, packet.source, packet.destination)
        if datagram is None or not self.addresses.usable(packet.destination) or packet.source == _NOBODY:
            return
        self._wire.udp_received += 1
        if datagram.destination != self._wire.settings.port:
            return
        peer = str(packet.source), datagram.source
        self._peers.pop(peer, None)
        if len(self._peers) >= MOST_PEERS:
            del self._peers[next(iter(self._peers))]
        self._peers[peer] = packet.destination
        self._wire.deliver(datagram.data, (*peer, 0, 0))

    def _icmp(self, packet: Packet, vlan: int | None, now: float) -> None:
        message = ethernet_icmpv6.parse(packet)
        match message:
            case Solicitation():
                self._solicited(packet, message, vlan, now)
            case Advertisement():
                self.addresses.conflict(message.target)
                self._answered(message, vlan, now)
            case RouterAdvertisement():
                self._advertised(packet.source, message, vlan, now)
            case Echo(reply=False) if self.addresses.usable(packet.destination):
                answer = Echo(message.data, reply=True)
                self._say(answer, packet.source, now, source=packet.destination)
            case _:
                return

    def _solicited(self, packet: Packet, asked: Solicitation, vlan: int | None, now: float) -> None:
        if packet.source == _NOBODY:
            # Somebody tries an address; if it is one that is tried here, neither gets it.
            self.addresses.conflict(asked.target)
        elif asked.mac and self.addresses.usable(asked.target):
            self._learn(packet.source, vlan, asked.mac, now)
        if self.addresses.usable(asked.target):
            to = ALL_NODES if packet.source == _NOBODY else packet.source
            answer = Advertisement(asked.target, self._wire.settings.mac, solicited=to != ALL_NODES)
            self._say(answer, to, now, source=asked.target)

    def _advertised(
        self, router: IPv6Address, said: RouterAdvertisement, vlan: int | None, now: float
    ) -> None:
        settings = self._wire.settings
        if not settings.advertised_routers or not router.is_link_local:
            return
        self._solicit_at = None
        self.routers.heard(router, said, now)
        if said.mac:
            self._learn(router, vlan, said.mac, now)
        for prefix in said.prefixes:
            network = prefix.network.network
            if prefix.autonomous and network.prefixlen == _SLAAC_PREFIX and not network.is_link_local:
                made = ethernet_ipv6.with_interface(network.network_address.packed, settings.mac)
                self.addresses.advertised(prefix, made, now)

    def _learn(self, address: IPv6Address, vlan: int | None, mac: bytes, now: float) -> None:
        place, packets = self._neighbors.learn(address, vlan, mac, now)
        if place is not None:
            for packet in packets:
                self._put(mac, packet, place.tag)

    # ---- sending

    def send(self, data: bytes, host: IPv6Address, port: int, now: float, via: Via | None) -> None:
        """Send a datagram: from the address that the peer spoke to, or from the one that suits best."""
        settings = self._wire.settings
        spoken_to = self._peers.get((str(host), port))
        known = spoken_to is not None and self.addresses.usable(spoken_to)
        source = spoken_to if known else self.addresses.best_for(host)
        if source is None or len(data) > MTU - 48:
            return
        body = ethernet_udp.encode(Datagram(settings.port, port, data), source, host)
        self._send(self._packet(source, host, ethernet_ipv6.UDP, body), now, via or _DIRECTLY)

    def _packet(self, source: IPv6Address, host: IPv6Address, header: int, data: bytes) -> Packet:
        settings = self._wire.settings
        return Packet(
            source, host, header, data, settings.hop_limit, settings.traffic_class, settings.flow_label
        )

    def _say(self, message: Message, host: IPv6Address, now: float, *, source: IPv6Address) -> None:
        body = ethernet_icmpv6.encode(message, source, host)
        packet = self._packet(source, host, ICMPV6, body)
        if not isinstance(message, Echo):
            packet = packet._replace(hop_limit=ON_LINK_ONLY, traffic_class=0, flow_label=0)
        self._send(packet, now, _DIRECTLY)

    def _send(self, packet: Packet, now: float, via: Via) -> None:
        host, raw = packet.destination, packet.encode()
        tag = via.tag or self._wire.settings.tag
        if via.mac != NO_MAC:
            self._put(via.mac, raw, tag)
        elif host.is_multicast:
            self._put(ethernet_ipv6.group_mac(host), raw, tag)
        elif host.is_link_local or self.addresses.on_link(host) or self.routers.on_link(host):
            self._forward(Place(host, tag), raw, now)
        elif (router := self.routers.towards(host)) is not None:
            if router.mac != NO_MAC:
                self._put(router.mac, raw, tag)
            else:
                self._forward(Place(router.address, tag), raw, now)

    def _forward(self, place: Place[IPv6Address], packet: bytes, now: float) -> None:
        mac = self._neighbors.find(place, now)
        if mac is not None:
            self._put(mac, packet, place.tag)
        elif self._neighbors.wait(place, packet, now):
            self._ask(place)

    def _ask(self, place: Place[IPv6Address]) -> None:
        source = self.addresses.best_for(place.address)
        if source is not None:
            question = Solicitation(place.address, self._wire.settings.mac)
            self._group(question, source, ethernet_ipv6.solicited_node(place.address), place.tag)

    def _group(self, message: Message, source: IPv6Address, group: IPv6Address, tag: Tag | None) -> None:
        body = ethernet_icmpv6.encode(message, source, group)
        packet = Packet(source, group, ICMPV6, body, ON_LINK_ONLY)
        self._put(ethernet_ipv6.group_mac(group), packet.encode(), tag)

    def _put(self, mac: bytes, packet: bytes, tag: Tag | None) -> None:
        self._wire.ip_transmitted += 1
        self._wire.put(mac, ethernet.IPV6, packet, tag)

    # ---- time

    def deadline(self) -> float | None:
        """When `expire` is next due."""
        dues = (
            self._solicit_at,
            self.addresses.deadline(),
            self.routers.deadline(),
            self._neighbors.deadline(),
        )
        return min((due for due in dues if due is not None), default=None)

    def expire(self, now: float) -> None:
        """Do what is due by now."""
        tag = self._wire.settings.tag
        for address in self.addresses.expire(now):
            group = ethernet_ipv6.solicited_node(address)
            self._group(Solicitation(address), _NOBODY, group, tag)
        self.routers.expire(now)
        if self._solicit_at is not None and self._solicit_at <= now:
            self._solicit(now)
        again, _lost = self._neighbors.expire(now)
        for place in again:
            self._ask(place)

    def _solicit(self, now: float) -> None:
        """Ask for routers, until one answers or it was asked often enough."""
        settings = self._wire.settings
        own = ethernet_ipv6.link_local(settings.mac).ip
        ready = self.addresses.usable(own)
        if self._solicitations > 0:
            self._solicitations -= 1
            question = RouterSolicitation(settings.mac if ready else b"")
            self._group(question, own if ready else _NOBODY, ALL_ROUTERS, settings.tag)
        more = self._solicitations > 0
        self._solicit_at = now + settings.timing.solicitation_interval_s if more else None

    # ---- what is known

    def report(self) -> NetworkReport:
        """Addresses and routers."""
        settings = self._wire.settings
        return NetworkReport(
            static=tuple(
                self.addresses.status(address) if address is not None and settings.ipv6 else 1
                for address in settings.static
            ),
            dynamic=self.addresses.made(),
            routers=self.routers.advertised(),
            hop_limit=self.routers.hop_limit,
        )
