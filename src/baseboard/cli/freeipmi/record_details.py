"""``ipmi-sensors -vv``: the blocks of records that are no sensor's."""

from __future__ import annotations

from typing import Final

from baseboard.cli.freeipmi.device_words import DEVICE_TYPES, MODIFIERS, OEM_DEVICE
from baseboard.cli.freeipmi.sensor_records import entity_known, entity_range
from baseboard.cli.freeipmi.sensor_words import ENTITIES
from baseboard.cli.ipmitool.text import printable
from baseboard.client.sdr_entry import SdrEntry
from baseboard.codes import Manufacturer
from baseboard.records.sdr import (
    DeviceRelativeEntityAssociationRecord,
    EntityAssociationRecord,
    FruDeviceLocatorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerConfirmationRecord,
    ManagementControllerDeviceLocatorRecord,
    OemRecord,
)

_RECORDS: Final = {
    0x01: "Full Sensor Record",
    0x02: "Compact Sensor Record",
    0x03: "Event-Only Record",
    0x08: "Entity Association Record",
    0x09: "Device-relative Entity Association Record",
    0x10: "Generic Device Locator Record",
    0x11: "FRU Device Locator Record",
    0x12: "Management Controller Device Locator Record",
    0x13: "Management Controller Confirmation Record",
    0x14: "BMC Message Channel Info Record",
    0xC0: "OEM Record",
}
_CAPABILITIES: Final = (
    "Sensor Device",
    "SDR Repository Device",
    "SEL Device",
    "FRU Inventory Device",
    "IPMB Event Receiver",
    "IPMB Event Generator",
    "Bridge Support",
    "Chassis Device",
)
_FIRST_OEM_DEVICE: Final = 0xC0
_FIRST_OWN_ENTITY: Final = 0x90

_Device = GenericDeviceLocatorRecord | FruDeviceLocatorRecord


def head_lines(entry: SdrEntry, *, very: bool) -> list[str]:
    """Which record it is, and of which type."""
    lines = [f"Record ID: {entry.record_id}"]
    if very:
        number = entry.raw[3]
        lines.append(f"Record Type: {_RECORDS.get(number, 'Unknown Record')} ({number:X}h)")
    return lines


def entity_lines(entity: int, instance: int, prefix: str = "", *, logical: bool | None = None) -> list[str]:
    """What something belongs to.

    Args:
        logical: whether that is a container; None if the record does not tell.
    """
    if entity_known(entity):
        text = f"{ENTITIES[entity]} ({int(entity)})"
    else:
        text = f"{entity_range(entity)} ({int(entity)})" if entity >= _FIRST_OWN_ENTITY else str(int(entity))
    lines = [f"{prefix}Entity ID: {text}", f"{prefix}Entity Instance: {instance}"]
    if logical is not None:
        kind = "Logical Container Entity" if logical else "Physical Entity"
        lines.append(f"Entity Instance Type: {kind}")
    return lines


def other_record(entry: SdrEntry) -> list[str]:
    """The lines of a record that is no sensor's; none for one of an unknown type."""
    record = entry.record
    head = head_lines(entry, very=True)
    match record:
        case EntityAssociationRecord() | DeviceRelativeEntityAssociationRecord():
            return [*head, *entity_lines(record.container_id, record.container_instance, "Container ")]
        case GenericDeviceLocatorRecord():
            return [*head, *_generic(record)]
        case FruDeviceLocatorRecord():
            return [*head, *_fru(record)]
        case ManagementControllerDeviceLocatorRecord():
            return [*head, *_controller(record)]
        case ManagementControllerConfirmationRecord():
            return [*head, _maker(record.manufacturer_id), f"Product ID: {record.product_id:X}h"]
        case OemRecord():
            data = "".join(f"{one:02X} " for one in record.data)
            return [*head, _maker(record.manufacturer_id), f"OEM Data: {data}"]
        case _:
            return head


def _name(record: _Device | ManagementControllerDeviceLocatorRecord) -> str:
    return f"Device ID String: {printable(str(record.id_string).partition(chr(0))[0])}"


def _generic(record: GenericDeviceLocatorRecord) -> list[str]:
    return [
        _name(record),
        f"Device Access Address: {record.access_address >> 1:X}h",
        f"Channel Number: {record.channel:X}h",
        f"Direct Slave Address: {record.slave_address >> 1:X}h",
        f"Private Bus ID: {record.private_bus_id:X}h",
        f"LUN for Master Write-Read Command: {record.access_lun:X}h",
        f"Address Span: {record.address_span}",
        f"OEM: {record.oem:X}h",
        *_device(record),
        *entity_lines(record.entity_id, record.entity_instance, logical=record.logical_entity),
    ]


def _fru(record: FruDeviceLocatorRecord) -> list[str]:
    return [
        _name(record),
        f"Device Access Address: {record.access_address >> 1:X}h",
        f"{'FRU Device ID' if record.logical else 'Device Slave Address'}: {record.fru_device_id:X}h",
        f"Private Bus ID: {record.private_bus_id:X}h",
        f"LUN for Master Write-Read or FRU Command: {record.access_lun:X}h",
        f"Channel Number: {record.channel:X}h",
        *_device(record),
        *entity_lines(record.entity_id, record.entity_instance, "FRU "),
    ]


def _controller(record: ManagementControllerDeviceLocatorRecord) -> list[str]:
    able = [
        f"{text}: {'Yes' if record.capabilities >> bit & 1 else 'No'}"
        for bit, text in enumerate(_CAPABILITIES)
    ]
    return [
        _name(record),
        f"Device Slave Address: {record.slave_address >> 1:X}h",
        f"Channel Number: {record.channel:X}h",
        *able,
        *entity_lines(record.entity_id, record.entity_instance, logical=record.logical_entity),
    ]


def _device(record: _Device) -> list[str]:
    kind, modifier = record.device_type, record.device_type_modifier
    name = DEVICE_TYPES.get(kind, OEM_DEVICE if kind >= _FIRST_OEM_DEVICE else "")
    meanings = MODIFIERS.get(kind, ())
    meaning = meanings[modifier] if modifier < len(meanings) else ""
    return [
        f"Device Type: {name} ({kind:X}h)" if name else f"Device Type: {kind:X}h",
        f"Device Type Modifier: {meaning} ({modifier:X}h)"
        if meaning
        else f"Device Type Modifier: {modifier:X}h",
    ]


def _maker(number: int) -> str:
    name = Manufacturer(number).text
    return f"Manufacturer ID: {name} ({number:X}h)" if name else f"Manufacturer ID: {number:X}h"
