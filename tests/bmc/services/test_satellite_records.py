"""The records of a satellite: who owns what (§43)."""

from __future__ import annotations

from dataclasses import replace

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.bridging import SatelliteSpec
from baseboard.bmc.services.satellite_records import abilities, records
from baseboard.commands.app.device import DeviceSupport
from baseboard.records.sdr import (
    CompactSensorRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
    ManagementControllerDeviceLocatorRecord,
    read_sdr,
)
from tests.bmc.bridges import FAR, SATELLITE

FRUS = (FruSpec(0, "own", bytes(8)), FruSpec(3, "fan", bytes(8), entity_id=29, entity_instance=2))


def test_what_it_has_is_what_it_can_do() -> None:
    assert abilities(SatelliteSpec(0x82)) == DeviceSupport(0)
    assert abilities(SATELLITE) == DeviceSupport.SENSOR | DeviceSupport.IPMB_EVENT_GENERATOR
    said = replace(SATELLITE, frus=FRUS, capabilities=int(DeviceSupport.CHASSIS))
    assert abilities(said) == abilities(SATELLITE) | DeviceSupport.FRU_INVENTORY | DeviceSupport.CHASSIS


def test_its_records_name_it_as_owner() -> None:
    made = [read_sdr(row) for row in records(replace(SATELLITE, frus=FRUS, entity_id=10, entity_instance=2))]
    locator, fan, temperature, slot = made
    assert isinstance(locator, ManagementControllerDeviceLocatorRecord)
    assert (locator.slave_address, locator.channel, locator.entity_id, locator.entity_instance) == (
        0x82,
        0,
        10,
        2,
    )
    assert isinstance(fan, FruDeviceLocatorRecord)
    assert (fan.access_address, fan.fru_device_id, fan.entity_id, fan.id_string) == (0x82, 3, 29, "fan")
    assert isinstance(temperature, FullSensorRecord)
    assert isinstance(slot, CompactSensorRecord)
    assert (temperature.owner_id, slot.owner_id) == (0x82, 0x82)


def test_behind_a_bridge_they_name_the_bus_as_the_bridge_counts_it() -> None:
    (locator,) = (read_sdr(row) for row in records(FAR))
    assert isinstance(locator, ManagementControllerDeviceLocatorRecord)
    assert (locator.slave_address, locator.channel) == (0x72, 7)
