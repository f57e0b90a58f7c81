"""The repository as shipped."""

from __future__ import annotations

from dataclasses import replace

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.services.sdr_build import FruKey
from baseboard.bmc.services.sdr_template import sdr_template, units
from baseboard.bmc.services.sensor_template import catalogue
from baseboard.codes import EntityId, SdrType
from baseboard.records.sdr import CompactSensorRecord, ManagementControllerDeviceLocatorRecord, read_sdr
from tests.bmc.services.sensor_specs import EVENT_ONLY, PRESENCE, TEMPERATURE

SENSORS = catalogue((TEMPERATURE, PRESENCE, EVENT_ONLY))
FRUS = (
    FruKey(0, "Board", int(EntityId.SYSTEM_BOARD), 1),
    FruKey(4, "PSU", int(EntityId.POWER_SUPPLY), 1),
)


def test_records_are_numbered_from_1_and_say_their_length() -> None:
    records = sdr_template(SENSORS, FRUS).records
    assert [int.from_bytes(record[:2], "little") for record in records] == [1, 2, 3, 4, 5]
    assert [record[3] for record in records] == [
        SdrType.FULL_SENSOR, SdrType.COMPACT_SENSOR, SdrType.EVENT_ONLY, SdrType.FRU_DEVICE_LOCATOR,
        SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR,
    ]  # fmt: skip
    assert all(record[2] == 0x51 and record[4] + 5 == len(record) for record in records)


def test_43_at_another_address_records_name_that_one_as_their_owner() -> None:
    further = (bytes(5) + b"\x24",)
    usual, other = sdr_template(SENSORS, FRUS, further), sdr_template(SENSORS, FRUS, further, 0x82)
    assert [record[5] for record in usual.records] == [0x20] * 5 + [0x24]
    assert [record[5] for record in other.records] == [0x82] * 5 + [0x24]
    locator = read_sdr(other.records[4])
    assert isinstance(locator, ManagementControllerDeviceLocatorRecord)
    assert locator.capabilities == usual.records[4][8] | 0x20, "it sends its events over the bus"
    assert usual.checksum != other.checksum


def test_equal_repositories_are_one_and_know_their_day() -> None:
    one, other = sdr_template(SENSORS, FRUS), sdr_template(SENSORS, FRUS[:1])
    assert sdr_template(SENSORS, tuple(FRUS)) is one
    assert one.made != other.made
    assert 1_577_836_800 <= one.made < 1_704_067_200


def test_space_is_counted_in_units_of_16_bytes() -> None:
    assert [units(bytes(size)) for size in (1, 16, 17, 64, 260)] == [1, 1, 2, 4, 17]
    template = sdr_template(SENSORS, FRUS)
    assert template.units == sum(units(record) for record in template.records)


def test_43_2_neighbours_with_one_name_have_one_record() -> None:
    def bay(number: int, lun: int = 0, share: str = "Bay ") -> SensorSpec:
        return replace(PRESENCE, number=number, lun=lun, name=f"Bay {number}", traits=Traits(share=share))

    def shares(*specs: SensorSpec) -> list[int]:
        records = [read_sdr(raw) for raw in sdr_template(catalogue(specs), ()).records]
        return [record.share_count for record in records if isinstance(record, CompactSensorRecord)]

    assert shares(bay(1), bay(2), bay(3)) == [3]
    assert shares(bay(1), bay(2, share=""), bay(3)) == [1, 1, 1]
    assert shares(bay(1), bay(3), bay(4)) == [1, 2]
    assert shares(bay(1), bay(2, lun=1)) == [1, 1]
    assert shares(bay(1), bay(2, share="Bay")) == [1, 1]
    assert shares(*(bay(number) for number in range(1, 18))) == [15, 2]


def test_the_records_of_what_can_go_are_known() -> None:
    going = replace(TEMPERATURE, number=9, name="Going", traits=Traits(removable=True))
    template = sdr_template(catalogue((TEMPERATURE, PRESENCE, going)), (), (b"\0\0\x51\xc0\0",))
    assert template.places == {2: 3}
    assert template.records[-1] == b"\x05\0\x51\xc0\0"
