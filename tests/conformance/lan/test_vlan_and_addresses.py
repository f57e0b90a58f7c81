"""§23.1, §23.2: what Set LAN Configuration Parameters changes is seen: VLAN, addresses, gateways."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

import pytest

from baseboard.codes import NetFn
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.commands.transport.lan import (
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
)
from baseboard.errors import CompletionError
from baseboard.links import ethernet, ethernet_arp, ethernet_ipv4
from baseboard.links.network import Tag
from tests.conformance.bench import LAN
from tests.conformance.lan.wired import BMC_IP, BMC_MAC, WiredBmc, wired
from tests.conformance.marks import exercises

TRANSPORT = int(NetFn.TRANSPORT)
SET, GET = 0x01, 0x02
BOTH = exercises(SetLanConfigurationParameters, GetLanConfigurationParameters)
WRITES = exercises(SetLanConfigurationParameters)

COMPLETE, PROGRESS, COMMIT = (SetInProgressState(number) for number in range(3))
GATEWAY, BACKUP = IPv4Address("10.1.0.254"), IPv4Address("10.1.0.253")
GATEWAY_MAC, BACKUP_MAC = bytes.fromhex("0200000000fe"), bytes.fromhex("0200000000fd")


def arps(bmc: WiredBmc) -> list[ethernet_arp.Arp]:
    """The ARPs that the BMC sent."""
    found = [ethernet_arp.parse(frame.data) for frame in bmc.frames if frame.kind == ethernet.ARP]
    return [arp for arp in found if arp is not None]


def packets(bmc: WiredBmc) -> list[ethernet_ipv4.Packet]:
    """The IPv4 packets that the BMC sent."""
    found = [ethernet_ipv4.parse(frame.data) for frame in bmc.frames if frame.kind == ethernet.IPV4]
    return [packet for packet in found if isinstance(packet, ethernet_ipv4.Packet)]


# Parameters 20 and 21


@BOTH
def test_in_a_vlan_every_frame_has_its_tag_and_priority_and_others_are_cut_off() -> None:
    bmc = wired()
    plain, right, wrong = bmc.console(), bmc.console(Tag(100), 2), bmc.console(Tag(200), 3)
    assert [one.pings() for one in (plain, right, wrong)] == [True, False, False]
    bmc.set(p.VlanPriority(priority=5))
    bmc.set(p.VlanId(enabled=True, vlan_id=100))
    bmc.frames.clear()
    assert [one.pings() for one in (plain, right, wrong)] == [False, True, False]
    assert len(bmc.frames) >= 2
    assert {frame.tag for frame in bmc.frames} == {Tag(100, 5)}
    assert (bmc.get(20), bmc.get(21)) == (b"\x64\x80", b"\x05")
    bmc.set(p.VlanId(enabled=False, vlan_id=100))
    bmc.frames.clear()
    assert [one.pings() for one in (plain, right, wrong)] == [True, False, False]
    assert {frame.tag for frame in bmc.frames} == {None}
    assert bmc.get(20) == b"\x64\x00"


@WRITES
def test_the_answer_leaves_with_the_old_tag_and_the_session_goes_on_in_the_vlan() -> None:
    """A session is not bound to the VLAN: its ID and keys stay."""
    bmc = wired()
    console = bmc.console()
    session = console.login()
    assert session.ask(TRANSPORT, SET, bytes((LAN, 20, 0x64, 0x80))) == b"\0"
    assert session.ask(TRANSPORT, GET, bytes((LAN, 20, 0, 0))) is None
    console.move(tag=Tag(100))
    assert session.ask(TRANSPORT, GET, bytes((LAN, 20, 0, 0))) == bytes.fromhex("00 11 6480")


@WRITES
def test_a_session_that_cannot_follow_ends_after_60_s() -> None:
    bmc = wired()
    bmc.console().login().ask(TRANSPORT, SET, bytes((LAN, 20, 0x64, 0x80)))
    bmc.advance(50)
    assert len(bmc.sessions) == 1
    bmc.advance(11)
    assert bmc.sessions == []


@WRITES
@pytest.mark.parametrize("vlan_id", [0, 4095])
def test_only_ids_of_vlans_can_be_enabled(vlan_id: int) -> None:
    bmc = wired()
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.set(p.VlanId(enabled=True, vlan_id=vlan_id))
    bmc.set(p.VlanId(enabled=False, vlan_id=vlan_id))
    assert bmc.console().pings()


@BOTH
def test_the_vlan_is_there_after_a_restart() -> None:
    bmc = wired()
    bmc.set(p.VlanId(enabled=True, vlan_id=100))
    again = bmc.reopened()
    assert again.get(20) == b"\x64\x80"
    assert not again.console().pings()
    assert again.console(Tag(100), 2).pings()


# Parameter 0


@BOTH
def test_what_is_written_in_progress_counts_together_when_it_is_complete() -> None:
    bmc = wired()
    console = bmc.console()
    bmc.set(p.SetInProgress(state=PROGRESS))
    bmc.set(p.VlanId(enabled=True, vlan_id=100))
    bmc.set(p.VlanPriority(priority=3))
    assert (bmc.get(0), bmc.get(20)) == (b"\x01", b"\x64\x80")
    assert console.pings()
    bmc.set(p.SetInProgress(state=COMPLETE))
    assert not console.pings()
    assert bmc.get(0) == b"\x00"


@BOTH
def test_commit_write_returns_to_in_progress_and_counts_by_itself_after_a_while() -> None:
    bmc = wired()
    console = bmc.console()
    bmc.set(p.SetInProgress(state=PROGRESS))
    bmc.set(p.VlanId(enabled=True, vlan_id=100))
    bmc.set(p.SetInProgress(state=COMMIT))
    assert bmc.get(0) == b"\x01"
    assert console.carry(bytes.fromhex("0600ff06000011be80550000"))
    bmc.advance(5)
    assert not console.pings()


@BOTH
def test_in_progress_is_claimed_once_and_nothing_is_committed_without_it() -> None:
    bmc = wired()
    with pytest.raises(CompletionError, match="^D5h"):
        bmc.set(p.SetInProgress(state=COMMIT))
    bmc.set(p.SetInProgress(state=PROGRESS))
    with pytest.raises(CompletionError, match="^81h"):
        bmc.set(p.SetInProgress(state=PROGRESS))
    assert bmc.reopened().get(0) == b"\x00"


# Parameters 3, 4 and 6


@BOTH
def test_another_address_is_the_channels_once_the_answer_is_out() -> None:
    bmc = wired()
    console = bmc.console()
    session = console.login()
    assert session.ask(TRANSPORT, SET, bytes((LAN, 3, 10, 1, 0, 9))) == b"\0"
    assert not console.pings()
    assert console.pings("10.1.0.9")
    assert session.ask(TRANSPORT, GET, bytes((LAN, 3, 0, 0))) == bytes.fromhex("00 11 0a010009")
    assert bmc.reopened().console().pings("10.1.0.9")


@WRITES
@pytest.mark.parametrize("address", ["224.0.0.1", "255.255.255.255"])
def test_an_address_of_many_is_none_of_its_own(address: str) -> None:
    bmc = wired()
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.set(p.IpAddress(address=IPv4Address(address)))
    assert bmc.console().pings()


@WRITES
@pytest.mark.parametrize(
    ("source", "refused"), [(0, True), (1, False), (2, True), (3, False), (4, True), (9, True)]
)
def test_addresses_come_from_people_or_system_software(source: int, refused: bool) -> None:
    """This network has no DHCP client of its own: what a BMC cannot do is refused."""
    bmc = wired()
    parameter = p.IpAddressSource(source=p.AddressSource(source))
    if refused:
        with pytest.raises(CompletionError, match="^CCh"):
            bmc.set(parameter)
    else:
        bmc.set(parameter)
    assert bmc.console().pings()


@WRITES
def test_the_mask_says_what_is_on_the_link() -> None:
    bmc = wired(gateway=str(GATEWAY))
    far = bmc.console(ipv4=IPv4Interface("10.1.5.1/16"))
    gateway = bmc.console(number=9, ipv4=IPv4Interface(f"{GATEWAY}/24"), mac=GATEWAY_MAC)
    assert not far.pings()
    assert [arp.target for arp in arps(bmc) if arp.operation == 1][-1] == GATEWAY
    bmc.set(p.SubnetMask(mask=IPv4Address("255.255.0.0")))
    assert far.pings()
    assert gateway.heard == []
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.set(p.SubnetMask(mask=IPv4Address("255.0.255.0")))


# Parameters 12 to 15


@BOTH
def test_what_is_far_goes_by_the_gateway_and_its_hardware_address() -> None:
    bmc = wired()
    far = bmc.console(ipv4=IPv4Interface("192.0.2.1/0"))
    bmc.set(p.DefaultGatewayAddress(address=GATEWAY))
    assert bmc.get(13) == bytes(6)
    bmc.console(number=9, ipv4=IPv4Interface(f"{GATEWAY}/24"), mac=GATEWAY_MAC)
    bmc.frames.clear()
    far.pings()
    answers = [frame for frame in bmc.frames if frame.kind == ethernet.IPV4]
    assert [frame.destination for frame in answers] == [GATEWAY_MAC]
    # Found out by ARP, it is told until another one is set.
    assert bmc.get(13) == GATEWAY_MAC
    bmc.set(p.DefaultGatewayMacAddress(mac=BACKUP_MAC))
    bmc.frames.clear()
    far.pings()
    assert [frame.destination for frame in bmc.frames if frame.kind == ethernet.IPV4] == [BACKUP_MAC]
    assert bmc.get(13) == BACKUP_MAC


@WRITES
def test_the_backup_gateway_serves_where_the_gateway_is_silent() -> None:
    bmc = wired(gateway=str(GATEWAY))
    far = bmc.console(ipv4=IPv4Interface("192.0.2.1/0"))
    bmc.set(p.BackupGatewayAddress(address=BACKUP))
    bmc.set(p.BackupGatewayMacAddress(mac=BACKUP_MAC))
    bmc.frames.clear()
    far.pings()
    bmc.advance(9)
    assert [frame.destination for frame in bmc.frames if frame.kind == ethernet.IPV4] == [BACKUP_MAC]


# Parameter 7


@BOTH
def test_ipv4_headers_are_as_they_are_set() -> None:
    """At first time to live 40h, don't fragment, minimize delay (Table 23-4)."""
    bmc = wired()
    console = bmc.console()
    assert bmc.get(7) == bytes.fromhex("40 40 10")
    for parameter, header in (
        (None, (0x40, 0b010, 0x10)),
        (p.Ipv4HeaderParameters(time_to_live=9, flags=0, precedence=0b101, type_of_service=0), (9, 0, 0xA0)),
    ):
        if parameter is not None:
            bmc.set(parameter)
        bmc.frames.clear()
        assert console.pings()
        (packet,) = packets(bmc)
        assert (packet.ttl, packet.flags, packet.tos) == header


