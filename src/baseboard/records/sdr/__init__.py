"""Sensor Data Records (§43), a class per type: ``Sdr.unpack`` reads any, ``encode`` writes it."""

from __future__ import annotations

from baseboard.records.sdr.build import THRESHOLD_FIELDS, discrete_sensor, threshold_sensor
from baseboard.records.sdr.compact import (
    CompactSensorRecord,
    EventOnlyRecord,
    NameModifier,
    SharedSensor,
    shared_sensors,
)
from baseboard.records.sdr.controllers import (
    BmcMessageChannelInfoRecord,
    ManagementControllerConfirmationRecord,
    MessageChannel,
    MessageProtocol,
    OemRecord,
)
from baseboard.records.sdr.entities import (
    DeviceEntity,
    DeviceRelativeEntityAssociationRecord,
    Entity,
    EntityAssociationRecord,
)
from baseboard.records.sdr.full import FullSensorRecord
from baseboard.records.sdr.locators import (
    FruDeviceLocatorRecord,
    GenericDeviceLocatorRecord,
    GlobalInitialization,
    ManagementControllerDeviceLocatorRecord,
)
from baseboard.records.sdr.record import HEADER_SIZE, Sdr, read_sdr
from baseboard.records.sdr.sensor import (
    Access,
    EventControl,
    ReadableSensorRecord,
    SensorKey,
    SensorRecord,
    threshold_masks,
)

__all__ = [
    "HEADER_SIZE",
    "THRESHOLD_FIELDS",
    "Access",
    "BmcMessageChannelInfoRecord",
    "CompactSensorRecord",
    "DeviceEntity",
    "DeviceRelativeEntityAssociationRecord",
    "Entity",
    "EntityAssociationRecord",
    "EventControl",
    "EventOnlyRecord",
    "FruDeviceLocatorRecord",
    "FullSensorRecord",
    "GenericDeviceLocatorRecord",
    "GlobalInitialization",
    "ManagementControllerConfirmationRecord",
    "ManagementControllerDeviceLocatorRecord",
    "MessageChannel",
    "MessageProtocol",
    "NameModifier",
    "OemRecord",
    "ReadableSensorRecord",
    "Sdr",
    "SensorKey",
    "SensorRecord",
    "SharedSensor",
    "discrete_sensor",
    "read_sdr",
    "shared_sensors",
    "threshold_masks",
    "threshold_sensor",
]
