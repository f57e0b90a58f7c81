"""Described virtual machines of libvirt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.configuration.words import numbered, varies

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.configuration.libvirt_layout import Libvirt
    from baseboard.bmc.configuration.spots import Spot

_NAME: Final = "{name}"


def libvirt_specs(said: Libvirt, spot: Spot, count: int) -> list[LibvirtSpec]:
    """The domain of each of so many BMCs.

    Args:
        said: what the file says.
        spot: of its table.
        count: BMCs that are made of it.

    Raises:
        ConfigurationError: several BMCs would switch one domain, or the URI is none.
    """
    if count > 1 and not varies(said.domain):
        raise (spot / "domain").wrong(
            f'found "{said.domain}" for {count} BMCs; put {{n}} or {{name}} where they differ'
        )
    if ":" not in said.uri:
        raise (spot / "uri").wrong(f'found "{said.uri}"; allowed is a URI of libvirt, such as qemu:///system')
    return [
        LibvirtSpec(numbered(said.domain, turn + 1, _NAME), said.uri, said.console or "", said.timeout_s)
        for turn in range(count)
    ]


def behind_libvirt(blueprint: Blueprint, spec: LibvirtSpec) -> Blueprint:
    """A BMC with such a machine, which is as it is when the BMC starts for the first time."""
    domain = spec.domain.replace(_NAME, blueprint.identity.name)
    return replace(blueprint, machine=replace(spec, domain=domain), powered=False)
