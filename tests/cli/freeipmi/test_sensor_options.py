"""The options of ipmi-sensors: which records and types are meant, and what is refused."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.options import COMMON, Given, Leave
from baseboard.cli.freeipmi.sensor_options import OWN, Wanted, number_of, on_command_line, spelled, wanted


def given(*words: str, told: list[str] | None = None) -> Given:
    made = Given("ipmi-sensors", (*COMMON, *OWN), (told if told is not None else []).append)
    made.read(words)
    return made


def chosen(line: str) -> Wanted:
    return wanted(given(*line.split()))


def test_switches_have_the_names_of_options() -> None:
    made = chosen("-q -b --output-sensor-state -vv -v --sdr-cache-file f --sensor-config-file rules")
    on = made.switches
    assert (on.quiet_readings, on.bridge_sensors, on.output_sensor_state) == (True, True, True)
    assert not on.shared_sensors
    assert (made.verbose, made.cache_file, made.state_file) == (3, "f", "rules")


@pytest.mark.parametrize(
    ("line", "records", "without"),
    [
        ("-r 3,9", (3, 9), ()),
        ("-r 3 -s 9 --record-ids=1", (3, 9, 1), ()),
        ("-r 3,all,9", (), ()),
        ("-R 1,2 -R none", (), ()),
        ("-r 5 -R 5", (5,), (5,)),
    ],
)
def test_records_are_counted_up(line: str, records: tuple[int, ...], without: tuple[int, ...]) -> None:
    made = chosen(line)
    assert (made.records, made.without_records) == (records, frozenset(without))


@pytest.mark.parametrize(
    ("line", "types", "without"),
    [
        ("-t fan,Drive_Slot", ("fan", "Drive_Slot"), ()),
        ("-g fan --groups 0x01 --group Battery", ("fan", "0x01", "Battery"), ()),
        ("-t fan,all", (), ()),
        ("-T oem_reserved --exclude-groups 0xC1", (), ("oem_reserved", "0xC1")),
    ],
)
def test_types_are_named_or_numbered(line: str, types: tuple[str, ...], without: tuple[str, ...]) -> None:
    made = chosen(line)
    assert (made.types, made.without_types) == (types, without)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-r x", "invalid sensor record id: 0"),
        ("-r 12x", "invalid sensor record id: 12"),
        ("-R 65535", "invalid sensor record id: 65535"),
        ("-t nonsense", "invalid sensor type 'nonsense'"),
        ("-T 0x99", "invalid sensor type '0x99'"),
        ("--utc-offset day", "invalid UTC offset"),
        ("--utc-offset 99999", "invalid UTC offset"),
    ],
)
def test_wrong_values_are_refused(line: str, told: str) -> None:
    said: list[str] = []
    with pytest.raises(Leave):
        wanted(given(*line.split(), told=said))
    assert said == [f"{told}\n"]


def test_values_of_the_configuration_file_count_too() -> None:
    made = given()
    made.values |= {"sensor-types": "fan", "record-ids": "7", "utc-offset": "-60", "utc-to-localtime": ""}
    assert (wanted(made).types, wanted(made).records) == (("fan",), (7,))
    assert (wanted(made).clock.offset, wanted(made).clock.to_local) == (-60, True)


def test_names_of_types_are_one_word() -> None:
    assert on_command_line("Button/Switch") == "Button_Switch"
    assert spelled("Drive Slot", "drive_slot")
    assert not spelled("Drive Slot", "drive")
    assert [number_of(word) for word in ("12", "0x1F", "010", "fan")] == [12, 31, 8, None]
