"""FreeIPMI's ipmi-sensors reads the lab's sensors, in all the forms that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Done, Lab, lab
from tests.interop.lineup import readable
from tests.interop.patience import eventually

COUNTS = tuple(map(readable, range(3)))
THRESHOLD_COLUMNS = ("Lower NR", "Lower C", "Lower NC", "Upper NC", "Upper C", "Upper NR")
# What bounds the noise of these sensors: name, type, low, high, unit.
READINGS = [
    (0, "Inlet Temp", "Temperature", 18, 30, "C"),
    (0, "CPU1 Temp", "Temperature", 40, 65, "C"),
    (0, "Fan 6", "Fan", 4800, 6000, "RPM"),
    (0, "12V", "Voltage", 11.4, 12.6, "V"),
    (0, "PSU1 Current", "Current", 0.4, 0.9, "A"),
    (0, "System Power", "Other Units Based Sensor", 200, 380, "W"),
    (1, "CPU Margin", "Temperature", -60, -30, "C"),
    (1, "Fan 1 Duty", "Fan", 38, 54, "%"),
    (1, "Airflow", "Other Units Based Sensor", 75, 100, "CFM"),
    (1, "Coolant Flow", "Other Units Based Sensor", 1.3, 1.9, "L per minute"),
    (1, "Memory Traffic", "Other Units Based Sensor", 0.5, 60, "GB per s"),
    (1, "Midplane 54V", "Voltage", 51.3, 56.7, "V"),
    (2, "-12V", "Voltage", -12.6, -11.4, "V"),
    (2, "CPU Core", "Voltage", 1.2, 1.46, "V"),
]
STATES = [
    (0, "PSU1 Status", "Power Supply", "'Presence detected'"),
    (0, "PSU Redundancy", "Power Supply", "'Fully Redundant'"),
    (0, "CPU2 Status", "Processor", "'Processor Presence detected'"),
    (0, "Drive 1", "Drive Slot", "'Drive Presence'"),
    (0, "Drive 2", "Drive Slot", "'OK'"),
    (0, "ACPI State", "System ACPI Power State", "'S0/G0'"),
    (1, "Blade Present", "Entity Presence", "'Entity Present'"),
    (1, "CPU Throttled", "Processor", "'State Deasserted'"),
    (1, "Slot", "Slot/Connector", "'Slot/Connector Device installed/attached'"),
    (2, "Power Supply", "Power Supply", "'State Deasserted'"),
]
THRESHOLDS = [
    (0, "Inlet Temp", ("N/A", "N/A", "N/A", "38.00", "42.00", "47.00")),
    (0, "Fan 1", ("900.00", "1200.00", "1500.00", "N/A", "N/A", "N/A")),
    (0, "12V", ("N/A", "10.80", "11.40", "12.60", "13.20", "N/A")),
    (1, "CPU Margin", ("N/A", "N/A", "N/A", "-10.00", "-4.00", "N/A")),
    (1, "Coolant Temp", ("N/A", "-5.00", "5.00", "50.00", "60.00", "N/A")),
    (2, "-12V", ("N/A", "-13.20", "-12.60", "-11.40", "-10.80", "N/A")),
]


def rows(done: Done) -> dict[str, dict[str, str]]:
    """ipmi-sensors' table, by the sensor's name."""
    header, *body = done.table()
    return {line[1]: dict(zip(header, line, strict=True)) for line in body}


def sensors(bmc: Bmc, *options: str) -> dict[str, dict[str, str]]:
    return rows(bmc.freeipmi("ipmi-sensors", "--quiet-cache", *options).ok())


def blocks(done: Done) -> list[dict[str, str]]:
    """The blocks of the verbose forms."""
    return [
        {name: value for name, colon, value in (line.partition(": ") for line in block.splitlines()) if colon}
        for block in done.out.strip().split("\n\n")
    ]


@pytest.mark.parametrize(("number", "count"), list(enumerate(COUNTS)))
def test_every_sensor_is_there_and_nominal(shared_lab: Lab, number: int, count: int) -> None:
    found = sensors(shared_lab[number], "--output-sensor-state")
    assert len(found) == count
    # FreeIPMI has no opinion on these two, whatever they show.
    others = {row["State"] for name, row in found.items() if name not in ("OS Stop", "Power Limit")}
    assert others == {"Nominal"}


@pytest.mark.parametrize(("number", "name", "kind", "low", "high", "unit"), READINGS)
def test_readings_are_what_the_server_has(
    shared_lab: Lab, number: int, name: str, kind: str, low: float, high: float, unit: str
) -> None:
    row = sensors(shared_lab[number])[name]
    assert (row["Type"], row["Units"], row["Event"]) == (kind, unit, "'OK'")
    assert low <= float(row["Reading"]) <= high


@pytest.mark.parametrize(("number", "name", "kind", "event"), STATES)
def test_states_are_what_the_server_has(
    shared_lab: Lab, number: int, name: str, kind: str, event: str
) -> None:
    row = sensors(shared_lab[number])[name]
    assert (row["Type"], row["Event"], row["Reading"], row["Units"]) == (kind, event, "N/A", "N/A")


@pytest.mark.parametrize(("number", "name", "expected"), THRESHOLDS)
def test_thresholds_are_what_the_server_has(
    shared_lab: Lab, number: int, name: str, expected: tuple[str, ...]
) -> None:
    row = sensors(shared_lab[number], "--output-sensor-thresholds")[name]
    assert tuple(row[column] for column in THRESHOLD_COLUMNS) == expected


def test_records_and_types_are_chosen(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    fans = [f"Fan {number}" for number in range(1, 7)]
    assert list(sensors(rack, "--sensor-types=fan")) == [*fans, "Fan Redundancy"]
    assert list(sensors(rack, "--record-ids=3,9")) == ["CPU1 Temp", "Fan 1"]
    assert "Inlet Temp" not in sensors(rack, "--exclude-record-ids=1")
    kinds = {row["Type"] for row in sensors(rack, "--exclude-sensor-types=temperature,voltage,fan").values()}
    assert "Power Supply" in kinds
    assert not kinds & {"Temperature", "Voltage", "Fan"}
    assert "Drive_Slot" in rack.freeipmi("ipmi-sensors", "--list-sensor-types").ok().lines


def test_columns_are_chosen(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    bare = ("--quiet-cache", "--comma-separated-output", "--no-header-output")
    lines = rack.freeipmi("ipmi-sensors", *bare, "--output-sensor-state").ok().lines
    assert len(lines) == COUNTS[0]
    number, name, kind, state, reading, unit, event = lines[8].split(",")
    assert (number, name, kind, state, unit, event) == ("9", "Fan 1", "Fan", "Nominal", "RPM", "'OK'")
    assert 4800 <= float(reading) <= 6000
    assert list(sensors(rack, "--no-sensor-type-output")["5V"]) == ["ID", "Name", "Reading", "Units", "Event"]
    assert list(sensors(rack, "--quiet-readings")["5V"]) == ["ID", "Name", "Type", "Event"]
    assert sensors(rack, "--non-abbreviated-units")["CPU1 Temp"]["Units"] == "degrees C"
    named = sensors(rack, "--entity-sensor-names")
    assert {
        "Processor 2 CPU2 Temp",
        "Memory Device 1 DIMM A1 Temp",
        "Power Supply 1 PSU1 Temp",
    } <= named.keys()


def test_events_are_printed_as_bitmasks(shared_lab: Lab) -> None:
    """The two reserved bits of a threshold sensor's states are 1 in the answer (Table 35-15)."""
    found = sensors(shared_lab[0], "--output-event-bitmask")
    assert found["CPU1 Temp"]["Event"] == "00C0h"
    assert {found[name]["Event"] for name in ("PSU1 Status", "Fan Redundancy", "Drive 0")} == {"0001h"}
    assert {found["CPU1 Status"]["Event"], found["Memory"]["Event"]} == {"0080h", "0040h"}


