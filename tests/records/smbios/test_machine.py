"""Types 0 to 3, row by row, as DSP0134 has them."""

from __future__ import annotations

from uuid import UUID

import pytest

from baseboard.codes import ChassisType
from baseboard.errors import DecodeError
from baseboard.records.smbios.machine import (
    BaseboardInformation,
    BiosExtension,
    BiosInformation,
    BoardFeature,
    BoardType,
    ChassisInformation,
    ChassisState,
    EndOfTable,
    SystemInformation,
    WakeUp,
)
from baseboard.records.smbios.structure import Body
from tests.records.vectors import vector


def test_a_firmware_with_all_rows() -> None:
    raw = bytes.fromhex("01 02 00F0 03 FF 8000010000000000 0118 05 0A 02 2D 1040")
    found = BiosInformation.decode(raw)
    assert (found.vendor, found.version, found.release_date, found.start_segment) == (1, 2, 3, 0xF000)
    assert (found.rom_size, found.characteristics) == (0xFF, 0x10080)
    assert found.extension == BiosExtension.ACPI | BiosExtension.UEFI | BiosExtension.VIRTUAL_MACHINE
    assert (found.major, found.minor, found.controller_major, found.controller_minor) == (5, 10, 2, 45)
    assert (found.extended_size, found.rest) == (0x4010, b"")
    assert found.encode() == raw


def test_a_firmware_of_the_first_version() -> None:
    found = BiosInformation.decode(bytes.fromhex("01 02 00E0 03 07 9080000000000000"))
    assert (found.rom_size, found.extension, found.major, found.extended_size) == (7, None, None, None)


def test_a_guid_has_its_own_order() -> None:
    _, orders = vector("app", "guid_orders")
    raw = bytes(4) + bytes.fromhex(orders["smbios"]) + b"\x06\x00\x00"
    found = SystemInformation.decode(raw)
    assert found.uuid == found.guid == UUID(orders["text"])
    assert found.wake_up == WakeUp.POWER_SWITCH
    assert found.encode() == raw


@pytest.mark.parametrize("raw", ["", "00" * 16, "FF" * 16])
def test_a_system_without_a_guid(raw: str) -> None:
    assert SystemInformation.decode(bytes(4) + bytes.fromhex(raw)).guid is None


def test_a_board_and_what_is_on_it() -> None:
    raw = bytes.fromhex("01 02 03 04 05 09 06 0003 0A 02 0004 0005")
    found = BaseboardInformation.decode(raw)
    assert found.features == BoardFeature.HOSTING | BoardFeature.REPLACEABLE
    assert (found.chassis_handle, found.board_type, found.contained) == (0x300, BoardType.MOTHERBOARD, 2)
    assert found.rest == bytes.fromhex("0004 0005")
    assert found.encode() == raw


def test_a_chassis_with_a_lock_elements_and_sku() -> None:
    raw = bytes.fromhex("01 97 02 03 04 03 04 05 03 78563412 02 02 01 03 820102 05")
    found = ChassisInformation.decode(raw)
    assert (found.lock, found.chassis_type) == (True, ChassisType.RACK_MOUNT_CHASSIS)
    assert (found.boot_up_state, found.power_supply_state) == (ChassisState.SAFE, ChassisState.WARNING)
    assert (found.thermal_state, found.oem, found.height) == (ChassisState.CRITICAL, 0x12345678, 2)
    assert (found.element_count, found.element_size, found.sku_number) == (1, 3, 5)
    assert found.encode() == raw
    assert ChassisInformation.decode(raw[:-1]).sku_number == 0
    assert ChassisInformation.decode(raw[:5]).sku_number == raw[0] - 1


def test_the_end_has_nothing_in_it() -> None:
    assert Body.parse(127, b"") == EndOfTable()


@pytest.mark.parametrize(
    "kind", [BiosInformation, SystemInformation, BaseboardInformation, ChassisInformation]
)
def test_fields_that_are_texts_are_fields(kind: type[Body]) -> None:
    made = kind()
    assert all(getattr(made, name) == 0 for name in kind.TEXTS)
    assert kind.decode(made.encode()) == made
    assert kind.decode(made.encode() + b"newer").encode() == made.encode() + b"newer"
    with pytest.raises(DecodeError):
        kind.decode(b"\1\1\1")
