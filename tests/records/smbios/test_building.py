"""Tables made of inventories and an identity."""

from __future__ import annotations

from uuid import UUID

import pytest

from baseboard.codes import ChassisType
from baseboard.records.fru import BoardArea, ChassisArea, Fru, PowerSupply, ProductArea
from baseboard.records.smbios import (
    BaseboardInformation,
    BiosInformation,
    ChassisInformation,
    IpmiDevice,
    MachineIdentity,
    Smbios,
    Structure,
    SystemInformation,
    SystemPowerSupply,
    build_smbios,
    controller_version,
    files_for_qemu,
    find,
    read_structures,
)
from baseboard.records.smbios.building import BOARD, MOST
from baseboard.records.smbios.machine import BiosExtension

GUID = UUID("00112233-4455-6677-8899-aabbccddeeff")
OWN = Fru(
    chassis=ChassisArea(chassis_type=ChassisType.BLADE, part_number="C-1", serial_number="CS1"),
    board=BoardArea(manufacturer="Acme", product_name="Board", serial_number="BS1", part_number="B-1"),
    product=ProductArea(
        manufacturer="Acme", product_name="Server", part_number="P-1", version="v2", serial_number="PS1",
        asset_tag="A7",
    ),
)  # fmt: skip
RISER = Fru(board=BoardArea(product_name="Riser"))
SUPPLY = Fru(
    board=BoardArea(manufacturer="Volt", product_name="no name", serial_number="no serial"),
    product=ProductArea(manufacturer="Volt\0\0", product_name="750 W", serial_number="V1", part_number="V-1"),
    multirecords=(PowerSupply(capacity=750, hot_swap=True, autoswitch=True),),
)
PLAIN = Fru(
    board=BoardArea(product_name="Brick", serial_number="K1"), multirecords=(PowerSupply(capacity=0),)
)
IDENTITY = MachineIdentity(
    guid=GUID, name="unused", firmware_vendor="Acme", firmware_version="1.2", firmware_date="01/02/2026",
    efi=True, virtual=True, controller_version=(2, 45), asset_tag="unused",
)  # fmt: skip
KCS = IpmiDevice.at_place("kcs")


def texts(smbios: Smbios, kind: int, place: int = 0) -> dict[str, str]:
    return {name: text for name, text in smbios.of(kind)[place].texts() if text}


def test_everything_that_is_known_is_told() -> None:
    made = build_smbios(IDENTITY, KCS, [Fru(), OWN, RISER, SUPPLY, PLAIN])
    assert [one.type for one in made.structures] == [0, 1, 2, 2, 3, 38, 39, 39, 42, 127]
    assert texts(made, 0) == {"vendor": "Acme", "version": "1.2", "release_date": "01/02/2026"}
    assert texts(made, 1) == {
        "manufacturer": "Acme", "product_name": "Server", "version": "v2", "serial_number": "PS1",
        "sku_number": "P-1",
    }  # fmt: skip
    assert texts(made, 2) == {
        "manufacturer": "Acme", "product_name": "Board", "version": "B-1", "serial_number": "BS1",
    }  # fmt: skip
    assert texts(made, 2, 1) == {"product_name": "Riser"}
    assert texts(made, 3) == {
        "manufacturer": "Acme", "version": "C-1", "serial_number": "CS1", "asset_tag": "A7",
    }  # fmt: skip
    assert texts(made, 39) == {
        "manufacturer": "Volt", "device_name": "750 W", "serial_number": "V1", "part_number": "V-1",
    }  # fmt: skip
    assert texts(made, 39, 1) == {"device_name": "Brick", "serial_number": "K1"}


def test_numbers_are_told_too() -> None:
    made = build_smbios(IDENTITY, KCS, [OWN, RISER, SUPPLY, PLAIN]).structures
    ((_, bios),) = find(made, BiosInformation)
    assert (bios.controller_major, bios.controller_minor) == (2, 45)
    assert bios.extension == BiosExtension.UEFI | BiosExtension.VIRTUAL_MACHINE
    ((_, system),) = find(made, SystemInformation)
    assert system.guid == GUID
    ((_, chassis),) = find(made, ChassisInformation)
    assert chassis.chassis_type == ChassisType.BLADE
    assert [(one.handle, body.board_type) for one, body in find(made, BaseboardInformation)] == [
        (BOARD, 10), (BOARD + 1, 1),
    ]  # fmt: skip
    first, second = (body for _, body in find(made, SystemPowerSupply))
    assert (first.capacity, first.hot_replaceable, first.range_switching) == (750, True, 4)
    assert (second.capacity, second.hot_replaceable, second.range_switching) == (0x8000, False, 2)
    assert [body for _, body in find(made, IpmiDevice)] == [KCS]


def test_what_is_not_known_is_not_told() -> None:
    made = build_smbios(MachineIdentity(name="node", asset_tag="A9"), IpmiDevice.at_place("ssif"))
    assert [one.type for one in made.structures] == [0, 1, 3, 38, 127]
    assert texts(made, 0) == {}
    assert texts(made, 1) == {"product_name": "node"}
    assert texts(made, 3) == {"asset_tag": "A9"}
    ((_, bios),) = find(made.structures, BiosInformation)
    assert (bios.controller_major, bios.controller_minor, bios.extension) == (0xFF, 0xFF, 0)
    ((_, system),) = find(made.structures, SystemInformation)
    assert system.guid is None


def test_no_more_boards_than_anybody_has() -> None:
    made = build_smbios(IDENTITY, KCS, [RISER] * 50 + [SUPPLY] * 50)
    assert len(made.of(2)) == len(made.of(39)) == MOST


@pytest.mark.parametrize(("minor", "number"), [("45", 45), ("07", 7), ("ff", 255), ("1a", 26)])
def test_releases_are_numbers(minor: str, number: int) -> None:
    assert controller_version(2, minor) == (2, number)


def test_qemu_takes_a_file_for_each_structure() -> None:
    made = build_smbios(IDENTITY, KCS, [OWN, RISER, SUPPLY])
    files = dict(files_for_qemu(made))
    assert list(files) == [
        "type0.bin", "type1.bin", "type2.bin", "type2-2.bin", "type3.bin", "type38.bin", "type39.bin",
        "type42.bin",
    ]  # fmt: skip
    found: list[Structure] = []
    for data in files.values():
        found += read_structures(data)
    assert tuple(found) == made.structures[:-1]
