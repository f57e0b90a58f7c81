"""The thermometers that DCMI knows of."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import DcmiSpec, Physics, SensorSpec
from baseboard.bmc.services.temperatures import PLACES, Temperatures, place
from baseboard.codes import EntityId
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc

INLET, CPU = EntityId.AIR_INLET, EntityId.PROCESSOR


def probe(number: int, entity: int, instance: int = 1, **more: object) -> SensorSpec:
    base = {"base_unit": 1, "signed": True, "minimum": -128.0, "maximum": 127.0, **more}
    return SensorSpec(
        number, f"T{number}", 1, entity_id=entity, entity_instance=instance,
        physics=Physics("temperature", 30, 20), **base,  # type: ignore[arg-type]  # named as the fields
    )  # fmt: skip


def bench(*sensors: SensorSpec) -> tuple[Bench, Temperatures]:
    bmc = make_bmc(sensors=sensors, dcmi=DcmiSpec())
    return bmc, bmc.services.dcmi.temperatures


def test_both_numbers_mean_a_place_and_others_mean_none() -> None:
    assert {place(number) for number in PLACES} == {INLET, CPU, EntityId.SYSTEM_BOARD}
    assert place(0x40) == place(0x37) == INLET
    for number in (0, 0x3F, 0x43, 0x0A):
        with pytest.raises(CompletionError) as caught:
            place(number)
        assert caught.value.code == 0xCC


def test_the_first_sensor_of_an_instance_is_its_temperature() -> None:
    percent = probe(3, CPU, 2, base_unit=0, percentage=True)
    fahrenheit = probe(4, CPU, 3, base_unit=2)
    _, found = bench(
        probe(1, CPU, 2), probe(2, CPU, 2), percent, fahrenheit, probe(5, CPU, 1), probe(6, INLET)
    )
    assert [(one.instance, one.key) for one in found.at(CPU)] == [(1, 5), (2, 1)]
    assert found.find(CPU, 2).hottest == 127
    with pytest.raises(CompletionError) as caught:
        found.find(CPU, 3)
    assert caught.value.code == 0xCB


def test_degrees_are_whole_and_bounded() -> None:
    bmc, found = bench(probe(1, INLET, minimum=-300.0, maximum=300.0))
    sensors = bmc.backend.sensors
    assert sensors is not None
    for value, shown in ((21.4, 21), (-300.0, -127), (300.0, 127)):
        sensors.values["T1"] = value
        celsius = found.celsius(found.find(INLET, 1))
        assert celsius is not None
        assert abs(celsius - shown) <= 1
    sensors.values["T1"] = None
    assert found.celsius(found.find(INLET, 1)) is None
    assert found.readings(INLET) == []


def test_a_written_reading_counts_as_well() -> None:
    bmc, found = bench(probe(1, INLET))
    bmc.services.sensors.override(1, value=77.0)
    assert found.readings(INLET) == [(1, 77)]


def test_records_are_those_of_the_repository() -> None:
    bmc, found = bench(probe(1, CPU, 2), probe(2, CPU, 1))
    assert [instance for instance, _ in found.records(CPU)] == [1, 2]
    # somebody's own record: a full sensor record of a third processor, of a satellite
    record, _ = bmc.services.sdr.read(found.records(CPU)[0][1])
    other = record[:5] + b"\x22\0\x09\x41\x07" + record[10:]
    added = bmc.services.sdr.add(other, 0)
    assert found.records(CPU)[-1] == (7, added)
    bmc.services.sdr.clear(0)
    assert found.records(CPU) == []
