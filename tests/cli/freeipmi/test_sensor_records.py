"""Which records are shown, and what their sensors are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from baseboard.cli.freeipmi.sensor_options import Switches, Wanted
from baseboard.cli.freeipmi.sensor_records import (
    AnySensor,
    Names,
    NotFound,
    chosen,
    entity_known,
    entity_range,
    in_widths,
    sensor_numbers,
    type_name,
    unit,
)
from baseboard.client.sdr_entry import SdrEntry
from baseboard.records.sdr import FruDeviceLocatorRecord, Sdr
from tests.golden.odd_sensors import compact, event_only, full


def entries(*records: Sdr) -> list[SdrEntry]:
    return [SdrEntry.of(one.pack(), number) for number, one in enumerate(records, 1)]


SOME = entries(
    full(1), full(2, sensor_type=4), compact(3, sensor_type=4), FruDeviceLocatorRecord(fru_device_id=1)
)


def numbers(found: Any) -> list[int]:
    return [one.record_id for one in found]


@pytest.mark.parametrize(
    ("wanted", "shown", "measured"),
    [
        (Wanted(), [1, 2, 3, 4], [1, 2, 3, 4]),
        (Wanted(types=("fan",)), [2, 3], [2, 3]),
        (Wanted(types=("0x104",)), [2, 3], [2, 3]),
        (Wanted(without_types=("fan",)), [1, 4], [1, 2, 3, 4]),
        (Wanted(records=(3, 1)), [3, 1], [3, 1]),
        (Wanted(records=(3, 1), without_records=frozenset({1})), [3], [3, 1]),
        (Wanted(records=(3, 9), without_records=frozenset({9})), [3], [3]),
        (Wanted(without_records=frozenset({1, 4})), [2, 3], [1, 2, 3, 4]),
    ],
)
def test_records_are_chosen(wanted: Wanted, shown: Sequence[int], measured: Sequence[int]) -> None:
    assert numbers(chosen(SOME, wanted)) == shown
    assert numbers(in_widths(SOME, wanted)) == measured


def test_a_record_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="Sensor Record ID '9' not found"):
        list(chosen(SOME, Wanted(records=(1, 9))))


def test_types_and_entities() -> None:
    assert [type_name(code) for code in (1, 0x2C, 0x2D, 0xC0)] == [
        "Temperature", "FRU State", "Unrecognized", "OEM Reserved"
    ]  # fmt: skip
    assert [entity_known(code) for code in (0x35, 0x37, 0x40, 0x43)] == [True, False, True, False]
    assert [entity_range(code) for code in (0x90, 0xB0, 0xD0)] == [
        "Chassis Specific", "Board-Set Specific", "OEM System Integrator"
    ]  # fmt: skip


def test_sensors_of_a_shared_record() -> None:
    shared = compact(7, share_count=3)
    assert list(sensor_numbers(shared, Switches())) == [7]
    assert list(sensor_numbers(shared, Switches(shared_sensors=True))) == [7, 8, 9]
    assert list(sensor_numbers(full(5), Switches(shared_sensors=True))) == [5]
    assert list(sensor_numbers(FruDeviceLocatorRecord(fru_device_id=1), Switches())) == [0]


def test_plain_names() -> None:
    record = compact(7, share_count=3, modifier_offset=4, id_string="DIMM")
    assert Names([], Switches()).name(record, 8) == "DIMM"
    assert Names([], Switches(shared_sensors=True)).name(record, 8) == "DIMM 5"
    lettered = compact(7, share_count=3, name_modifier=1, id_string="Bay")
    assert Names([], Switches(shared_sensors=True)).name(lettered, 8) == "Bay A"
    assert Names.stored(full(1, id_string="a\x1bb\0c")) == "a\\x1bb"


def test_names_with_their_entity() -> None:
    switches = Switches(entity_sensor_names=True, shared_sensors=True)
    records: list[AnySensor] = [
        full(1, entity_id=3, entity_instance=1, id_string="Temp"),
        full(2, entity_id=3, entity_instance=0x7F, id_string="Temp"),
        full(3, entity_id=0x0A, id_string="power supply"),
        full(4, entity_id=0, id_string="Nothing's"),
        full(5, entity_id=0x95, logical_entity=True, id_string="Odd"),
        compact(6, entity_id=8, share_count=2, instances_increment=True, id_string="DIMM"),
        event_only(9, entity_id=0x1E, id_string="Cool"),
    ]
    names = Names(entries(*records), switches)
    assert [names.name(record, record.sensor_number + (record.sensor_number == 6)) for record in records] == [
        "Processor 1 Temp",
        "Processor 31 Temp",
        "power supply",
        "Nothing's",
        "Chassis Specific Odd",
        "Memory Module 2 DIMM 1",
        "Cooling Unit Cool",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"base_unit": 1}, "C"),
        ({"base_unit": 0x90}, "unspecified"),
        ({"base_unit": 6, "rate_unit": 3}, "W per s"),
        ({"base_unit": 18, "rate_unit": 4}, "RPM"),
        ({"base_unit": 6, "modifier_use": 1, "modifier_unit": 22}, "W / s"),
        ({"base_unit": 6, "modifier_use": 2, "modifier_unit": 24}, "W * hr"),
        ({"base_unit": 6, "modifier_use": 2}, "W"),
        ({"base_unit": 6, "modifier_use": 2, "rate_unit": 3}, "unspecified"),
        ({"base_unit": 0, "percentage": True}, "%"),
        ({"base_unit": 18, "percentage": True}, "% RPM"),
    ],
)
def test_units(fields: dict[str, Any], text: str) -> None:
    assert unit(full(1, **fields), short=True) == text


def test_long_units() -> None:
    assert unit(full(1), short=False) == "degrees C"
