"""DCMI and the system interface as files describe them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import DcmiSpec, InterfaceSpec
from baseboard.bmc.blueprint.dcmi import USUAL_PERIODS
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

METER = """
[[bmc.sensor]]
name = "Input"
type = "other_units_based_sensor"
unit = "watts"
physics = "power"
value = 300
value_off = 8
maximum = 1020
"""


def test_make_ups_have_it_or_not(tmp_path: Path) -> None:
    assert blueprint(tmp_path, ONE).dcmi is None
    rack = blueprint(tmp_path, f'{ONE}makeup = "rack"\n').dcmi
    assert rack is not None
    assert rack.meter == "System Power"
    assert blueprint(tmp_path, f'{ONE}makeup = "veteran"\n').dcmi is None
    assert blueprint(tmp_path, f'{ONE}makeup = "rack"\n[bmc.dcmi]\nenabled = false\n').dcmi is None
    veteran = blueprint(tmp_path, f'{ONE}makeup = "veteran"\n[bmc.dcmi]\nenabled = true\n').dcmi
    assert veteran == DcmiSpec()


def test_a_bmc_without_make_up_has_what_is_described(tmp_path: Path) -> None:
    keys = 'meter = "Input"\nlowest = 50\nhighest = 400\nperiods = ["10s", "5min", "1h", "10s"]'
    text = f"{ONE}[bmc.dcmi]\n{keys}\n{METER}"
    made = blueprint(tmp_path, text)
    assert made.dcmi == DcmiSpec("Input", 50, 400, (10, 0x45, 0x81))


def test_what_is_left_out_is_the_make_ups(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}makeup = "blade"\n[bmc.dcmi]\nlowest = 120\n').dcmi
    assert made == DcmiSpec("Blade Power", 120, 500, USUAL_PERIODS)


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        (f'meter = "Nothing" {HERE}', "meter", ("Nothing", "no sensor of that name")),
        (f'meter = "Inlet Temp" {HERE}', "meter", ("no sensor of power",)),
        (f'periods = ["2h"] {HERE}', "periods[0]", ("2h",)),
        (f'periods = ["1h", "61min"] {HERE}', "periods[1]", ("61min",)),
        (f'periods = ["64s"] {HERE}', "periods[0]", ("64s",)),
        (f"lowest = 2000 {HERE}", "lowest", ("2000", "1500")),
        (f"highest = 99 {HERE}", "highest", ("100", "99")),
        (f"enabled = false {HERE}\nlowest = 100", "enabled", ("other keys",)),
    ],
)
def test_mistakes(tmp_path: Path, lines: str, key: str, words: tuple[str, ...]) -> None:
    text = f'{ONE}makeup = "rack"\n[bmc.dcmi]\n{lines}\n'
    assert_mistake(tmp_path, text, f"bmc[0].dcmi.{key}", *words)


def test_the_system_interface(tmp_path: Path) -> None:
    assert blueprint(tmp_path, ONE).interface == InterfaceSpec()
    sizes = "input_size = 64\noutput_size = 66\noutstanding = 4\nresponse_s = 9\nretries = 0"
    text = f'{ONE}[bmc.interface]\nkind = "bt"\n{sizes}\n'
    assert blueprint(tmp_path, text).interface == InterfaceSpec("bt", 64, 66, True, 4, 9, 0)


def test_an_interface_that_is_too_small(tmp_path: Path) -> None:
    text = f"{ONE}[bmc.interface]\ninput_size = 39 {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].interface.input_size", "39", "40 to 255")


def test_a_meter_may_be_read_elsewhere(tmp_path: Path) -> None:
    sensor = '[[bmc.sensor]]\nname = "Plug"\ntype = "other_units_based_sensor"\nsource = { file = "watts" }\n'
    made = blueprint(tmp_path, f'{ONE}[bmc.dcmi]\nmeter = "Plug"\n{sensor}')
    assert made.dcmi is not None
    assert made.dcmi.meter == "Plug"