# Who may


@BOTH
def test_privilege_administrator_writes_and_operator_reads() -> None:
    bmc = wired()
    request = SetLanConfigurationParameters(channel=LAN, parameter=p.VlanPriority(priority=1))
    reading = GetLanConfigurationParameters(channel=LAN, selector=21)
    for level in (2, 3):
        with pytest.raises(CompletionError, match="^D4h"):
            bmc.execute(request, LAN, level)
    with pytest.raises(CompletionError, match="^D4h"):
        bmc.execute(reading, LAN, 2)
    assert bmc.execute(reading, LAN, 3).data == b"\x00"
    bmc.execute(request, LAN, 4)
    # The system interface has no sessions, and no levels.
    assert bmc.execute(reading).data == b"\x01"
    bmc.execute(request)


@BOTH
@pytest.mark.parametrize("channel", [0, 2, 7, 0xF])
def test_only_a_lan_channel_has_lan_parameters(channel: int) -> None:
    bmc = wired()
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.ask(SetLanConfigurationParameters(channel=channel, parameter=p.VlanPriority(priority=1)))
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.ask(GetLanConfigurationParameters(channel=channel, selector=21))


def test_the_bmc_is_where_it_was_shipped_to() -> None:
    bmc = wired()
    assert (bmc.get(3), bmc.get(5)) == (IPv4Address(BMC_IP).packed, BMC_MAC)
