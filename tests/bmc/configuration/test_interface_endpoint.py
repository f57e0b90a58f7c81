"""Where the system interface of a described BMC is, and the mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.interfaces import DeviceSpec, InterfaceSpec, RegistersSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded


def interface(folder: Path, text: str) -> InterfaceSpec:
    return blueprint(folder, f"{ONE}[bmc.interface]\n{text}\n").interface


def test_without_a_word_the_host_needs_none(tmp_path: Path) -> None:
    assert interface(tmp_path, 'kind = "bt"').endpoint is None


def test_registers_are_beside_the_file(tmp_path: Path) -> None:
    assert interface(tmp_path, 'registers = "unix:bmc.sock"').endpoint == RegistersSpec(
        f"unix:{tmp_path}/bmc.sock"
    )
    assert interface(tmp_path, 'registers = "unix:/run/bmc"').endpoint == RegistersSpec("unix:/run/bmc")


def test_each_of_several_has_its_own(tmp_path: Path) -> None:
    text = '[[bmc]]\nname = "b{n}"\ncount = 2\n[bmc.interface]\nkind = "smic"\nregisters = "unix:/run/{n}"\n'
    specs = [one.blueprint.interface for one in loaded(tmp_path, text).bmcs]
    assert [one.endpoint for one in specs] == [RegistersSpec("unix:/run/1"), RegistersSpec("unix:/run/2")]
    assert [one.kind for one in specs] == ["smic", "smic"]


def test_without_endpoints_all_share_one(tmp_path: Path) -> None:
    first, second = (
        one.blueprint.interface for one in loaded(tmp_path, '[[bmc]]\nname = "b{n}"\ncount = 2\n').bmcs
    )
    assert first is second


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("tcp:127.0.0.1:9000", "allowed is unix:"),
        ("unix:", "allowed is unix:"),
        ("unix:a\\u0000b", "allowed is unix:"),
        (f"unix:/{'x' * 107}", "108 bytes"),
    ],
)
def test_a_place_that_cannot_be(tmp_path: Path, place: str, words: str) -> None:
    text = f'{ONE}[bmc.interface]\nregisters = "{place}" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].interface.registers", words)


def test_a_place_that_would_be_shared(tmp_path: Path) -> None:
    text = f'[[bmc]]\nname = "b{{n}}"\ncount = 2\n[bmc.interface]\nregisters = "unix:/run/x" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].interface.registers", "{n}")


def test_the_device_of_a_chip(tmp_path: Path) -> None:
    spec = interface(tmp_path, 'kind = "kcs"\ndevice = "/dev/ipmi-kcs3"')
    assert spec.endpoint == DeviceSpec("/dev/ipmi-kcs3")
    assert interface(tmp_path, 'kind = "bt"\ndevice = "/dev/of-mine"').endpoint == DeviceSpec("/dev/of-mine")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('registers = "unix:/run/x"', "one system interface"),
        ('kind = "smic"', "BMC chips have none"),
        ('kind = "bt"', 'of kind "kcs"'),
    ],
)
def test_a_device_that_cannot_be(tmp_path: Path, text: str, words: str) -> None:
    text = f'{ONE}[bmc.interface]\n{text}\ndevice = "/dev/ipmi-kcs3" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].interface.device", words)


def test_a_chip_is_one_bmcs(tmp_path: Path) -> None:
    text = f'[[bmc]]\nname = "b{{n}}"\ncount = 2\n[bmc.interface]\ndevice = "/dev/ipmi-kcs3" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].interface.device", "a chip is one")


def test_a_device_is_a_device(tmp_path: Path) -> None:
    text = f'{ONE}[bmc.interface]\ndevice = "kcs3" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].interface.device", "/dev/ipmi-kcs3")