def test_options_that_change_nothing_here(shared_lab: Lab) -> None:
    options = ("--bridge-sensors", "--shared-sensors", "--interpret-oem-data", "--ignore-unrecognized-events")
    assert list(sensors(shared_lab[1], *options)) == list(sensors(shared_lab[1]))


def test_legacy_forms(shared_lab: Lab) -> None:
    lines = shared_lab[0].freeipmi("ipmi-sensors", "--legacy-output", "--quiet-cache").ok().lines
    assert lines[18].startswith("19: 3.3V (Voltage): 3.")
    assert lines[18].endswith(" V (2.98/3.64): [OK]")
    options = ("--ipmimonitoring-legacy-output", "--quiet-cache")
    header, first, *_ = shared_lab[0].freeipmi("ipmi-sensors", *options).ok().table()
    assert header == ["Record ID", "Sensor Name", "Sensor Group", "Sensor Units", "Sensor Reading"]
    assert first[:4] == ["1", "Inlet Temp", "Temperature", "C"]
    assert 18 <= float(first[4]) <= 30


def test_verbose_blocks_show_the_records(shared_lab: Lab) -> None:
    """FreeIPMI prints Resolution: 0, since it takes the absolute value of an integer."""
    (margin,) = blocks(shared_lab[1].freeipmi("ipmi-sensors", "-vv", "--quiet-cache", "--record-ids=3").ok())
    expected = {
        "Record Type": "Full Sensor Record (1h)",
        "ID String": "CPU Margin",
        "Sensor Number": "3",
        "Entity ID": "processor (3)",
        "Linearization": "linear (0h)",
        "Analog Data Format": "2's complement (signed) (2h)",
        "Upper Critical Threshold": "-4.000000 C",
        "Sensor Min. Reading": "-128.000000 C",
        "Sensor Max. Reading": "127.000000 C",
        "Nominal Reading": "-42.000000 C",
        "Positive Hysteresis": "2.000000 C",
    }
    assert {key: margin.get(key) for key in expected} == expected
    (flow,) = blocks(shared_lab[1].freeipmi("ipmi-sensors", "-vv", "--quiet-cache", "--record-ids=8").ok())
    assert flow["Linearization"] == "sqrt(x) (Ah)"
    assert float(flow["Nominal Reading"].split()[0]) == pytest.approx(88, abs=1)


