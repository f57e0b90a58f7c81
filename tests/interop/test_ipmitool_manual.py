"""What ipmitool's manual page has and no other module runs: DCMI, HPM.1, GUIDs, files, settings of a run.

Run on the lab as it comes and on strict BMCs. What the verbs of other modules do is shown there.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from baseboard.bmc.configuration.building import stable_guid
from baseboard.bmc.makeups import MAKEUPS
from tests.interop.lab import Bmc, Done, Lab
from tests.interop.patience import eventually

MODERN = [0, 1]
# DCMI's entity IDs of temperatures (Table 6-18): inlet, processor, board.
PLACES = {
    "Inlet air temperature": 0x40,
    "CPU temperature sensors": 0x41,
    "Baseboard temperature sensors": 0x42,
}


@pytest.fixture(params=MODERN)
def bmc(either_lab: Lab, request: pytest.FixtureRequest) -> Bmc:
    """A BMC with DCMI and HPM.1."""
    found: Bmc = either_lab[request.param]
    return found


def said(bmc: Bmc, *words: str) -> Done:
    return bmc.ipmitool(*words).ok()


def test_dcmi_says_what_there_is(bmc: Bmc) -> None:
    lines = said(bmc, "dcmi", "discover").lines
    assert "Power management available" in lines
    assert "Primary LAN channel number: 1 is available" in lines
    number = MODERN[0] if bmc.name.startswith("rack") else MODERN[1]
    assert f"{MAKEUPS[number].sel_capacity} SEL entries" in lines


def test_a_power_limit_limits(bmc: Bmc) -> None:
    """The draw falls below a limit that it was above, and comes back when the limit is taken away."""

    def watts() -> int:
        return int(said(bmc, "dcmi", "power", "reading").values["Instantaneous power reading"].split()[0])

    usual = watts()
    limit = usual - 25
    said(bmc, "dcmi", "power", "set_limit", "limit", str(limit))
    said(bmc, "dcmi", "power", "set_limit", "correction", "1000")
    said(bmc, "dcmi", "power", "set_limit", "sample", "60")
    said(bmc, "dcmi", "power", "activate")
    try:
        values = said(bmc, "dcmi", "power", "get_limit").values
        assert values["Current Limit State"] == "Power Limit Active"
        assert values["Power Limit"] == f"{limit} Watts"
        assert values["Correction time"] == "1000 milliseconds"
        assert eventually(watts, lambda seen: seen <= limit) <= limit
    finally:
        said(bmc, "dcmi", "power", "deactivate")
    assert said(bmc, "dcmi", "power", "get_limit").values["Current Limit State"] == "No Active Power Limit"
    assert eventually(watts, lambda seen: seen > limit) > limit


@pytest.mark.parametrize(
    "tag", ["unit 7", "exactly 16 bytes", "a tag that takes several writes of sixteen bytes"]
)
def test_the_asset_tag_is_set_and_read(bmc: Bmc, tag: str) -> None:
    said(bmc, "dcmi", "set_asset_tag", tag)
    assert said(bmc, "dcmi", "asset_tag").values["Asset tag"] == tag


@pytest.mark.parametrize("name", ["node-7", "a-name-that-takes-several-writes-of-sixteen-bytes"])
def test_the_identifier_is_set_and_read(bmc: Bmc, name: str) -> None:
    said(bmc, "dcmi", "set_mc_id_string", name)
    values = said(bmc, "dcmi", "get_mc_id_string").values
    assert values["Get Management Controller Identifier String"] == name


def test_temperatures_are_those_of_the_sensors(bmc: Bmc) -> None:
    lines = said(bmc, "dcmi", "get_temp_reading").lines
    rows = [re.fullmatch(r"(.*)\(([0-9A-F]{2})h\)\s+(\d+)\s+([+-]\d+) C", line) for line in lines]
    found = [(row[1], int(row[2], 16), int(row[4])) for row in rows if row]
    assert {place: entity for place, entity, _ in found} == PLACES
    listed = "\n".join(said(bmc, "dcmi", "sensors").lines)
    named = re.findall(r"^Record ID 0x[0-9a-f]{4}: (.*?) +\| (-?[\d.]+) degrees C", listed, re.MULTILINE)
    assert len(named) == len(found)
    for (name, value), (_, _, reading) in zip(named, found, strict=True):
        assert abs(float(value) - reading) <= 5, name


def test_a_thermal_policy_is_set_and_read(bmc: Bmc) -> None:
    words = ("dcmi", "thermalpolicy")
    said(bmc, *words, "set", "0x40", "1", "volatile", "nopoweroff", "sel", "61", "45")
    done = said(bmc, *words, "get", "0x40", "1")
    assert done.values["Log event to SEL only"] == "active"
    assert done.values["Hard Power Off system and log event"] == "inactive"
    assert re.search(r"Temperature Limit +61 degrees\n +Exception Time +45 seconds\n", done.out)


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("init", "Initial timeout interval", "9"),
        ("timeout", "Server contact timeout interval", "100"),
        ("retry", "Server contact retry interval", "77"),
    ],
)
def test_timing_of_dhcp_is_set_and_read(bmc: Bmc, word: str, name: str, value: str) -> None:
    said(bmc, "dcmi", "set_conf_param", word, value)
    assert said(bmc, "dcmi", "get_conf_param").values[name] == f"{value} seconds"


def test_components_of_an_upgrade_are_listed(bmc: Bmc) -> None:
    number = MODERN[0] if bmc.name.startswith("rack") else MODERN[1]
    major, minor = MAKEUPS[number].firmware
    done = said(bmc, "hpm", "check")
    controller = next(row for row in done.table() if row[1:2] == ["0"])
    assert (controller[2], controller[3].split()[0]) == ("BMC", f"{major}.{minor}")
    # only tables are printed to standard output
    capabilities = said(bmc, "hpm", "targetcap").err
    assert "Component 0 presence....[y]" in capabilities
    assert "HPM.1 version............0" in capabilities
    assert f"Major: {major}" in said(bmc, "hpm", "compprop", "0", "1").err
    assert "Description string: BMC" in said(bmc, "hpm", "compprop", "0", "2").err
    assert "Command in progress:          0" in said(bmc, "hpm", "upgstatus").err


@pytest.mark.parametrize("words", [("hpm", "check"), ("dcmi", "power", "reading")])
def test_an_old_board_has_neither(either_lab: Lab, words: tuple[str, ...]) -> None:
    done = either_lab.weak.ipmitool(*words)
    assert done.code == 1
    assert "nvalid command" in (done.out + done.err)


@pytest.mark.parametrize("word", ["ipmi", "rfc4122", "smbios"])
def test_the_guid_is_read_in_every_encoding(shared_lab: Lab, word: str) -> None:
    """§20.8: the octets of RFC 4122 in reverse; whoever takes them otherwise gets another GUID."""
    guid = stable_guid("lab rack-1")
    shown = said(shared_lab[0], "mc", "guid", word).values
    expected = {
        "ipmi": UUID(bytes=guid),
        "rfc4122": UUID(bytes=guid[::-1]),
        "smbios": UUID(bytes_le=guid[::-1]),
    }
    # QUIRK ipmitool 1.8.19: with the word rfc4122 it still finds out the encoding by itself
    assert shown["System GUID"] == str(expected["ipmi" if word == "rfc4122" else word])


def test_arp_control_is_refused_where_the_system_has_it(shared_lab: Lab) -> None:
    """Decision 0011; ipmitool reads back for 40 seconds what it was told it could not have."""
    before = said(shared_lab[0], "lan", "print", "1").values["BMC ARP Control"]
    done = shared_lab[0].ipmitool("lan", "set", "1", "arp", "respond", "off")
    assert done.code != 0
    assert said(shared_lab[0], "lan", "print", "1").values["BMC ARP Control"] == before


def test_a_destination_of_alerts_is_set_and_printed(either_lab: Lab) -> None:
    """Tables 23-4, parameters 18 and 19."""
    bmc = either_lab[1]
    changes = {
        ("ipaddr", "192.0.2.9"): ("Alert IP Address", "192.0.2.9"),
        ("macaddr", "02:00:00:00:00:09"): ("Alert MAC Address", "02:00:00:00:00:09"),
        ("gateway", "backup"): ("Alert Gateway", "Backup"),
        ("ack", "on"): ("Alert Acknowledge", "Acknowledged"),
        ("type", "oem1"): ("Destination Type", "OEM 1"),
        ("time", "5"): ("Acknowledge Timeout", "5"),
        ("retry", "2"): ("Number of Retries", "2"),
    }
    for words in changes:
        said(bmc, "lan", "alert", "set", "1", "2", *words)
    values = said(bmc, "lan", "alert", "print", "1", "2").values
    assert {name: values[name] for name, _ in changes.values()} == dict(changes.values())


def test_a_policy_is_switched_on_and_off(either_lab: Lab) -> None:
    """Parameter 9 of Table 30-3, entry 2."""
    bmc = either_lab[0]

    def entry() -> list[str]:
        return said(bmc, "pef", "policy", "list").table()[1]

    assert entry()[:3] == ["2", "0", "disabled"]
    said(bmc, "pef", "policy", "enable", "2")
    assert entry()[:3] == ["2", "0", "enabled"]
    said(bmc, "pef", "policy", "disable", "2")
    assert entry()[:3] == ["2", "0", "disabled"]


def test_records_of_an_inventory_are_written_from_a_file(either_lab: Lab, tmp_path: Path) -> None:
    """QUIRK ipmitool 1.8.19: it says "Failed to write FRU area", and ends with 1, once it has."""
    bmc, file = either_lab[0], tmp_path / "inventory"
    said(bmc, "fru", "read", "0", str(file))
    before = file.read_bytes()
    start = before[5] * 8
    assert before[start] == 3  # a record of management access (Table 18-6 of the FRU specification)
    changed = bytearray(before)
    changed[start + 5], changed[start + 3] = 4, (before[start + 3] + before[start + 5] - 4) & 0xFF
    changed[start + 4] = -sum(changed[start : start + 4]) & 0xFF
    for image in (bytes(changed), before):
        file.write_bytes(image)
        assert "Failed to write FRU area" in bmc.ipmitool("fru", "upgEkey", "0", str(file)).err
        said(bmc, "fru", "read", "0", str(tmp_path / "again"))
        assert (tmp_path / "again").read_bytes() == image


def test_settings_of_a_run_hold_for_the_lines_after_them(shared_lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text(
        "user summary 1\nset csv 1\nuser summary 1\nset verbose 1\nset privlvl ADMINISTRATOR\npower status\n"
    )
    done = said(shared_lab[0], "exec", str(file))
    assert "Maximum IDs\t    : 15" in done.out
    assert "15,1,1" in done.lines
    assert "Chassis Power is on" in done.lines


def test_a_session_is_told_by_its_number(either_lab: Lab) -> None:
    """§22.20: of a session that is not there only the counts are told."""
    values = said(either_lab[0], "session", "info", "id", "0x1").values
    assert values["session handle"] == "0"
    assert int(values["active sessions"]) >= 1
    assert "user id" not in values
    active = said(either_lab[0], "session", "info", "active").values
    assert (active["user id"], active["privilege level"]) == ("2", "ADMINISTRATOR")
