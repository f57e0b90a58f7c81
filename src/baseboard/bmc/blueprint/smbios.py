"""The SMBIOS tables of the machine that a blueprint describes, as its BMC knows it when it is shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from baseboard.errors import TruncatedError
from baseboard.records.fru import Fru, read_fru
from baseboard.records.smbios import IpmiDevice, MachineIdentity, Smbios, build_smbios, controller_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baseboard.bmc.blueprint import Blueprint


def smbios_of(blueprint: Blueprint, device: IpmiDevice | None = None) -> Smbios:
    """Make the tables of a machine.

    Args:
        device: where its BMC is; None = at the usual place of its system interface.
    """
    identity, host = blueprint.identity, blueprint.host
    return build_smbios(
        MachineIdentity(
            guid=UUID(bytes=identity.guid),
            name=host.model,
            firmware_version=host.firmware,
            efi=host.efi,
            virtual=True,
            controller_version=controller_version(identity.firmware_major, identity.firmware_minor),
            asset_tag=identity.name,
        ),
        device or IpmiDevice.at_place(blueprint.interface.kind),
        tuple(_inventories(blueprint)),
    )


def _inventories(blueprint: Blueprint) -> Iterator[Fru]:
    for spec in blueprint.frus:
        try:
            yield read_fru(spec.image)
        except TruncatedError:
            continue  # a device that is still blank
