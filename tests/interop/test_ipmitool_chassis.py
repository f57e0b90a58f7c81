"""ipmitool on the chassis: power in every way, restore policy, identify, boot options and their end."""

from __future__ import annotations

import re

import pytest

from tests.interop.lab import Bmc, Lab
from tests.interop.patience import eventually

ON, OFF = "Chassis Power is on\n", "Chassis Power is off\n"
STATE = "Command not supported in present state"
DEVICES = {
    "pxe": (0x04, "Force PXE"),
    "disk": (0x08, "Force Boot from default Hard-Drive"),
    "safe": (0x0C, "Force Boot from default Hard-Drive, request Safe-Mode"),
    "diag": (0x10, "Force Boot from Diagnostic Partition"),
    "cdrom": (0x14, "Force Boot from CD/DVD"),
    "bios": (0x18, "Force Boot into BIOS Setup"),
    "floppy": (0x3C, "Force Boot from Floppy/primary removable media"),
    "none": (0x00, "No override"),
}
REDIRECTION = (
    "- Console Redirection control : Console redirection occurs per BIOS configuration setting (default)"
)
# a line of the five bytes of boot parameter 5 for each option
OPTIONS = {
    "valid": ("8004000000", "- Boot Flag Valid"),
    "persistent": ("c004000000", "- Options apply to all future boots"),
    "efiboot": ("a004000000", "- BIOS EFI boot"),
    "clear-cmos": ("8084000000", "- CMOS Clear"),
    "lockkbd": ("8044000000", "- Lock Keyboard"),
    "screenblank": ("8006000000", "- Screen blank"),
    "lockoutreset": ("8005000000", "- Lock out Reset buttons"),
    "lockout_power": ("8004800000", "- Lock out (power off/sleep request) via Power Button"),
    "verbose=no": ("8004200000", "- BIOS verbosity : Request Quiet Display"),
    "verbose=yes": ("8004400000", "- BIOS verbosity : Request Verbose Display"),
    "force_pet": ("8004100000", "- Force progress event traps"),
    "upw_bypass": ("8004080000", "- User password bypass"),
    "lockout_sleep": ("8004040000", "- Lock Out Sleep Button"),
    "cons_redirect=skip": (
        "8004010000",
        "- Console Redirection control : Suppress (skip) console redirection if enabled",
    ),
    "cons_redirect=enable": (
        "8004020000",
        "- Console Redirection control : Request console redirection be enabled",
    ),
    "persistent,efiboot,verbose=yes,lockkbd": ("e044400000", "- BIOS EFI boot"),
}


def power(bmc: Bmc, word: str = "status") -> str:
    return bmc.ipmitool("power", word).ok().out


def boot_flags(bmc: Bmc) -> list[str]:
    return bmc.ipmitool("chassis", "bootparam", "get", "5").ok().lines


def cause(bmc: Bmc) -> str:
    return bmc.ipmitool("chassis", "restart_cause").ok().out.removeprefix("System restart cause: ").strip()


def identify_state(bmc: Bmc) -> int:
    """Bits 5:4 of the misc state of Get Chassis Status; ipmitool does not show them."""
    state = int(bmc.ipmitool("raw", "0x00", "0x01").ok().out.split()[2], 16)
    assert state & 0x40
    return state >> 4 & 3


def test_status_of_a_server_that_runs(shared_lab: Lab) -> None:
    for bmc in shared_lab:
        values = bmc.ipmitool("chassis", "status").ok().values
        assert values == {
            "System Power": "on",
            "Power Overload": "false",
            "Power Interlock": "inactive",
            "Main Power Fault": "false",
            "Power Control Fault": "false",
            "Power Restore Policy": "previous",
            "Last Power Event": "",
            "Chassis Intrusion": "inactive",
            "Front-Panel Lockout": "inactive",
            "Drive Fault": "false",
            "Cooling/Fan Fault": "false",
            **{f"{name} Button Disable": "allowed" for name in ("Sleep", "Diag", "Reset", "Power")},
            **{f"{name} Button Disabled": "false" for name in ("Sleep", "Diag", "Reset", "Power")},
        }
        assert bmc.ipmitool("chassis", "power", "status").ok().out == power(bmc) == ON
        assert bmc.ipmitool("chassis", "selftest").ok().out == "Self Test Results    : passed\n"
        assert cause(bmc) == "unknown"


