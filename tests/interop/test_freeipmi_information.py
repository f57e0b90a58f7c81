"""FreeIPMI's bmc-info, ipmi-fru, ipmi-raw and ipmi-chassis read what the lab's servers are."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from baseboard.bmc.configuration.building import stable_guid
from tests.interop.lab import Done, Lab

SERVERS = [("rack-1", "2.10", 257), ("blade-2", "0.94", 514), ("veteran-3", "1.12", 771)]
CHASSIS_STATUS = {
    "System Power": "on",
    "Power overload": "false",
    "Interlock": "inactive",
    "Power fault": "false",
    "Power control fault": "false",
    "Chassis intrusion": "inactive",
    "Front panel lockout": "inactive",
    "Drive Fault": "false",
    "Cooling/fan fault": "false",
    "Power off button": "enabled",
    "Reset button": "enabled",
}


def guid_of(name: str) -> str:
    return str(UUID(bytes=stable_guid(f"lab {name}")))


def devices(done: Done) -> dict[str, dict[str, str]]:
    """What ipmi-fru printed, by device; of equal names the first."""
    found: dict[str, dict[str, str]] = {}
    for line in done.lines:
        name, _, value = line.partition(": ")
        if name == "FRU Inventory Device":
            latest = found[value] = {}
        else:
            latest.setdefault(name.removeprefix("FRU "), value)
    return found


@pytest.mark.parametrize(("number", "server"), list(enumerate(SERVERS)))
def test_bmc_info_tells_everything_of_each_server(
    shared_lab: Lab, number: int, server: tuple[str, str, int]
) -> None:
    name, firmware, product = server
    done = shared_lab[number].freeipmi("bmc-info").ok()
    expected = {
        "Device ID": "32",
        "Device Revision": "1",
        "Device SDRs": "unsupported",
        "Firmware Revision": firmware,
        "Device Available": "yes (normal operation)",
        "IPMI Version": "2.0",
        "Sensor Device": "supported",
        "SDR Repository Device": "supported",
        "SEL Device": "supported",
        "FRU Inventory Device": "supported",
        "IPMB Event Receiver": "supported",
        "Chassis Device": "supported",
        "Product ID": str(product),
        "Device GUID": guid_of(name),
        "System GUID": guid_of(name),
        "System Name": name,
        "Operating System Name": "Simulated Linux 6.1",
    }
    assert {key: done.values.get(key) for key in expected} == expected
    assert not done.err


def test_bmc_info_prints_one_part_alone(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    assert rack.freeipmi("bmc-info", "--get-device-id").ok().values["Product ID"] == "257"
    for option in ("--get-device-guid", "--get-system-guid"):
        assert rack.freeipmi("bmc-info", option).ok().lines == [guid_of("rack-1")]
    system = rack.freeipmi("bmc-info", "--get-system-info", "--interpret-oem-data").ok().values
    assert (system["System Name"], len(system)) == ("rack-1", 7)


def test_bmc_info_shows_the_ipmb_and_the_lan_channel(shared_lab: Lab) -> None:
    """What FreeIPMI 1.6.10 prints after the last channel is what was on its stack, so it is not read."""
    lines = shared_lab[1].freeipmi("bmc-info", "--get-channel-info").ok().lines
    forum = "Vendor ID            : Intelligent Platform Management Interface forum (7154)"
    assert lines[:6] == [
        "Channel Number       : 0",
        "Medium Type          : IPMB (I2C)",
        "Protocol Type        : IPMB-1.0",
        "Active Session Count : 0",
        "Session Support      : session-less",
        forum,
    ]
    assert lines[6:9] == [
        "Channel Number       : 1",
        "Medium Type          : 802.3 LAN",
        "Protocol Type        : IPMB-1.0",
    ]
    assert int(lines[9].partition(":")[2]) >= 1
    assert lines[10:12] == ["Session Support      : multi-session", forum]


def test_ipmi_fru_prints_the_inventory_of_the_first_server(shared_lab: Lab) -> None:
    found = devices(shared_lab[0].freeipmi("ipmi-fru", "--verbose", "--quiet-cache").ok())
    assert list(found) == [
        "Default FRU Device (ID 00h)",
        "PSU1 (ID 01h)",
        "PSU2 (ID 02h)",
        "DIMM A1 (ID 03h)",
        "DIMM B1 (ID 04h)",
        "Backplane (ID 05h)",
    ]
    own = found["Default FRU Device (ID 00h)"]
    serial = own["Product Serial Number"]
    assert re.fullmatch(r"BB\d{9}", serial)
    expected = {
        "Chassis Type": "Rack Mount Chassis",
        "Chassis Part Number": "BB-CH-2U",
        "Chassis Serial Number": f"C{serial}",
        "Board Manufacturing Date/Time": "04/02/24 - 07:45:00",
        "Board Manufacturer": "Baseboard",
        "Board Product Name": "Baseboard Lab R2 main board",
        "Board Serial Number": f"M{serial}",
        "Product Name": "Baseboard Lab R2",
        "Product Version": "A1",
        "Product Asset Tag": "rack-1",
        "Management Access System Name": "rack-1",
    }
    assert {key: own.get(key) for key in expected} == expected


def test_ipmi_fru_reads_the_records_of_a_power_supply_and_of_a_load(shared_lab: Lab) -> None:
    supply = devices(shared_lab[0].freeipmi("ipmi-fru", "--device-id=2", "--verbose").ok())
    (found,) = supply.values()
    expected = {
        "Product Serial Number": "PS75000002",
        "Power Supply Overall Capacity": "750 Watts",
        "Power Supply Low End Input Voltage 1": "90000 mV",
        "Power Supply Hot Swap Support": "Yes",
        "Power Supply Hold Up Time": "1 s",
        "DC Output Nominal Voltage": "12000 mV",
        "DC Output Maximum Current Draw": "62500 mA",
    }
    assert {key: found.get(key) for key in expected} == expected
    without = devices(shared_lab[0].freeipmi("ipmi-fru", "--ignore-sdr-cache").ok())
    assert list(without) == ["Default FRU Device (ID 00h)"]
    blade = devices(shared_lab[1].freeipmi("ipmi-fru", "-v").ok())
    assert blade["Mezzanine (ID 01h)"]["DC Load Maximum Current Load"] == "1800 mA"
    assert blade["Midplane (ID 02h)"]["Chassis Type"] == "Blade Enclosure"


def test_ipmi_fru_reads_six_bit_text_of_the_old_board(shared_lab: Lab) -> None:
    """FreeIPMI takes a byte of BCD plus for one digit and says so; the rest it reads."""
    (found,) = devices(shared_lab.weak.freeipmi("ipmi-fru").ok()).values()
    expected = {
        "Chassis Part Number": "CH-V1",
        "Board Manufacturing Date/Time": "01/17/05 - 08:00:00",
        "Board Manufacturer": "BASEBOARD",
        "Board Product Name": "LAB V1 BOARD",
        "Product Name": "Baseboard Lab V1",
        "Product Version": "1",
        "Product Asset Tag": "veteran-3",
    }
    assert {key: found.get(key) for key in expected} == expected


def test_ipmi_raw_prints_command_completion_code_and_data(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    (answer,) = rack.freeipmi("ipmi-raw", "0", "6", "1").ok().lines
    assert answer == "rcvd: 01 00 20 01 02 10 02 9F 00 00 00 01 01"
    assert rack.freeipmi("ipmi-raw", "0", "6", "0xFF").ok().lines == ["rcvd: FF C1"]


def test_ipmi_raw_runs_commands_from_a_file_and_from_its_input(shared_lab: Lab, tmp_path: Path) -> None:
    commands = "0 0x06 0x04\n0 0x0a 0x10 0\n0 0x04 0x2d 0x40\n0 6 0x3b 4\n"
    answers = ["rcvd: 04 00 55 00", "rcvd: 10 00 00 02 00", "rcvd: 2D 00 00 C0 01 80", "rcvd: 3B 00 04"]
    file = tmp_path / "commands"
    file.write_text(commands)
    assert shared_lab[0].freeipmi("ipmi-raw", f"--file={file}", privilege="ADMIN").ok().lines == answers
    assert shared_lab[0].freeipmi("ipmi-raw", privilege="ADMIN", stdin=commands).ok().lines == answers


def test_ipmi_chassis_reads_status_capabilities_restart_cause_and_hours(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    status = rack.freeipmi("ipmi-chassis", "--get-chassis-status").ok().values
    assert {key: status.get(key) for key in CHASSIS_STATUS} == CHASSIS_STATUS
    capabilities = rack.freeipmi("ipmi-chassis", "--get-chassis-capabilities").ok().values
    assert capabilities["Diagnostic Interrupt"] == "provided"
    assert capabilities["SEL Device Address"] == capabilities["Bridge Device Address"] == "20h"
    assert "Restart cause" in rack.freeipmi("ipmi-chassis", "--get-system-restart-cause").ok().values
    hours = rack.freeipmi("ipmi-chassis", "--get-power-on-hours-counter").ok().values["Power on hours"]
    assert re.fullmatch(r"\d+ Hours \d+ Minutes", hours)
    policies = rack.freeipmi("ipmi-chassis", "--set-power-restore-policy=LIST-SUPPORTED-POLICIES").ok()
    assert policies.values == {"Policies supported": "always-off always-on Restore"}
