"""SDR types 10h, 11h and 12h: devices and where they are (Tables 43-6 to 43-8)."""

from __future__ import annotations

from baseboard.codes import EntityId, SdrType
from baseboard.records.id_string import ID_STRING
from baseboard.records.sdr.record import Sdr
from baseboard.wire import OpenEnum, Steps, at

LOGICAL_FRU = 0x10
"""Device type of a FRU device that is reached by Read FRU Data, not on a bus."""


class GlobalInitialization(OpenEnum):
    """What the initialization agent does with a controller's events (Table 43-8, byte 8)."""

    ENABLE_EVENTS = 0
    DISABLE_EVENTS = 1
    DO_NOT_INITIALIZE = 2


@Sdr.of(SdrType.GENERIC_DEVICE_LOCATOR)
class GenericDeviceLocatorRecord(Sdr):
    """A device on a private bus or on IPMB (Table 43-6)."""

    access_address: int = at(
        "6", "slave address of the controller before it; 0 = directly on IPMB", default=0
    )
    slave_address: int = at("7[7:1]", "as 8 bits", codec=Steps(2))
    channel: int = at("7[0]|8[7:5]", "of the controller before it", default=0)
    access_lun: int = at("8[4:3]", "for Master Write-Read", default=0)
    private_bus_id: int = at("8[2:0]", default=0)
    address_span: int = at("9[2:0]", "further addresses that it takes", default=0)
    device_type: int = at("11")
    device_type_modifier: int = at("12", default=0)
    entity_id: EntityId = at("13", default=EntityId.SYSTEM_BOARD)
    logical_entity: bool = at("14[7]", default=False)
    entity_instance: int = at("14[6:0]", default=1)
    oem: int = at("15", default=0)
    id_string: str = at("16:", "type/length byte and name", codec=ID_STRING, count="length-10", default="")


@Sdr.of(SdrType.FRU_DEVICE_LOCATOR)
class FruDeviceLocatorRecord(Sdr):
    """A FRU inventory and how to read it (Table 43-7); not for FRU 0 of the controller itself."""

    access_address: int = at("6", "slave address of the controller that gives access", default=0x20)
    fru_device_id: int = at("7", "of a logical device; else its slave address")
    logical: bool = at("8[7]", "read by Read FRU Data, not on a bus", default=True)
    access_lun: int = at("8[4:3]", default=0)
    private_bus_id: int = at("8[2:0]", default=0)
    channel: int = at("9[7:4]", default=0)
    device_type: int = at("11", "10h = logical FRU device", default=LOGICAL_FRU)
    device_type_modifier: int = at("12", "00h, 02h IPMI FRU; 01h DIMM; 03h processor PIROM", default=2)
    entity_id: EntityId = at("13", default=EntityId.SYSTEM_BOARD)
    logical_entity: bool = at("14[7]", default=False)
    entity_instance: int = at("14[6:0]", default=1)
    oem: int = at("15", default=0)
    id_string: str = at("16:", "type/length byte and name", codec=ID_STRING, count="length-10", default="")


@Sdr.of(SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR)
class ManagementControllerDeviceLocatorRecord(Sdr):
    """A management controller, and what it needs and can do (Table 43-8)."""

    slave_address: int = at("6", default=0x20)
    channel: int = at("7[3:0]", default=0)
    notify_system_power: bool = at("8[7]", "wants ACPI system power state notification", default=False)
    notify_device_power: bool = at("8[6]", "wants ACPI device power state notification", default=False)
    static: bool = at("8[5]", "always there; 0 for the BMC", default=False)
    logs_initialization_errors: bool = at("8[3]", default=False)
    log_access_errors: bool = at("8[2]", "of the initialization agent with this controller", default=False)
    global_initialization: GlobalInitialization = at("8[1:0]", default=GlobalInitialization.ENABLE_EVENTS)
    capabilities: int = at("9", "as Get Device ID byte 7 has them", default=0)
    entity_id: EntityId = at("13", default=EntityId.SYSTEM_BOARD)
    logical_entity: bool = at("14[7]", default=False)
    entity_instance: int = at("14[6:0]", default=1)
    oem: int = at("15", default=0)
    id_string: str = at("16:", "type/length byte and name", codec=ID_STRING, count="length-10", default="")