def test_power_on_hours_count(shared_lab: Lab) -> None:
    # a minute a count, and less than an hour so far
    text = shared_lab[0].ipmitool("chassis", "poh").ok().out
    assert re.fullmatch(r"POH Counter  : 0 days, 0 hours, \d+ minutes\n", text)
    counter = shared_lab[0].ipmitool("raw", "0", "0x0f").ok().out.split()
    assert counter[0] == "01"
    assert int(counter[1], 16) < 60
    assert counter[2:] == ["00", "00", "00"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_power_goes_off_and_comes_back(own_lab: Lab, number: int) -> None:
    bmc = own_lab[number]
    assert power(bmc, "off") == "Chassis Power Control: Down/Off\n"
    assert power(bmc) == OFF
    assert power(bmc, "off") == "Chassis Power Control: Down/Off\n"
    for word, name in (("cycle", "Cycle"), ("reset", "Reset"), ("diag", "Diag")):
        done = bmc.ipmitool("power", word)
        assert done.code == 1
        assert done.err == f"Set Chassis Power Control to {name} failed: {STATE}\n"
    assert bmc.ipmitool("chassis", "status").ok().values["System Power"] == "off"
    readings = [row[4] for row in bmc.ipmitool("sdr", "elist", "full").ok().table()]
    assert readings.count("No Reading") >= 5
    assert power(bmc, "on") == "Chassis Power Control: Up/On\n"
    assert power(bmc) == ON
    assert power(bmc, "on") == "Chassis Power Control: Up/On\n"
    assert bmc.ipmitool("chassis", "status").ok().values["Last Power Event"] == "command"
    assert cause(bmc) == "chassis power control command"


def test_a_cycle_is_off_for_a_while_and_a_reset_is_not(own_lab: Lab) -> None:
    bmc = own_lab[0]
    assert power(bmc, "cycle") == "Chassis Power Control: Cycle\n"
    assert power(bmc) == OFF
    eventually(lambda: power(bmc), lambda text: text == ON)
    assert cause(bmc) == "chassis power control command"

    def log() -> list[list[str]]:
        return [row[3:] for row in bmc.ipmitool("sel", "elist").ok().table()]

    back = ["System ACPI Power State ACPI State", "S0/G0: working", "Asserted"]
    seen = eventually(log, lambda rows: back in rows)
    assert ["Power Unit Power Unit", "Power off/down", "Asserted"] in seen
    assert ["System ACPI Power State ACPI State", "S5/G2: soft-off", "Asserted"] in seen
    assert ["OS Boot OS Boot", "C: boot completed", "Deasserted"] in seen
    assert power(bmc, "reset") == "Chassis Power Control: Reset\n"
    assert power(bmc) == ON
    assert cause(bmc) == "chassis power control command"


def test_a_diagnostic_interrupt_is_seen_and_logged(own_lab: Lab) -> None:
    bmc = own_lab[0]
    assert power(bmc, "diag") == "Chassis Power Control: Diag\n"

    def log() -> list[list[str]]:
        return [row[3:] for row in bmc.ipmitool("sel", "elist").ok().table()]

    eventually(log, lambda rows: ["Critical Interrupt NMI", "NMI/Diag Interrupt", "Asserted"] in rows)
    assert power(bmc) == ON


def test_a_soft_shutdown_takes_the_operating_system_its_time(own_lab: Lab) -> None:
    bmc = own_lab[0]
    assert power(bmc, "soft") == "Chassis Power Control: Soft\n"
    assert power(bmc) == ON
    eventually(lambda: power(bmc), lambda text: text == OFF)

    def log() -> list[list[str]]:
        return [row[3:] for row in bmc.ipmitool("sel", "elist").ok().table()]

    eventually(log, lambda rows: ["OS Critical Stop OS Stop", "OS graceful shutdown", "Asserted"] in rows)


def test_restore_policies_are_set_and_shown(own_lab: Lab) -> None:
    bmc = own_lab[0]
    listed = bmc.ipmitool("chassis", "policy", "list").ok().out
    assert listed == "Supported chassis power policy:  always-off always-on previous\n"
    for policy in ("always-on", "previous", "always-off"):
        done = bmc.ipmitool("chassis", "policy", policy).ok()
        assert done.out == f"Set chassis power restore policy to {policy}\n"
        assert bmc.ipmitool("chassis", "status").ok().values["Power Restore Policy"] == policy


def test_identify_for_a_while_and_for_ever(own_lab: Lab) -> None:
    bmc = own_lab[1]
    assert identify_state(bmc) == 0
    done = bmc.ipmitool("chassis", "identify", "1").ok()
    assert done.out == "Chassis identify interval: 1 seconds\n"
    assert identify_state(bmc) == 1
    eventually(lambda: identify_state(bmc), lambda state: state == 0)
    done = bmc.ipmitool("chassis", "identify").ok()
    assert done.out == "Chassis identify interval: default (15 seconds)\n"
    assert identify_state(bmc) == 1
    done = bmc.ipmitool("chassis", "identify", "force").ok()
    assert done.out == "Chassis identify interval: indefinite\n"
    assert identify_state(bmc) == 2
    assert bmc.ipmitool("chassis", "identify", "0").ok().out == "Chassis identify interval: off\n"
    assert identify_state(bmc) == 0


# Boot options


def test_boot_devices_are_set_and_shown(own_lab: Lab) -> None:
    bmc = own_lab[0]
    for device, (code, text) in DEVICES.items():
        assert bmc.ipmitool("chassis", "bootdev", device).ok().out == f"Set Boot Device to {device}\n"
        assert boot_flags(bmc) == [
            "Boot parameter version: 1",
            "Boot parameter 5 is valid/unlocked",
            f"Boot parameter data: 80{code:02x}000000",
            "Boot Flags :",
            "- Boot Flag Valid",
            "- Options apply to only next boot",
            "- BIOS PC Compatible (legacy) boot",
            f"- Boot Device Selector : {text}",
            "- BIOS verbosity : System Default",
            REDIRECTION,
            "- BIOS Mux Control Override : BIOS uses recommended setting of the mux at the end of POST",
        ]
    for device in ("pxe", "disk", "safe", "diag", "cdrom", "bios"):
        done = bmc.ipmitool("chassis", "bootparam", "set", "bootflag", f"force_{device}").ok()
        assert done.out == f"Set Boot Device to force_{device}\n"
        assert f"- Boot Device Selector : {DEVICES[device][1]}" in boot_flags(bmc)


def test_boot_options_are_set_and_shown(own_lab: Lab) -> None:
    bmc = own_lab[0]
    for option, (data, text) in OPTIONS.items():
        bmc.ipmitool("chassis", "bootdev", "pxe", f"options={option}").ok()
        lines = boot_flags(bmc)
        assert f"Boot parameter data: {data}" in lines
        assert text in lines
    bmc.ipmitool("chassis", "bootdev", "disk", "clear-cmos=yes").ok()
    assert "Boot parameter data: 8088000000" in boot_flags(bmc)


def test_other_boot_parameters(own_lab: Lab) -> None:
    bmc = own_lab[0]

    def lines(number: int) -> list[str]:
        return bmc.ipmitool("chassis", "bootparam", "get", str(number)).ok().lines[2:]

    assert lines(0) == ["Boot parameter data: 00", "Set In Progress : set complete"]
    assert lines(1) == ["Boot parameter data: 00", "Service Partition Selector : unspecified"]
    assert lines(2) == ["Boot parameter data: 00", "Service Partition Scan :", "No flag set"]
    for flags, bits in ((0x1F, 5), (0x01, 1)):
        bmc.ipmitool("raw", "0x00", "0x08", "0x03", hex(flags)).ok()
        assert lines(3)[0] == f"Boot parameter data: {flags:02x}"
        assert len(lines(3)) == 2 + bits
    bmc.ipmitool("chassis", "bootparam", "set", "bootflag", "force_pxe", "options=power,PEF").ok()
    assert lines(3) == ["Boot parameter data: 00", "BMC boot flag valid bit clearing :", "No flag set"]
    # ipmitool says before each change that firmware has taken note of the last
    assert lines(4) == [
        "Boot parameter data: 0001",
        "Boot Info Acknowledge :",
        "- BIOS/POST has handled boot info",
    ]
    assert lines(6)[1:4] == ["Boot Initiator Info :", "Channel Number : 0", "Session Id     : 00000000h"]
    done = bmc.ipmitool("chassis", "bootparam", "get", "8")
    assert done.code == 1
    assert done.err == "Get Chassis Boot Parameter 8 failed: Unsupported parameter\n"


def test_the_boot_mailbox_keeps_blocks_and_text(own_lab: Lab) -> None:
    bmc = own_lab[0]
    numbers = [str(number) for number in range(1, 17)]
    bmc.ipmitool("chassis", "bootmbox", "set", "block", "0", "7154", *numbers[:13]).ok()
    bmc.ipmitool("chassis", "bootmbox", "set", "block", "3", "7154", *numbers).ok()
    values = bmc.ipmitool("chassis", "bootmbox", "get").ok().values
    assert values["IANA PEN"].startswith("7154 ")
    assert values["Block   0 Data"] == bytes(range(1, 14)).hex()
    assert values["Block   3 Data"] == bytes(range(1, 17)).hex()
    assert values["Block   2 Data"] == "00" * 16
    text = "a note for the boot loader, longer than a block, and than two of them"
    bmc.ipmitool("chassis", "bootmbox", "set", "text", "7154", text).ok()
    shown = bmc.ipmitool("chassis", "bootmbox", "get", "text").ok()
    assert (
        "".join(value.strip("'") for name, value in shown.values.items() if "Block" in name)[: len(text)]
        == text
    )


def test_boot_options_are_for_one_boot_unless_persistent(own_lab: Lab) -> None:
    once, always = own_lab[0], own_lab[1]
    once.ipmitool("chassis", "bootdev", "cdrom").ok()
    always.ipmitool("chassis", "bootdev", "cdrom", "options=persistent").ok()
    for bmc in (once, always):
        power(bmc, "reset")
    gone = eventually(lambda: boot_flags(once), lambda lines: "- Boot Flag Invalid" in lines)
    assert "- Options apply to only next boot" in gone
    kept = boot_flags(always)
    assert "- Boot Flag Valid" in kept
    assert "- Options apply to all future boots" in kept
    assert "- Boot Device Selector : Force Boot from CD/DVD" in kept
