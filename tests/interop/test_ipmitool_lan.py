"""ipmitool on the LAN's configuration: printed, set and read back, what is refused, alerts and statistics."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.bmc.configuration.building import stable_guid
from tests.interop.lab import Bmc, Lab

NAMES = ("rack-1", "blade-2", "veteran-3")
UNSET = str(IPv4Address(0))
NOWHERE = {"IP": UNSET, "MAC": "00:00:00:00:00:00"}
SHIPPED = {
    "Set in Progress": "Set Complete",
    "IP Address Source": "Static Address",
    "IP Address": "127.0.0.1",
    "Subnet Mask": "255.0.0.0",
    "SNMP Community String": "public",
    "IP Header": "TTL=0x40 Flags=0x40 Precedence=0x00 TOS=0x10",
    "BMC ARP Control": "ARP Responses Enabled, Gratuitous ARP Disabled",
    "Gratituous ARP Intrvl": "2.0 seconds",
    **{f"{gate} Gateway {kind}": value for gate in ("Default", "Backup") for kind, value in NOWHERE.items()},
    "802.1q VLAN ID": "Disabled",
    "802.1q VLAN Priority": "0",
    "Bad Password Threshold": "0",
    "Invalid password disable": "no",
    "Attempt Count Reset Int.": "0",
    "User Lockout Interval": "0",
}
# entry by entry, in the order of both lines; a suite above 15 stands where one is that the BMC has not
SUITES = [
    ("0,1,2,3,17,5,6,7,8,9,10,11,12,13,14,15", "XXXaaXXXXXXXXXX"),
    ("0,1,2,3,17,5,6,7,8,9,10,11,12,13,14,15", "XXXXaXXXXXXXXXX"),
    ("0,1,2,3,16,17,6,7,8,9,10,11,12,13,14,15", "aaaaaaaaaXXaaXX"),
]


def lan(bmc: Bmc) -> dict[str, str]:
    return bmc.ipmitool("lan", "print", "1").ok().values


def alert(bmc: Bmc, number: int) -> dict[str, str]:
    return bmc.ipmitool("lan", "alert", "print", "1", str(number)).ok().values


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lan_as_shipped(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    done = bmc.ipmitool("lan", "print", "1").ok()
    values = done.values
    assert {name: values[name] for name in SHIPPED} == SHIPPED
    # the hardware address is locally administered, the rest from the server's GUID
    guid = stable_guid(f"lab {NAMES[number]}")
    assert values["MAC Address"] == (b"\x02" + guid[-5:]).hex(":")
    assert (values["RMCP+ Cipher Suites"], values["Cipher Suite Priv Max"]) == SUITES[number]
    types = ("NONE MD2 MD5 PASSWORD", "MD2 MD5 PASSWORD") if number == 2 else ("", "")
    assert values["Auth Type Support"] == types[0]
    start = done.lines.index(f"Auth Type Enable        : Callback : {types[1]}".strip())
    for line, level in zip(done.lines[start + 1 :], ("User", "Operator", "Admin", "OEM"), strict=False):
        assert line == f": {level:<8} : {types[1]}".strip()
    assert bmc.ipmitool("lan", "print").ok().out == done.out
    assert bmc.ipmitool("lan", "print", "2").err == "Invalid channel: 2\n"
    # the last of the sixteen levels is not printed
    levels = bmc.ipmitool("raw", "0x0c", "0x02", "0x01", "0x18", "0", "0").ok().out.split()
    assert levels[-1] == ("40" if number == 2 else "00")


@pytest.mark.parametrize(("number", "interface"), [(0, "lanplus"), (1, "lanplus"), (2, "lan")])
def test_addresses_and_the_like_are_set(own_lab: Lab, number: int, interface: str) -> None:
    bmc = own_lab[number]
    said = {
        ("ipaddr", "192.0.2.10"): ("IP Address", "192.0.2.10"),
        ("netmask", "255.255.255.0"): ("Subnet Mask", "255.255.255.0"),
        ("defgw", "ipaddr", "192.0.2.1"): ("Default Gateway IP", "192.0.2.1"),
        ("defgw", "macaddr", "02:00:00:00:00:01"): ("Default Gateway MAC", "02:00:00:00:00:01"),
        ("bakgw", "ipaddr", "192.0.2.2"): ("Backup Gateway IP", "192.0.2.2"),
        ("bakgw", "macaddr", "02:00:00:00:00:02"): ("Backup Gateway MAC", "02:00:00:00:00:02"),
        ("snmp", "of the racks"): ("SNMP Community String", "of the racks"),
    }
    for words, (name, value) in said.items():
        done = bmc.ipmitool("lan", "set", "1", *words, interface=interface).ok()
        assert done.out == f"Setting LAN {name} to {value}\n"
        assert lan(bmc)[name] == value
    for words, name, value in (
        (("ipsrc", "dhcp"), "IP Address Source", "DHCP Address"),
        (("ipsrc", "bios"), "IP Address Source", "BIOS Assigned Address"),
        (("ipsrc", "static"), "IP Address Source", "Static Address"),
        (("vlan", "id", "42"), "802.1q VLAN ID", "42"),
        (("vlan", "priority", "7"), "802.1q VLAN Priority", "7"),
        (("vlan", "id", "4094"), "802.1q VLAN ID", "4094"),
        (("vlan", "id", "off"), "802.1q VLAN ID", "Disabled"),
        (("arp", "interval", "7"), "Gratituous ARP Intrvl", "7.0 seconds"),
        (("bad_pass_thresh", "5", "1", "30", "60"), "Bad Password Threshold", "5"),
    ):
        bmc.ipmitool("lan", "set", "1", *words, interface=interface).ok()
        assert lan(bmc)[name] == value
    values = lan(bmc)
    assert values["Attempt Count Reset Int."] == "300"
    assert values["User Lockout Interval"] == "600"
    for words, (name, value) in said.items():
        assert values[name] == value, words


def test_what_cannot_be_is_refused_and_nothing_changes(own_lab: Lab) -> None:
    """By raw: after a refusal ``lan set`` reads back for 40 s in hope."""
    bmc = own_lab[0]
    before = lan(bmc)
    for code, parameter in (
        # read-only, or the business of the machine that the BMC runs on
        ("0x82", "0x01 0x17"),
        ("0x82", "0x05 0x02 0 0 0 0 0x99"),
        ("0x82", "0x08 0x6f 0x02"),
        ("0xcc", "0x0a 0x00"),
        # a type of v1.5 where there is none, a source that it has not, a VLAN that there is not
        ("0xcc", "0x02 4 4 4 4 4"),
        ("0xcc", "0x04 0x04"),
        ("0xcc", "0x14 0xff 0x8f"),
        # a level for a suite that the BMC has not
        ("0xcc", "0x18 0x00 0x04 0x40 0x04 0 0 0 0 0"),
        ("0x80", "0xc0 0x00"),
        ("0xc7", "0x03 0xc0 0x00 0x02"),
    ):
        done = bmc.ipmitool("raw", "0x0c", "0x01", "0x01", *parameter.split())
        assert (done.code, f"rsp={code}" in done.err) == (1, True), (parameter, done.err)
    done = bmc.ipmitool("lan", "set", "1", "ipaddr", "300.0.0.1")
    assert (done.code, done.err) == (1, "Invalid IP address: 300.0.0.1\n")
    done = bmc.ipmitool("lan", "set", "2", "ipaddr", "192.0.2.1")
    assert done.code == 1
    assert "Channel 2 is not a LAN channel!" in done.err
    assert lan(bmc) == before


def test_levels_of_suites_hold_at_once(own_lab: Lab) -> None:
    bmc = own_lab[0]

    def log_in(suite: int, privilege: str) -> str:
        done = bmc.ipmitool("power", "status", suite=suite, privilege=privilege)
        return done.out if done.code == 0 else done.err.splitlines()[0]

    refused = "Error in open session response message : no matching cipher suite"
    bmc.ipmitool("lan", "set", "1", "cipher_privs", "XXXoaXXXXXXXXXX").ok()
    assert lan(bmc)["Cipher Suite Priv Max"] == "XXXoaXXXXXXXXXX"
    assert log_in(3, "OPERATOR") == log_in(17, "ADMINISTRATOR") == "Chassis Power is on\n"
    assert log_in(3, "ADMINISTRATOR") == "Error: Unable to establish IPMI v2 / RMCP+ session"
    bmc.ipmitool("lan", "set", "1", "cipher_privs", "XXXXaXXXXXXXXXX").ok()
    assert log_in(3, "OPERATOR") == refused
    rows = bmc.ipmitool("channel", "getciphers", "ipmi", "1").ok().lines[1:]
    assert [row.split()[0] for row in rows] == ["17"]
    assert log_in(17, "ADMINISTRATOR") == "Chassis Power is on\n"


@pytest.mark.parametrize("kind", ["MD5", "PASSWORD", "NONE"])
def test_v15_types_are_switched_per_level(own_lab: Lab, kind: str) -> None:
    bmc = own_lab.weak
    # ipmitool takes one type at a time (docs/interop.md)
    bmc.ipmitool("lan", "set", "1", "auth", "ADMIN", kind).ok()
    lines = bmc.ipmitool("lan", "print", "1").ok().lines
    assert f": Admin    : {kind}" in lines
    assert ": Operator : MD2 MD5 PASSWORD" in lines
    for other in ("MD5", "PASSWORD", "NONE"):
        done = bmc.ipmitool("power", "status", interface="lan", options=("-A", other))
        if other == kind:
            assert done.ok().out == "Chassis Power is on\n"
        else:
            assert f"Authentication type {other} not supported" in done.err
    done = bmc.ipmitool("power", "status", interface="lan", privilege="OPERATOR", options=("-A", "MD5"))
    assert done.ok().out == "Chassis Power is on\n"


def test_channel_access_on_and_off(own_lab: Lab) -> None:
    bmc = own_lab[0]

    def alerting() -> set[str]:
        lines = bmc.ipmitool("channel", "info", "1").ok().lines
        return {line.partition(":")[2].strip() for line in lines if line.startswith("Alerting")}

    assert alerting() == {"enabled"}
    # ipmitool has the sense of the bit the wrong way round (docs/interop.md)
    bmc.ipmitool("lan", "set", "1", "alert", "on").ok()
    assert alerting() == {"disabled"}
    bmc.ipmitool("lan", "set", "1", "alert", "off").ok()
    assert alerting() == {"enabled"}
    done = bmc.ipmitool("lan", "set", "1", "access", "on").ok()
    assert done.out == "Set Channel Access for channel 1 was successful.\n"
    assert bmc.ipmitool("lan", "set", "1", "access", "off").ok().out == done.out
    closed = bmc.ipmitool("power", "status", options=("-N", "1", "-R", "1"))
    assert closed.code == 1
    assert "Error: Unable to establish IPMI v2 / RMCP+ session" in closed.err


def test_alert_destinations(own_lab: Lab) -> None:
    bmc = own_lab[0]
    every = bmc.ipmitool("lan", "alert", "print", "1").ok().out
    assert every.count("Alert Destination") == 5
    assert alert(bmc, 2) == {
        "Alert Destination": "2",
        "Alert Acknowledge": "Unacknowledged",
        "Destination Type": "PET Trap",
        "Retry Interval": "3",
        "Number of Retries": "0",
        "Alert Gateway": "Default",
        "Alert IP Address": UNSET,
        "Alert MAC Address": "00:00:00:00:00:00",
    }
    settings = (
        ("ipaddr", "192.0.2.9"),
        ("macaddr", "02:00:00:00:00:09"),
        ("gateway", "backup"),
        ("type", "pet"),
        ("ack", "on"),
        ("time", "9"),
        ("retry", "4"),
    )
    for name, value in settings:
        done = bmc.ipmitool("lan", "alert", "set", "1", "2", name, value).ok()
        assert done.out.startswith("Setting LAN Alert 2 ")
    assert alert(bmc, 2) == {
        "Alert Destination": "2",
        "Alert Acknowledge": "Acknowledged",
        "Destination Type": "PET Trap",
        "Acknowledge Timeout": "9",
        "Number of Retries": "4",
        "Alert Gateway": "Backup",
        "Alert IP Address": "192.0.2.9",
        "Alert MAC Address": "02:00:00:00:00:09",
    }
    assert alert(bmc, 1)["Alert IP Address"] == UNSET


def test_statistics_count_and_are_cleared(own_lab: Lab) -> None:
    bmc = own_lab[1]

    def packets() -> dict[str, int]:
        values = bmc.ipmitool("lan", "stats", "get", "1").ok().values
        return {name: int(value) for name, value in values.items()}

    bmc.ipmitool("mc", "info").ok()
    before = packets()
    after = packets()
    for name in ("IP Rx Packet", "IP Tx Packet", "UDP Rx Packet", "RMCP Rx Valid"):
        assert 5 < before[name] < after[name]
    assert after["IP Rx Header Errors"] == after["UDP Proxy Packet Dropped"] == 0
    bmc.ipmitool("lan", "stats", "clear", "1").ok()
    assert packets()["UDP Rx Packet"] < before["UDP Rx Packet"]


def test_ipv6_is_told_and_off(shared_lab: Lab) -> None:
    done = shared_lab[0].ipmitool("lan6", "print", "1").ok()
    assert done.values["IPv6/IPv4 Addressing Enables"] == "ipv4"
    for line in ("IPv6 only: no", "IPv4 and IPv6: yes", "Static address max:  1", "Dynamic address max: 0"):
        assert line in done.lines
