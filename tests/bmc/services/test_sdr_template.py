"""The repository as shipped."""

from __future__ import annotations

from baseboard.bmc.services.sdr_template import sdr_template, units
from baseboard.bmc.services.sensor_template import catalogue
from baseboard.codes import EntityId, SdrType
from tests.bmc.services.sensor_specs import EVENT_ONLY, PRESENCE, TEMPERATURE

SENSORS = catalogue((TEMPERATURE, PRESENCE, EVENT_ONLY))
FRUS = ((0, "Board", int(EntityId.SYSTEM_BOARD), 1), (4, "PSU", int(EntityId.POWER_SUPPLY), 1))


def test_records_are_numbered_from_1_and_say_their_length() -> None:
    records = sdr_template(SENSORS, FRUS).records
    assert [int.from_bytes(record[:2], "little") for record in records] == [1, 2, 3, 4, 5]
    assert [record[3] for record in records] == [
        SdrType.FULL_SENSOR, SdrType.COMPACT_SENSOR, SdrType.EVENT_ONLY, SdrType.FRU_DEVICE_LOCATOR,
        SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR,
    ]  # fmt: skip
    assert all(record[2] == 0x51 and record[4] + 5 == len(record) for record in records)


def test_equal_repositories_are_one_and_know_their_day() -> None:
    one, other = sdr_template(SENSORS, FRUS), sdr_template(SENSORS, FRUS[:1])
    assert sdr_template(SENSORS, tuple(FRUS)) is one
    assert one.made != other.made
    assert 1_577_836_800 <= one.made < 1_704_067_200


def test_space_is_counted_in_units_of_16_bytes() -> None:
    assert [units(bytes(size)) for size in (1, 16, 17, 64, 260)] == [1, 1, 2, 4, 17]
    template = sdr_template(SENSORS, FRUS)
    assert template.units == sum(units(record) for record in template.records)
