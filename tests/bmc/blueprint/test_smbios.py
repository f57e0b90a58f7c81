"""Tables of machines that are described and do not run."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.interfaces import InterfaceSpec
from baseboard.bmc.blueprint.smbios import smbios_of
from baseboard.bmc.makeups import makeup
from baseboard.records.fru import read_fru
from baseboard.records.smbios import (
    BiosInformation,
    IpmiDevice,
    SystemInformation,
    SystemPowerSupply,
    find,
    read_dump,
    write_dump,
)

GUID = bytes(range(16))
RACK = makeup(0, "node1", GUID)


def test_a_rack_server_as_its_inventories_have_it() -> None:
    made = smbios_of(RACK)
    assert read_dump(write_dump(made)) == made
    ((system, body),) = find(made.structures, SystemInformation)
    product = read_fru(RACK.frus[0].image).product
    assert product is not None
    assert system.text("product_name") == product.product_name
    assert system.text("serial_number") == product.serial_number
    assert body.guid == UUID(bytes=GUID)
    ((_, bios),) = find(made.structures, BiosInformation)
    assert bios.controller_major == RACK.identity.firmware_major
    supplies = [body.capacity for _, body in find(made.structures, SystemPowerSupply)]
    assert len(supplies) == 2
    ((_, device),) = find(made.structures, IpmiDevice)
    assert (device.kind, device.address) == ("kcs", 0xCA2)


def test_the_interface_is_the_one_that_is_described() -> None:
    made = smbios_of(replace(RACK, interface=InterfaceSpec(kind="bt")))
    ((_, device),) = find(made.structures, IpmiDevice)
    assert (device.kind, device.address) == ("bt", 0xE4)
    elsewhere = smbios_of(RACK, IpmiDevice.at_place("kcs", 0x2E8))
    ((_, device),) = find(elsewhere.structures, IpmiDevice)
    assert device.address == 0x2E8


def test_a_device_without_contents_tells_nothing() -> None:
    made = smbios_of(replace(RACK, frus=(FruSpec(0, "blank", b""),)))
    ((system, _),) = find(made.structures, SystemInformation)
    assert system.text("product_name") == RACK.host.model
    assert made.of(39) == []
