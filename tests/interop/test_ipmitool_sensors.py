"""ipmitool on sensors: each of every server, thresholds and what crossing them does, the SDR repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import SensorSpec, Thresholds
from baseboard.bmc.makeups import MAKEUPS
from baseboard.codes import SensorUnit
from tests.interop.lab import Bmc, Done, Lab
from tests.interop.patience import eventually

UNITS = {
    SensorUnit.DEGREES_C: "degrees C",
    SensorUnit.RPM: "RPM",
    SensorUnit.VOLTS: "Volts",
    SensorUnit.WATTS: "Watts",
    SensorUnit.AMPS: "Amps",
    SensorUnit.CFM: "CFM",
    SensorUnit.LITERS: "liters",
    SensorUnit.GIGABYTE: "gigabyte",
}
# the columns of `sensor list` from the fifth on
COLUMNS = (
    "lower_non_recoverable",
    "lower_critical",
    "lower_non_critical",
    "upper_non_critical",
    "upper_critical",
    "upper_non_recoverable",
)
STATES = {
    0: {
        "PSU1 Status": "Presence detected",
        "PSU Redundancy": "Fully Redundant",
        "CPU2 Status": "Presence detected",
        "Memory": "Presence Detected",
        "Drive 0": "Drive Present",
        "Drive 3": "",
        "Power Unit": "",
        "Intrusion": "",
        "ACPI State": "S0/G0: working",
        "OS Boot": "C: boot completed",
    },
    1: {
        "Blade Present": "Present",
        "CPU Throttled": "State Deasserted",
        "Power Limit": "Limit Not Exceeded",
        "Feed Redundancy": "Fully Redundant",
        "Slot": "Device Installed",
        "System State": "S0/G0: working",
        "OS Critical Stop": "Event-Only",
    },
    2: {"Chassis Intru": "", "Power Supply": "State Deasserted", "Event Log": ""},
}
FRU_LOCATORS = {
    0: ["PSU1", "PSU2", "DIMM A1", "DIMM B1", "Backplane"],
    1: ["Mezzanine", "Midplane"],
    2: [],
}
# records of what contains what, which ipmitool does not list
ASSOCIATIONS = {0: 2, 1: 1, 2: 0}
WHOLE = pytest.mark.parametrize("number", [0, 1, 2])


def sensors(number: int) -> dict[str, SensorSpec]:
    return {sensor.name: sensor for sensor in MAKEUPS[number].sensors}


def analog(number: int) -> list[SensorSpec]:
    return [sensor for sensor in MAKEUPS[number].sensors if sensor.event_type == 1]


def unit_of(sensor: SensorSpec) -> str:
    if sensor.percentage:
        return f"% {UNITS[SensorUnit(sensor.base_unit)]}" if sensor.base_unit else "percent"
    return UNITS[SensorUnit(sensor.base_unit)]


def entity_of(sensor: SensorSpec) -> str:
    return f"{int(sensor.entity_id)}.{sensor.entity_instance}"


def step(sensor: SensorSpec) -> float:
    """What a count of the raw reading is worth, at most."""
    return (sensor.maximum - sensor.minimum) / 255 * (5 if sensor.linearization else 1)


def near(sensor: SensorSpec, text: str) -> bool:
    """Whether a reading is what the simulated server makes of the sensor, with its jitter."""
    return abs(float(text) - sensor.physics.on) <= 2.5 * sensor.physics.noise + 2 * step(sensor)


def blocks(done: Done) -> dict[str, dict[str, str]]:
    """The blocks of ``-v`` listings and of ``get``, by sensor."""
    found: dict[str, dict[str, str]] = {}
    for line in done.lines:
        name, colon, value = line.partition(":")
        if name.strip() in ("Sensor ID", "Device ID"):
            latest = found[value.rpartition(" (")[0].strip() or value.strip()] = {}
        elif colon and found:
            latest[name.strip()] = value.strip()
    return found


@WHOLE
def test_every_sensor_is_there_with_its_number_entity_and_reading(shared_lab: Lab, number: int) -> None:
    rows = shared_lab[number].ipmitool("sdr", "elist").ok().table()
    # event-only sensors are listed by `all`
    expected = {name: sensor for name, sensor in sensors(number).items() if sensor.record != 3}
    assert [row[0] for row in rows] == list(expected)
    for name, code, status, entity, text in rows:
        sensor = expected[name]
        assert code == f"{sensor.number:02X}h"
        assert status == "ok"
        assert entity == entity_of(sensor)
        if sensor.event_type == 1:
            reading, _, unit = text.partition(" ")
            assert unit == unit_of(sensor)
            assert near(sensor, reading), (name, text)


@WHOLE
def test_discrete_states_in_words(shared_lab: Lab, number: int) -> None:
    rows = {row[0]: row for row in shared_lab[number].ipmitool("sdr", "elist", "all").ok().table()}
    for name, text in STATES[number].items():
        assert rows[name][4] == text, name


@WHOLE
def test_each_kind_of_record_is_listed(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    own = sensors(number).values()
    for kind, record in (("full", 1), ("compact", 2), ("event", 3)):
        listed = [row[0] for row in bmc.ipmitool("sdr", "elist", kind).ok().table()]
        assert listed == [sensor.name for sensor in own if sensor.record == record]
    frus = bmc.ipmitool("sdr", "elist", "fru").ok().table()
    assert [row[0] for row in frus] == FRU_LOCATORS[number]
    assert [row[4] for row in frus] == [f"Logical FRU @{n:02X}h" for n in range(1, len(frus) + 1)]
    (controller,) = bmc.ipmitool("sdr", "elist", "mcloc").ok().table()
    assert (controller[0], controller[4]) == ("BMC", "Dynamic MC @ 20h")
    assert bmc.ipmitool("sdr", "list", "generic").ok().out == ""
    information = bmc.ipmitool("sdr", "info").ok().values
    records = len(own) + len(frus) + 1 + ASSOCIATIONS[number]
    assert information["Record Count"] == str(records)
    assert len(bmc.ipmitool("sdr", "elist", "all").ok().table()) == records - ASSOCIATIONS[number]
    assert information["SDR Version"] == "0x51"
    assert information["SDR overflow"] == "no"
    assert information["Reserve SDR repository supported"] == "yes"


@WHOLE
def test_commas_and_columns_tell_the_same(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    columns = {row[0]: row[2] for row in bmc.ipmitool("sdr", "list").ok().table()}
    commas = [line.split(",") for line in bmc.ipmitool("sdr", "list", options=("-c",)).ok().lines]
    assert {row[0] for row in commas} == set(columns)
    for name, value, unit, status in (row[:4] for row in commas):
        sensor = sensors(number)[name]
        assert (status if sensor.event_type == 1 else unit) == columns[name] == "ok"
        if sensor.event_type == 1:
            assert near(sensor, value)
            assert unit == unit_of(sensor)
        else:
            assert value == f"{sensor.number:02X}h"


@WHOLE
def test_sensor_list_shows_the_thresholds(shared_lab: Lab, number: int) -> None:
    rows = shared_lab[number].ipmitool("sensor", "list").ok().table()
    commas = [line.split(",") for line in shared_lab[number].ipmitool("sensor", options=("-c",)).ok().lines]
    assert [row[0] for row in rows] == [row[0] for row in commas]
    for row in rows:
        sensor = sensors(number)[row[0]]
        if sensor.event_type != 1:
            assert row[2] == "discrete"
            # the two bytes of states, as they come on the wire; the top bit of the second is reserved, as 1
            assert row[3] == f"0x{sensor_states(row[1]):04x}"
            assert row[4:10] == ["na"] * 6
            continue
        assert near(sensor, row[1])
        assert row[2:4] == [unit_of(sensor), "ok"]
        for column, text in zip(COLUMNS, row[4:10], strict=True):
            wanted = getattr(sensor.thresholds, column)
            assert (text == "na") == (wanted is None), (row[0], column)
            if wanted is not None:
                assert abs(float(text) - wanted) <= step(sensor), (row[0], column)


def sensor_states(shown: str) -> int:
    return (int(shown, 16) & 0xFF) << 8 | 0x80 | int(shown, 16) >> 8


@WHOLE
def test_sensors_are_found_by_type_and_entity(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    own = list(sensors(number).values())
    for words, sensor_type in ((("temperature",), 1), (("Voltage",), 2), (("fan",), 4), (("0x23",), 0x23)):
        rows = bmc.ipmitool("sdr", "type", *words).ok().table()
        assert [row[0] for row in rows] == [s.name for s in own if s.sensor_type == sensor_type]
    for entity in (3, 7, 29):
        rows = bmc.ipmitool("sdr", "entity", str(entity)).ok().table()
        sensed = [row[0] for row in rows if row[0] not in ("BMC", *FRU_LOCATORS[number])]
        assert sensed == [s.name for s in own if s.entity_id == entity]
    rows = bmc.ipmitool("sdr", "entity", "3.1").ok().table()
    assert [row[0] for row in rows] == [s.name for s in own if (s.entity_id, s.entity_instance) == (3, 1)]
    types = bmc.ipmitool("sdr", "type", "list").ok().out
    assert "System ACPI Power State   (0x22)" in types
    assert 'Sensor Type "nosuch" not found' in bmc.ipmitool("sdr", "type", "nosuch").err


@WHOLE
def test_verbose_lists_have_a_block_for_each_sensor(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    found = blocks(bmc.ipmitool("sdr", "list", "full", options=("-v",)).ok())
    full = [sensor for sensor in sensors(number).values() if sensor.record == 1]
    assert list(found) == [sensor.name for sensor in full]
    for sensor in analog(number):
        block = found[sensor.name]
        entity, _, rest = block["Entity ID"].partition(" ")
        assert entity == entity_of(sensor)
        assert rest.startswith("(")
        reading, _, unit = block["Sensor Reading"].partition(" (+/- 0) ")
        assert near(sensor, reading)
        assert unit == unit_of(sensor)
        assert block["Status"] == "ok"
        limits = [getattr(sensor.thresholds, column) for column in COLUMNS]
        short = [
            abbreviation
            for abbreviation, limit in zip(("lnr", "lcr", "lnc", "unc", "ucr", "unr"), limits, strict=True)
            if limit is not None
        ]
        assert block["Settable Thresholds"].split() == (short or ["No", "Thresholds"])
        if short:
            assert sorted(block["Assertions Enabled"].split()) == sorted(
                f"{name}{'-' if name[0] == 'l' else '+'}" for name in short
            )
    assert list(blocks(bmc.ipmitool("sensor", "list", options=("-v",)).ok())) == [
        sensor.name for sensor in sensors(number).values() if sensor.record != 3
    ]


def test_one_sensor_in_full(shared_lab: Lab) -> None:
    bmc = shared_lab[0]
    by_sdr = blocks(bmc.ipmitool("sdr", "get", "CPU1 Temp", "PSU1 Status").ok())
    assert by_sdr["CPU1 Temp"]["Nominal Reading"] == "52.000"
    assert by_sdr["CPU1 Temp"]["Upper critical"] == "92.000"
    assert by_sdr["CPU1 Temp"]["Positive Hysteresis"] == "2.000"
    assert by_sdr["CPU1 Temp"]["Event Message Control"] == "Per-threshold"
    assert by_sdr["PSU1 Status"]["Sensor Type (Discrete)"] == "Power Supply (0x08)"
    done = bmc.ipmitool("sdr", "get", "PSU1 Status").ok()
    start = done.lines.index("Assertions Enabled    : Power Supply") + 1
    assert done.lines[start : start + 4] == [
        "[Presence detected]",
        "[Failure detected]",
        "[Predictive failure]",
        "[Power Supply AC lost]",
    ]
    by_sensor = blocks(bmc.ipmitool("sensor", "get", "Fan 1", "12V").ok())
    assert by_sensor["Fan 1"]["Lower Critical"] == "1200.000"
    assert by_sensor["Fan 1"]["Upper Critical"] == "na"
    assert by_sensor["12V"]["Upper Non-Critical"] == "12.600"
    assert by_sensor["12V"]["Assertions Enabled"] == "lnc- lcr- unc+ ucr+"
    done = bmc.ipmitool("sensor", "get", "No Such")
    assert done.code == 1
    assert 'No Such" not found' in done.out + done.err


def test_readings_of_named_sensors(shared_lab: Lab) -> None:
    names = ["CPU Margin", "Airflow", "Coolant Flow", "Fan 2 Duty", "CPU Core"]
    blade = sensors(1)
    rows = shared_lab[1].ipmitool("sensor", "reading", *names).ok().table()
    assert [row[0] for row in rows] == names
    assert all(near(blade[name], text) for name, text in rows)
    commas = shared_lab[1].ipmitool("sensor", "reading", *names, options=("-c",)).ok().lines
    assert [line.split(",")[0] for line in commas] == names
    assert all(near(blade[name], text) for name, text in (line.split(",") for line in commas))


# Thresholds


def shown(bmc: Bmc, name: str) -> dict[str, str]:
    return blocks(bmc.ipmitool("sensor", "get", name).ok())[name]


def events(bmc: Bmc) -> list[list[str]]:
    return [row[3:] for row in bmc.ipmitool("sel", "elist").ok().table()]


@pytest.mark.parametrize(
    ("number", "name", "upper"), [(0, "Inlet Temp", 38), (1, "CPU Margin", -10), (2, "CPU Temp", 70)]
)
def test_crossing_an_upper_threshold_makes_events_and_shows(
    own_lab: Lab, number: int, name: str, upper: float
) -> None:
    bmc = own_lab[number]
    sensor = sensors(number)[name]
    below = sensor.physics.on - 10
    done = bmc.ipmitool("--", "sensor", "thresh", name, "unc", str(below)).ok()
    assert f'Setting sensor "{name}" Upper Non-Critical threshold to {below:.3f}' in done.out
    asserted = ["Upper Non-critical going high", "Asserted"]
    log = eventually(lambda: events(bmc), lambda rows: any(row[1:3] == asserted for row in rows))
    (event,) = [row for row in log if row[1:3] == asserted]
    assert event[0] == f"Temperature {name}"
    words = event[3].split()
    assert words[0] == "Reading"
    assert near(sensor, words[1])
    assert words[2:] == [">", "Threshold", f"{below:g}", "degrees", "C"]
    block = shown(bmc, name)
    assert block["Status"] == "Upper Non-Critical"
    assert block["Assertion Events"] == "unc+"
    assert float(block["Upper Non-Critical"]) == below
    (row,) = [row for row in bmc.ipmitool("sdr", "elist").ok().table() if row[0] == name]
    assert row[2] == "unc"
    bmc.ipmitool("--", "sensor", "thresh", name, "unc", str(upper)).ok()
    deasserted = ["Upper Non-critical going high", "Deasserted"]
    eventually(lambda: events(bmc), lambda rows: any(row[1:3] == deasserted for row in rows))
    block = shown(bmc, name)
    assert block["Status"] == "ok"
    assert float(block["Upper Non-Critical"]) == upper


def test_all_upper_and_all_lower_thresholds_at_once(own_lab: Lab) -> None:
    bmc = own_lab[0]
    bmc.ipmitool("sensor", "thresh", "CPU1 Temp", "upper", "20", "30", "40").ok()
    eventually(lambda: shown(bmc, "CPU1 Temp")["Status"], lambda text: text == "Upper Non-Recoverable")
    block = shown(bmc, "CPU1 Temp")
    limits = [float(block[f"Upper {name}"]) for name in ("Non-Critical", "Critical", "Non-Recoverable")]
    assert limits == [20, 30, 40]
    assert block["Assertion Events"] == "unc+ ucr+ unr+"
    bmc.ipmitool("sensor", "thresh", "Fan 1", "lower", "6000", "7200", "9000").ok()
    eventually(lambda: shown(bmc, "Fan 1")["Status"], lambda text: text == "Lower Non-Recoverable")
    rows = {row[0]: row for row in bmc.ipmitool("sensor", "list").ok().table()}
    assert rows["CPU1 Temp"][3] == rows["Fan 1"][3] == "nr"
    assert [float(text) for text in rows["Fan 1"][4:7]] == [6000, 7200, 9000]
    names = [row[:3] for row in events(bmc)]
    for what in ("Non-recoverable", "Critical", "Non-critical"):
        assert ["Temperature CPU1 Temp", f"Upper {what} going high", "Asserted"] in names
        assert ["Fan Fan 1", f"Lower {what} going low", "Asserted"] in names


def test_thresholds_that_cannot_be_are_refused(own_lab: Lab) -> None:
    bmc = own_lab[0]
    # a fan has no upper ones
    done = bmc.ipmitool("sensor", "thresh", "Fan 1", "unc", "9000")
    assert done.code == 1
    assert "Error setting threshold: Invalid data field in request" in done.err
    # a discrete sensor has none
    done = bmc.ipmitool("sensor", "thresh", "PSU1 Status", "unc", "1")
    assert done.code == 1
    # ipmitool itself looks at the order
    done = bmc.ipmitool("sensor", "thresh", "CPU1 Temp", "ucr", "40")
    assert "Invalid Threshold data values" in done.err
    limits = sensors(0)["CPU1 Temp"].thresholds
    assert float(shown(bmc, "CPU1 Temp")["Upper Critical"]) == limits.upper_critical
    assert sensors(0)["Fan 1"].thresholds == Thresholds(
        lower_non_critical=1500, lower_critical=1200, lower_non_recoverable=900
    )
    assert shown(bmc, "Fan 1")["Upper Non-Critical"] == "na"


def test_a_threshold_outlives_a_reset_of_the_controller(own_lab: Lab) -> None:
    bmc = own_lab[2]
    bmc.ipmitool("sensor", "thresh", "+12V", "lower", "0", "9", "10.2").ok()
    kept = float(shown(bmc, "+12V")["Lower Non-Critical"])
    assert abs(kept - 10.2) < step(sensors(2)["+12V"])
    bmc.ipmitool("mc", "reset", "warm").ok()
    options = ("-N", "1", "-R", "1")
    again = eventually(
        lambda: blocks(bmc.ipmitool("sensor", "get", "+12V", options=options)), lambda found: bool(found)
    )
    assert float(again["+12V"]["Lower Non-Critical"]) == kept


# The repository


@WHOLE
def test_the_repository_is_dumped_and_read_back(shared_lab: Lab, tmp_path: Path, number: int) -> None:
    bmc = shared_lab[number]
    dump = tmp_path / "sdr"
    assert bmc.ipmitool("sdr", "dump", str(dump)).ok().out == (
        f"Dumping Sensor Data Repository to '{dump}'\n"
    )
    data, records = dump.read_bytes(), 0
    while data:
        data, records = data[5 + data[4] :], records + 1
    assert records == int(bmc.ipmitool("sdr", "info").ok().values["Record Count"])
    cached = bmc.ipmitool("sdr", "elist", "all", options=("-S", str(dump))).ok().table()
    live = bmc.ipmitool("sdr", "elist", "all").ok().table()
    assert [row[:4] for row in cached] == [row[:4] for row in live]


def test_the_repository_is_erased_and_filled_from_a_file(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[1]
    before, after = tmp_path / "before", tmp_path / "after"
    bmc.ipmitool("sdr", "dump", str(before)).ok()
    done = bmc.ipmitool("sdr", "fill", "file", str(before)).ok()
    assert "SDRR successfully erased" in done.out
    bmc.ipmitool("sdr", "dump", str(after)).ok()
    assert after.read_bytes() == before.read_bytes()
    information = bmc.ipmitool("sdr", "info").ok().values
    assert information["Most recent Erase"] != "Unspecified"
    assert [row[0] for row in bmc.ipmitool("sdr", "elist").ok().table()] == [
        sensor.name for sensor in sensors(1).values() if sensor.record != 3
    ]
