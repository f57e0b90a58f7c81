"""SDR types 10h, 11h and 12h."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.codes import EntityId
from baseboard.errors import EncodeError
from baseboard.records.sdr.locators import (
    LOGICAL_FRU,
    FruDeviceLocatorRecord,
    GenericDeviceLocatorRecord,
    GlobalInitialization,
    ManagementControllerDeviceLocatorRecord,
)
from tests.records.vectors import vector, vectors


@vectors("sdr", "generic_locator")
def test_the_channel_of_a_generic_device(raw: bytes, decoded: dict[str, Any]) -> None:
    record = GenericDeviceLocatorRecord.decode(bytes(4) + b"\x0b\x20" + raw + bytes(7) + b"\xc0")
    assert record.channel == decoded["channel"]
    assert record.slave_address == 0x50
    assert record.access_lun == record.private_bus_id == 0
    made = GenericDeviceLocatorRecord(slave_address=0x50, channel=decoded["channel"], device_type=0x0C)
    assert made.encode()[6:8] == raw


def test_a_generic_device() -> None:
    record = GenericDeviceLocatorRecord(
        access_address=0x20,
        slave_address=0xA0,
        access_lun=2,
        private_bus_id=3,
        address_span=1,
        device_type=0x09,
        entity_id=EntityId.MEMORY_MODULE,
        entity_instance=4,
        id_string="SPD",
    )
    assert record.encode() == bytes.fromhex("0000 51 10 0E 20 A0 13 01 00 09 00 08 04 00 C3") + b"SPD"
    with pytest.raises(EncodeError):
        record.replace(slave_address=0xA1)


def test_a_fru_device() -> None:
    raw, decoded = vector("sdr", "fru_locator")
    record = FruDeviceLocatorRecord.decode(raw)
    assert record.access_address == int(decoded["access_addr"], 16)
    assert (record.fru_device_id, record.logical) == (decoded["fru_id"], decoded["logical"])
    assert (record.access_lun, record.channel) == (decoded["lun"], decoded["channel"])
    assert record.device_type == int(decoded["device_type"], 16) == LOGICAL_FRU
    assert record.device_type_modifier == int(decoded["modifier"], 16)
    assert [record.entity_id, record.entity_instance] == decoded["entity"]
    assert record.id_string == decoded["id"]
    assert record.encode() == raw


def test_a_management_controller() -> None:
    record = ManagementControllerDeviceLocatorRecord(
        capabilities=0xBF, id_string="BMC", global_initialization=GlobalInitialization.DO_NOT_INITIALIZE
    )
    assert record.encode() == bytes.fromhex("0000 51 12 0E 20 00 02 BF 000000 07 01 00 C3") + b"BMC"
    flags = ManagementControllerDeviceLocatorRecord.decode(
        bytes.fromhex("0000 51 12 0B 82 07 E9 00 000000 00 80 00 C0")
    )
    assert (flags.notify_system_power, flags.notify_device_power, flags.static) == (True, True, True)
    assert (flags.logs_initialization_errors, flags.log_access_errors) == (True, False)
    assert flags.global_initialization == GlobalInitialization.DISABLE_EVENTS
    assert (flags.slave_address, flags.channel, flags.logical_entity) == (0x82, 7, True)
