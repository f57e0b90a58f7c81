"""What sensors show and what they are, written and read again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import Thresholds
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.client.sensor_factors import FactorTable
from baseboard.client.sensor_writing import Bits, Kind
from baseboard.codes import EventReadingType, SensorType
from baseboard.errors import CompletionError, EncodeError, NoEffect
from baseboard.records.events import EventData
from tests.bmc.services.sensor_specs import ALL_KINDS, TEMPERATURE
from tests.client.harness import Desk, desk

CURVE = ((0, -40.0), (60, 0.0), (180, 60.0), (255, 135.0))
THERMISTOR = replace(
    TEMPERATURE, name="Thermistor", minimum=-40, maximum=135, nominal=30,
    thresholds=Thresholds(upper_critical=90), traits=Traits(curve=CURVE),
)  # fmt: skip


@pytest.fixture
def table() -> Desk:
    made = desk(sensors=ALL_KINDS)
    made.bench.services.sensors.scan()
    return made


def news(table: Desk) -> list[str]:
    """Event data of the log's entries; then it is cleared."""
    sel = table.bench.services.sel
    found, following = [], 0
    while following != 0xFFFF and len(sel):
        record, following = sel.read(following)
        found.append(record[13:].hex(" "))
    sel.clear()
    return found


async def test_35_17_a_reading_is_written_in_the_sensors_unit(table: Desk) -> None:
    sensor = await table.bmc.sensors.write("Inlet", 41)
    assert (sensor.reading, sensor.states) == (41, ("upper non critical",))
    assert news(table) == ["57 29 28"]
    assert (await table.bmc.sensors.write("Inlet", raw=20)).raw == 20


async def test_35_17_states_are_written_with_event_data(table: Desk) -> None:
    data = EventData.decode(b"\xa0\x11\x22")
    sensor = await table.bmc.sensors.write("Errors", assertions=Bits("set", 0x4000), event_data=data)
    assert sensor.state_bits == 0x4000
    assert news(table) == ["ae 11 22"]
    await table.bmc.sensors.write("Errors", assertions=Bits("write", 1), event_data=data, keep_offset=False)
    assert news(table) == ["a0 11 22"] * 2
    await table.bmc.sensors.write("Errors", deassertions=Bits("set", 1))
    assert (await table.bmc.sensors.read("Errors")).state_bits == 0
    await table.bmc.sensors.write("Errors", deassertions=Bits("clear", 1))
    assert (await table.bmc.sensors.event_status("Errors")).deassertions == 0x4000


async def test_35_17_what_cannot_be_written_is_refused(table: Desk) -> None:
    with pytest.raises(CompletionError, match="^80h attempt to change"):
        await table.bmc.sensors.write("Errors", assertions=Bits("set", 0x0010))
    with pytest.raises(EncodeError):
        await table.bmc.sensors.write("Slot", 5)


async def test_35_15_the_type_is_set_and_read_back(table: Desk) -> None:
    assert await table.bmc.sensors.kind("Inlet") == Kind(SensorType.TEMPERATURE, EventReadingType.THRESHOLD)
    now = await table.bmc.sensors.set_kind("Slot", SensorType.ENTITY_PRESENCE)
    assert now == Kind(SensorType.ENTITY_PRESENCE, EventReadingType.SENSOR_SPECIFIC)
    now = await table.bmc.sensors.set_kind("Slot", SensorType.ENTITY_PRESENCE, 0x08)
    assert now.event_type == EventReadingType.PRESENCE
    table.script.lines[4, 0x2E] = b"\0"
    with pytest.raises(NoEffect, match="Slot: its type was set to 01h/08h and is 25h/08h"):
        await table.bmc.sensors.set_kind("Slot", 1)


async def test_35_5_a_curve_is_read_written_and_limited_in_the_sensors_unit() -> None:
    made = desk(sensors=(THERMISTOR,))
    sensors = made.bmc.sensors
    port = made.bench.backend.sensors
    assert port is not None
    port.values["Thermistor"] = 75.0
    sensor = await sensors.read("Thermistor")
    assert sensor.reading == pytest.approx(75, abs=0.6)
    assert sensor.thresholds is not None
    assert sensor.thresholds["upper_critical"] == pytest.approx(90, abs=0.6)
    now = await sensors.set_thresholds("Thermistor", upper_critical=30)
    assert now["upper_critical"] == pytest.approx(30, abs=0.6)
    assert news(made)[-1].startswith("59")
    assert (await sensors.write("Thermistor", -20)).reading == pytest.approx(-20, abs=0.6)


async def test_35_5_all_factors_of_a_sensor(table: Desk) -> None:
    factors = await desk(sensors=(THERMISTOR,)).bmc.sensors.factors("Thermistor")
    assert {0, 60, 180, 255} <= set(factors.entries)
    assert isinstance(factors, FactorTable)
    assert await table.bmc.sensors.conversion("Inlet") == (await table.bmc.sensors.find("Inlet")).formula
    for call in (table.bmc.sensors.factors, table.bmc.sensors.conversion):
        with pytest.raises(EncodeError, match="Slot: its readings have no formula"):
            await call("Slot")
