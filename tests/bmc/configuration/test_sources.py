"""Sources of described sensors, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.sources import (
    CommandSource,
    FileSource,
    HwmonSource,
    OneWireSource,
    SourceSpec,
    TachometerSource,
)
from baseboard.bmc.configuration.sources import numbered_source
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

TEMP = f'{ONE}[[bmc.sensor]]\nname = "Temp"\ntype = "temperature"\n'
DOOR = f'{ONE}[[bmc.sensor]]\nname = "Door"\ntype = "physical_security"\nstates = [0, 4]\n'
KEY = "bmc[0].sensor[0].source"


def source(tmp_path: Path, text: str, head: str = TEMP) -> SourceSpec | None:
    (sensor,) = blueprint(tmp_path, f"{head}source = {{ {text} }}\n").sensors
    return sensor.source


def test_without_a_source_it_is_simulated(tmp_path: Path) -> None:
    (sensor,) = blueprint(tmp_path, f"{TEMP}value = 40\n").sensors
    assert sensor.source is None
    assert numbered_source(None, 1, "x") is None


def test_every_kind(tmp_path: Path) -> None:
    def place(text: str) -> object:
        made = source(tmp_path, text)
        assert made is not None
        return made.place

    folder = str(tmp_path)
    assert place('command = ["sh", "t"], timeout_s = 2') == CommandSource(("sh", "t"), 2.0, folder)
    assert place('file = "t"') == FileSource(str(tmp_path / "t"))
    assert place('hwmon = "lm75", channel = "temp1"') == HwmonSource("lm75", "temp1")
    assert place('hwmon = "lm75", channel = "temp1", device = "0-0048", root = "/h"') == HwmonSource(
        "lm75", "temp1", "0-0048", "/h"
    )
    assert place('w1 = "28-0001", root = "/w"') == OneWireSource("28-0001", "/w")
    assert place('tachometer = "gpiochip0", line = 4') == TachometerSource("gpiochip0", 4)
    assert place('tachometer = "gpiochip0", line = "T", pulses = 1, bias = "as_is"') == TachometerSource(
        "gpiochip0", "T", 1, "as_is"
    )


def test_what_becomes_of_it(tmp_path: Path) -> None:
    assert source(tmp_path, 'file = "/t", interval_s = 1, scale = 0.1, offset = -40') == SourceSpec(
        FileSource("/t"), 1.0, 0.1, -40.0
    )
    assert source(tmp_path, 'file = "/d", words = { Open = [0, 4], closed = [] }', DOOR) == SourceSpec(
        FileSource("/d"), words=(("open", 0x11), ("closed", 0))
    )


def test_sensors_alike_have_sources_alike(tmp_path: Path) -> None:
    head = TEMP.replace('"Temp"', '"T{n}"') + "count = 2\ninstance = 3\n"
    for text, places in (
        (
            'command = ["sh", "{n}", "{name}"]',
            [CommandSource(("sh", n, f"T{n}"), folder=str(tmp_path)) for n in "34"],
        ),
        ('file = "/t{n:02}"', [FileSource("/t03"), FileSource("/t04")]),
        ('hwmon = "lm75", channel = "temp{n}"', [HwmonSource("lm75", f"temp{n}") for n in (3, 4)]),
        ('w1 = "28-{n}"', [OneWireSource("28-3"), OneWireSource("28-4")]),
        ('tachometer = "c", line = "F{n}"', [TachometerSource("c", "F3"), TachometerSource("c", "F4")]),
        ('tachometer = "c", line = 5', [TachometerSource("c", 5)] * 2),
    ):
        sensors = blueprint(tmp_path, f"{head}source = {{ {text} }}\n").sensors
        assert [sensor.source and sensor.source.place for sensor in sensors] == places


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("interval_s = 1", "", "found none of them; allowed is one of command, file, hwmon, w1, tachometer"),
        ('file = "a", w1 = "b"', ".w1", "found file and w1"),
        ('file = "a", channel = "temp1"', ".channel", "which a source by file has not"),
        ('hwmon = "lm75"', "", "missing; hwmon needs it"),
        ('tachometer = "gpiochip0"', "", "missing; tachometer needs it"),
        ('file = "a", words = { on = [0] }', ".words", "only for a sensor with states"),
        ('file = "a", interval_s = 0', ".interval_s", "a number from 0.1 to 3600"),
        ('file = "a", every = 1', ".every", "unknown key"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, key: str, words: str) -> None:
    key = {'hwmon = "lm75"': ".channel", 'tachometer = "gpiochip0"': ".line"}.get(text, key)
    assert_mistake(tmp_path, f"{TEMP}source = {{ {text} }} {HERE}\n", KEY + key, words)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('file = "a", scale = 2', ".scale", "only for a sensor with a value"),
        ('tachometer = "gpiochip0", line = 1', ".tachometer", "only for a sensor with a value"),
        ('file = "a", words = { " " = [0] }', ".words", "texts of 1 to 64 characters"),
    ],
)
def test_mistakes_of_sensors_with_states(tmp_path: Path, text: str, key: str, words: str) -> None:
    assert_mistake(tmp_path, f"{DOOR}source = {{ {text} }} {HERE}\n", KEY + key, words)


def test_states_come_from_a_rule_or_from_a_source(tmp_path: Path) -> None:
    text = f'{DOOR}rule = "acpi" {HERE}\nsource = {{ file = "a" }}\n'
    assert_mistake(tmp_path, text, "bmc[0].sensor[0].rule", "source is there too")
