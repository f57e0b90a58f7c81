"""§23.2, parameters 17-19 and 25: an alert goes where, and by the way, that its destination says."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.sensor.pef import AlertImmediate
from baseboard.commands.transport.lan import (
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
)
from baseboard.errors import CompletionError
from baseboard.links import ethernet, ethernet_ipv4, ethernet_ipv6, ethernet_udp
from baseboard.links.ethernet import Frame
from baseboard.links.network import Tag
from tests.conformance.bench import LAN
from tests.conformance.lan.wired import SETTLED_S, WiredBmc, wired
from tests.conformance.marks import exercises

BOTH = exercises(SetLanConfigurationParameters, GetLanConfigurationParameters, AlertImmediate)
PEER_MAC, GATEWAY_MAC = bytes.fromhex("020000000777"), bytes.fromhex("0200000000fd")
TRAP_PORT = 162


def send_to(
    bmc: WiredBmc, number: int, address: bytes, *, form: int = 0, vlan_id: int = 0, priority: int = 0
) -> None:
    """Set a destination up; VLAN 0 = no tag of its own."""
    where = p.DestinationAddresses(destination=number, format=p.AddressFormat(form), address=address)
    bmc.set(where)
    tagged = p.VlanFormat.TAG if vlan_id else p.VlanFormat.NO_TAG
    bmc.set(p.DestinationVlanTags(destination=number, format=tagged, vlan_id=vlan_id, priority=priority))


def ipv4(address: str, mac: bytes = PEER_MAC, *, backup: bool = False) -> bytes:
    return p.Ipv4Destination(address=IPv4Address(address), mac=mac, backup_gateway=backup).encode()


def alerted(bmc: WiredBmc, number: int) -> list[tuple[Frame, str, int]]:
    """The frames by which an alert goes there, each with the address and the port that it is for."""
    bmc.frames.clear()
    bmc.ask(AlertImmediate(channel=LAN, destination_selector=number))
    bmc.advance(0)
    found: list[tuple[Frame, str, int]] = []
    for frame in bmc.frames:
        if frame.kind == ethernet.IPV4:
            four = ethernet_ipv4.parse(frame.data)
            assert isinstance(four, ethernet_ipv4.Packet)
            datagram = ethernet_udp.parse(four.data, four.source, four.destination)
            found += [] if datagram is None else [(frame, str(four.destination), datagram.destination)]
        elif frame.kind == ethernet.IPV6:
            six = ethernet_ipv6.parse(frame.data)
            assert isinstance(six, ethernet_ipv6.Packet)
            if six.header == ethernet_ipv6.UDP:
                datagram = ethernet_udp.parse(six.data, six.source, six.destination)
                found += [] if datagram is None else [(frame, str(six.destination), datagram.destination)]
    return found


@BOTH
def test_an_alert_goes_to_the_hardware_address_of_its_destination() -> None:
    bmc = wired()
    assert bmc.get(17) == b"\x04"
    send_to(bmc, 1, ipv4("10.1.0.7"))
    ((frame, address, port),) = alerted(bmc, 1)
    assert (frame.destination, frame.tag, address, port) == (PEER_MAC, None, "10.1.0.7", TRAP_PORT)


@BOTH
@pytest.mark.parametrize("channels_own", [None, Tag(100, 5)])
def test_it_has_the_tag_of_its_destination_whatever_the_channel_has(channels_own: Tag | None) -> None:
    """§23.2, parameter 25: also where parameter 20 is off, or says otherwise."""
    bmc = wired()
    if channels_own is not None:
        bmc.set(p.VlanPriority(priority=channels_own.priority))
        bmc.set(p.VlanId(enabled=True, vlan_id=channels_own.vlan_id))
    send_to(bmc, 1, ipv4("10.1.0.7"), vlan_id=200, priority=6)
    send_to(bmc, 2, ipv4("10.1.0.7"))
    ((frame, _, _),) = alerted(bmc, 1)
    assert frame.tag == Tag(200, 6)
    # Without one of its own it goes as everything does; that it does is the sensible reading.
    ((frame, _, _),) = alerted(bmc, 2)
    assert frame.tag == channels_own
    assert bmc.get(25, 1) == bytes.fromhex("01 10 c8 c0")


@BOTH
def test_without_a_hardware_address_it_is_asked_for_in_its_vlan() -> None:
    bmc = wired()
    peer = bmc.console(Tag(200), 7, port=TRAP_PORT)
    send_to(bmc, 1, ipv4("10.1.0.107", bytes(6)), vlan_id=200, priority=6)
    alerted(bmc, 1)
    assert [frame.tag for frame in bmc.frames] == [Tag(200, 6)] * 2
    ((data, address),) = peer.heard
    assert address == ("10.1.0.2", 623)
    assert b"public" in data
    assert bmc.get(25, 1) == bytes.fromhex("01 10 c8 c0")


@BOTH
def test_it_goes_by_the_gateway_that_its_destination_names() -> None:
    bmc = wired(gateway="10.1.0.254")
    bmc.set(p.BackupGatewayAddress(address=IPv4Address("10.1.0.253")))
    bmc.set(p.BackupGatewayMacAddress(mac=GATEWAY_MAC))
    send_to(bmc, 1, ipv4("192.0.2.9", bytes(6), backup=True))
    ((frame, address, _),) = alerted(bmc, 1)
    assert (frame.destination, address) == (GATEWAY_MAC, "192.0.2.9")
    assert bmc.get(19, 1) == bytes.fromhex("01 00 01 c0000209 000000000000")


@BOTH
def test_it_goes_over_ipv6_where_that_is_spoken() -> None:
    bmc = wired(ipv6="fd01::2/64", ipv6_enables=2)
    bmc.advance(SETTLED_S)
    peer = bmc.console(number=7, port=TRAP_PORT)
    send_to(bmc, 3, IPv6Address("fd01::1:7").packed, form=1)
    assert bmc.get(19, 3) == b"\x03\x10" + IPv6Address("fd01::1:7").packed
    alerted(bmc, 3)
    ((_, address),) = peer.heard
    assert address == ("fd01::2", 623, 0, 0)
    bmc.set(p6.Ipv6Enables(addressing=p6.Addressing.IPV4_ONLY))
    peer.heard.clear()
    alerted(bmc, 3)
    assert peer.heard == []


@exercises(SetLanConfigurationParameters, GetLanConfigurationParameters)
def test_destinations_are_numbered_and_the_first_is_not_kept() -> None:
    bmc = wired()
    for number in (0, 4):
        send_to(bmc, number, ipv4("10.1.0.7"), vlan_id=200)
    with pytest.raises(CompletionError, match="^C9h"):
        send_to(bmc, 5, ipv4("10.1.0.7"))
    with pytest.raises(CompletionError, match="^C7h"):
        send_to(bmc, 1, bytes(12))
    with pytest.raises(CompletionError, match="^CCh"):
        send_to(bmc, 1, ipv4("10.1.0.7"), form=2)
    again = bmc.reopened()
    assert again.get(25, 4) == bytes.fromhex("04 10 c8 00")
    assert again.get(25, 0) == bytes(4)
