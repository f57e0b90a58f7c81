"""IPv4 of a host with one address: ARP, gateways, UDP, and an echo (RFC 791, 826, 792, 1122)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from baseboard.links import ethernet, ethernet_arp, ethernet_ipv4, ethernet_udp
from baseboard.links.ethernet import BROADCAST, Frame
from baseboard.links.ethernet_arp import Arp
from baseboard.links.ethernet_ipv4 import Packet
from baseboard.links.ethernet_neighbors import Neighbors, Place
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ethernet_wire import Wire
from baseboard.links.network import NO_MAC, Tag, Via

ARP_HOLD_S: Final = 60.0
ARP_INTERVAL_S: Final = 1.0
ARP_TRIES: Final = 3
GATEWAY_REST_S: Final = 30.0
"""How long a gateway that does not answer is left alone, if there is a backup gateway."""

_NOWHERE: Final = IPv4Address(0)
_EVERYBODY: Final = IPv4Address("255.255.255.255")
_ECHO, _ECHO_REPLY = 8, 0
_DIRECTLY: Final = Via()


class Ipv4Host:
    """The IPv4 side of an Ethernet interface."""

    __slots__ = ("_announce_at", "_gateway_rests_until", "_identification", "_neighbors", "_wire")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._neighbors: Neighbors[IPv4Address] = Neighbors(
            hold_s=ARP_HOLD_S, interval_s=ARP_INTERVAL_S, tries=ARP_TRIES
        )
        self._announce_at: float | None = None
        self._gateway_rests_until = float("-inf")
        self._identification = 0

    def configured(self, now: float, *, moved: bool) -> None:
        """The settings of the wire are others.

        Args:
            moved: address, hardware address or VLAN is another one: nobody is where he was.
        """
        if moved:
            self._neighbors.clear()
            self._gateway_rests_until = float("-inf")
        settings = self._wire.settings
        wanted = settings.gratuitous_arps and settings.ipv4 is not None
        if not wanted:
            self._announce_at = None
        elif moved or self._announce_at is None:
            self._announce_at = now
        else:
            self._announce_at = min(self._announce_at, now + settings.arp_interval_s)

    # ---- ARP

    def receive_arp(self, frame: Frame, now: float) -> None:
        """Take a frame of ARP.

        One with another VLAN's tag than the channel's counts only as the answer to a question asked there.
        """
        arp, settings = ethernet_arp.parse(frame.data), self._wire.settings
        if arp is None or settings.ipv4 is None or arp.sender_mac[0] & 1:
            return
        own = settings.ipv4.ip
        vlan = None if frame.tag is None else frame.tag.vlan_id
        here = vlan == (None if settings.tag is None else settings.tag.vlan_id)
        if arp.target != own or arp.sender in (own, _EVERYBODY):
            return
        asked = self._neighbors.is_asked(arp.sender, vlan)
        if arp.sender != _NOWHERE and (asked or here):
            self._learn(arp, vlan, now)
        if here and arp.operation == ethernet_arp.REQUEST and settings.arp_responses:
            answer = Arp(ethernet_arp.REPLY, settings.mac, own, arp.sender_mac, arp.sender)
            self._wire.put(arp.sender_mac, ethernet.ARP, answer.encode(), settings.tag)

    def _learn(self, arp: Arp, vlan: int | None, now: float) -> None:
        place, packets = self._neighbors.learn(arp.sender, vlan, arp.sender_mac, now)
        if place is not None:
            for packet in packets:
                self._put(arp.sender_mac, packet, place)

    def _ask(self, place: Place[IPv4Address]) -> None:
        settings = self._wire.settings
        own = settings.ipv4
        assert own is not None, "whoever waited was forgotten with the address"
        question = Arp(ethernet_arp.REQUEST, settings.mac, own.ip, NO_MAC, place.address)
        self._wire.put(BROADCAST, ethernet.ARP, question.encode(), place.tag)

    # ---- receiving

    def receive(self, frame: Frame, now: float) -> None:
        """Take a frame of IPv4."""
        wire, settings = self._wire, self._wire.settings
        wire.ip_received += 1
        packet = ethernet_ipv4.parse(frame.data)
        if not isinstance(packet, Packet):
            wire.header_errors += 1
            return
        own = settings.ipv4
        if own is None or packet.destination not in (own.ip, own.network.broadcast_address, _EVERYBODY):
            wire.address_errors += 1
            return
        if packet.source.is_multicast or packet.source in (_NOWHERE, _EVERYBODY, own.ip):
            wire.address_errors += 1
        elif packet.piece:
            # A BMC need not put pieces together (§13.1).
            wire.fragments += 1
        elif packet.protocol == ethernet_ipv4.UDP:
            self._udp(packet)
        elif packet.protocol == ethernet_ipv4.ICMP and packet.destination == own.ip:
            self._icmp(packet, now)

    def _udp(self, packet: Packet) -> None:
        datagram = ethernet_udp.parse(packet.data, packet.source, packet.destination)
        if datagram is None:
            return
        self._wire.udp_received += 1
        if datagram.destination == self._wire.settings.port:
            self._wire.deliver(datagram.data, (str(packet.source), datagram.source))

    def _icmp(self, packet: Packet, now: float) -> None:
        data = packet.data
        if len(data) >= 8 and data[0] == _ECHO and not ethernet.checksum(data):
            reply = bytes((_ECHO_REPLY, 0, 0, 0)) + data[4:]
            right = ethernet.checksum(reply).to_bytes(2, "big")
            self._send(packet.source, ethernet_ipv4.ICMP, reply[:2] + right + reply[4:], now, _DIRECTLY)

    # ---- sending

    def send(self, data: bytes, host: IPv4Address, port: int, now: float, via: Via | None) -> None:
        """Send a datagram; without an address of its own, or a way there, it is lost."""
        settings = self._wire.settings
        if settings.ipv4 is not None:
            datagram = ethernet_udp.encode(Datagram(settings.port, port, data), settings.ipv4.ip, host)
            self._send(host, ethernet_ipv4.UDP, datagram, now, via or _DIRECTLY)

    def _send(self, host: IPv4Address, protocol: int, data: bytes, now: float, via: Via) -> None:
        settings = self._wire.settings
        own = settings.ipv4
        if own is None or len(data) > ethernet_ipv4.MTU - 20:
            return
        self._identification = (self._identification + 1) & 0xFFFF
        packet = Packet(
            own.ip,
            host,
            protocol,
            data,
            settings.ttl,
            settings.tos,
            settings.flags & 0b010,
            self._identification,
        ).encode()
        tag = via.tag or settings.tag
        if via.mac != NO_MAC:
            self._put(via.mac, packet, Place(host, tag))
        elif host in (_EVERYBODY, own.network.broadcast_address):
            self._put(BROADCAST, packet, Place(host, tag))
        elif host in own.network:
            self._forward(Place(host, tag), packet, now)
        else:
            self._by_gateway(packet, tag, now, backup=via.backup_gateway)

    def _by_gateway(self, packet: bytes, tag: Tag | None, now: float, *, backup: bool) -> None:
        """Send by the gateway; by the backup gateway if told, or if there is no other that answers."""
        settings = self._wire.settings
        rests = now < self._gateway_rests_until and settings.backup_gateway != _NOWHERE
        if backup or rests or settings.gateway == _NOWHERE:
            gateway, mac = settings.backup_gateway, settings.backup_gateway_mac
        else:
            gateway, mac = settings.gateway, settings.gateway_mac
        place = Place(gateway, tag)
        if mac != NO_MAC:
            self._put(mac, packet, place)
        elif gateway != _NOWHERE:
            self._forward(place, packet, now)

    def _forward(self, place: Place[IPv4Address], packet: bytes, now: float) -> None:
        mac = self._neighbors.find(place, now)
        if mac is not None:
            self._put(mac, packet, place)
        elif self._neighbors.wait(place, packet, now):
            self._ask(place)

    def _put(self, mac: bytes, packet: bytes, place: Place[IPv4Address]) -> None:
        self._wire.ip_transmitted += 1
        self._wire.put(mac, ethernet.IPV4, packet, place.tag)

    # ---- time

    def deadline(self) -> float | None:
        """When `expire` is next due."""
        dues = (self._announce_at, self._neighbors.deadline())
        return min((due for due in dues if due is not None), default=None)

    def expire(self, now: float) -> None:
        """Do what is due by now."""
        settings = self._wire.settings
        if self._announce_at is not None and self._announce_at <= now and settings.ipv4 is not None:
            self._announce_at = now + settings.arp_interval_s
            told = ethernet_arp.gratuitous(settings.mac, settings.ipv4.ip).encode()
            self._wire.put(BROADCAST, ethernet.ARP, told, settings.tag)
        again, lost = self._neighbors.expire(now)
        for place in again:
            self._ask(place)
        for place, packets in lost:
            if place.address == settings.gateway and settings.backup_gateway not in (
                _NOWHERE,
                settings.gateway,
            ):
                self._gateway_rests_until = now + GATEWAY_REST_S
                for packet in packets:
                    self._by_gateway(packet, place.tag, now, backup=True)

    # ---- what is known

    def gateway_mac(self, *, backup: bool) -> bytes:
        """The hardware address of a gateway: as set, or as it was found out; zeros = it is not known."""
        settings = self._wire.settings
        gateway, mac = settings.gateway, settings.gateway_mac
        if backup:
            gateway, mac = settings.backup_gateway, settings.backup_gateway_mac
        vlan = None if settings.tag is None else settings.tag.vlan_id
        return mac if mac != NO_MAC else self._neighbors.known(gateway, vlan) or NO_MAC
