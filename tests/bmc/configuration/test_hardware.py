"""Described wires, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.hardware import FanSpec, HardwareSpec, LineSpec, PwmOutput
from baseboard.bmc.blueprint.sources import HwmonSource, OneWireSource
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

HOST = '[bmc.host]\nbackend = "hardware"\n[bmc.host.hardware]\n'
TWO = 'power_button = { line = 17 }\npower_led = { line = "LED", active_low = true, bias = "pull_up" }\n'
FAN = '[[bmc.host.hardware.fan]]\nname = "case"\ntemperature = { w1 = "28-0001" }\n'
KEY = "bmc[0].host.hardware"


def test_two_wires(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE + HOST + TWO)
    assert made.machine == HardwareSpec(
        LineSpec("gpiochip0", 17), LineSpec("gpiochip0", "LED", active_low=True, bias="pull_up")
    )
    assert not made.powered


def test_every_key(tmp_path: Path) -> None:
    more = (
        'chip = "gpiochip2"\nreset_button = { line = 1, drive = "open_drain" }\nnmi_button = { line = 2 }\n'
    )
    more += 'identify = { line = 3, chip = "gpiochip0" }\nheartbeat = { line = 4 }\n'
    more += "identify_input = { line = 5 }\n"
    more += "pulse_s = 0.2\nhold_s = 8\ndebounce_s = 0.1\ndark_s = 3\n"
    fans = (
        f'{FAN}curve = [[30, 20], [60, 100]]\npwm = {{ chip = "pwmchip1", channel = 2, inverted = true }}\n'
    )
    fans += f'{FAN}curve = [[40, 50]]\nhwmon = {{ chip = "nct6775", channel = "pwm2" }}\ninterval_s = 5\n'
    made = blueprint(tmp_path, ONE + HOST + TWO + more + fans).machine
    assert isinstance(made, HardwareSpec)
    assert made.reset_button == LineSpec("gpiochip2", 1, drive="open_drain")
    assert made.identify == LineSpec("gpiochip0", 3)
    assert (made.heartbeat, made.identify_input) == (LineSpec("gpiochip2", 4), LineSpec("gpiochip2", 5))
    assert (made.pulse_s, made.hold_s, made.debounce_s, made.dark_s) == (0.2, 8.0, 0.1, 3.0)
    temperature = OneWireSource("28-0001")
    assert made.fans == (
        FanSpec("case", PwmOutput("pwmchip1", 2, inverted=True), temperature, ((30, 20), (60, 100))),
        FanSpec("case", HwmonSource("nct6775", "pwm2"), temperature, ((40, 50),), 5.0),
    )


def test_a_line_is_for_one_thing(tmp_path: Path) -> None:
    text = f"{ONE}{HOST}{TWO}reset_button = {{ line = 17 }} {HERE}\n"
    assert_mistake(
        tmp_path, text, f"{KEY}.reset_button.line", "found 17 of gpiochip0, which power_button has too"
    )


def test_one_board_has_one_computer(tmp_path: Path) -> None:
    head = '[[bmc]]\nname = "a{n}"\ncount = 2\n[bmc.lan]\nport = 0\n'
    text = head + HOST.replace("hardware]", f"hardware] {HERE}") + TWO
    assert_mistake(tmp_path, text, KEY, "found it for 2 BMCs")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (
            f"curve = [[30, 20], [30, 40]] {HERE}\npwm = {{}}\n",
            ".curve[1]",
            "30 degrees, 40 %; both have to rise",
        ),
        (f"curve = [[30, 40], [50, 20]] {HERE}\npwm = {{}}\n", ".curve[1]", "both have to rise"),
        (
            f'curve = [[30, 20]]\npwm = {{}}\nhwmon = {{ chip = "a" }} {HERE}\n',
            ".hwmon",
            "found both of them",
        ),
        (f"curve = [[30, 120]] {HERE}\npwm = {{}}\n", ".curve[0][1]", "a number from 0 to 100"),
    ],
)
def test_mistakes_of_fans(tmp_path: Path, text: str, key: str, words: str) -> None:
    assert_mistake(tmp_path, f"{ONE}{HOST}{TWO}{FAN}{text}", f"{KEY}.fan[0]{key}", words)


def test_a_fan_without_an_output_or_a_temperature(tmp_path: Path) -> None:
    head = FAN.replace("fan]]", f"fan]] {HERE}")
    assert_mistake(
        tmp_path, f"{ONE}{HOST}{TWO}{head}curve = [[30, 20]]\n", f"{KEY}.fan[0]", "found none of them"
    )
    text = f"{ONE}{HOST}{TWO}{FAN.replace('{ w1 = ' + chr(34) + '28-0001' + chr(34) + ' }', '{}')}"
    text = text.replace("temperature = {}", f"temperature = {{}} {HERE}")
    assert_mistake(
        tmp_path, f"{text}curve = [[30, 20]]\npwm = {{}}\n", f"{KEY}.fan[0].temperature", "found none"
    )
