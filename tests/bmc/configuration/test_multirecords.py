"""Multirecords of a described inventory, read back by what reads any inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.records.fru import DcLoad, DcOutput, ManagementAccess, OemMultiRecord, PowerSupply, read_fru
from baseboard.records.fru.power import CurrentUnit, ExtendedDcLoad, ExtendedDcOutput
from baseboard.records.fru.relations import AccessType
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

FRU = '[[bmc.fru]]\nid = 3\nname = "PSU"\n'
SUPPLY = """size = 256
[bmc.fru.chip]
bus = 2
address = 0x51
[bmc.fru.power_supply]
capacity_w = 750
inrush_a = 30
input_low_v = 90
input_high_v = 132.5
frequency_low_hz = 47
frequency_high_hz = 63
hot_swap = true
hold_up_s = 1
peak_w = 800
[[bmc.fru.dc_output]]
number = 1
volts = 12
lowest_volts = 11.4
highest_volts = 12.6
ripple_mv = 120
minimum_amperes = 0.5
maximum_amperes = 62.5
[[bmc.fru.dc_output]]
number = 2
standby = true
volts = -12
lowest_volts = -12.6
highest_volts = -11.4
maximum_amperes = 100
[[bmc.fru.dc_load]]
number = 1
volts = 3.3
lowest_volts = 3.1
highest_volts = 3.5
maximum_amperes = 2
[[bmc.fru.dc_load]]
number = 2
volts = 3.3
lowest_volts = 3.1
highest_volts = 3.5
minimum_amperes = 70
maximum_amperes = 1000
[[bmc.fru.management_access]]
kind = "system_url"
text = "https://bmc.example.com/{name}"
[[bmc.fru.oem]]
type = 0xC1
manufacturer_id = 12634
data = "0100"
"""


def test_every_kind_of_record(tmp_path: Path) -> None:
    (fru,) = blueprint(tmp_path, ONE + FRU + SUPPLY).frus
    assert fru.eeprom == Eeprom(2, 0x51)
    supply, *others = read_fru(fru.image).multirecords
    assert isinstance(supply, PowerSupply)
    assert (supply.capacity, supply.peak_va, supply.inrush_current) == (750, 0xFFFF, 30)
    assert (supply.input_low_1, supply.input_high_1, supply.input_low_2) == (9000, 13250, 0)
    assert (supply.hot_swap, supply.autoswitch, supply.hold_up, supply.peak_capacity) == (True, False, 1, 800)
    assert others == [
        DcOutput(
            output_number=1, nominal_voltage=1200, lowest_voltage=1140, highest_voltage=1260, ripple=120,
            minimum_current=500, maximum_current=62500,
        ),
        ExtendedDcOutput(
            standby=True, current_unit=CurrentUnit.TEN_MILLIAMPERES, output_number=2, nominal_voltage=-1200,
            lowest_voltage=-1260, highest_voltage=-1140, maximum_current=10000,
        ),
        DcLoad(
            output_number=1, nominal_voltage=330, lowest_voltage=310, highest_voltage=350,
            maximum_current=2000,
        ),
        ExtendedDcLoad(
            current_unit=CurrentUnit.HUNDRED_MILLIAMPERES, output_number=2, nominal_voltage=330,
            lowest_voltage=310, highest_voltage=350, minimum_current=700, maximum_current=10000,
        ),
        ManagementAccess(access_type=AccessType.SYSTEM_URL, value=b"https://bmc.example.com/one"),
        OemMultiRecord(selector=0xC1, manufacturer_id=12634, data=b"\x01\x00"),
    ]  # fmt: skip


def test_a_record_that_names_the_bmc_is_every_bmcs_own(tmp_path: Path) -> None:
    text = '[[bmc]]\nname = "n{n}"\ncount = 2\n' + FRU + SUPPLY
    names = [read_fru(one.blueprint.frus[-1].image).multirecords[5] for one in loaded(tmp_path, text).bmcs]
    assert [name.value for name in names if isinstance(name, ManagementAccess)] == [
        b"https://bmc.example.com/n1",
        b"https://bmc.example.com/n2",
    ]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (f"size = 100 {HERE}\n[bmc.fru.chip]\n[bmc.fru.product]\n", "size", ("100", "128, 256")),
        (f"logical = false {HERE}\n[bmc.fru.product]\n", "logical", ("chip",)),
        (f"size = 129\nwords = true {HERE}\n[bmc.fru.product]\n", "words", ("129",)),
        (
            f'[[bmc.fru.management_access]]\nkind = "system_name"\ntext = "\u4e2d" {HERE}\n',
            "management_access[0].text",
            (),
        ),
        (f"[[bmc.fru.oem]]\nmanufacturer_id = 1\ntype = 0x10 {HERE}\n", "oem[0].type", ()),
        (
            f"[bmc.fru.chip]\nbus = 8 {HERE}\n[bmc.fru.product]\n",
            "chip.bus",
            (),
        ),
    ],
)
def test_what_no_inventory_can_say_is_a_mistake(
    tmp_path: Path, text: str, key: str, words: tuple[str, ...]
) -> None:
    assert_mistake(tmp_path, ONE + FRU + text, f"bmc[0].fru[0].{key}", *words)


def test_records_beside_a_file_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(bytes(128))
    text = f'file = "image"\n[bmc.fru.power_supply] {HERE}\ncapacity_w = 1\n'
    assert_mistake(tmp_path, ONE + FRU + text, "bmc[0].fru[0].power_supply", "file is there too")
