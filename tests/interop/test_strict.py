"""A strict BMC refuses requests with reserved bits set (CCh): what ipmitool and FreeIPMI send has none.

The same lines are run on the lab as it comes: a line ends alike on both, what is constant is printed alike.
pyghmi, python-ipmi, OpenIPMI and the configurations of FreeIPMI meet strict BMCs in modules of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Done, Lab

REFUSED = re.compile(r"Invalid data field|\b0xcc\b|\(cc\)|invalid data|illegal", re.IGNORECASE)
# Each changes nothing for good, or puts back what it changed.
LINES = [
    "mc info",
    "mc guid",
    "mc selftest",
    "mc getenables",
    "mc watchdog get",
    "mc watchdog set timeout=60 use=sms action=none",
    "mc watchdog reset",
    "mc watchdog off",
    "mc getsysinfo system_name",
    "mc setsysinfo system_name strict",
    "chassis status",
    "chassis selftest",
    "chassis poh",
    "chassis restart_cause",
    "chassis policy list",
    "chassis policy always-off",
    "chassis policy previous",
    "chassis identify 1",
    "chassis identify force",
    "chassis identify 0",
    "chassis bootdev pxe",
    "chassis bootdev bios options=persistent,efiboot,verbose=yes",
    "chassis bootdev none",
    "chassis bootparam get 5",
    "chassis bootparam set bootflag force_disk options=timeout",
    "chassis bootmbox set text block 0 343 abc",
    "chassis bootmbox get",
    "power status",
    "channel info 1",
    "channel authcap 1 4",
    "channel getaccess 1 2",
    "channel getciphers ipmi 1",
    "channel setaccess 1 3 callin=off link=on ipmi=on privilege=3",
    "event 1",
    "event 2",
    "event 3",
    "sel info",
    "sel list",
    "sel elist",
    "sel time get",
    "sel get 1",
    "sel clear",
    "sdr info",
    "sdr list all",
    "sdr elist full",
    "sdr type temperature",
    "sdr entity 7",
    "sensor list",
    "fru print",
    "lan print 1",
    "lan alert print 1 1",
    "lan alert set 1 1 ack on",
    "lan alert set 1 1 ack off",
    "lan set 1 snmp machine",
    "lan set 1 arp interval 3",
    "lan set 1 bad_pass_thresh 3 1 30 60",
    "lan set 1 bad_pass_thresh 0 0 0 0",
    "lan set 1 access on",
    "lan set 1 vlan id off",
    "lan stats get 1",
    "lan stats clear 1",
    "lan6 print 1",
    "user list 1",
    "user summary 1",
    "user set name 3 guest",
    "user set password 3 guestword 16",
    "user test 3 16 guestword",
    "user priv 3 2 1",
    "user enable 3",
    "user disable 3",
    "sol info 1",
    "sol set retry-count 6 1",
    "sol set privilege-level operator 1",
    "sol set character-send-threshold 90 1",
    "sol payload status 1 2",
    "sol payload disable 1 3",
    "session info active",
    "session info all",
    "pef info",
    "pef status",
    "pef policy list",
    "pef filter list",
    "pef filter disable 1",
    "pef filter enable 1",
    "firewall info",
    "firewall info lun 0 netfn 6 command 1",
]
DCMI = [
    "dcmi discover",
    "dcmi power reading",
    "dcmi power get_limit",
    "dcmi power set_limit limit 900",
    "dcmi power activate",
    "dcmi power deactivate",
    "dcmi sensors",
    "dcmi asset_tag",
    "dcmi set_asset_tag strict",
    "dcmi get_mc_id_string",
    "dcmi set_mc_id_string strict",
    "dcmi thermalpolicy get 64 1",
    "dcmi thermalpolicy set 64 1 volatile nopoweroff nosel 70 10",
    "dcmi get_temp_reading",
    "dcmi get_conf_param",
    "dcmi set_conf_param init 4",
    "hpm check",
    "hpm targetcap",
    "hpm compprop 0 0",
    "hpm upgstatus",
]
CONSTANT = {
    "mc selftest",
    "chassis policy list",
    "channel authcap 1 4",
    "pef info",
    "lan alert print 1 1",
    "sdr entity 7",
}
FREEIPMI = [
    "bmc-info",
    "ipmi-chassis --get-chassis-status",
    "ipmi-chassis --get-chassis-capabilities",
    "ipmi-chassis --get-system-restart-cause",
    "ipmi-chassis --get-power-on-hours-counter",
    "ipmi-sensors",
    "ipmi-sensors -vv",
    "ipmi-sensors --sdr-info",
    "ipmi-sel",
    "ipmi-sel --info",
    "ipmi-sel --clear",
    "ipmi-fru --verbose",
    "bmc-device --get-self-test-results",
    "bmc-device --get-acpi-power-state",
    "bmc-device --get-lan-statistics",
    "bmc-device --clear-lan-statistics",
    "bmc-device --rearm-sensor=1",
    "bmc-device --get-sel-time",
    "bmc-device --set-sel-time=now",
    "bmc-device --get-sel-time-utc-offset",
    "bmc-device --get-bmc-global-enables",
    "bmc-device --get-mca-auxiliary-log-status",
    "ipmi-oem --list",
    "ipmi-raw 0 6 1",
]
TARGETS = [(0, "lanplus"), (1, "lanplus"), (2, "lanplus"), (2, "lan")]


def settled(done: Done) -> Done:
    """It is not refused for what it sends."""
    assert not REFUSED.search(done.out + done.err), str(done)
    return done


@pytest.mark.parametrize(("number", "interface"), TARGETS)
def test_lines_of_ipmitool_end_as_they_do_on_the_default(
    own_lab: Lab, strict_lab: Lab, number: int, interface: str
) -> None:
    lines = LINES + (DCMI if number < 2 else [])
    for line in lines:
        words = line.split()
        usual = settled(own_lab[number].ipmitool(*words, interface=interface))
        strict = settled(strict_lab[number].ipmitool(*words, interface=interface))
        assert strict.code == usual.code, f"{usual}\n{strict}"
        if line in CONSTANT:
            assert re.sub(r"[0-9a-f]{8}-[-0-9a-f]{27}|\d+(\.\d+)?", "#", strict.out) == re.sub(
                r"[0-9a-f]{8}-[-0-9a-f]{27}|\d+(\.\d+)?", "#", usual.out
            )


@pytest.mark.parametrize("number", [0, 1, 2])
def test_freeipmi_reads_a_strict_bmc(strict_lab: Lab, number: int) -> None:
    for line in FREEIPMI:
        program, *options = line.split()
        settled(strict_lab[number].freeipmi(program, *options, privilege="ADMIN")).ok()


@pytest.mark.parametrize("number", [0, 1])
def test_freeipmi_reads_and_sets_the_dcmi_of_a_strict_bmc(strict_lab: Lab, number: int) -> None:
    options = [
        "--get-dcmi-capability-info", "--get-asset-tag", "--get-management-controller-identifier-string",
        "--get-dcmi-sensor-info", "--get-system-power-statistics", "--get-enhanced-system-power-statistics",
        "--get-power-limit", "--set-asset-tag=strictly",
    ]  # fmt: skip
    for option in options:
        settled(strict_lab[number].freeipmi("ipmi-dcmi", option, privilege="ADMIN")).ok()


def test_reserved_bits_are_what_it_refuses(own_lab: Lab, strict_lab: Lab) -> None:
    """Get Channel Info has four reserved bits beside the channel's number (Table 22-29)."""
    words = ("raw", "0x06", "0x42", "0xf1")
    assert own_lab[0].ipmitool(*words).ok().out.split()[0] == "01"
    assert "rsp=0xcc" in strict_lab[0].ipmitool(*words).err


def inventory(bmc: Bmc, file: Path) -> bytes:
    bmc.ipmitool("fru", "read", "0", str(file)).ok()
    return file.read_bytes()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_files_go_both_ways(strict_lab: Lab, number: int, tmp_path: Path) -> None:
    """Inventory and records are written as they were read; events of a file are logged."""
    bmc = strict_lab[number]
    before = inventory(bmc, tmp_path / "fru")
    bmc.ipmitool("fru", "write", "0", str(tmp_path / "fru")).ok()
    assert inventory(bmc, tmp_path / "again") == before
    bmc.ipmitool("sdr", "dump", str(tmp_path / "sdr")).ok()
    assert (tmp_path / "sdr").stat().st_size > 500
    events = tmp_path / "events"
    events.write_text("0x04 0x01 0x30 0x01 0x59 0x00 0x00\n")
    count = int(bmc.ipmitool("sel", "info").ok().values["Entries"])
    bmc.ipmitool("sel", "add", str(events)).ok()
    assert int(bmc.ipmitool("sel", "info").ok().values["Entries"]) == count + 1
