"""Upgrades, shelves and chassis as files describe them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec, PicmgSpec, VitaSpec
from baseboard.commands.groups.picmg import SiteType
from baseboard.commands.groups.picmg_links import LinkInterface
from baseboard.commands.groups.vita import VitaSiteType
from baseboard.records.hpm import HpmVersion
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint


def test_make_ups_have_upgrades_or_not(tmp_path: Path) -> None:
    assert blueprint(tmp_path, ONE).hpm is None
    assert blueprint(tmp_path, f'{ONE}makeup = "veteran"\n').hpm is None
    assert blueprint(tmp_path, f'{ONE}makeup = "blade"\n').hpm is not None
    assert blueprint(tmp_path, f'{ONE}makeup = "blade"\n[bmc.hpm]\nenabled = false\n').hpm is None
    assert blueprint(tmp_path, f"{ONE}[bmc.hpm]\nenabled = true\n").hpm == HpmSpec()


def test_components_and_times(tmp_path: Path) -> None:
    text = f"""{ONE}[bmc.hpm]
step_s = 0
activation_s = 2.5
automatic_rollback = false
[[bmc.hpm.component]]
number = 3
name = "FPGA"
version = "7.08"
rollback = false
payload_reset = true
size = 4096
[[bmc.hpm.component]]
number = 0
name = "Controller"
"""
    spec = blueprint(tmp_path, text).hpm
    assert spec is not None
    assert spec.components == (
        HpmComponentSpec(0, "Controller"),
        HpmComponentSpec(
            3, "FPGA", HpmVersion(major=7, minor="08"), rollback=False, payload_reset=True, size=4096
        ),
    )
    assert (spec.step_s, spec.activation_s, spec.automatic_rollback) == (0, 2.5, False)


def test_what_is_left_out_is_the_make_ups(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}makeup = "rack"\n[bmc.hpm]\nundesirable = true\n').hpm
    assert made is not None
    assert (made.undesirable, [one.name for one in made.components]) == (True, ["BMC", "BIOS"])


TWICE = f'[[bmc.hpm.component]]\nnumber = 1\nname = "x"\n[[bmc.hpm.component]]\nname = "y"\nnumber = 1 {HERE}'


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        (TWICE, "hpm.component[1].number", ("another component",)),
        (f"[bmc.hpm]\nactivation_s = 40 {HERE}", "hpm.activation_s", ("40", "30")),
        (f"[bmc.hpm]\nstep_s = 61 {HERE}", "hpm.step_s", ("61", "60")),
        (f"[bmc.hpm]\nstep_s = 1\nenabled = false {HERE}", "hpm.enabled", ("other keys",)),
        (f'[bmc.picmg]\nsite_type = "attic" {HERE}', "picmg.site_type", ("attic",)),
        (
            f'[[bmc.picmg.link]]\nchannel = 1\ninterface = "bus" {HERE}',
            "picmg.link[0].interface",
            ("bus", "fabric"),
        ),
        (f'[bmc.vita]\nsite_type = "attic" {HERE}', "vita.site_type", ("attic",)),
    ],
)
def test_mistakes(tmp_path: Path, lines: str, key: str, words: tuple[str, ...]) -> None:
    assert_mistake(tmp_path, f"{ONE}{lines}\n", f"bmc[0].{key}", *words)


def test_two_links_alike(tmp_path: Path) -> None:
    link = '[[bmc.picmg.link]]\ninterface = "base"\nchannel = 1\n'
    second = f'[[bmc.picmg.link]] {HERE}\ninterface = "base"\nchannel = 1\n'
    assert_mistake(tmp_path, f"{ONE}{link}{second}", "bmc[0].picmg.link[1]", "already")


def test_a_shelf(tmp_path: Path) -> None:
    assert blueprint(tmp_path, ONE).picmg is None
    assert blueprint(tmp_path, f"{ONE}[bmc.picmg]\n").picmg == PicmgSpec()
    text = f"""{ONE}[bmc.picmg]
version = "4.1"
site = 5
site_type = "amc"
modules = 3
levels = [7]
clocks = [2, 1, 2]
[[bmc.picmg.link]]
interface = "fabric"
channel = 2
ports = 15
type = 2
[[bmc.picmg.amc]]
channel = 4
type = 5
"""
    made = blueprint(tmp_path, text).picmg
    assert made is not None
    assert (made.major, made.minor, made.site_number, made.site_type) == (4, 1, 5, SiteType.AMC)
    assert (made.modules, made.levels, made.clocks) == (3, (7,), (2, 1))
    (link,) = made.links
    assert (link.interface, link.channel, link.ports, link.kind, link.state) == (
        LinkInterface.FABRIC,
        2,
        15,
        2,
        0,
    )
    ((channel, amc),) = made.amc_links
    assert (channel, amc.kind, amc.lanes, amc.state) == (4, 5, 1, 0)


def test_a_chassis(tmp_path: Path) -> None:
    assert blueprint(tmp_path, ONE).vita is None
    assert blueprint(tmp_path, f"{ONE}[bmc.vita]\n").vita == VitaSpec()
    made = blueprint(
        tmp_path, f'{ONE}[bmc.vita]\ntier = 2\nsite_type = "power_supply"\nversion = "1.1"\n'
    ).vita
    assert made == VitaSpec(tier=2, site_type=VitaSiteType.POWER_SUPPLY, minor=1)
