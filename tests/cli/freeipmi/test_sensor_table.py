"""The table: its columns and their widths."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.sensor_options import Switches
from baseboard.cli.freeipmi.sensor_reading import Reading, Told
from baseboard.cli.freeipmi.sensor_records import Names
from baseboard.cli.freeipmi.sensor_table import Row, Table, rounded, states_text
from baseboard.client.sdr_entry import SdrEntry
from tests.golden.odd_sensors import compact, full

FAN = full(1, sensor_type=4, base_unit=18, id_string="Fan 1")
SLOT = compact(2, sensor_type=0x0D, id_string="Drive")
ENTRIES = [SdrEntry.of(FAN.pack(), 1), SdrEntry.of(SLOT.pack(), 12)]


def row(**fields: object) -> Row:
    usual = {"entry": ENTRIES[0], "record": FAN, "number": 1, "name": "Fan 1", "events": ("OK",)}
    return Row(**(usual | {"reading": Reading(Told.STATES, 5400.0)} | fields))  # type: ignore[arg-type]  # a row's


def lines(switches: Switches, *rows: Row) -> list[str]:
    table = Table(switches, ENTRIES, Names(ENTRIES, switches))
    return (table.header() + "".join(table.line(one) for one in rows)).splitlines()


def test_columns_are_as_wide_as_need_be() -> None:
    slot = row(entry=ENTRIES[1], record=SLOT, name="Drive", reading=Reading(Told.STATES))
    assert lines(Switches(), row(), slot) == [
        "ID | Name  | Type       | Reading    | Units | Event",
        "1  | Fan 1 | Fan        | 5400.00    | RPM   | 'OK'",
        "12 | Drive | Drive Slot | N/A        | N/A   | 'OK'",
    ]


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (
            Switches(comma_separated_output=True),
            ["ID,Name,Type,Reading,Units,Event", "1,Fan 1,Fan,5400.00,RPM,'OK'"],
        ),
        (Switches(no_header_output=True, quiet_readings=True), ["1  | Fan 1 | Fan        | 'OK'"]),
        (
            Switches(output_sensor_state=True, no_sensor_type_output=True, quiet_readings=True),
            ["ID | Name  | State    | Event", "1  | Fan 1 | Nominal  | 'OK'"],
        ),
        (
            Switches(output_sensor_thresholds=True, comma_separated_output=True, no_header_output=True),
            ["1,Fan 1,Fan,5400.00,RPM,N/A,N/A,N/A,N/A,9000.00,N/A,'OK'"],
        ),
    ],
)
def test_columns_are_chosen(switches: Switches, expected: list[str]) -> None:
    assert lines(switches, row(state="Nominal", thresholds={"upper_critical": 9000.0})) == expected


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(Told.NOTHING), "N/A"),
        (Reading(Told.UNKNOWN), "Unknown"),
        (Reading(Told.STATES, bits=3), "'a' 'b'"),
    ],
)
def test_states(reading: Reading, text: str) -> None:
    assert states_text(row(reading=reading, events=("a", "b")), Switches()) == text


def test_bits_of_states() -> None:
    one = row(reading=Reading(Told.STATES, bits=0x80))
    assert states_text(one, Switches(output_event_bitmask=True)) == "0080h"


def test_values_that_are_no_numbers() -> None:
    for value in (None, float("inf"), float("nan")):
        assert "N/A" in lines(Switches(no_header_output=True), row(reading=Reading(Told.STATES, value)))[0]


@pytest.mark.parametrize(
    ("value", "text"), [(1.805, "1.80"), (1.236, "1.24"), (-1.239, "-1.23"), (-0.001, "0.00")]
)
def test_rounding(value: float, text: str) -> None:
    assert f"{rounded(value):.2f}" == text
