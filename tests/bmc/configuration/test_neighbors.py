"""The records of other BMCs on the bus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from baseboard.records.sdr import (
    FruDeviceLocatorRecord,
    FullSensorRecord,
    ManagementControllerDeviceLocatorRecord,
    read_sdr,
)
from tests.bmc.configuration.files import HERE, assert_mistake, loaded

CHASSIS = '[[bmc]]\nname = "chassis"\nlan.port = 0\n[bmc.ipmb]\nbus = "midplane"\n[[bmc.neighbor]]\n'
BLADES = """
[[bmc]]
name = "blade-{n}"
count = 2
lan.port = 0
[bmc.ipmb]
bus = "midplane"
address = 0x82
[[bmc.sensor]]
name = "CPU Temp"
type = "temperature"
entity = "processor"
instance = 2
value = 50
upper = { critical = 90 }
[[bmc.sensor]]
name = "System State"
type = "system_acpi_power_state"
states = [0, 5]
rule = "acpi"
[[bmc.fru]]
id = 0
name = "Blade"
entity = "processing_blade"
instance = 3
board = { product_name = "Blade" }
[[bmc.fru]]
id = 7
name = "A long name for"
board = { product_name = "Card" }
[[bmc.fru]]
id = 8
name = "Bare"
logical = false
chip = { bus = 1 }
board = { product_name = "Bare" }
size = 128
"""


def records(folder: Path, said: str, blades: str = BLADES) -> list[Any]:
    """Those that the manager has besides its own."""
    made = loaded(folder, f"{CHASSIS}{said}\n{blades}").bmcs[0].blueprint
    return [read_sdr(raw) for raw in made.records]


def of(kind: type[Any], found: list[Any]) -> list[Any]:
    return [one for one in found if isinstance(one, kind)]


def test_whose_records_they_are(tmp_path: Path) -> None:
    found = records(tmp_path, 'bmcs = ["blade-1", "blade-2"]\nprefix = "{n}: "')
    locators = of(ManagementControllerDeviceLocatorRecord, found)
    assert [(one.slave_address, one.id_string) for one in locators] == [(0x82, "blade-1"), (0x84, "blade-2")]
    # Each counts its own entities, from 60h on.
    assert {(int(one.entity_id), one.entity_instance) for one in locators} == {(41, 0x63)}
    sensors = of(FullSensorRecord, found)
    assert [(one.owner_id, one.id_string) for one in sensors] == [
        (0x82, "1: CPU Temp"),
        (0x84, "2: CPU Temp"),
    ]
    assert {one.entity_instance for one in sensors} == {0x62}
    frus = of(FruDeviceLocatorRecord, found)
    assert [(one.access_address, one.fru_device_id, one.id_string) for one in frus] == [
        (0x82, 7, "1: A long name f"),
        (0x84, 7, "2: A long name f"),
    ]


def test_all_sensors_unless_some_are_named(tmp_path: Path) -> None:
    every = records(tmp_path, 'bmcs = ["blade-2"]')
    assert [one.id_string for one in every if hasattr(one, "owner_id")] == ["CPU Temp", "System State"]
    some = records(tmp_path, 'bmcs = ["blade-2"]\nsensors = ["System State"]')
    assert [one.id_string for one in some if hasattr(one, "owner_id")] == ["System State"]
    none = records(tmp_path, 'bmcs = ["blade-2"]\nprefix = "{name} "\nsensors = []')
    assert not [one for one in none if hasattr(one, "owner_id")]


def test_one_without_an_inventory_of_its_own(tmp_path: Path) -> None:
    bare = '[[bmc]]\nname = "bare"\nlan.port = 0\n[bmc.ipmb]\nbus = "midplane"\naddress = 0x90\n'
    (locator,) = records(tmp_path, 'bmcs = ["bare"]', bare)
    assert isinstance(locator, ManagementControllerDeviceLocatorRecord)
    assert (int(locator.entity_id), locator.entity_instance) == (7, 0x61)


def test_what_the_manager_has_besides_stays(tmp_path: Path) -> None:
    said = 'bmcs = ["blade-1"]\n[[bmc.record]]\ntype = 0xC0\ndata = "F21B00"'
    found = loaded(tmp_path, f"{CHASSIS}{said}\n{BLADES}").bmcs
    assert found[0].blueprint.records[0][3] == 0xC0
    assert len(found[0].blueprint.records) == 5
    assert [one.blueprint.records for one in found[1:]] == [(), ()]


@pytest.mark.parametrize(
    ("said", "key", "words"),
    [
        (f'bmcs = ["blade_1"] {HERE}', "bmcs[0]", ("no BMC has that name", "did you mean blade-1?")),
        (f'bmcs = ["elsewhere?"] {HERE}', "bmcs[0]", ('found "elsewhere?"; no BMC',)),
        (f'bmcs = ["chassis"] {HERE}', "bmcs[0]", ("this BMC itself",)),
        (f'bmcs = ["blade-1", "other"] {HERE}', "bmcs[1]", ("not on the same IPMB",)),
        (
            f'bmcs = ["blade-1"]\nsensors = ["System State", "CPU Tmp"] {HERE}',
            "sensors[1]",
            ("blade-1 has no sensor of that name", "did you mean CPU Temp?"),
        ),
        (f'bmcs = ["blade-1"]\nsensors = ["Zzz"] {HERE}', "sensors[0]", ('found "Zzz"; blade-1',)),
    ],
)
def test_mistakes(tmp_path: Path, said: str, key: str, words: tuple[str, ...]) -> None:
    other = '[[bmc]]\nname = "other"\nlan.port = 0\n'
    assert_mistake(tmp_path, f"{CHASSIS}{said}\n{BLADES}{other}", f"bmc[0].neighbor[0].{key}", *words)


def test_without_a_named_bus_there_are_no_neighbors(tmp_path: Path) -> None:
    text = f'[[bmc]]\nname = "a"\nlan.port = 0\n[[bmc.neighbor]]\nbmcs = ["b"] {HERE}\n'
    other = '[[bmc]]\nname = "b"\nlan.port = 0\n'
    assert_mistake(tmp_path, text + other, "bmc[0].neighbor[0].bmcs[0]", "both has to name one bus")
