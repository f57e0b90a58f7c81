"""LAN parameters: defaults, checks, what survives (§23, Table 23-4)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan import LanParameters
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
from baseboard.links.network import (
    Abilities,
    Counters,
    NeighborTiming,
    NetworkReport,
    NetworkSettings,
    Router,
    Tag,
    Via,
)
from baseboard.rmcp.machine import Address
from baseboard.testing.clock import VirtualClock
from tests.bmc.services.homes import make_home

WEAK = tuple((suite, 4) for suite in (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17))


def make(**changes: object) -> LanParameters:
    return LanParameters(make_home(lan=LanSpec(**changes)))  # type: ignore[arg-type]  # a test names fields


@pytest.mark.parametrize(
    ("selector", "data"),
    [
        (1, "00"),
        (2, "00 00 00 00 00"),
        (3, "0a 00 00 05"),
        (4, "01"),
        (5, "02 00 00 00 00 01"),
        (6, "ff 00 00 00"),
        (7, "40 40 10"),
        (8, "6f 02"),
        (9, "98 02"),
        (12, "00 00 00 00"),
        (16, "70 75 62 6c 69 63" + " 00" * 12),
        (17, "04"),
        (20, "00 00"),
        (21, "00"),
        (22, "10"),
        (26, "00 00 00 00 00 00"),
        (51, "00"),
    ],
)
def test_parameters_are_as_table_23_4_lays_them_out(selector: int, data: str) -> None:
    assert make(ip="10.0.0.5").get(selector, 0) == bytes.fromhex(data)


@pytest.mark.parametrize("selector", [27, 63, 80, 96, 192, 255])
def test_other_parameters_are_not_supported(selector: int) -> None:
    with pytest.raises(CompletionError, match="^80h"):
        make().get(selector, 0)


def test_every_simple_parameter_reads_back_what_it_was_set_to() -> None:
    lan = make()
    for parameter in (
        p.IpAddress(address=IPv4Address("192.0.2.7")),
        p.SubnetMask(mask=IPv4Address("255.255.255.0")),
        p.IpAddressSource(source=p.AddressSource.DHCP),
        p.Ipv4HeaderParameters(time_to_live=7),
        p.DefaultGatewayAddress(address=IPv4Address("192.0.2.1")),
        p.DefaultGatewayMacAddress(mac=bytes(range(6))),
        p.BackupGatewayAddress(address=IPv4Address("192.0.2.2")),
        p.BackupGatewayMacAddress(mac=bytes(range(6))),
        p.CommunityString(community=b"private".ljust(18, b"\0")),
        p.VlanId(enabled=True, vlan_id=100),
        p.VlanPriority(priority=5),
        p.GratuitousArpInterval(interval=9),
        p.BadPasswordThreshold(threshold=3, reset_interval=6, lockout_interval=60, log_event=True),
        p6.Ipv6Enables(addressing=p6.Addressing.BOTH),
        p6.Ipv6TrafficClass(traffic_class=3),
    ):
        lan.set(parameter)
        assert lan.get(parameter.selector, 0) == parameter.encode(), type(parameter).__name__


def test_destinations_have_a_set_each_and_the_volatile_one_is_not_kept() -> None:
    home = make_home()
    lan = LanParameters(home)
    for number in (0, 4):
        lan.set(p.DestinationVlanTags(destination=number, format=p.VlanFormat.TAG, vlan_id=100 + number))
    assert lan.get(25, 4) == bytes.fromhex("04 10 68 00")
    assert lan.get(25, 0) == bytes.fromhex("00 10 64 00")
    assert lan.get(25, 1) == bytes.fromhex("01 00 00 00")
    again = LanParameters(home.again())
    assert again.get(25, 4) == bytes.fromhex("04 10 68 00")
    assert again.get(25, 0) == bytes.fromhex("00 00 00 00")
    with pytest.raises(CompletionError, match="^C9h"):
        lan.get(25, 5)
    with pytest.raises(CompletionError, match="^C9h"):
        lan.set(p.DestinationVlanTags(destination=5))


@pytest.mark.parametrize(
    "parameter",
    [
        p.AuthenticationTypeSupport(auth_types=AuthTypes.MD5),
        p.NumberOfDestinations(count=1),
        p.CipherSuiteEntries(suites=bytes(16)),
        p.MacAddress(mac=bytes(6)),
        p.PrimaryRmcpPort(port=99),
    ],
)
def test_read_only_parameters_refuse_a_write(parameter: p.LanParameter) -> None:
    with pytest.raises(CompletionError, match="^82h"):
        make().set(parameter)


def test_what_is_fixed_may_be_set_to_what_it_is_and_is_not_kept() -> None:
    home = make_home()
    lan = LanParameters(home)
    lan.set(p.MacAddress.decode(lan.get(5, 0)))
    lan.set(p.PrimaryRmcpPort.decode(lan.get(8, 0)))
    assert not home.journal.saved("lan")


@pytest.mark.parametrize(
    "parameter",
    [
        p.VlanId(enabled=True, vlan_id=0),
        p.VlanId(enabled=True, vlan_id=4095),
        p.IpAddressSource(source=p.AddressSource.OTHER),
        p.ArpControl(arp_responses=False, gratuitous_arps=False),
        p.ArpControl(arp_responses=True, gratuitous_arps=True),
        p6.Ipv6Enables(addressing=p6.Addressing.IPV6_ONLY),
        p.CipherSuitePrivilegeLevels.of_levels([4]),
        p.CipherSuitePrivilegeLevels.of_levels([0, 0, 0, 6]),
        p.AuthenticationTypeEnables(
            callback=AuthTypes(0),
            user=AuthTypes.MD5,
            operator=AuthTypes(0),
            administrator=AuthTypes(0),
            oem=AuthTypes(0),
        ),
    ],
)
def test_what_the_channel_cannot_do_is_refused(parameter: p.LanParameter) -> None:
    with pytest.raises(CompletionError, match="^CCh"):
        make().set(parameter)


def test_set_in_progress_is_a_notice_that_a_reset_clears() -> None:
    lan = make()
    claim = p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)
    lan.set(claim)
    assert lan.get(0, 0) == b"\x01"
    with pytest.raises(CompletionError, match="^81h"):
        lan.set(claim)
    lan.set(p.SetInProgress(state=SetInProgressState.COMMIT_WRITE))
    assert lan.get(0, 0) == b"\x01"
    lan.set(p.VlanPriority(priority=1))
    lan.settle()
    assert lan.get(0, 0) == b"\x00"
    with pytest.raises(CompletionError, match="^D5h"):
        lan.set(p.SetInProgress(state=SetInProgressState.COMMIT_WRITE))


def test_suites_are_limited_by_parameter_24() -> None:
    lan = make()
    assert lan.suites() == (3, 17)
    assert (lan.suite_limit(3), lan.suite_limit(17), lan.suite_limit(0)) == (4, 4, 0)
    lan.set(p.CipherSuitePrivilegeLevels.of_levels([0, 0, 0, 2, 3] + [0] * 11))
    assert (lan.suite_limit(3), lan.suite_limit(17)) == (2, 3)
    lan.set(p.CipherSuitePrivilegeLevels.of_levels([0] * 4 + [3] + [0] * 11))
    assert lan.suites() == (17,)


def test_authentication_types_are_per_level_and_none_may_be_switched_on_where_v15_is() -> None:
    lan = make(auth_types=int(AuthTypes.MD5 | AuthTypes.PASSWORD))
    assert lan.v15_enabled()
    assert lan.get(1, 0) == b"\x15"
    assert [lan.auth_types(level) for level in (0, 1, 4, 5, 6)] == [0, 0x14, 0x14, 0x14, 0]
    none = AuthTypes(0)
    lan.set(
        p.AuthenticationTypeEnables(
            callback=none, user=AuthTypes.NONE, operator=none, administrator=none, oem=none
        )
    )
    assert [lan.auth_types(level) for level in (1, 2, 4)] == [0, 1, 0]
    assert not make().v15_enabled()


def test_the_bad_password_rule_is_in_seconds() -> None:
    lan = make(bad_password_threshold=3, lockout_s=120)
    rule = lan.bad_password_rule()
    assert (rule.threshold, rule.reset_interval_s, rule.lockout_s, rule.log_event) == (3, 0, 120, False)


def test_changes_survive_a_restart() -> None:
    home = make_home()
    LanParameters(home).set(p.IpAddress(address=IPv4Address("192.0.2.9")))
    assert LanParameters(home.again()).get(3, 0) == bytes((192, 0, 2, 9))


# On a network of its own


class Port:
    """A network that notes what it is told, and tells what a test wants.

    Attributes:
        applied: settings, in their order.
        sent: datagrams.
        said: what it found out.
    """

    abilities = Abilities(arp=True, addresses=True, static_addresses=2, dynamic_addresses=2)

    def __init__(self) -> None:
        self.applied: list[NetworkSettings] = []
        self.sent: list[tuple[bytes, object, Via | None]] = []
        self.said = NetworkReport()
        self.counted: Counters | None = None

    def apply(self, settings: NetworkSettings) -> None:
        self.applied.append(settings)

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        self.sent.append((data, address, via))

    def report(self) -> NetworkReport:
        return self.said

    def counters(self) -> Counters | None:
        return self.counted

    def close(self) -> None:
        self.applied.clear()


def wired(**changes: object) -> tuple[LanParameters, Port, VirtualClock]:
    """LAN parameters on such a network."""
    home = make_home(lan=LanSpec(**changes))  # type: ignore[arg-type]  # a test names fields
    lan, port = LanParameters(home), Port()
    lan.network.attach(port)
    return lan, port, home.clock


def test_what_is_written_counts_when_its_answer_is_out() -> None:
    lan, port, clock = wired(ip="10.0.0.5")
    assert [one.ipv4 for one in port.applied] == [IPv4Interface("10.0.0.5/8")]
    lan.set(p.IpAddress(address=IPv4Address("10.0.0.6")))
    assert lan.get(3, 0) == bytes((10, 0, 0, 6))
    assert len(port.applied) == 1
    clock.advance(0)
    assert port.applied[1].ipv4 == IPv4Interface("10.0.0.6/8")


def test_what_counts_nowhere_on_the_wire_is_not_told() -> None:
    lan, port, clock = wired()
    lan.set(p.CommunityString(community=b"c".ljust(18, b"\0")))
    clock.advance(9)
    assert len(port.applied) == 1


def test_written_together_it_counts_when_the_setting_is_complete() -> None:
    lan, port, clock = wired()
    lan.set(p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS))
    lan.set(p.VlanPriority(priority=5))
    lan.set(p.VlanId(enabled=True, vlan_id=100))
    clock.advance(60)
    assert len(port.applied) == 1
    lan.set(p.SetInProgress(state=SetInProgressState.SET_COMPLETE))
    assert len(port.applied) == 1
    clock.advance(0)
    assert [one.tag for one in port.applied] == [None, Tag(100, 5)]


def test_committed_it_counts_after_a_while_if_nobody_completes_it() -> None:
    lan, port, clock = wired()
    lan.set(p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS))
    lan.set(p.VlanId(enabled=True, vlan_id=100))
    lan.set(p.SetInProgress(state=SetInProgressState.COMMIT_WRITE))
    clock.advance(4.9)
    assert len(port.applied) == 1
    clock.advance(0.2)
    assert port.applied[1].tag == Tag(100)
    lan.set(p.SetInProgress(state=SetInProgressState.SET_COMPLETE))
    clock.advance(9)
    assert len(port.applied) == 2


def test_a_reset_of_the_system_completes_it_too() -> None:
    lan, port, clock = wired()
    lan.set(p.SetInProgress(state=SetInProgressState.SET_IN_PROGRESS))
    lan.set(p.VlanId(enabled=True, vlan_id=100))
    lan.settle()
    clock.advance(0)
    assert port.applied[1].tag == Tag(100)


def test_arps_are_switched() -> None:
    lan, port, clock = wired()
    lan.set(p.ArpControl(arp_responses=False, gratuitous_arps=True))
    clock.advance(0)
    assert (port.applied[1].arp_responses, port.applied[1].gratuitous_arps) == (False, True)


def test_the_address_that_others_gave_is_told_and_not_to_be_written() -> None:
    lan, port, clock = wired(ip="10.0.0.5", dhcp=True)
    assert (port.applied[0].ipv4, port.applied[0].dynamic) == (None, True)
    assert lan.get(3, 0) == bytes((10, 0, 0, 5))
    port.said = NetworkReport(ipv4=IPv4Interface("192.0.2.7/25"), gateway=IPv4Address("192.0.2.1"))
    given = [lan.get(selector, 0) for selector in (3, 6, 12)]
    assert given == [bytes((192, 0, 2, 7)), bytes((255, 255, 255, 128)), bytes((192, 0, 2, 1))]
    for parameter in (
        p.IpAddress(address=IPv4Address("10.0.0.6")),
        p.SubnetMask(mask=IPv4Address("255.0.0.0")),
        p.DefaultGatewayAddress(address=IPv4Address("10.0.0.1")),
    ):
        with pytest.raises(CompletionError, match="^D5h"):
            lan.set(parameter)
    lan.set(p.IpAddressSource(source=p.AddressSource.STATIC))
    clock.advance(0)
    assert (port.applied[1].ipv4, port.applied[1].dynamic) == (IPv4Interface("192.0.2.7/25"), False)
    port.said = NetworkReport()
    assert [lan.get(selector, 0) for selector in (3, 6, 12)] == given


def test_tables_are_as_long_as_the_network_says() -> None:
    lan, port, _ = wired()
    assert lan.get(55, 0) == bytes((2, 2, 0b10))
    assert lan.get(50, 0) == bytes((0b111,))
    for selector in (56, 59):
        assert lan.get(selector, 1)[0] == 1
        with pytest.raises(CompletionError, match="^C9h"):
            lan.get(selector, 2)
    with pytest.raises(CompletionError, match="^C9h"):
        lan.get(74, 0)
    router = Router(IPv6Address("fe80::1"), bytes(6), IPv6Interface("2001:db8::/64"))
    port.said = NetworkReport(routers=(router,), hop_limit=61)
    assert (lan.get(73, 0), lan.get(78, 0)) == (b"\x01", b"\x3d")
    assert lan.get(74, 0) == b"\0" + router.address.packed


def test_identifiers_and_timers_are_in_blocks() -> None:
    lan, port, clock = wired()
    assert (lan.get(57, 0), lan.get(60, 0), lan.get(62, 0), lan.get(79, 0)) == (b"\x09", b"\1", b"\1", b"\1")
    lan.set(p6.Ipv6StaticDuid(set_selector=0, block_selector=8, block=b"last"))
    assert lan.get(58, 0, 8) == b"\0\x08last".ljust(18, b"\0")
    assert lan.get(58, 0, 0) == bytes(18)
    assert lan.get(61, 0) == bytes.fromhex("0000 0a 00030001 020000000001").ljust(18, b"\0")
    lan.set(p6.NeighborDiscoveryTiming(set_selector=0, block_selector=0, block=b"\x01\x09"))
    clock.advance(0)
    assert port.applied[1].timing == NeighborTiming.of(b"\x01\x09" + bytes(14))
    lan.set(p6.Dhcpv6Timing(set_selector=0, block_selector=1, block=b"abc"))
    assert lan.get(63, 0, 1)[:5] == b"\0\x01abc"
    for selector, block in ((58, 9), (61, 1), (63, 2), (80, 1)):
        with pytest.raises(CompletionError, match="^C9h"):
            lan.get(selector, 0, block)
        with pytest.raises(CompletionError, match="^C9h"):
            lan.get(selector, 1, 0)


def test_blocks_survive_a_restart() -> None:
    home = make_home()
    lan = LanParameters(home)
    lan.network.attach(Port())
    lan.set(p6.Ipv6StaticDuid(set_selector=0, block_selector=3, block=b"kept"))
    again = LanParameters(home.again())
    again.network.attach(Port())
    assert again.get(58, 0, 3)[2:6] == b"kept"


def test_an_alert_goes_by_the_way_of_its_destination() -> None:
    lan, port, _ = wired()
    target = p.Ipv4Destination(address=IPv4Address("192.0.2.9"), backup_gateway=True, mac=bytes(range(6)))
    assert not lan.send_alert(lan.destination(1), b"trap")
    lan.set(p.DestinationAddresses(destination=1, address=target.encode()))
    lan.set(p.DestinationVlanTags(destination=1, format=p.VlanFormat.TAG, vlan_id=200, priority=6))
    assert lan.send_alert(lan.destination(1), b"trap")
    assert lan.send_alert(lan.destination(1), b"trap", 9162)
    way = Via(bytes(range(6)), True, Tag(200, 6))
    assert port.sent == [(b"trap", ("192.0.2.9", port_), way) for port_ in (162, 9162)]
    assert lan.statistics.sent == 2


def test_an_address_of_the_wrong_length_is_told_as_that() -> None:
    for form, size in ((0, 12), (1, 11)):
        wrong = p.DestinationAddresses(destination=1, format=p.AddressFormat(form), address=bytes(size))
        with pytest.raises(CompletionError, match="^C7h"):
            make().set(wrong)


def test_an_alert_by_ipv6_wants_ipv6_switched_on() -> None:
    lan, port, clock = wired()
    where = p.DestinationAddresses(
        destination=2, format=p.AddressFormat.IPV6, address=IPv6Address("2001:db8::9").packed
    )
    lan.set(where)
    assert not lan.send_alert(lan.destination(2), b"trap")
    lan.set(p6.Ipv6Enables(addressing=p6.Addressing.BOTH))
    clock.advance(0)
    assert lan.send_alert(lan.destination(2), b"trap")
    assert port.sent == [(b"trap", ("2001:db8::9", 162, 0, 0), Via())]


def test_the_status_of_an_address_is_told_and_never_set() -> None:
    lan, port, _ = wired()
    wanted = p6.Ipv6StaticAddress(
        set_selector=1,
        enabled=True,
        address=IPv6Address("fd00::5"),
        prefix_length=64,
        status=p6.Ipv6AddressStatus.DEPRECATED,
    )
    lan.set(wanted)
    assert lan.get(56, 1)[-1] == p6.Ipv6AddressStatus.PENDING
    port.said = NetworkReport(static=(1, 0))
    assert lan.get(56, 1)[-1] == p6.Ipv6AddressStatus.ACTIVE


def test_the_end_of_the_bmc_ends_what_was_to_count() -> None:
    lan, port, clock = wired()
    lan.set(p.VlanPriority(priority=5))
    lan.stop()
    clock.advance(9)
    assert len(port.applied) == 1