def test_most_verbose_blocks_show_every_kind_of_record(shared_lab: Lab) -> None:
    kinds = [
        {block["Record Type"] for block in blocks(bmc.freeipmi("ipmi-sensors", "-vv", "--quiet-cache").ok())}
        for bmc in shared_lab
    ]
    always = {"Full Sensor Record (1h)", "Management Controller Device Locator Record (12h)"}
    assert kinds[0] > always | {"Compact Sensor Record (2h)", "FRU Device Locator Record (11h)"}
    assert "Entity Association Record (8h)" in kinds[0]
    assert "Event-Only Record (3h)" in kinds[1]
    assert kinds[2] == always | {"Compact Sensor Record (2h)"}


def test_the_cache_of_records_is_made_again_when_told(shared_lab: Lab, tmp_path: Path) -> None:
    weak, own = shared_lab.weak, f"--sdr-cache-file={tmp_path / 'records'}"
    first = weak.freeipmi("ipmi-sensors", own).ok()
    assert f"Caching SDR repository information: {tmp_path / 'records'}" in first.err
    records = COUNTS[2] + 1  # the sensors', and the controller's own
    assert f"SDR record {records} of {records}" in first.err
    assert "Caching" not in weak.freeipmi("ipmi-sensors", own).ok().err
    assert list(sensors(weak, own, "--sdr-cache-recreate")) == list(rows(first))
    information = weak.freeipmi("ipmi-sensors", "--sdr-info").ok().values
    assert (information["SDR version"], information["SDR record count"]) == ("1.5", f"{records}")
    assert information["Partial Add SDR Command"] == "supported"


@pytest.fixture(scope="module")
def own() -> Iterator[Bmc]:
    """A server to be switched off."""
    with lab("--count", "1") as running:
        yield running[0]


def test_sensors_of_a_server_that_is_off(own: Bmc) -> None:
    own.freeipmi("ipmi-chassis", "--chassis-control=POWER-DOWN", privilege="OPERATOR").ok()
    found = sensors(own, "--output-sensor-state")
    assert {found[name]["Reading"] for name in ("CPU1 Temp", "Fan 1", "12V")} == {"N/A"}
    assert float(found["3.3V Standby"]["Reading"]) == pytest.approx(3.3, abs=0.2)
    assert (found["ACPI State"]["Event"], found["Power Unit"]["Event"]) == (
        "'S5/G2'",
        "'Power Off/Power Down'",
    )
    assert "Fan 1" not in sensors(own, "--ignore-not-available-sensors")


def test_a_reading_beyond_a_threshold_is_critical(own: Bmc) -> None:
    """The inlet is at some 22 C: an upper critical threshold of 20 C is crossed."""
    assert float(sensors(own, "--record-ids=1")["Inlet Temp"]["Reading"]) > 20.5
    message = "0 4 0x26 1 0x18 0 0 0 0x26 0x28 0"
    assert own.freeipmi("ipmi-raw", *message.split()).ok().lines == ["rcvd: 26 00"]

    def inlet() -> dict[str, str]:
        return sensors(own, "--record-ids=1", "--output-sensor-state")["Inlet Temp"]

    row = eventually(inlet, lambda seen: seen["State"] == "Critical")
    assert "'At or Above (>=) Upper Critical Threshold'" in row["Event"]
    options = ("--record-ids=1", "--output-sensor-thresholds")
    assert [sensors(own, *options)["Inlet Temp"][column] for column in ("Upper NC", "Upper C")] == [
        "19.00",
        "20.00",
    ]
