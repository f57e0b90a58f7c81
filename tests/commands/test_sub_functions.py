"""Parts of commands, held against the table of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baseboard import codes
from baseboard.commands.chassis.control import ChassisControl, ChassisIdentify
from baseboard.commands.sub_functions import PARTS

TABLE = Path(__file__).parents[2] / "spec" / "tables" / "firewall_subfunctions.csv"
CONTROL, IDENTIFY = PARTS


def test_the_numbers_are_those_of_the_table() -> None:
    listed: dict[tuple[int, int], dict[int, str]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "sub_function":
                key = int(row["netfn"], 16), int(row["cmd"], 16)
                listed.setdefault(key, {})[int(row["sub_function"])] = row["meaning"]
    ours = {(int(one.request.command.netfn), one.request.command.cmd): one.names for one in PARTS}
    # The table has the first; another source has the light that stays on.
    assert listed == {(0x00, 0x02): ours.pop((0x00, 0x02))}
    assert ours == {(0x00, 0x04): {0: "force identify on"}}


def test_a_mask_has_a_bit_for_each() -> None:
    assert (CONTROL.mask, IDENTIFY.mask) == (0x3F, 0x01)


@pytest.mark.parametrize("control", range(16))
def test_the_part_of_chassis_control_is_its_value(control: int) -> None:
    assert CONTROL.used(ChassisControl(control=codes.ChassisControl(control))) == control


@pytest.mark.parametrize(
    ("data", "part"), [(b"", None), (b"\x0f", None), (b"\x0f\x00", None), (b"\x0f\x01", 0), (b"\x00\x01", 0)]
)
def test_only_the_light_that_stays_on_is_a_part_of_chassis_identify(data: bytes, part: int | None) -> None:
    assert IDENTIFY.used(ChassisIdentify.decode(data)) == part
