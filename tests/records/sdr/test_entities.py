"""SDR types 08h and 09h."""

from __future__ import annotations

from baseboard.codes import EntityId
from baseboard.records.sdr.entities import (
    DeviceEntity,
    DeviceRelativeEntityAssociationRecord,
    Entity,
    EntityAssociationRecord,
)

NO = Entity()


def test_a_list() -> None:
    record = EntityAssociationRecord(
        container_id=EntityId.SYSTEM_BOARD,
        container_instance=1,
        linked=True,
        contained=(
            Entity(entity_id=EntityId.PROCESSOR, instance=1),
            NO,
            Entity(entity_id=EntityId.MEMORY_MODULE, logical=True, instance=2),
            NO,
        ),
    )
    raw = bytes.fromhex("0000 51 08 0B 07 01 40 0301 0000 0882 0000")
    assert record.encode() == raw
    assert EntityAssociationRecord.decode(raw) == record
    assert list(record.entities()) == [record.contained[0], record.contained[2]]


def test_ranges() -> None:
    raw = bytes.fromhex("0000 51 08 0B 07 01 A0 0301 0303 0805 0806")
    record = EntityAssociationRecord.decode(raw)
    assert record.is_range
    assert record.always_accessible
    assert [(one.entity_id, one.instance) for one in record.entities()] == [
        (3, 1),
        (3, 2),
        (3, 3),
        (8, 5),
        (8, 6),
    ]
    one_range = record.replace(contained=(*record.contained[:2], NO, NO))
    assert [(one.entity_id, one.instance) for one in one_range.entities()] == [(3, 1), (3, 2), (3, 3)]
    assert record.encode() == raw


def test_entities_of_devices() -> None:
    raw = bytes.fromhex("0000 51 09 1B 07 01 20 10 00 52200A01 00000000 54300382 00000000 000000000000")
    record = DeviceRelativeEntityAssociationRecord.decode(raw)
    assert (record.container_address, record.container_channel) == (0x20, 1)
    assert list(record.entities()) == [
        DeviceEntity(device_address=0x52, channel=2, entity_id=EntityId.POWER_SUPPLY, instance=1),
        DeviceEntity(device_address=0x54, channel=3, entity_id=EntityId.PROCESSOR, logical=True, instance=2),
    ]
    assert record.encode() == raw


def test_ranges_of_devices() -> None:
    first = DeviceEntity(device_address=0x52, entity_id=EntityId.POWER_SUPPLY, instance=0x60)
    record = DeviceRelativeEntityAssociationRecord(
        container_id=EntityId.POWER_SYSTEM_BOARD,
        container_instance=0x60,
        is_range=True,
        contained=(first, first.replace(instance=0x62), DeviceEntity(), DeviceEntity()),
    )
    assert [one.instance for one in record.entities()] == [0x60, 0x61, 0x62]
    assert len(record.encode()) == 32
