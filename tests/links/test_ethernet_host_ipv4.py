"""IPv4 of a host: ARP, gateways, datagrams, echoes, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

import pytest

from baseboard.links import ethernet, ethernet_arp, ethernet_ipv4, ethernet_udp
from baseboard.links.ethernet import BROADCAST, Frame
from baseboard.links.ethernet_arp import REPLY, REQUEST, Arp
from baseboard.links.ethernet_host import EthernetHost
from baseboard.links.ethernet_host_ipv4 import GATEWAY_REST_S
from baseboard.links.ethernet_ipv4 import ICMP, UDP, Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.network import NO_MAC, Counters, NetworkSettings, Tag, Via
from tests.links.captured import ARP_REQUEST, IPV4_ECHO, IPV4_UDP, LINUX_MAC, OWN_MAC, PING

LINUX, OWN = IPv4Address("10.77.0.1"), IPv4Address("10.77.0.2")
GATEWAY, BACKUP = IPv4Address("10.77.0.254"), IPv4Address("10.77.0.253")
FAR = "192.0.2.9"
GATEWAY_MAC, BACKUP_MAC, THIRD_MAC = (bytes.fromhex(f"02000000000{n}") for n in (1, 2, 3))
TAG = Tag(100, 5)


def make(**changes: Any) -> EthernetHost:
    settings = NetworkSettings(mac=OWN_MAC, ipv4=IPv4Interface("10.77.0.2/24"))
    return EthernetHost(replace(settings, **changes), 0.0)


def sent(host: EthernetHost) -> list[Frame]:
    frames = [ethernet.parse(raw) for raw in host.frames()]
    assert all(frame is not None and frame.source == OWN_MAC for frame in frames)
    return [frame for frame in frames if frame is not None]


def arps(host: EthernetHost) -> list[tuple[Frame, Arp]]:
    """What it sent, which must all be ARP."""
    found: list[tuple[Frame, Arp]] = []
    for frame in sent(host):
        arp = ethernet_arp.parse(frame.data)
        assert frame.kind == ethernet.ARP
        assert arp is not None
        found.append((frame, arp))
    return found


def packets(host: EthernetHost) -> list[tuple[Frame, Packet]]:
    """What it sent, which must all be IPv4."""
    found: list[tuple[Frame, Packet]] = []
    for frame in sent(host):
        packet = ethernet_ipv4.parse(frame.data)
        assert frame.kind == ethernet.IPV4
        assert isinstance(packet, Packet)
        found.append((frame, packet))
    return found


def answer(address: IPv4Address, mac: bytes, tag: Tag | None = None) -> bytes:
    """An answer to a question for an address."""
    said = Arp(REPLY, mac, address, OWN_MAC, OWN)
    return Frame(OWN_MAC, mac, ethernet.ARP, said.encode(), tag).encode()


def datagram(port: int = 623, source: str = "10.77.0.1", destination: str = "10.77.0.2") -> bytes:
    """A frame with a datagram from Linux."""
    pair = IPv4Address(source), IPv4Address(destination)
    body = ethernet_udp.encode(Datagram(4000, port, b"hello"), *pair)
    to = OWN_MAC if destination == "10.77.0.2" else BROADCAST
    return Frame(to, LINUX_MAC, ethernet.IPV4, Packet(*pair, UDP, body).encode()).encode()


# ARP


def test_a_question_of_linux_is_answered_and_tells_where_linux_is() -> None:
    host = make()
    host.receive(ARP_REQUEST, 0.0)
    ((frame, arp),) = arps(host)
    assert (frame.destination, frame.tag) == (LINUX_MAC, None)
    assert arp == Arp(REPLY, OWN_MAC, OWN, LINUX_MAC, LINUX)
    host.send(PING, ("10.77.0.1", 9), 1.0)
    ((frame, _),) = packets(host)
    assert frame.destination == LINUX_MAC


def test_with_responses_off_nothing_is_answered_and_it_still_asks_for_itself() -> None:
    host = make(arp_responses=False)
    host.receive(ARP_REQUEST, 0.0)
    assert sent(host) == []
    host.send(PING, ("10.77.0.7", 9), 0.0)
    ((frame, arp),) = arps(host)
    assert (frame.destination, arp) == (
        BROADCAST,
        Arp(REQUEST, OWN_MAC, OWN, NO_MAC, IPv4Address("10.77.0.7")),
    )


@pytest.mark.parametrize(
    "arp",
    [
        Arp(REQUEST, LINUX_MAC, LINUX, NO_MAC, LINUX),  # for somebody else
        Arp(REQUEST, LINUX_MAC, OWN, NO_MAC, OWN),  # who says that he has this address
        Arp(REQUEST, b"\x01" + LINUX_MAC[1:], LINUX, NO_MAC, OWN),  # from a group
    ],
)
def test_other_arps_are_none_of_its_business(arp: Arp) -> None:
    host = make()
    host.receive(Frame(BROADCAST, LINUX_MAC, ethernet.ARP, arp.encode()).encode(), 0.0)
    host.receive(Frame(BROADCAST, LINUX_MAC, ethernet.ARP, b"no ARP").encode(), 0.0)
    assert sent(host) == []


def test_without_an_address_no_arp_is_answered() -> None:
    host = make(ipv4=None)
    host.receive(ARP_REQUEST, 0.0)
    host.send(PING, ("10.77.0.1", 9), 0.0)
    assert sent(host) == []


def test_a_probe_is_answered_and_its_sender_has_no_address_to_remember() -> None:
    """RFC 5227, §2.1."""
    host = make()
    probe = Arp(REQUEST, LINUX_MAC, IPv4Address(0), NO_MAC, OWN)
    host.receive(Frame(BROADCAST, LINUX_MAC, ethernet.ARP, probe.encode()).encode(), 0.0)
    ((_, arp),) = arps(host)
    assert (arp.operation, arp.target) == (REPLY, IPv4Address(0))


def test_gratuitous_arps_come_at_once_and_at_their_interval() -> None:
    host = make(gratuitous_arps=True, arp_interval_s=1.5, tag=TAG)
    ((frame, arp),) = arps(host)
    assert (frame.destination, frame.tag) == (BROADCAST, TAG)
    assert arp == Arp(REQUEST, OWN_MAC, OWN, NO_MAC, OWN)
    assert host.deadline() == 1.5
    host.expire(1.4)
    assert sent(host) == []
    host.expire(1.5)
    assert len(arps(host)) == 1
    host.configure(replace(host.settings, arp_interval_s=0.5), 1.6)
    assert (sent(host), host.deadline()) == ([], 2.1)
    host.configure(replace(host.settings, ipv4=IPv4Interface("10.77.0.5/24")), 1.7)
    ((_, arp),) = arps(host)
    assert arp.sender == IPv4Address("10.77.0.5")
    host.configure(replace(host.settings, gratuitous_arps=False), 1.8)
    assert host.deadline() is None


# Receiving


def test_a_datagram_for_the_port_is_delivered_with_its_sender() -> None:
    host = make()
    host.receive(IPV4_UDP, 0.0)
    assert host.datagrams() == [(PING, ("10.77.0.1", 0xBEC0))]
    assert host.counters() == Counters(ip_received=1, udp_received=1)


@pytest.mark.parametrize("everybody", ["255.255.255.255", "10.77.0.255"])
def test_a_datagram_for_everybody_is_delivered_too(everybody: str) -> None:
    host = make()
    host.receive(datagram(destination=everybody), 0.0)
    assert host.datagrams() == [(b"hello", ("10.77.0.1", 4000))]


def test_what_is_wrong_is_counted_as_what_it_is() -> None:
    host = make()
    broken = bytearray(IPV4_UDP)
    broken[24] ^= 1
    host.receive(bytes(broken), 0.0)
    assert host.counters() == Counters(ip_received=1, header_errors=1)
    host.receive(
        Frame(OWN_MAC, LINUX_MAC, ethernet.IPV4, datagram(destination="10.77.0.3")[14:]).encode(), 0.0
    )
    for source in (0, 0xE0000001, 0xFFFFFFFF, int(OWN)):
        host.receive(datagram(source=str(IPv4Address(source))), 0.0)
    assert host.counters() == Counters(ip_received=6, header_errors=1, address_errors=5)
    piece = Packet(LINUX, OWN, UDP, b"piece", flags=0b001).encode()
    host.receive(Frame(OWN_MAC, LINUX_MAC, ethernet.IPV4, piece).encode(), 0.0)
    assert host.counters().fragments == 1
    host.receive(datagram(port=161), 0.0)
    assert host.counters().udp_received == 1
    host.receive(IPV4_UDP[:-1] + b"\x01", 0.0)
    tcp = Packet(LINUX, OWN, 6, bytes(20)).encode()
    host.receive(Frame(OWN_MAC, LINUX_MAC, ethernet.IPV4, tcp).encode(), 0.0)
    assert host.counters() == Counters(10, 1, 5, 1, 0, 1)
    assert (host.datagrams(), sent(host)) == ([], [])


def test_without_an_address_every_packet_is_for_somebody_else() -> None:
    host = make(ipv4=None)
    host.receive(IPV4_UDP, 0.0)
    assert host.counters() == Counters(ip_received=1, address_errors=1)


def test_an_echo_of_linux_comes_back() -> None:
    host = make()
    host.receive(ARP_REQUEST, 0.0)
    host.receive(IPV4_ECHO, 0.0)
    host.receive(IPV4_ECHO[:-1] + b"?", 0.0)
    host.receive(IPV4_ECHO[:30], 0.0)
    frames = [frame for frame in sent(host) if frame.kind == ethernet.IPV4]
    assert len(frames) == 1
    packet = ethernet_ipv4.parse(frames[0].data)
    assert isinstance(packet, Packet)
    assert (packet.source, packet.destination, packet.protocol) == (OWN, LINUX, ICMP)
    assert packet.data == bytes.fromhex("0000 9ae3 0007 0001") + b"hello!!!"


# Sending


def test_headers_are_as_parameter_7_says() -> None:
    host = make(ttl=33, tos=0x70, flags=0)
    host.receive(ARP_REQUEST, 0.0)
    sent(host)
    for _ in range(2):
        host.send(PING, ("10.77.0.1", 99), 0.0)
    first, second = (packet for _, packet in packets(host))
    assert (first.ttl, first.tos, first.flags, first.source) == (33, 0x70, 0, OWN)
    assert first.identification != second.identification
    assert ethernet_udp.parse(first.data, OWN, LINUX) == Datagram(623, 99, PING)
    assert host.counters().ip_transmitted == 2


def test_who_is_not_known_is_asked_for_and_then_gets_what_waited() -> None:
    host = make()
    host.send(b"one", ("10.77.0.1", 9), 0.0)
    host.send(b"two", ("10.77.0.1", 9), 0.1)
    assert len(arps(host)) == 1
    assert host.deadline() == 1.0
    host.expire(1.0)
    assert len(arps(host)) == 1
    host.receive(answer(LINUX, LINUX_MAC), 1.1)
    assert [packet.data[8:] for _, packet in packets(host)] == [b"one", b"two"]
    assert host.deadline() is None


def test_what_nobody_answers_for_is_lost() -> None:
    host = make()
    host.send(b"one", ("10.77.0.1", 9), 0.0)
    for at in (1.0, 2.0, 3.0):
        host.expire(at)
    assert len(arps(host)) == 3
    host.receive(answer(LINUX, LINUX_MAC), 3.1)
    assert sent(host) == []


def test_everybody_is_sent_to_without_a_question() -> None:
    host = make()
    host.send(PING, ("10.77.0.255", 9), 0.0)
    ((frame, _),) = packets(host)
    assert frame.destination == BROADCAST


def test_what_is_too_long_or_has_no_way_is_lost() -> None:
    host = make()
    host.send(bytes(1500), ("10.77.0.1", 9), 0.0)
    host.send(PING, (FAR, 9), 0.0)
    assert sent(host) == []


def test_what_is_far_goes_by_the_gateway() -> None:
    host = make(gateway=GATEWAY)
    assert host.report().gateway_mac == NO_MAC
    host.send(PING, (FAR, 9), 0.0)
    ((_, arp),) = arps(host)
    assert arp.target == GATEWAY
    host.receive(answer(GATEWAY, GATEWAY_MAC), 0.0)
    ((frame, packet),) = packets(host)
    assert (frame.destination, packet.destination) == (GATEWAY_MAC, IPv4Address(FAR))
    assert host.report().gateway_mac == GATEWAY_MAC


def test_a_gateway_whose_hardware_address_is_set_is_never_asked_for() -> None:
    host = make(gateway=GATEWAY, gateway_mac=GATEWAY_MAC)
    host.send(PING, (FAR, 9), 0.0)
    ((frame, _),) = packets(host)
    assert frame.destination == GATEWAY_MAC
    assert host.report().gateway_mac == GATEWAY_MAC


def test_the_backup_gateway_serves_while_the_gateway_does_not_answer() -> None:
    host = make(gateway=GATEWAY, backup_gateway=BACKUP, backup_gateway_mac=BACKUP_MAC)
    host.send(PING, (FAR, 9), 0.0)
    for at in (1.0, 2.0, 3.0):
        host.expire(at)
    *asked, last = sent(host)
    assert [frame.kind for frame in asked] == [ethernet.ARP] * 3
    assert (last.kind, last.destination) == (ethernet.IPV4, BACKUP_MAC)
    host.send(PING, (FAR, 9), 4.0)
    ((frame, _),) = packets(host)
    assert frame.destination == BACKUP_MAC
    host.send(PING, (FAR, 9), 3.0 + GATEWAY_REST_S)
    assert arps(host)[0][1].target == GATEWAY
    assert host.report().backup_gateway_mac == BACKUP_MAC


def test_without_a_gateway_the_backup_gateway_serves() -> None:
    host = make(backup_gateway=BACKUP)
    host.send(PING, (FAR, 9), 0.0)
    assert arps(host)[0][1].target == BACKUP


# An alert's own way


def test_a_datagram_goes_by_the_way_that_it_was_given() -> None:
    host = make(
        gateway=GATEWAY, gateway_mac=GATEWAY_MAC, backup_gateway=BACKUP, backup_gateway_mac=BACKUP_MAC
    )
    host.send(PING, (FAR, 162), 0.0, Via(backup_gateway=True))
    host.send(PING, (FAR, 162), 0.0, Via(mac=THIRD_MAC))
    host.send(PING, (FAR, 162), 0.0, Via(tag=Tag(200, 6)))
    assert [(frame.destination, frame.tag) for frame, _ in packets(host)] == [
        (BACKUP_MAC, None),
        (THIRD_MAC, None),
        (GATEWAY_MAC, Tag(200, 6)),
    ]


def test_an_answer_in_another_vlan_counts_where_it_was_asked_for() -> None:
    host = make(tag=TAG)
    host.send(PING, ("10.77.0.1", 162), 0.0, Via(tag=Tag(200, 6)))
    ((frame, _),) = arps(host)
    assert frame.tag == Tag(200, 6)
    host.receive(answer(LINUX, THIRD_MAC, Tag(300)), 0.1)
    assert sent(host) == []
    host.receive(answer(LINUX, LINUX_MAC, Tag(200)), 0.1)
    ((frame, _),) = packets(host)
    assert (frame.destination, frame.tag) == (LINUX_MAC, Tag(200, 6))
    host.send(PING, ("10.77.0.1", 9), 0.2)
    assert arps(host)[0][0].tag == TAG


def test_a_question_in_another_vlan_is_never_answered() -> None:
    host = make(tag=TAG)
    host.send(PING, ("10.77.0.1", 162), 0.0, Via(tag=Tag(200, 6)))
    sent(host)
    body = ARP_REQUEST[14:]
    host.receive(Frame(BROADCAST, LINUX_MAC, ethernet.ARP, body, Tag(200)).encode(), 0.0)
    assert [frame.kind for frame in sent(host)] == [ethernet.IPV4]
    host.receive(Frame(BROADCAST, LINUX_MAC, ethernet.ARP, body, Tag(200)).encode(), 0.0)
    host.receive(ARP_REQUEST, 0.0)
    assert sent(host) == []


def test_who_waits_when_the_address_goes_is_not_asked_again() -> None:
    host = make(tag=TAG)
    host.send(PING, ("10.77.0.1", 9), 0.0)
    host.configure(replace(host.settings, ipv4=None), 0.5)
    host.frames()
    host.expire(9.0)
    assert sent(host) == []


def test_settings_that_move_nothing_keep_what_is_known() -> None:
    host = make()
    host.receive(ARP_REQUEST, 0.0)
    sent(host)
    host.configure(replace(host.settings, ttl=9), 0.1)
    host.send(PING, ("10.77.0.1", 9), 0.2)
    ((_, packet),) = packets(host)
    assert packet.ttl == 9
