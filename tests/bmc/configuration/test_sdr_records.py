"""Described SDRs."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.codes import EntityId
from baseboard.records.sdr import (
    DeviceRelativeEntityAssociationRecord,
    EntityAssociationRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerConfirmationRecord,
    OemRecord,
    read_sdr,
)
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

FANS = '[[bmc.association]]\ncontainer = "cooling_unit"\ncontains = '


def described(folder: Path, text: str) -> tuple[bytes, ...]:
    return blueprint(folder, ONE + text).records


def test_43_4_what_an_entity_is_made_of(tmp_path: Path) -> None:
    """Table 43-4: container Ch.1 with fans 1 and 3; unused places are 00h."""
    (raw,) = described(tmp_path, FANS + '[{entity = "fan"}, {entity = 29, instance = 3}]\n')
    assert raw == bytes.fromhex("0000 51 08 0B 1E 01 00 1D01 1D03 0000 0000")


def test_43_4_a_range(tmp_path: Path) -> None:
    (raw,) = described(
        tmp_path,
        FANS + '[{entity = "fan", instance = 2, last = 6}]\ninstance = 2\nalways_accessible = true\n',
    )
    assert raw == bytes.fromhex("0000 51 08 0B 1E 02 A0 1D02 1D06 0000 0000")


def test_43_4_more_than_a_record_holds_takes_linked_ones(tmp_path: Path) -> None:
    five = ", ".join(f'{{entity = "fan", instance = {n}}}' for n in range(1, 6))
    ranges = ", ".join(f'{{entity = "fan", instance = {n}, last = {n + 1}}}' for n in (10, 20, 30))
    records = [read_sdr(raw) for raw in described(tmp_path, f"{FANS}[{five}, {ranges}]\n")]
    found: list[list[int]] = []
    for record in records:
        assert isinstance(record, EntityAssociationRecord)
        assert record.linked
        found.append([entity.instance for entity in record.entities()])
    assert found == [[1, 2, 3, 4], [5], [10, 11, 20, 21], [30, 31]]


def test_43_5_entities_of_a_device(tmp_path: Path) -> None:
    (raw,) = described(
        tmp_path, FANS + '[{entity = "fan", instance = 0x60}]\ninstance = 0x61\naddress = 0x82\nchannel = 7\n'
    )
    record = read_sdr(raw)
    assert isinstance(record, DeviceRelativeEntityAssociationRecord)
    assert (record.container_id, record.container_instance) == (EntityId.COOLING_UNIT, 0x61)
    assert (record.container_address, record.container_channel) == (0x82, 7)
    (fan,) = record.entities()
    assert (fan.device_address, fan.channel, fan.instance) == (0x82, 7, 0x60)


def test_43_6_records_by_the_names_of_their_fields(tmp_path: Path) -> None:
    device, confirmation, oem = described(
        tmp_path,
        '[[bmc.record]]\ntype = "generic_device_locator"\n'
        'fields = {slave_address = 0xA0, channel = 5, device_type = 9, entity_id = "system_board",'
        ' logical_entity = true, id_string = "EEPROM"}\n'
        '[[bmc.record]]\ntype = "management_controller_confirmation"\n'
        'fields = {slave_address = 0x20, device_id = 1, firmware_minor = "04",'
        ' device_guid = "00112233445566778899aabbccddeeff"}\n'
        '[[bmc.record]]\ntype = "oem"\nfields = {manufacturer_id = 7154}\n',
    )
    found = read_sdr(device)
    assert isinstance(found, GenericDeviceLocatorRecord)
    assert device[6:8] == bytes.fromhex("A0 A0")
    assert (found.entity_id, found.logical_entity, found.id_string) == (EntityId.SYSTEM_BOARD, True, "EEPROM")
    second = read_sdr(confirmation)
    assert isinstance(second, ManagementControllerConfirmationRecord)
    assert (second.firmware_minor, second.device_guid[:2]) == ("04", b"\x00\x11")
    third = read_sdr(oem)
    assert isinstance(third, OemRecord)
    assert third.manufacturer_id == 7154


def test_records_byte_by_byte(tmp_path: Path) -> None:
    (raw,) = described(tmp_path, '[[bmc.record]]\ntype = 0xC0\ndata = "F21B00 01"\n'.replace(" 01", "01"))
    assert raw == bytes.fromhex("0000 51 C0 04 F21B00 01")


CONTAINER = "[[bmc.association]]\ncontainer ="
OEM = '[[bmc.record]]\ntype = "oem"\n'
NEEDED = "slave_address = 2, device_type = 1"
LOCATOR = '[[bmc.record]]\ntype = "generic_device_locator"\n'


@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        (f'{CONTAINER} "fann" {HERE}\ncontains = [{{entity = 1}}]\n', "association[0].container", "fan"),
        (f'{FANS}[{{entity = "fann"}}] {HERE}\n', "association[0].contains[0].entity", "fan"),
        (f"{FANS}[{{entity = 1, last = 1}}] {HERE}\n", "association[0].contains[0].last", "more than"),
        (f'[[bmc.record]]\ntype = "sensor" {HERE}\n', "record[0].type", "full_sensor"),
        (f"[[bmc.record]]\ntype = 0x70 {HERE}\n", "record[0].type", "byte by byte"),
        (f'{LOCATOR}fields = {{oem = 1}}\ndata = "00" {HERE}\n', "record[0].data", "fields is there too"),
        (f"{LOCATOR}fields = {{speed = 1}} {HERE}\n", "record[0].fields.speed", "slave_address"),
        (f"{LOCATOR}fields = {{record_id = 1}} {HERE}\n", "record[0].fields.record_id", "slave_address"),
        (f"{LOCATOR}fields = {{oem = true}} {HERE}\n", "record[0].fields.oem", "a number"),
        (f"{LOCATOR}fields = {{id_string = 1}} {HERE}\n", "record[0].fields.id_string", "a string"),
        (f"{LOCATOR}fields = {{logical_entity = 1}} {HERE}\n", "record[0].fields.logical_entity", "true or"),
        (f'{LOCATOR}fields = {{entity_id = "fann"}} {HERE}\n', "record[0].fields.entity_id", "fan"),
        (f"{LOCATOR}fields = {{{NEEDED}, oem = 256}} {HERE}\n", "record[0].fields", "oem"),
        (f"{LOCATOR}fields = {{oem = 2}} {HERE}\n", "record[0].fields", "slave_address"),
        (f'{OEM}fields = {{data = "0"}} {HERE}\n', "record[0].fields.data", "hexadecimal"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, text: str, key: str, word: str) -> None:
    assert_mistake(tmp_path, ONE + text, f"bmc[0].{key}", word)
