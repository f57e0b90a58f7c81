"""The records of a satellite: its own locator, those of its inventories, and its sensors (§43)."""

from __future__ import annotations

from typing import Final

from baseboard.bmc.blueprint.bridging import SatelliteSpec
from baseboard.bmc.services.sdr_build import OWN_FRU, id_string, sensor_record
from baseboard.codes import EntityId
from baseboard.commands.app.device import DeviceSupport
from baseboard.records.sdr import FruDeviceLocatorRecord, ManagementControllerDeviceLocatorRecord

_SENSORS: Final = DeviceSupport.SENSOR | DeviceSupport.IPMB_EVENT_GENERATOR


def abilities(spec: SatelliteSpec) -> DeviceSupport:
    """What it can do by what it has, and what else it was said to do."""
    return (
        DeviceSupport(spec.capabilities)
        | (_SENSORS if spec.sensors else DeviceSupport(0))
        | (DeviceSupport.FRU_INVENTORY if spec.frus else DeviceSupport(0))
    )


def records(spec: SatelliteSpec) -> tuple[bytes, ...]:
    """Its records, for the repository of the BMC and for its own."""
    locator = ManagementControllerDeviceLocatorRecord(
        slave_address=spec.address,
        channel=spec.channel,
        static=True,
        capabilities=int(abilities(spec)),
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        id_string=spec.name,
    )
    frus = [
        FruDeviceLocatorRecord(
            access_address=spec.address,
            channel=spec.channel,
            fru_device_id=fru.device_id,
            entity_id=EntityId(fru.entity_id),
            entity_instance=fru.entity_instance,
            id_string=id_string(fru.name),
        )
        for fru in spec.frus
        if fru.device_id != OWN_FRU  # the locator of the controller stands for that one (§43.8)
    ]
    sensors = [
        sensor_record(one).replace(owner_id=spec.address, channel=spec.channel) for one in spec.sensors
    ]
    return (locator.encode(), *(one.encode() for one in frus), *(one.encode() for one in sensors))
