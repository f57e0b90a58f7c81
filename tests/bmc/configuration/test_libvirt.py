"""Described domains, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

HOST = '[bmc.host]\nbackend = "libvirt"\n[bmc.host.libvirt]\n'
TWO = '[[bmc]]\nname = "vm{n}"\ncount = 2\n[bmc.lan]\nport = 0\n'


def test_a_domain(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}{HOST}domain = "guest"\n')
    assert made.machine == LibvirtSpec("guest")
    assert not made.powered
    more = 'uri = "test:///default"\nconsole = "serial0"\ntimeout_s = 5\n'
    made = blueprint(tmp_path, f'{ONE}{HOST}domain = "guest"\n{more}')
    assert made.machine == LibvirtSpec("guest", "test:///default", "serial0", 5.0)


def test_several_domains(tmp_path: Path) -> None:
    for domain, names in (("guest-{n}", ["guest-1", "guest-2"]), ("{name}", ["vm1", "vm2"])):
        bmcs = loaded(tmp_path, f'{TWO}{HOST}domain = "{domain}"\n').bmcs
        assert [one.blueprint.machine for one in bmcs] == [LibvirtSpec(name) for name in names]


def test_mistakes(tmp_path: Path) -> None:
    key = "bmc[0].host.libvirt"
    assert_mistake(tmp_path, f'{TWO}{HOST}domain = "guest" {HERE}\n', f"{key}.domain", "for 2 BMCs; put {n}")
    text = f'{ONE}{HOST}domain = "guest"\nuri = "nowhere" {HERE}\n'
    assert_mistake(tmp_path, text, f"{key}.uri", "qemu:///system")
