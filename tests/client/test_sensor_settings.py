"""Thresholds, hysteresis and event enables: set, read back, and believed only then."""

from __future__ import annotations

import pytest

from baseboard.client.sensor_settings import EventEnables
from baseboard.errors import CompletionError, EncodeError, NoEffect
from tests.bmc.services.sensor_specs import ALL_KINDS
from tests.client.harness import Desk, desk


@pytest.fixture
def table() -> Desk:
    made = desk(sensors=ALL_KINDS)
    made.bench.backend.sensors.values["Inlet"] = 45  # type: ignore[union-attr]  # this backend has it
    made.bench.advance(5)
    return made


async def test_thresholds_are_set_by_name_and_the_others_stay(table: Desk) -> None:
    now = await table.bmc.sensors.set_thresholds("Inlet", upper_critical=60, lower_critical=3.4)
    assert now == {"lower_critical": 3, "upper_non_critical": 40, "upper_critical": 60}
    assert await table.bmc.sensors.thresholds("Inlet") == now
    # Table 35-8: mask LC and UC, then LNC LC LNR UNC UC UNR.
    assert (4, 0x26, bytes.fromhex("01 12 00 03 00 00 3c 00")) in table.script.asked


async def test_thresholds_that_were_not_taken_are_an_error(table: Desk) -> None:
    table.script.lines[4, 0x26] = b"\0"
    with pytest.raises(NoEffect, match=r"Inlet: upper_critical was set to 60\.0 and is 50\.0"):
        await table.bmc.sensors.set_thresholds("Inlet", upper_critical=60)


async def test_a_sensor_without_a_formula_has_no_thresholds_to_set(table: Desk) -> None:
    with pytest.raises(EncodeError, match="Slot: its readings have no formula"):
        await table.bmc.sensors.set_thresholds("Slot", upper_critical=60)


async def test_hysteresis_is_in_the_sensor_s_unit(table: Desk) -> None:
    assert await table.bmc.sensors.hysteresis("Inlet") == (2, 2)
    assert await table.bmc.sensors.set_hysteresis("Inlet", 3, 1) == (3, 1)
    assert (4, 0x24, bytes.fromhex("01 ff 03 01")) in table.script.asked


async def test_hysteresis_that_was_not_taken_is_an_error(table: Desk) -> None:
    table.script.lines[4, 0x24] = b"\0"
    with pytest.raises(NoEffect, match="Inlet: hysteresis"):
        await table.bmc.sensors.set_hysteresis("Inlet", 3, 1)


async def test_event_enables_are_changed_bit_by_bit(table: Desk) -> None:
    before = await table.bmc.sensors.event_enables("Inlet")
    assert before == EventEnables(True, True, 0x284, 0x284)
    now = await table.bmc.sensors.set_event_enables("Inlet", assertions=0x280, deassertions=0x284)
    assert now == EventEnables(True, True, 0x280, 0x284)
    back = await table.bmc.sensors.set_event_enables("Inlet", assertions=0x284, deassertions=0x004)
    assert back == EventEnables(True, True, 0x284, 0x004)
    off = await table.bmc.sensors.set_event_enables("Inlet", events_enabled=False)
    assert off == EventEnables(False, True, 0x284, 0x004)


async def test_event_enables_that_were_not_taken_are_an_error(table: Desk) -> None:
    with pytest.raises(NoEffect, match="Inlet: event enables"):
        await table.bmc.sensors.set_event_enables("Inlet", assertions=0x7FFF)


async def test_event_status_and_rearming(table: Desk) -> None:
    status = await table.bmc.sensors.event_status("Inlet")
    assert status.assertions == 0x080
    await table.bmc.sensors.rearm("Inlet")
    assert table.script.asked[-1] == (4, 0x2A, bytes.fromhex("01 00"))
    await table.bmc.sensors.rearm("Inlet", assertions=0x080, deassertions=0)
    assert table.script.asked[-1] == (4, 0x2A, bytes.fromhex("01 80 80 00 00 00"))


async def test_what_the_controller_refuses_is_an_error(table: Desk) -> None:
    with pytest.raises(CompletionError):
        await table.bmc.sensors.thresholds("Watts")
