"""Domains as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.libvirt import LibvirtSpec


def test_a_domain_is_one_of_this_machine() -> None:
    assert LibvirtSpec("guest") == LibvirtSpec("guest", "qemu:///system", "", 30.0)
