"""Lines of former times."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.sensor_legacy import monitoring_header, monitoring_line, old_line, old_states
from baseboard.cli.freeipmi.sensor_options import Switches
from baseboard.cli.freeipmi.sensor_reading import Reading, Told
from baseboard.cli.freeipmi.sensor_table import Row
from baseboard.client.sdr_entry import SdrEntry
from baseboard.records.sdr import ReadableSensorRecord
from tests.golden.odd_sensors import compact, full


def row(record: ReadableSensorRecord, reading: Reading, *events: str, **thresholds: float) -> Row:
    entry = SdrEntry.of(record.pack(), 5)
    return Row(entry, record, 1, "Name", reading, events or ("OK",), "Nominal", thresholds)


MEASURED = Reading(Told.STATES, 41.0)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (row(full(1), MEASURED, upper_critical=80), "5: Name (Temperature): 41.00 C (NA/80.00): [OK]"),
        (row(full(1), MEASURED, lower_non_recoverable=1), "5: Name (Temperature): 41.00 C (1.00/NA): [OK]"),
        (row(full(1), Reading(Told.NOTHING)), "5: Name (Temperature): NA (NA/NA): [NA]"),
        (row(compact(1), Reading(Told.STATES), "a", "b"), "5: Name (Entity Presence): [a][b]"),
    ],
)
def test_old_lines(one: Row, line: str) -> None:
    assert old_line(one, Switches()) == f"{line}\n"


def test_old_lines_without_readings() -> None:
    assert old_line(row(full(1), MEASURED), Switches(quiet_readings=True)) == "5: Name: [OK]\n"
    assert old_states(row(full(1), Reading(Told.UNKNOWN))) == "[Unknown]"


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (row(full(1), MEASURED), "5 | Name | Temperature | C | 41.000000\n"),
        (row(full(1), Reading(Told.NOTHING)), "5 | Name | Temperature | C | N/A\n"),
        (row(compact(1), Reading(Told.STATES), "a", "b"), "5 | Name | Entity Presence | N/A | 'a' 'b'\n"),
        (row(compact(1), Reading(Told.NOTHING)), "5 | Name | Entity Presence | N/A | N/A\n"),
        (row(compact(1), Reading(Told.UNKNOWN)), "5 | Name | Entity Presence | N/A | 'N/A'\n"),
    ],
)
def test_monitoring_lines(one: Row, line: str) -> None:
    assert monitoring_line(one, Switches()) == line


def test_monitoring_lines_without_readings() -> None:
    quiet = Switches(quiet_readings=True, output_sensor_state=True)
    assert monitoring_header(quiet) == "Record ID | Sensor Name | Sensor Group | Monitoring Status\n"
    assert monitoring_header(Switches()).endswith("Sensor Units | Sensor Reading\n")
    assert monitoring_line(row(full(1), MEASURED), quiet) == "5 | Name | Temperature | Nominal\n"
    # FreeIPMI goes on in the same line.
    assert monitoring_line(row(compact(1), MEASURED), quiet) == "5 | Name | Entity Presence | Nominal"
