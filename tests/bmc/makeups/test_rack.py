"""The rack server."""

from __future__ import annotations

from baseboard.bmc.makeups import rack
from baseboard.codes import SensorType
from baseboard.records.fru import DcOutput, ManagementAccess, PowerSupply, read_fru


def test_its_own_inventory() -> None:
    fru = read_fru(rack.own_fru("lab-001", "BB000000042").image)
    assert fru.chassis is not None
    assert fru.board is not None
    assert fru.product is not None
    assert (fru.chassis.serial_number, fru.board.serial_number) == ("CBB000000042", "MBB000000042")
    assert (fru.product.product_name, fru.product.asset_tag) == ("Baseboard Lab R2", "lab-001")
    (access,) = fru.multirecords
    assert isinstance(access, ManagementAccess)
    assert access.value == b"lab-001"


def test_its_power_supplies_tell_what_they_give() -> None:
    supplies = [fru for fru in rack.OTHER_FRUS if fru.name.startswith("PSU")]
    assert [fru.device_id for fru in supplies] == [1, 2]
    for fru in supplies:
        supply, main, standby = read_fru(fru.image).multirecords
        assert isinstance(supply, PowerSupply)
        assert isinstance(main, DcOutput)
        assert isinstance(standby, DcOutput)
        assert (supply.capacity, supply.hot_swap) == (750, True)
        assert (main.nominal_voltage, main.standby, standby.standby) == (1200, False, True)


def test_it_has_a_sensor_of_every_kind_that_servers_have() -> None:
    kinds = {spec.sensor_type for spec in rack.SENSORS}
    assert {
        SensorType.TEMPERATURE, SensorType.VOLTAGE, SensorType.CURRENT, SensorType.FAN, SensorType.PROCESSOR,
        SensorType.PHYSICAL_SECURITY, SensorType.POWER_SUPPLY, SensorType.POWER_UNIT, SensorType.MEMORY,
        SensorType.DRIVE_SLOT, SensorType.EVENT_LOGGING_DISABLED, SensorType.SYSTEM_ACPI_POWER_STATE,
        SensorType.WATCHDOG_2, SensorType.OS_STOP, SensorType.BASE_OS_BOOT,
    } <= kinds  # fmt: skip
    assert len(rack.SENSORS) >= 28


def test_memory_modules_can_not_be_written() -> None:
    assert [fru.writable for fru in rack.OTHER_FRUS] == [True, True, False, False, True]
