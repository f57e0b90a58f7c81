"""Blocks of sensors; tests/golden compares them with FreeIPMI's whole."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.sensor_details import Details
from baseboard.cli.freeipmi.sensor_options import Switches, Wanted
from baseboard.cli.freeipmi.sensor_reading import Broken, Reading, Told
from baseboard.client.sdr_entry import SdrEntry
from baseboard.client.settings import Settings
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord
from baseboard.testing.scripted import Line
from tests.client.harness import desk
from tests.golden.odd_sensors import ENABLES, HYSTERESIS, SENSOR, THRESHOLDS, compact, event_only, full

ANSWERS: dict[tuple[int, int], Line] = {
    (SENSOR, THRESHOLDS): bytes((0, 0x10, 0, 0, 0, 0, 90, 0)),
    (SENSOR, HYSTERESIS): b"\0\x02\x00",
    (SENSOR, ENABLES): b"\0\xc0\x03\x00\x00\x00",
}


async def block(
    record: FullSensorRecord | CompactSensorRecord,
    told: Reading,
    *words: str,
    verbose: int = 2,
    switches: Switches | None = None,
    answers: dict[tuple[int, int], Line] | None = None,
) -> list[str]:
    settings = Settings(interface="memory", timeout=0.05, retries=0)
    one = desk(ANSWERS | (answers or {}), settings=settings)
    details = Details(one.bmc, Wanted(verbose=verbose, switches=switches or Switches()))
    entry = SdrEntry.of(record.pack(), 4)
    text = await details.sensor(entry, record, record.sensor_number, told, words or ("OK",), "Nominal")
    assert text.endswith("\n\n")
    return text.splitlines()[:-1]


STATES = Reading(Told.STATES, 41.0, 0x02)


async def test_a_measuring_sensor() -> None:
    lines = await block(full(7, hysteresis_access=1, m=2, tolerance=3), STATES)
    for line in (
        "Record ID: 4",
        "Record Type: Full Sensor Record (1h)",
        "Sensor Number: 7",
        "Linearization: linear (0h)",
        "Tolerance: 6.000000 C",
        "Resolution: 2.000000 C",
        "Upper Critical Threshold: 180.000000 C",
        "Lower Critical Threshold: N/A",
        "Positive Hysteresis: 4.000000 C",
        "Negative Hysteresis: N/A",
        "Assertion Event Enabled: 'Lower Non-critical - going high'",
        "Deassertion Event Enabled: 'NONE'",
        "Sensor Reading: 41.000000 C",
    ):
        assert line in lines, line
    assert lines[-1] == "Sensor Event: 'OK'"


async def test_less_is_said_when_less_is_asked() -> None:
    lines = await block(
        full(7, linearization=0x70), STATES, verbose=1, switches=Switches(output_sensor_state=True)
    )
    assert lines[0:2] == ["Record ID: 4", "ID String: Full 7"]
    assert lines[-3:] == ["Sensor State: Nominal", "Sensor Reading: 41.000000 C", "Sensor Event: 'OK'"]
    assert not any(line.startswith(("Tolerance", "Sensor Max", "Accuracy")) for line in lines)


async def test_a_sensor_with_states() -> None:
    lines = await block(compact(9, hysteresis_access=2, name_modifier=1), STATES, "a", "b")
    assert "ID String Instance Modifier Type: Alpha" in lines
    assert "Positive Hysteresis: 2 unspecified" in lines
    assert lines[-2:] == ["Sensor Event: 'a'", "Sensor Event: 'b'"]
    mask = await block(compact(9), STATES, switches=Switches(output_event_bitmask=True))
    assert mask[-1] == "Sensor Event: 0002h"


async def test_former_words() -> None:
    old = Switches(legacy_output=True)
    lines = await block(full(7), STATES, "a", "b", switches=old)
    assert lines[-2:] == ["Sensor Status: [a]", "               [b]"]
    assert "Assertion Events Enabled: [Lower Non-critical - going low]" in lines
    assert (await block(full(7), Reading(Told.NOTHING), switches=old))[-1] == "Sensor Status: [NA]"
    off = {(SENSOR, ENABLES): b"\0\x80"}
    lines = await block(full(7), STATES, switches=old, answers=dict(off))
    assert "Deassertion Events Enabled: [Sensor Scanning Disabled]" in lines


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (b"\0\x40", "Assertion Event Enabled: All Event Messages Disabled"),
        (b"\0\x80", ""),
        (b"\xcd", ""),
        (b"\0\xc0", ""),
    ],
)
async def test_events_that_are_off(answer: bytes, line: str) -> None:
    lines = await block(full(7), STATES, answers={(SENSOR, ENABLES): answer})
    assert next((one for one in lines if "Event Enabled" in one), "") == line


@pytest.mark.parametrize(
    "answers",
    [{(SENSOR, ENABLES): b"\xd4"}, {(SENSOR, ENABLES): None}, {(SENSOR, HYSTERESIS): b"\xd4"}],
)
async def test_answers_that_end_it(answers: dict[tuple[int, int], Line]) -> None:
    with pytest.raises(Broken):
        await block(full(7, hysteresis_access=1), STATES, answers=answers)


async def test_sensors_that_did_not_answer() -> None:
    no_hysteresis: dict[tuple[int, int], Line] = {(SENSOR, HYSTERESIS): b"\xcd"}
    lines = await block(full(7, hysteresis_access=1), Reading(Told.NOTHING), answers=no_hysteresis)
    assert lines[-2:] == ["Sensor Reading: N/A", "Sensor Event: N/A"]
    assert "Positive Hysteresis: N/A" in lines
    lines = await block(full(7, event_type=0x70, base_unit=0), Reading(Told.UNKNOWN))
    assert lines[-1] == "Sensor Event: Unknown"
    assert not any("Reading: " in line for line in lines)


def test_a_sensor_that_only_sends_events() -> None:
    record = event_only(9, owner_id=0x41, id_string="Soft")
    entry = SdrEntry.of(record.pack(), 6)
    very = Details(desk().bmc, Wanted(verbose=2)).other(entry)
    assert "System Software ID: 20h\n" in very
    assert Details(desk().bmc, Wanted(verbose=1)).other(entry) == ""
    old = Wanted(verbose=1, switches=Switches(legacy_output=True))
    assert Details(desk().bmc, old).other(entry).startswith("Record ID: 6\nID String: Soft\n")
