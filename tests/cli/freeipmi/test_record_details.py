"""Blocks of records that are no sensor's; tests/golden compares them with FreeIPMI's whole."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.record_details import entity_lines, other_record
from baseboard.client.sdr_entry import SdrEntry
from baseboard.codes import EntityId
from baseboard.records.sdr import (
    BmcMessageChannelInfoRecord,
    EntityAssociationRecord,
    FruDeviceLocatorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerConfirmationRecord,
    ManagementControllerDeviceLocatorRecord,
    OemRecord,
    Sdr,
)


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        (
            EntityAssociationRecord(container_id=EntityId.SYSTEM_CHASSIS, container_instance=1),
            ["Record Type: Entity Association Record (8h)", "Container Entity ID: system chassis (23)"],
        ),
        (
            GenericDeviceLocatorRecord(slave_address=0xA4, device_type=0x0A, device_type_modifier=1),
            ["Direct Slave Address: 52h", "Device Type: EEPROM, 24C04 or equivalent (Ah)",
             "Device Type Modifier: DIMM Memory ID (1h)"],
        ),
        (
            GenericDeviceLocatorRecord(slave_address=2, device_type=0x30, device_type_modifier=7),
            ["Device Type: 30h", "Device Type Modifier: 7h"],
        ),
        (
            FruDeviceLocatorRecord(fru_device_id=0xA0, logical=False, device_type=0xC0),
            ["Device Slave Address: A0h", "Device Type: OEM specified device (C0h)"],
        ),
        (FruDeviceLocatorRecord(fru_device_id=3), ["FRU Device ID: 3h"]),
        (
            ManagementControllerDeviceLocatorRecord(capabilities=0x81, id_string="BMC"),
            ["Device ID String: BMC", "Sensor Device: Yes", "SEL Device: No", "Chassis Device: Yes"],
        ),
        (
            ManagementControllerConfirmationRecord(
                slave_address=1, device_id=1, manufacturer_id=674, product_id=7
            ),
            ["Manufacturer ID: Dell Inc. (2A2h)", "Product ID: 7h"],
        ),
        (OemRecord(manufacturer_id=0xFFFFE, data=b"\1\2"), ["Manufacturer ID: FFFFEh", "OEM Data: 01 02 "]),
        (BmcMessageChannelInfoRecord(), ["Record Type: BMC Message Channel Info Record (14h)"]),
    ],
)  # fmt: skip
def test_records(record: Sdr, lines: list[str]) -> None:
    found = other_record(SdrEntry.of(record.pack(), 3))
    assert found[0] == "Record ID: 3"
    assert [line for line in found if line in lines] == lines


def test_entities() -> None:
    assert entity_lines(7, 1, logical=True) == [
        "Entity ID: system board (7)",
        "Entity Instance: 1",
        "Entity Instance Type: Logical Container Entity",
    ]
    assert entity_lines(0x95, 2)[0] == "Entity ID: Chassis Specific (149)"
    assert entity_lines(0x37, 2)[0] == "Entity ID: 55"
