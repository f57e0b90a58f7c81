"""All sensors of a BMC, in each form."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.sensor_options import Switches, Wanted
from baseboard.cli.freeipmi.sensor_reading import Broken
from baseboard.cli.freeipmi.sensor_records import NotFound
from baseboard.cli.freeipmi.sensor_show import Show
from baseboard.cli.freeipmi.sensor_states import States
from baseboard.client.settings import Settings
from baseboard.records.sdr import FruDeviceLocatorRecord
from tests.client.harness import desk
from tests.golden.odd_sensors import ENABLES, SENSOR, THRESHOLDS, compact, full, lines, said

RECORDS = [
    FruDeviceLocatorRecord(fru_device_id=3, id_string="FRU"),
    full(1, id_string="Temp"),
    compact(2, id_string="Slot"),
    full(3, id_string="Gone"),
    compact(4, share_count=2, id_string="Pair"),
]
READINGS = {1: said(40, 0xC0), 2: said(0, 0x8002), 3: b"\xcb", 4: said(0, 0x8001), 5: said(0, 0x8002)}
OTHERS = {
    (SENSOR, THRESHOLDS): {1: bytes((0, 0x10, 0, 0, 0, 0, 90, 0))},
    (SENSOR, ENABLES): dict.fromkeys(range(6), b"\xcb"),
}
SETTINGS = Settings(interface="memory", timeout=0.05, retries=0)


async def shown(wanted: Wanted, readings: dict[int, bytes] = READINGS) -> str:
    one = desk(lines(RECORDS, readings, OTHERS), settings=SETTINGS)
    out: list[str] = []
    states = States() if wanted.switches.output_sensor_state else None
    try:
        await Show(one.bmc, wanted, states, out.append).all(await one.bmc.sdr.records())
    finally:
        shown_before[:] = out
    return "".join(out)


shown_before: list[str] = []


async def test_the_table() -> None:
    assert (await shown(Wanted(switches=Switches(output_sensor_state=True)))).splitlines() == [
        "ID | Name | Type            | State    | Reading    | Units | Event",
        "2  | Temp | Temperature     | Nominal  | 40.00      | C     | 'OK'",
        "3  | Slot | Entity Presence | Critical | N/A        | N/A   | 'Entity Absent'",
        "4  | Gone | Temperature     | N/A      | N/A        | C     | N/A",
        "5  | Pair | Entity Presence | Nominal  | N/A        | N/A   | 'Entity Present'",
    ]


async def test_sensors_that_share_a_record_and_those_that_are_not_available() -> None:
    on = Switches(shared_sensors=True, ignore_not_available_sensors=True, comma_separated_output=True)
    assert (await shown(Wanted(switches=on))).splitlines()[3:] == [
        "5,Pair 0,Entity Presence,N/A,N/A,'Entity Present'",
        "5,Pair 1,Entity Presence,N/A,N/A,'Entity Absent'",
    ]


async def test_thresholds_are_asked_for_when_they_are_shown() -> None:
    on = Switches(output_sensor_thresholds=True, comma_separated_output=True)
    assert "N/A,N/A,N/A,N/A,90.00,N/A" in await shown(Wanted(switches=on))
    assert "(NA/90.00)" in await shown(Wanted(switches=Switches(legacy_output=True)))


async def test_former_forms() -> None:
    text = await shown(Wanted(switches=Switches(ipmimonitoring_legacy_output=True)))
    assert text.splitlines()[:2] == [
        "Record ID | Sensor Name | Sensor Group | Sensor Units | Sensor Reading",
        "2 | Temp | Temperature | C | 40.000000",
    ]


async def test_blocks() -> None:
    text = await shown(Wanted(verbose=1, switches=Switches(ignore_not_available_sensors=True)))
    assert [line for line in text.splitlines() if line.startswith("ID String")] == [
        "ID String: Temp", "ID String: Slot", "ID String: Pair"
    ]  # fmt: skip
    assert "Device ID String: FRU" in await shown(Wanted(verbose=2))


async def test_an_answer_that_ends_it() -> None:
    with pytest.raises(Broken):
        await shown(Wanted(), READINGS | {2: b"\xd4"})
    assert len("".join(shown_before).splitlines()) == 2


async def test_a_record_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        await shown(Wanted(records=(77,)))
