"""IPv6 of a host: its addresses, neighbors and routers, datagrams and echoes."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Address, IPv6Interface
from typing import Any

import pytest

from baseboard.links import ethernet, ethernet_icmpv6, ethernet_ipv6, ethernet_udp
from baseboard.links.ethernet import Frame
from baseboard.links.ethernet_host import EthernetHost
from baseboard.links.ethernet_host_ipv6 import MOST_PEERS
from baseboard.links.ethernet_icmpv6 import (
    Advertisement,
    Echo,
    Message,
    Prefix,
    RouterAdvertisement,
    RouterSolicitation,
    Solicitation,
)
from baseboard.links.ethernet_ipv6 import ICMPV6, UDP, Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.network import (
    ACTIVE,
    DISABLED,
    FAILED,
    PENDING,
    Counters,
    NeighborTiming,
    NetworkSettings,
    Router,
    Tag,
    Via,
)
from tests.links.captured import (
    IPV6_ECHO,
    IPV6_SOLICITATION,
    IPV6_UDP,
    LINUX_MAC,
    LISTENER_REPORT,
    OWN_MAC,
    PING,
)

LINUX, BMC = IPv6Address("fd77::1"), IPv6Address("fd77::2")
LOCAL = ethernet_ipv6.link_local(OWN_MAC).ip
ROUTER = IPv6Address("fe80::1")
ROUTER_MAC, THIRD_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000003")
FAR = IPv6Address("2001:db8:9::9")
TAG = Tag(100, 5)
SETTINGS = NetworkSettings(mac=OWN_MAC, ipv6=True, static=(IPv6Interface("fd77::2/64"), None))
MADE = ethernet_ipv6.with_interface(IPv6Address("2001:db8::").packed, OWN_MAC)


def make(**changes: Any) -> EthernetHost:
    """A host whose addresses were tried, at 2 s; what it sent so far was taken."""
    host = EthernetHost(replace(SETTINGS, **changes), 0.0)
    host.expire(1.0)
    host.expire(2.0)
    host.frames()
    return host


def frame_of(packet: Packet, *, to: bytes = OWN_MAC, mac: bytes = LINUX_MAC, tag: Tag | None = None) -> bytes:
    return Frame(to, mac, ethernet.IPV6, packet.encode(), tag).encode()


def said(
    message: Message,
    source: IPv6Address = LINUX,
    destination: IPv6Address = BMC,
    *,
    to: bytes = OWN_MAC,
    mac: bytes = LINUX_MAC,
    tag: Tag | None = None,
) -> bytes:
    """A frame in which somebody says something."""
    body = ethernet_icmpv6.encode(message, source, destination)
    return frame_of(Packet(source, destination, ICMPV6, body, 255), to=to, mac=mac, tag=tag)


def datagram(source: str, destination: str = "fd77::2", port: int = 623) -> bytes:
    pair = IPv6Address(source), IPv6Address(destination)
    return frame_of(Packet(*pair, UDP, ethernet_udp.encode(Datagram(4000, port, b"hello"), *pair)))


def sent(host: EthernetHost) -> list[tuple[Frame, Packet]]:
    found: list[tuple[Frame, Packet]] = []
    for raw in host.frames():
        frame = ethernet.parse(raw)
        assert frame is not None
        packet = ethernet_ipv6.parse(frame.data)
        assert isinstance(packet, Packet)
        found.append((frame, packet))
    return found


def messages(host: EthernetHost) -> list[Message | None]:
    return [ethernet_icmpv6.parse(packet) for _, packet in sent(host)]


# Addresses


def test_addresses_are_tried_before_they_are_used() -> None:
    host = EthernetHost(SETTINGS, 0.0)
    tried = sent(host)
    assert sorted(
        (packet.source, packet.destination, ethernet_icmpv6.parse(packet)) for _, packet in tried
    ) == sorted(
        (IPv6Address(0), ethernet_ipv6.solicited_node(address), Solicitation(address))
        for address in (LOCAL, BMC)
    )
    assert [frame.destination[:3] for frame, _ in tried] == [b"\x33\x33\xff"] * 2
    assert host.report().static == (PENDING, DISABLED)
    host.receive(IPV6_SOLICITATION, 0.5)
    assert sent(host) == []
    host.expire(1.0)
    assert host.report().static == (ACTIVE, DISABLED)
    assert [(row.address.ip, row.status) for row in host.report().dynamic] == [(LOCAL, ACTIVE)]


@pytest.mark.parametrize(
    "frame",
    [
        said(Advertisement(BMC, LINUX_MAC), BMC, ethernet_ipv6.ALL_NODES, to=bytes.fromhex("333300000001")),
        said(
            Solicitation(BMC),
            IPv6Address(0),
            ethernet_ipv6.solicited_node(BMC),
            to=bytes.fromhex("3333ff000002"),
        ),
    ],
)
def test_an_address_that_another_has_or_tries_is_not_taken(frame: bytes) -> None:
    host = EthernetHost(SETTINGS, 0.0)
    host.receive(frame, 0.5)
    host.expire(1.0)
    assert host.report().static == (FAILED, DISABLED)
    host.frames()
    host.receive(IPV6_SOLICITATION, 2.0)
    host.receive(IPV6_UDP, 2.0)
    assert (sent(host), host.datagrams()) == ([], [])


def test_switched_off_it_hears_nothing_and_has_no_address() -> None:
    host = make()
    host.configure(replace(SETTINGS, ipv6=False), 3.0)
    for frame in (IPV6_SOLICITATION, IPV6_UDP, IPV6_ECHO):
        host.receive(frame, 3.0)
    host.send(PING, ("fd77::1", 9, 0, 0), 3.0)
    assert (sent(host), host.datagrams(), host.deadline()) == ([], [], None)
    assert host.counters().ip_received == 0
    assert host.report().static == (DISABLED, DISABLED)


# Neighbors


def test_a_question_of_linux_is_answered() -> None:
    host = make()
    host.receive(IPV6_SOLICITATION, 2.0)
    ((frame, packet),) = sent(host)
    assert (frame.destination, packet.source, packet.destination) == (LINUX_MAC, BMC, LINUX)
    assert packet.hop_limit == 255
    assert ethernet_icmpv6.parse(packet) == Advertisement(BMC, OWN_MAC, solicited=True)


def test_who_tries_an_address_that_is_in_use_is_told_so() -> None:
    host = make()
    group = ethernet_ipv6.solicited_node(BMC)
    asked = said(Solicitation(BMC), IPv6Address(0), group, to=ethernet_ipv6.group_mac(group))
    host.receive(asked, 2.0)
    ((frame, packet),) = sent(host)
    assert (frame.destination, packet.destination) == (bytes.fromhex("333300000001"), IPv6Address("ff02::1"))
    assert ethernet_icmpv6.parse(packet) == Advertisement(BMC, OWN_MAC)


def test_a_question_for_somebody_else_or_without_its_mac_tells_nothing() -> None:
    host = make()
    host.receive(said(Solicitation(FAR, LINUX_MAC), destination=BMC), 2.0)
    assert sent(host) == []
    host.receive(said(Solicitation(BMC)), 2.0)
    (asked,) = messages(host)
    assert asked == Solicitation(LINUX, OWN_MAC)


def test_who_is_not_known_is_asked_for_and_gets_what_waited() -> None:
    host = make(hop_limit=9, traffic_class=0xB8, flow_label=0x12345)
    host.send(b"one", ("fd77::1", 9, 0, 0), 2.0)
    host.send(b"two", ("fd77::1", 9, 0, 0), 2.1)
    assert messages(host) == [Solicitation(LINUX, OWN_MAC)]
    host.expire(3.0)
    assert messages(host) == [Solicitation(LINUX, OWN_MAC)]
    host.receive(said(Advertisement(LINUX), mac=THIRD_MAC), 3.1)
    assert sent(host) == []
    host.receive(said(Advertisement(LINUX, LINUX_MAC, solicited=True)), 3.1)
    first, second = sent(host)
    for frame, packet in (first, second):
        assert frame.destination == LINUX_MAC
        assert (packet.source, packet.hop_limit) == (BMC, 9)
        assert (packet.traffic_class, packet.flow_label) == (0xB8, 0x12345)
    assert ethernet_udp.parse(first[1].data, BMC, LINUX) == Datagram(623, 9, b"one")
    host.send(b"three", ("fd77::1", 9, 0, 0), 3.2)
    assert len(sent(host)) == 1


def test_whom_nobody_answers_for_is_given_up() -> None:
    host = make(timing=NeighborTiming.of(bytes((1, 4, 3, 1, 2, 3, 1, 3, 30, 2))))
    host.send(b"one", ("fd77::1", 9, 0, 0), 2.0)
    for at in (4.0, 6.0, 8.0):
        host.expire(at)
    assert messages(host) == [Solicitation(LINUX, OWN_MAC)] * 2
    assert host.deadline() is None


def test_an_answer_in_another_vlan_counts_where_it_was_asked_for() -> None:
    host = make(tag=TAG)
    host.send(PING, ("fd77::1", 162, 0, 0), 2.0, Via(tag=Tag(200, 6)))
    ((frame, _),) = sent(host)
    assert frame.tag == Tag(200, 6)
    here = host.counters()
    advertised = Advertisement(LINUX, LINUX_MAC, solicited=True)
    for tag in (Tag(300), None):
        host.receive(said(advertised, tag=tag), 2.0)
    host.receive(said(Solicitation(BMC, LINUX_MAC), tag=Tag(200)), 2.0)
    host.receive(frame_of(Packet(LINUX, BMC, UDP, b"short"), tag=Tag(200)), 2.0)
    host.receive(Frame(OWN_MAC, LINUX_MAC, ethernet.IPV6, b"short", Tag(200)).encode(), 2.0)
    assert sent(host) == []
    host.receive(said(advertised, tag=Tag(200)), 2.0)
    ((frame, packet),) = sent(host)
    assert (frame.destination, frame.tag, packet.header) == (LINUX_MAC, Tag(200, 6), UDP)
    assert host.counters() == here._replace(ip_transmitted=here.ip_transmitted + 1)


def test_a_datagram_goes_to_the_hardware_address_that_it_was_given() -> None:
    host = make()
    host.send(PING, (str(FAR), 162, 0, 0), 2.0, Via(mac=THIRD_MAC))
    ((frame, _),) = sent(host)
    assert frame.destination == THIRD_MAC


# Datagrams


def test_a_datagram_for_the_port_is_delivered_and_answered_from_the_same_address() -> None:
    other = IPv6Interface("fd77::99/64")
    host = make(static=(IPv6Interface("fd77::2/64"), other))
    host.receive(IPV6_UDP, 2.0)
    host.receive(datagram("fd77::1", "fd77::99"), 2.0)
    assert host.datagrams() == [(PING, ("fd77::1", 50942, 0, 0)), (b"hello", ("fd77::1", 4000, 0, 0))]
    host.receive(IPV6_SOLICITATION, 2.0)
    sent(host)
    for port in (50942, 4000):
        host.send(b"answer", ("fd77::1", port, 0, 0), 2.0)
    assert [packet.source for _, packet in sent(host)] == [BMC, other.ip]
    assert host.counters().udp_received == 2


def test_only_so_many_peers_are_remembered() -> None:
    other = IPv6Interface("fd77::9900/64")
    host = make(static=(IPv6Interface("fd77::2/64"), other))
    for number in range(MOST_PEERS + 1):
        host.receive(datagram(f"fd77::9a{number:02x}", "fd77::2"), 2.0)
    host.datagrams()
    for number in (0, 1):
        host.send(b"answer", (f"fd77::9a{number:02x}", 4000, 0, 0), 2.0, Via(mac=LINUX_MAC))
    # The first is forgotten, and gets its answer from the address that is more like its own.
    assert [packet.source for _, packet in sent(host)] == [other.ip, BMC]


def test_what_is_wrong_is_counted_as_what_it_is() -> None:
    host = make()
    transmitted = host.counters().ip_transmitted
    host.receive(Frame(OWN_MAC, LINUX_MAC, ethernet.IPV6, b"short").encode(), 2.0)
    host.receive(datagram("fd77::1", "fd77::3"), 2.0)
    host.receive(datagram("ff02::1"), 2.0)
    host.receive(datagram("fd77::2"), 2.0)
    host.receive(frame_of(Packet(LINUX, BMC, ethernet_ipv6.FRAGMENT, bytes(8))), 2.0)
    host.receive(datagram("fd77::1", port=161), 2.0)
    host.receive(datagram("::"), 2.0)
    host.receive(IPV6_UDP[:-1] + b"\x01", 2.0)
    host.receive(frame_of(Packet(LINUX, BMC, 6, bytes(20))), 2.0)
    host.receive(frame_of(Packet(LINUX, BMC, ICMPV6, bytes(20))), 2.0)
    assert host.counters() == Counters(10, 1, 3, 1, transmitted, 1)
    assert (host.datagrams(), sent(host)) == ([], [])


def test_a_report_of_groups_for_all_nodes_is_skipped() -> None:
    host = make()
    host.receive(bytes.fromhex("333300000001") + LISTENER_REPORT[6:], 2.0)
    assert sent(host) == []


def test_an_echo_of_linux_comes_back() -> None:
    host = make()
    host.receive(IPV6_SOLICITATION, 2.0)
    sent(host)
    host.receive(IPV6_ECHO, 2.0)
    ((frame, packet),) = sent(host)
    assert (frame.destination, packet.source, packet.hop_limit) == (LINUX_MAC, BMC, 64)
    assert ethernet_icmpv6.parse(packet) == Echo(bytes.fromhex("00070001") + b"hello!!!", reply=True)
    host.receive(said(Echo(b"1234", reply=True)), 2.0)
    assert sent(host) == []


def test_without_an_address_or_for_too_much_there_is_no_datagram() -> None:
    host = EthernetHost(SETTINGS, 0.0)
    host.frames()
    host.send(PING, ("fd77::1", 9, 0, 0), 0.0)
    assert sent(host) == []
    ready = make()
    ready.send(bytes(1453), ("fd77::1", 9, 0, 0), 2.0)
    ready.send(PING, (str(FAR), 9, 0, 0), 2.0)
    assert sent(ready) == []


# Routers


def advertisement(**changes: Any) -> RouterAdvertisement:
    prefix = Prefix(IPv6Interface("2001:db8::/64"), True, True, 600, 600)
    return RouterAdvertisement(77, 60, ROUTER_MAC, (prefix,))._replace(**changes)


def advertised(message: RouterAdvertisement, router: IPv6Address = ROUTER) -> bytes:
    return said(message, router, ethernet_ipv6.ALL_NODES, to=bytes.fromhex("333300000001"), mac=ROUTER_MAC)


def test_routers_are_asked_for_as_often_as_the_timing_says() -> None:
    delay = 2 * OWN_MAC[-1] / 0xFF
    host = EthernetHost(
        replace(SETTINGS, advertised_routers=True, timing=NeighborTiming.of(bytes((2, 5, 2)))), 0.0
    )
    host.frames()
    asked: list[tuple[float, Message | None]] = []
    for now in (delay - 0.001, delay, delay + 4.9, delay + 5, delay + 20):
        host.expire(now)
        asked += [(now, one) for one in messages(host) if isinstance(one, RouterSolicitation)]
    assert asked == [(delay, RouterSolicitation()), (delay + 5, RouterSolicitation(OWN_MAC))]


def test_a_router_gives_an_address_and_the_way_out() -> None:
    host = make(advertised_routers=True)
    host.receive(advertised(advertisement()), 2.0)
    host.expire(2.0)
    host.expire(3.0)
    sent(host)
    report = host.report()
    assert report.hop_limit == 77
    assert report.routers == (Router(ROUTER, ROUTER_MAC, IPv6Interface("2001:db8::/64")),)
    assert [row.address for row in report.dynamic] == [ethernet_ipv6.link_local(OWN_MAC), MADE]
    host.send(PING, (str(FAR), 9, 0, 0), 3.0)
    ((frame, packet),) = sent(host)
    assert (frame.destination, packet.source) == (ROUTER_MAC, MADE.ip)
    host.send(PING, ("2001:db8::9", 9, 0, 0), 3.0)
    assert messages(host) == [Solicitation(IPv6Address("2001:db8::9"), OWN_MAC)]
    # A router was heard: it is not asked for any more.
    host.expire(20.0)
    assert not [one for one in messages(host) if isinstance(one, RouterSolicitation)]


def test_prefixes_that_make_no_address_make_none() -> None:
    host = make(advertised_routers=True)
    odd = tuple(
        Prefix(IPv6Interface(text), False, autonomous, 600, 600)
        for text, autonomous in (("fe80::/64", True), ("2001:db8:1::/56", True), ("2001:db8:2::/64", False))
    )
    host.receive(advertised(advertisement(prefixes=odd, mac=b"")), 2.0)
    assert len(host.report().dynamic) == 1


def test_a_router_counts_only_where_it_is_to_and_from_this_link() -> None:
    deaf = make()
    deaf.receive(advertised(advertisement()), 2.0)
    assert deaf.report().routers == ()
    host = make(advertised_routers=True)
    host.receive(advertised(advertisement(), IPv6Address("2001:db8::1")), 2.0)
    assert host.report().routers == ()
    host.receive(advertised(advertisement()), 2.0)
    host.configure(replace(host.settings, advertised_routers=False), 3.0)
    assert host.report().routers == ()
    assert len(host.report().dynamic) == 1


def test_static_routers_are_asked_for_or_known() -> None:
    asked = Router(IPv6Address("fd77::fe"), bytes(6), IPv6Interface("::/0"))
    known = Router(IPv6Address("fd77::fd"), THIRD_MAC, IPv6Interface("2001:db8:9::/48"))
    host = make(static_routers=(known, asked))
    host.send(PING, (str(FAR), 9, 0, 0), 2.0)
    ((frame, _),) = sent(host)
    assert frame.destination == THIRD_MAC
    host.send(PING, ("2001:db8:7::7", 9, 0, 0), 2.0)
    assert messages(host) == [Solicitation(asked.address, OWN_MAC)]


def test_in_another_vlan_everything_begins_anew() -> None:
    host = make(advertised_routers=True)
    host.receive(advertised(advertisement()), 2.0)
    host.configure(replace(host.settings, tag=TAG), 3.0)
    report = host.report()
    assert (report.routers, report.static, report.hop_limit) == ((), (PENDING, DISABLED), 0)
    assert all(frame.tag == TAG for frame, _ in sent(host))


def test_nobody_is_asked_for_when_no_address_is_left_to_ask_from() -> None:
    host = EthernetHost(SETTINGS, 0.0)
    group = ethernet_ipv6.solicited_node(LOCAL)
    taken = said(Solicitation(LOCAL), IPv6Address(0), group, to=ethernet_ipv6.group_mac(group))
    host.receive(taken, 0.5)
    host.expire(1.0)
    host.send(PING, ("fd77::1", 9, 0, 0), 2.0)
    host.frames()
    host.configure(replace(host.settings, static=()), 2.5)
    host.expire(3.0)
    assert host.frames() == []


def test_settings_that_move_nothing_do_not_ask_for_routers_again() -> None:
    host = make(advertised_routers=True)
    due = host.deadline()
    host.configure(replace(host.settings, hop_limit=9), 2.5)
    assert host.deadline() == due


def test_routers_are_not_asked_for_where_the_timing_says_so() -> None:
    host = EthernetHost(
        replace(SETTINGS, advertised_routers=True, timing=NeighborTiming.of(bytes((0, 4, 0)))), 0.0
    )
    host.expire(9.0)
    assert not [one for one in messages(host) if isinstance(one, RouterSolicitation)]
