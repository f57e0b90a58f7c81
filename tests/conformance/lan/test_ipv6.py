"""§23.2, parameters 50-80: IPv6 as it is set, on the wire."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface

import pytest

from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.transport.lan import (
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
)
from baseboard.errors import CompletionError
from baseboard.links import ethernet, ethernet_icmpv6, ethernet_ipv6
from baseboard.links.ethernet import Frame
from baseboard.links.ethernet_icmpv6 import Prefix, RouterAdvertisement
from baseboard.links.ethernet_ipv6 import ALL_NODES, ICMPV6, Packet
from tests.conformance.bench import bench
from tests.conformance.lan.wired import BMC_IP6, BMC_MAC, SETTLED_S, WiredBmc, wired
from tests.conformance.marks import exercises

BOTH = exercises(SetLanConfigurationParameters, GetLanConfigurationParameters)
IPV4, IPV6, DUAL = (p6.Addressing(number) for number in range(3))
ROUTER, ROUTER_MAC = IPv6Address("fe80::1"), bytes.fromhex("0200000000fe")
LOCAL = ethernet_ipv6.link_local(BMC_MAC)
MADE = ethernet_ipv6.with_interface(IPv6Address("2001:db8::").packed, BMC_MAC)


def static(address: str, entry: int = 0, *, enabled: bool = True, length: int = 64) -> p6.Ipv6StaticAddress:
    return p6.Ipv6StaticAddress(
        set_selector=entry, enabled=enabled, address=IPv6Address(address), prefix_length=length
    )


def six() -> WiredBmc:
    """A BMC that speaks IPv6 too, at fd01::2."""
    return wired(ipv6=f"{BMC_IP6}/64", ipv6_enables=2)


def packets(bmc: WiredBmc) -> list[Packet]:
    found = [ethernet_ipv6.parse(frame.data) for frame in bmc.frames if frame.kind == ethernet.IPV6]
    return [packet for packet in found if isinstance(packet, Packet)]


def advertise(bmc: WiredBmc, *, lifetime: int = 600) -> None:
    """A router makes itself known."""
    prefix = Prefix(IPv6Interface("2001:db8::/64"), True, True, 900, 900)
    message = RouterAdvertisement(61, lifetime, ROUTER_MAC, (prefix,))
    body = ethernet_icmpv6.encode(message, ROUTER, ALL_NODES)
    packet = Packet(ROUTER, ALL_NODES, ICMPV6, body, 255).encode()
    frame = Frame(ethernet_ipv6.group_mac(ALL_NODES), ROUTER_MAC, ethernet.IPV6, packet)
    bmc.switch.plug(lambda raw: None).send(frame.encode())
    bmc.advance(SETTLED_S)


@BOTH
def test_which_versions_are_spoken_is_set() -> None:
    bmc = wired()
    console = bmc.console()
    assert (bmc.get(50), bmc.get(51)) == (b"\x07", b"\x00")
    bmc.set(static(BMC_IP6))
    for addressing, answered in ((IPV4, (True, False)), (DUAL, (True, True)), (IPV6, (False, True))):
        bmc.set(p6.Ipv6Enables(addressing=addressing))
        bmc.advance(SETTLED_S)
        assert (console.pings("10.1.0.2"), console.pings(BMC_IP6)) == answered
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.set(p6.Ipv6Enables(addressing=p6.Addressing(3)))
    again = bmc.reopened()
    assert again.console().pings(BMC_IP6)
    assert again.get(51) == b"\x01"


@BOTH
def test_static_addresses_are_tried_reached_and_taken_away() -> None:
    bmc = six()
    console = bmc.console()
    assert bmc.get(55)[0] == 4
    bmc.set(static("fd01::33", 3))
    assert bmc.get(56, 3)[-1] == p6.Ipv6AddressStatus.PENDING
    bmc.advance(SETTLED_S)
    assert bmc.get(56, 3) == bytes((3, 0x80)) + IPv6Address("fd01::33").packed + bytes((64, 0))
    assert console.pings("fd01::33")
    bmc.set(static("fd01::33", 3, enabled=False))
    assert not console.pings("fd01::33")
    assert bmc.get(56, 3)[-1] == p6.Ipv6AddressStatus.DISABLED
    with pytest.raises(CompletionError, match="^C9h"):
        bmc.get(56, 4)
    with pytest.raises(CompletionError, match="^C9h"):
        bmc.set(static("fd01::44", 4))


@BOTH
def test_an_address_that_somebody_has_fails() -> None:
    bmc = six()
    bmc.console(number=7)
    bmc.set(static("fd01::1:7", 1))
    bmc.advance(SETTLED_S)
    assert bmc.get(56, 1)[-1] == p6.Ipv6AddressStatus.FAILED


@BOTH
@pytest.mark.parametrize(("address", "length"), [("ff02::1", 64), ("fd01::5", 129)])
def test_what_is_no_address_of_one_host_is_refused(address: str, length: int) -> None:
    bmc = six()
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.set(static(address, 1, length=length))
    assert bmc.get(56, 1)[1] == 0


@BOTH
def test_headers_are_as_they_are_set() -> None:
    bmc = six()
    console = bmc.console()
    assert (bmc.get(52), bmc.get(53), bmc.get(54)) == (b"\x00", b"\x40", bytes(3))
    for parameter in (
        p6.Ipv6TrafficClass(traffic_class=0xB8),
        p6.Ipv6HopLimit(hop_limit=9),
        p6.Ipv6FlowLabel(flow_label=0x12345),
    ):
        bmc.set(parameter)
    bmc.frames.clear()
    assert console.pings(BMC_IP6)
    (packet,) = [packet for packet in packets(bmc) if packet.header == ethernet_ipv6.UDP]
    assert (packet.traffic_class, packet.hop_limit, packet.flow_label) == (0xB8, 9, 0x12345)


@BOTH
def test_what_routers_give_is_taken_and_told_unless_it_is_switched_off() -> None:
    bmc = six()
    assert (bmc.get(64), bmc.get(73), bmc.get(55)[2]) == (b"\x02", b"\x00", 0b10)
    advertise(bmc)
    assert bmc.get(73) == b"\x01"
    assert bmc.get(74) == b"\0" + ROUTER.packed
    assert bmc.get(75) == b"\0" + ROUTER_MAC
    assert bmc.get(76) == b"\0\x40"
    assert bmc.get(77) == b"\0" + IPv6Address("2001:db8::").packed
    assert bmc.get(78) == b"\x3d"
    given = [bmc.get(59, entry) for entry in range(bmc.get(55)[1])]
    assert given[:2] == [
        bytes((entry, p6.Ipv6Source.SLAAC)) + address.ip.packed + b"\x40\x00"
        for entry, address in enumerate((LOCAL, MADE))
    ]
    assert {data[-1] for data in given[2:]} == {p6.Ipv6AddressStatus.DISABLED}
    bmc.set(p6.Ipv6RouterControl(dynamic=False, static=False))
    assert bmc.get(73) == b"\x00"
    with pytest.raises(CompletionError, match="^C9h"):
        bmc.get(74, 0)
    advertise(bmc)
    assert bmc.get(73) == b"\x00"


@BOTH
def test_static_routers_lead_where_their_prefix_says() -> None:
    bmc = six()
    mac = bytes.fromhex("0200000000aa")
    for parameter in (
        p6.Ipv6Router2Address(address=IPv6Address("fe80::aa")),
        p6.Ipv6Router2MacAddress(mac=mac),
        p6.Ipv6Router2PrefixLength(prefix_length=48),
        p6.Ipv6Router2Prefix(prefix=IPv6Address("2001:db8:9::")),
    ):
        bmc.set(parameter)
    for static, ways in ((False, []), (True, [mac])):
        bmc.set(p6.Ipv6RouterControl(dynamic=False, static=static))
        assert bmc.get(64) == bytes((static,))
        bmc.frames.clear()
        for far in ("2001:db8:9::9", "2001:db8:8::9"):
            bmc.services.send_datagram(b"trap", (far, 162, 0, 0))
        assert [frame.destination for frame in bmc.frames] == ways


@BOTH
def test_neighbor_discovery_keeps_to_its_timing() -> None:
    """Duplicate address detection as often as byte 4 says, from each try to the next as long as byte 10 does.

    That these are a byte each, in ipmitool's order, is not confirmed by the specification's text.
    """
    bmc = six()
    assert bmc.get(79) == b"\x01"
    assert bmc.get(80) == b"\0\0" + bytes((1, 4, 3, 1, 3, 3, 1, 3, 30, 1, 5, 15, 5)).ljust(16, b"\0")
    block = bytes((1, 4, 3, 2, 3, 3, 1, 3, 30, 4))
    bmc.set(p6.NeighborDiscoveryTiming(set_selector=0, block_selector=0, block=block))
    bmc.frames.clear()
    bmc.set(static("fd01::55", 1))
    bmc.advance(7.9)
    assert bmc.get(56, 1)[-1] == p6.Ipv6AddressStatus.PENDING
    bmc.advance(0.2)
    assert bmc.get(56, 1)[-1] == p6.Ipv6AddressStatus.ACTIVE
    tried = [packet for packet in packets(bmc) if packet.source.is_unspecified]
    assert len(tried) == 2


@BOTH
def test_identifiers_and_timers_of_dhcpv6_are_kept() -> None:
    """They are kept for whoever reads them: no DHCPv6 client runs here, and parameter 55 says so."""
    bmc = six()
    assert bmc.get(55)[2] & 1 == 0
    assert (bmc.get(57), bmc.get(60), bmc.get(62)) == (b"\x09", b"\x01", b"\x01")
    assert bmc.get(61) == b"\0\0" + (bytes.fromhex("0a 0003 0001") + BMC_MAC).ljust(16, b"\0")
    duid = bytes.fromhex("0e 0001 0001 11223344 020000000099")
    bmc.set(p6.Ipv6StaticDuid(set_selector=0, block_selector=0, block=duid))
    bmc.set(p6.Dhcpv6Timing(set_selector=0, block_selector=1, block=bytes((9,))))
    again = bmc.reopened()
    assert again.get(58) == b"\0\0" + duid.ljust(16, b"\0")
    assert again.get(63, 0, 1) == b"\0\x01\x09" + bytes(15)
    for selector, block in ((58, 9), (61, 1), (63, 2), (80, 1)):
        with pytest.raises(CompletionError, match="^C9h"):
            bmc.get(selector, 0, block)


@BOTH
@pytest.mark.parametrize("selector", [50, 55, 57, 59, 60, 61, 62, 73, 74, 75, 76, 77, 78, 79])
def test_what_the_network_found_out_is_read_only(selector: int) -> None:
    bmc = six()
    advertise(bmc)
    before = bmc.get(selector)
    data = bytes((1, selector)) + before
    assert bmc.raw(0x0C, 0x01, data, origin=bmc.origin(1, 4)) == b"\x82"
    assert bmc.get(selector) == before


@BOTH
def test_on_sockets_of_the_host_nothing_is_said_to_be_there_that_is_not() -> None:
    bmc = bench()
    reading = GetLanConfigurationParameters
    assert bmc.execute(reading(channel=1, selector=50)).data == b"\x06"
    assert bmc.execute(reading(channel=1, selector=55)).data == bytes((1, 0, 0))
    for selector in (62, 79):
        assert bmc.execute(reading(channel=1, selector=selector)).data == b"\x00"
    for selector in (57, 58, 59, 61, 63, 74, 78, 80):
        with pytest.raises(CompletionError, match="^80h"):
            bmc.execute(reading(channel=1, selector=selector))
    only = SetLanConfigurationParameters(channel=1, parameter=p6.Ipv6Enables(addressing=IPV6))
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.execute(only)
