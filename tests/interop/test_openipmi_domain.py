"""OpenIPMI brings a whole domain up, and reads all there is in it, without a warning in its log.

The lab's make-ups with suite 3, since OpenIPMI has no HMAC-SHA256, as they come and strict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from baseboard.bmc.makeups import MAKEUPS
from tests.interop.lab import LANS, Bmc, Lab, described_lab
from tests.interop.lineup import EVENT_ONLY, readable
from tests.interop.openipmi import Shell, connected

NUMBERS = (0, 1, 2)
# QUIRK OpenIPMI 2.0: it takes the length of packed text for a number of characters, and so loses its way in
# the old board's inventory, which has such text; it was never asked for anything that it did not get.
COMPLAINTS: dict[int, set[str]] = {
    0: set(),
    1: set(),
    2: {
        "fru.c(fetch_complete): Unable to decode FRU information",
        "entity.c(fru_fetched_ent_cb):Error fetching entity 7.1 FRU: 26",
        "Error fetching FRU data lab(7.1): OS: Function not implemented (0x26)",
    },
}
# Add SEL Entry: sensor 1 goes beyond its upper critical threshold.
EVENT = "0x0a 0x44 0 0 2 0 0 0 0 0x20 0 4 1 1 1 0x59 0x30 0x20"
SENSOR = re.compile(r"Object Type: Sensor\n  Name: (lab\(\S+\)\..*)\n  Operation: Add")
ENTITY_FRU = re.compile(r"Object Type: Entity FRU\n  Name: (lab\(\S+\))\n  Operation: Add")


@pytest.fixture(scope="module", params=["default", "strict"])
def servers(request: pytest.FixtureRequest) -> Iterator[Lab]:
    with described_lab({**LANS, "blade-2": LANS["rack-1"]}, strict=request.param == "strict") as running:
        yield running


@pytest.fixture(scope="module", params=NUMBERS)
def number(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture(scope="module")
def bmc(servers: Lab, number: int) -> Bmc:
    """With an event in its log."""
    one = servers[number]
    one.ipmitool("sel", "clear", suite=3).ok()
    one.ipmitool("raw", *EVENT.split(), suite=3).ok()
    return one


@pytest.fixture(scope="module")
def shell(bmc: Bmc) -> Iterator[Shell]:
    with connected(bmc, "--dmsgerr") as running:
        yield running


def complained(shell: Shell, number: int) -> list[str]:
    """The warnings that are not known."""
    return [line for line in shell.complaints if not any(known in line for known in COMPLAINTS[number])]


def named(shell: Shell) -> list[str]:
    """The sensors that have a name."""
    return [name for name in SENSOR.findall(shell.opened) if not name.endswith(".")]


def test_every_sensor_is_found(shell: Shell, number: int) -> None:
    found = SENSOR.findall(shell.opened)
    assert len(found) == len(MAKEUPS[number].sensors)
    wanted = {sensor.name for sensor in MAKEUPS[number].sensors if sensor.record != EVENT_ONLY}
    assert {name.partition(").")[2] for name in named(shell)} == wanted
    assert len(named(shell)) == readable(number)
    assert not complained(shell, number)


def test_every_sensor_is_read_with_all_that_belongs_to_it(shell: Shell, number: int) -> None:
    """Readings, thresholds, hysteresis and event enables: none is refused."""
    analog = {sensor.name: sensor for sensor in MAKEUPS[number].sensors if sensor.event_type == 1}
    for name in named(shell):
        said = shell.ask(f'sensor get "{name}"', "Initial Update In Progress: false")
        assert "Sensor Scanning Enabled: true" in said, said
        sensor = analog.get(name.partition(").")[2])
        if sensor is not None and sensor.thresholds != type(sensor.thresholds)():
            said = shell.ask(f'sensor get_thresholds "{name}"', "Value: ")
            assert "Threshold" in said
            shell.ask(f'sensor get_hysteresis "{name}"', "Negative Hysteresis: ")
        shell.ask(f'sensor get_event_enables "{name}"', "Busy: false")
    assert not complained(shell, number)


def test_every_inventory_is_read(shell: Shell, number: int) -> None:
    """The inventories of entities as the records locate them, and the BMC's own."""
    found = set(ENTITY_FRU.findall(shell.opened))
    known = bool(COMPLAINTS[number])
    assert len(found) == len(MAKEUPS[number].frus) + (not known)
    for entity in found:
        said = shell.ask(f"entity fru {entity}", "Name: multi_record_length")
        makers = "(?:chassis_info_part_number|board_info_board_manufacturer|product_info_manufacturer_name)"
        assert re.search(rf"Name: {makers}\n +Type: ascii\n +Data: \S", said), said
    if not known:
        said = shell.ask("domain fru lab 1 0x20 0 0 0 0", "Name: multi_record_length")
        model = re.escape(MAKEUPS[number].model)
        assert re.search(rf"Name: product_info_product_name\n +Type: ascii\n +Data: {model}\n", said), said
    assert not complained(shell, number)


def test_every_event_of_the_log_is_there(shell: Shell, bmc: Bmc, number: int) -> None:
    """What others count, and the event that was put there as it was (Table 32-1)."""
    listed = shell.ask("sel list lab", "0x59 0x30 0x20\r\n")
    counted = bmc.ipmitool("sel", "info", suite=3).ok().values["Entries"]
    assert f"  Entries: {counted}\n" in listed
    assert re.findall(r"Record ID: (\d+)\n", listed) == [str(one + 1) for one in range(int(counted))]
    assert re.search(r"Data: (?:0x.. ){4}0x20 0x00 0x04 0x01\s+0x01 0x01 0x59 0x30 0x20\n", listed), listed
    assert not complained(shell, number)


def test_the_controls_of_the_chassis_are_there(shell: Shell, number: int) -> None:
    listed = shell.ask("control list lab(23.1)", "reset")
    assert "Name: lab(23.1).power\n" in listed
    assert "Value: 1" in shell.ask("control get lab(23.1).power", "Value: 1")
    assert not complained(shell, number)


def test_what_is_configured_is_read(shell: Shell, number: int) -> None:
    """PEF, LAN and SOL parameters, each family to its end."""
    ends = {
        "pef": "num_alert_strings: ",
        "lanparm": "max_priv_for_cipher_suite",
        "solparm": "payload_channel: 1",
    }
    said = {}
    for kind in ends:
        new = f"{kind} new lab(0.20)" + (" 1" if kind != "pef" else "")
        shell.ask(new, f"{kind.upper()}: lab.")
        made = shell.screen.wait_for("\n").strip()
        said[kind] = shell.ask(f"{kind} config get lab.{made}", ends[kind])
    assert "power_down_enabled: true" in said["pef"]
    assert "ip_addr: 127.0.0.1\n" in said["lanparm"]
    assert "community_string: public" in said["lanparm"]
    assert "force_payload_encryption: true" in said["solparm"]
    assert not complained(shell, number)


def test_the_controller_tells_of_itself(shell: Shell, bmc: Bmc, number: int) -> None:
    said = shell.ask("mc info lab(0.20)", "aux_fw_revision")
    assert f"product_id: 0x{MAKEUPS[number].product_id:x}\n" in said
    assert "Event Log Enabled: true" in shell.ask("mc get_event_log_enable lab(0.20)", "true")
    assert "Medium String: 8023_LAN" in shell.ask("mc chan info lab(0.20) 1", "Vendor ID: 0xf2 0x1b 0x00")
    assert not complained(shell, number)
