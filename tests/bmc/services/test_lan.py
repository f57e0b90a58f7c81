"""LAN parameters: defaults, checks, what survives (§23, Table 23-4)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan import LanParameters
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
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
    with pytest.raises(CompletionError, match="^CCh"):
        lan.set(p.SetInProgress(state=SetInProgressState.COMMIT_WRITE))
    lan.set(p.VlanPriority(priority=1))
    lan.settle()
    assert lan.get(0, 0) == b"\x00"


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


def test_statistics_stop_at_ffffh_and_clear_after_reading() -> None:
    lan = make()
    lan.statistics.received, lan.statistics.valid, lan.statistics.sent = 70_000, 5, 4
    read = lan.statistics.read(clear=True)
    assert (read.received, read.valid, read.sent) == (0xFFFF, 5, 4)
    assert lan.statistics.read(clear=False).received == 0
