"""The blade."""

from __future__ import annotations

from baseboard.bmc.makeups import blade
from baseboard.codes import Linearization, RateUnit, SensorUnit
from baseboard.records.fru import DcLoad, read_fru


def test_its_sensors_are_of_the_uncommon_kinds() -> None:
    by_name = {spec.name: spec for spec in blade.SENSORS}
    assert by_name["CPU Margin"].signed
    assert by_name["CPU Margin"].physics.on < 0
    assert by_name["Fan 1 Duty"].percentage
    assert by_name["Airflow"].linearization == Linearization.SQUARE_ROOT
    assert by_name["Airflow"].base_unit == SensorUnit.CFM
    assert by_name["Coolant Flow"].rate_unit == RateUnit.PER_MINUTE
    assert not by_name["Memory Errors"].auto_rearm
    assert {spec.record for spec in blade.SENSORS} == {1, 2, 3}


def test_its_own_inventory_begins_with_an_internal_use_area() -> None:
    fru = read_fru(blade.own_fru("lab-002", "BB7").image)
    assert fru.internal == b"\x01" + bytes(31)
    assert fru.product is not None
    assert fru.product.serial_number == "BB7"


def test_its_mezzanine_tells_what_it_draws() -> None:
    (load,) = read_fru(blade.OTHER_FRUS[0].image).multirecords
    assert isinstance(load, DcLoad)
    assert load.maximum_current == 1800
    assert not blade.OTHER_FRUS[1].writable
