"""Consoles of other people before a BMC whose firewall is up: what they are told, and that it stays up."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.interop.lab import Bmc, Done, Lab, lab, run
from tests.interop.test_pyghmi import call, pyghmi
from tests.interop.test_python_ipmi_rmcpplus import connection

PASSWORD = "a secret"
SELF_TEST = ("lun", "0", "netfn", "6", "command", "4")
POWER = ("lun", "0", "netfn", "0", "command", "2")


def baseboard(bmc: Bmc, *words: str) -> Done:
    command = [sys.executable, "-P", "-m", "baseboard", "-H", f"{bmc.address}:{bmc.port}", "-U", bmc.username]
    return run([*command, "-E", *words], "", 120, {"IPMITOOL_PASSWORD": bmc.password})


def test_what_ipmitool_switches_survives_the_bmc(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "state"), "--count", "1", "--password", PASSWORD)
    asked = ((), ("channel", "15"), POWER)
    with lab(*store) as first:
        first[0].ipmitool("firewall", "disable", *SELF_TEST).ok()
        first[0].ipmitool("firewall", "disable", *POWER, "subfn", "3").ok()
        first[0].ipmitool("firewall", "disable", "channel", "15", "lun", "0", "netfn", "0x0c").ok()
        shown = [first[0].ipmitool("firewall", "info", *rest).ok().out for rest in asked]
    with lab(*store) as again:
        bmc = again[0]
        assert [bmc.ipmitool("firewall", "info", *rest).ok().out for rest in asked] == shown
        assert "Insufficient privilege level" in bmc.ipmitool("mc", "selftest").err
        assert "command disabled" in bmc.ipmitool("power", "reset").err
        bmc.ipmitool("firewall", "enable", *SELF_TEST).ok()
        bmc.ipmitool("mc", "selftest").ok()


def test_ipmitool_reads_what_baseboard_switched(own_lab: Lab) -> None:
    rack = own_lab[0]
    baseboard(rack, "firewall", "disable", *SELF_TEST).ok()
    shown = rack.ipmitool("firewall", "info", *SELF_TEST).ok()
    assert shown.lines[2] == "LUN 0, NetFn 0x06, Command 0x04:        | X | X |   |"
    baseboard(rack, "firewall", "reset", "channel", "14").ok()
    assert rack.ipmitool("firewall", "info", *SELF_TEST).ok().lines[2].endswith("| X | X | X |")


def test_freeipmi_and_openipmi_are_told_d4(own_lab: Lab) -> None:
    rack = own_lab[0]
    rack.ipmitool("firewall", "disable", *SELF_TEST).ok()
    assert rack.freeipmi("ipmi-raw", "0", "6", "4").ok().lines == ["rcvd: 04 D4"]
    assert "privilege level insufficient" in rack.freeipmi("bmc-device", "--get-self-test-results").err
    assert rack.openipmicmd("f 0 6 4").lines[0] == "0f 07 00 04 d4"


def test_pyghmi_is_told_d6_and_switches_it_on(own_lab: Lab) -> None:
    rack = own_lab[0]
    rack.ipmitool("firewall", "disable", *POWER, "subfn", "0").ok()
    refused, enabled, _, allowed = pyghmi(
        rack,
        call("raw_command", 0, 2, data=[0]),
        call("raw_command", 6, 0x63, data=[0x0E, 0, 0, 2]),
        call("raw_command", 6, 0x62, data=[0x0E, 0, 0, 2, 0x3F, 0, 0, 0]),
        call("raw_command", 0, 2, data=[0]),
    )
    assert refused["code"] == 0xD6
    assert (enabled["code"], enabled["data"]) == (0, "3e000000")
    assert allowed["code"] == 0


def test_python_ipmi_finds_the_masks(own_lab: Lab) -> None:
    rack = own_lab[0]
    rack.ipmitool("firewall", "disable", *SELF_TEST).ok()
    with connection(rack) as ipmi:
        support = bytes(ipmi.send_raw(0, 6, b"\x0a\x0e\x06\x00"))
        enabled = bytes(ipmi.send_raw(0, 6, b"\x61\x0e\x06\x00"))
        refused = bytes(ipmi.send_raw(0, 6, b"\x04"))
    assert not support[1] & 0x10, "0 is available"
    assert not enabled[1] & 0x10, "1 would be enabled"
    assert refused == b"\xd4"
