"""Sensors described."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import Physics, SensorSpec, Thresholds
from baseboard.bmc.makeups import MAKEUPS
from baseboard.codes import EntityId, EventReadingType, Linearization, RateUnit, SensorType, SensorUnit
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

SENSOR = "[[bmc.sensor]]\n"
TEMP = f"{SENSOR}name = 'Temp'\ntype = 'temperature'\n"
STATE = f"{SENSOR}name = 'State'\ntype = 'drive_slot'\nstates = [0, 1, 5]\n"


def sensors(folder: Path, text: str) -> tuple[SensorSpec, ...]:
    return blueprint(folder, ONE + text).sensors


def sensor(folder: Path, text: str) -> SensorSpec:
    (one,) = sensors(folder, text)
    return one


@pytest.mark.parametrize(
    ("text", "unit", "kind", "top"),
    [
        ("type = 'temperature'\nvalue = 40", SensorUnit.DEGREES_C, "temperature", 127.5),
        ("type = 'fan'\nvalue = 5000", SensorUnit.RPM, "fan", 12750),
        ("type = 'voltage'\nvalue = 12", SensorUnit.VOLTS, "voltage", 15.3),
        ("type = 'current'\nvalue = 10", SensorUnit.AMPS, "current", 25.5),
        ("type = 'other_units_based_sensor'\nvalue = 100", SensorUnit.WATTS, "power", 255),
        ("type = 'memory'\nvalue = 10", SensorUnit.UNSPECIFIED, "fixed", 25.5),
        ("type = 'fan'\nvalue = 40\npercentage = true", SensorUnit.UNSPECIFIED, "fan", 102),
        ("type = 'temperature'\nvalue = 90\nunit = 'degrees_f'", SensorUnit.DEGREES_F, "temperature", 229.5),
    ],
)
def test_a_type_has_its_unit_range_and_physics(
    text: str, unit: SensorUnit, kind: str, top: float, tmp_path: Path
) -> None:
    made = sensor(tmp_path, f"{SENSOR}name = 'x'\n{text}\n")
    assert (made.base_unit, made.physics.kind, made.maximum) == (unit, kind, top)
    assert (made.minimum, made.nominal, made.physics.on) == (0, made.physics.on, made.nominal)
    assert made.event_type == EventReadingType.THRESHOLD
    assert made.thresholds == Thresholds()


def test_every_key_of_a_value(tmp_path: Path) -> None:
    made = sensor(
        tmp_path,
        f"""{TEMP}
number = 0x80
lun = 3
entity = "processor"
instance = 4
value = 50
value_off = 20
unit = "degrees_k"
rate = "per_s"
percentage = true
minimum = -10
maximum = 100
signed = true
lower = {{ non_recoverable = -5, critical = -4, non_critical = -3 }}
upper = {{ non_critical = 80, critical = 90, non_recoverable = 95 }}
hysteresis = 3
physics = "power"
settling_s = 4
noise = 0.25
unreadable_off = true
auto_rearm = false
record = "full"
""",
    )
    assert made == SensorSpec(
        0x80, "Temp", SensorType.TEMPERATURE, entity_id=EntityId.PROCESSOR, entity_instance=4, lun=3,
        base_unit=SensorUnit.DEGREES_K, rate_unit=RateUnit.PER_S, percentage=True, minimum=-10, maximum=100,
        nominal=50, signed=True, thresholds=Thresholds(-3, -4, -5, 80, 90, 95), hysteresis=3,
        auto_rearm=False, physics=Physics("power", 50, 20, 4, 0.25, unreadable_off=True),
    )  # fmt: skip


def test_a_sensor_that_is_not_linear(tmp_path: Path) -> None:
    made = sensor(
        tmp_path,
        f"{SENSOR}name = 'Flow'\ntype = 0x0B\nvalue = 80\nlinearization = 'square_root'\nmaximum = 160\n",
    )
    assert made.linearization == Linearization.SQUARE_ROOT


def test_every_key_of_states(tmp_path: Path) -> None:
    made = sensor(
        tmp_path,
        f"""{STATE}reading = "presence"
events = [1, 5]
holds = [0]
holds_off = [0, 5]
record = "event_only"
unreadable_off = true
auto_rearm = false
""",
    )
    assert made == SensorSpec(
        1, "State", SensorType.DRIVE_SLOT, event_type=EventReadingType.PRESENCE, states=0b100011,
        event_states=0b100010, record=3, auto_rearm=False,
        physics=Physics("state", states=1, states_off=0b100001, unreadable_off=True),
    )  # fmt: skip


def test_states_by_a_rule(tmp_path: Path) -> None:
    assert sensor(tmp_path, f"{STATE}rule = 'acpi'\n").physics.rule == "acpi"
    assert sensor(tmp_path, f"{STATE}rule = 'watchdog'\n").physics.rule == "watchdog"


def test_states_by_default(tmp_path: Path) -> None:
    made = sensor(tmp_path, f"{STATE}holds = [1]\n")
    assert (made.event_type, made.record, made.event_states) == (EventReadingType.SENSOR_SPECIFIC, 2, None)
    assert (made.physics.states, made.physics.states_off) == (2, 2)


def test_many_sensors_go_on_to_other_luns(tmp_path: Path) -> None:
    made = sensors(tmp_path, f"{SENSOR}name = 'T{{n:03}}'\ntype = 'temperature'\nvalue = 40\ncount = 700\n")
    assert len({(one.lun, one.number) for one in made}) == len({one.name for one in made}) == 700
    assert [sum(one.lun == lun for one in made) for lun in range(4)] == [254, 254, 0, 192]
    assert all(1 <= one.number <= 254 for one in made)
    assert {one.entity_instance for one in made} == set(range(1, 0x60)), "device-relative from 60h on"
    assert made[0].name == "T001"


def test_sensors_alike_are_numbered_by_their_instance(tmp_path: Path) -> None:
    made = sensors(tmp_path, f"{TEMP}value = 40\ncount = 3\ninstance = 5\nnumber = 16\nlun = 1\n")
    assert [(one.name, one.entity_instance, one.lun, one.number) for one in made] == [
        ("Temp 5", 5, 1, 16),
        ("Temp 6", 6, 1, 17),
        ("Temp 7", 7, 1, 18),
    ]


def test_numbers_that_were_asked_for_are_left_free(tmp_path: Path) -> None:
    made = sensors(
        tmp_path, f"{TEMP}value = 40\ncount = 2\n{STATE}number = 1\n{STATE.replace('State', 'On 1')}lun = 1\n"
    )
    assert {one.name: (one.lun, one.number) for one in made} == {
        "Temp 1": (0, 2),
        "Temp 2": (0, 3),
        "State": (0, 1),
        "On 1": (1, 1),
    }


MAKEUP = "makeup = 'rack'\n"


def test_one_of_the_makeup_is_replaced_where_it_was(tmp_path: Path) -> None:
    rack = {one.name: one for one in sensors(tmp_path, MAKEUP)}
    text = f"{STATE}{SENSOR}name = 'Inlet Temp'\ntype = 'temperature'\nvalue = 30\n"
    made = {one.name: one for one in sensors(tmp_path, MAKEUP + text)}
    assert made.keys() == rack.keys() | {"State"}
    assert made["Inlet Temp"].number == rack["Inlet Temp"].number
    assert made["Inlet Temp"].physics.on == 30
    assert len({(one.lun, one.number) for one in made.values()}) == len(made)


def test_one_of_the_makeup_moves_when_another_wants_its_number(tmp_path: Path) -> None:
    text = f"{SENSOR}name = 'Inlet Temp'\ntype = 'temperature'\nvalue = 30\n{STATE}number = 1\n"
    made = {one.name: one.number for one in sensors(tmp_path, MAKEUP + text)}
    assert made["State"] == 1
    assert made["Inlet Temp"] != 1


def test_without_own_sensors_the_makeups_are_shared(tmp_path: Path) -> None:
    assert sensors(tmp_path, MAKEUP) is MAKEUPS[0].sensors


VALUE = "value = 40\n"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (f"[[bmc.sensor]] {HERE}\nname='x'\ntype='fan'\n", "value", "missing; wanted is value, or states"),
        (f"{TEMP}{VALUE}states = [1] {HERE}\n", "states", "value is there too"),
        (f"{SENSOR}name='x'\ntype='fann' {HERE}\n{VALUE}", "type", "did you mean fan?"),
        (f"{TEMP}{VALUE}entity = 'cpu' {HERE}\n", "entity", "allowed is one of unspecified, other"),
        (f"{TEMP}{VALUE}unit = 'degrees' {HERE}\n", "unit", "did you mean"),
        (f"{TEMP}{VALUE}linearization = 'cubic' {HERE}\n", "linearization", "allowed is one of linear, ln"),
        (f"{TEMP}{VALUE}holds = [0] {HERE}\n", "holds", "makes sense only for a sensor with states"),
        (f"{STATE}unit = 'volts' {HERE}\n", "unit", "makes sense only for a sensor with a value"),
        (
            f"{TEMP}{VALUE}record = 'compact' {HERE}\n",
            "record",
            "found compact; a sensor with a value has a full",
        ),
        (f"{TEMP}value = 128 {HERE}\n", "value", "found 128; allowed is 0 to 127.5"),
        (f"{TEMP}{VALUE}value_off = -1 {HERE}\n", "value_off", "found -1; allowed is 0 to 127.5"),
        (f"{TEMP}{VALUE}upper.critical = 130 {HERE}\n", "upper.critical", "found 130; allowed is 0 to 127.5"),
        (f"{TEMP}{VALUE}lower.critical = -1 {HERE}\n", "lower.critical", "found -1; allowed is"),
        (
            f"{TEMP}{VALUE}upper.non_critical = 60\nupper.critical = 60 {HERE}\n",
            "upper.critical",
            "found 60, and 60 where less is wanted",
        ),
        (
            f"{TEMP}{VALUE}upper.critical = 5 {HERE}\nlower.non_critical = 10\n",
            "upper.critical",
            "found 5, and 10 where less is wanted",
        ),
        (
            f"{TEMP}{VALUE}minimum = 50\nmaximum = 50 {HERE}\n",
            "maximum",
            "found 50 to 50; the minimum has to be",
        ),
        (f"{TEMP}{VALUE}minimum = 200 {HERE}\n", "minimum", "found 200 to 127.5"),
        (
            f"{TEMP}value = 1e12\nminimum = -1e12\nmaximum = 1e12 {HERE}\n",
            "maximum",
            "no sensor can have these values: ",
        ),
        (f"{STATE}holds = [0, 2] {HERE}\n", "holds[1]", "found 2; allowed is one of states: [0, 1, 5]"),
        (f"{STATE}events = [3] {HERE}\n", "events[0]", "found 3"),
        (f"{STATE}reading = 'threshold' {HERE}\n", "reading", "threshold is for sensors with a value"),
        (
            f"{STATE}reading = 'sensor' {HERE}\n",
            "reading",
            "allowed is one of unspecified, threshold, sensor_spec",
        ),
        (f"{STATE}rule = 'acpi'\nholds = [0] {HERE}\n", "holds", "rule is there too"),
        (f"{STATE}rule = 'apci' {HERE}\n", "rule", "(did you mean acpi?); allowed is one of acpi, boot"),
        (f"{TEMP}{VALUE}number = 254 {HERE}\ncount = 2\n", "number", "2 sensors from 254 on go beyond 254"),
        (f"{TEMP}{VALUE}lun = 1\ncount = 255 {HERE}\n", "count", "no number is free any more on LUN 1"),
        (
            f"{SENSOR}name = 'Temp{{n}}'\ntype = 1\n{VALUE}count = 762 {HERE}\n{STATE}number = 1\n",
            "count",
            "no number is free any more on LUNs 0, 1 and 3",
        ),
        (f"{SENSOR}name = 'Temperature 12345' {HERE}\ntype = 1\n{VALUE}", "name", "has 17 characters"),
        (f"{SENSOR}name = '\u4e00' {HERE}\ntype = 1\n{VALUE}", "name", "of Latin-1"),
    ],
)
def test_a_mistake(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, ONE + text, f"bmc[0].sensor[0].{key}", words)


def test_a_name_and_a_number_are_had_once(tmp_path: Path) -> None:
    text = f"{ONE}{TEMP}{VALUE}{SENSOR}name = 'Temp' {HERE}\ntype = 1\n{VALUE}"
    assert_mistake(tmp_path, text, "bmc[0].sensor[1].name", 'another sensor is named "Temp"')
    text = f"{ONE}{TEMP}{VALUE}number = 9\n{STATE}number = 9 {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].sensor[1].number", '9 on LUN 0 is the number of "Temp"')
    text = f"{ONE}{MAKEUP}{STATE}number = 2 {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].sensor[0].number", '2 on LUN 0 is the number of "Exhaust Temp"')


def test_what_is_unreadable_while_off_needs_no_value_then(tmp_path: Path) -> None:
    assert sensor(tmp_path, f"{TEMP}{VALUE}value_off = -50\nunreadable_off = true\n").physics.off == -50


def test_a_rail_below_zero(tmp_path: Path) -> None:
    made = sensor(tmp_path, f"{SENSOR}name = '-12V'\ntype = 'voltage'\nvalue = -12\nlower.critical = -13\n")
    assert (made.minimum, made.maximum) == (-15.3, 0)
    made = sensor(tmp_path, f"{SENSOR}name = 'Sink'\ntype = 'current'\nvalue = -4\n")
    assert (made.minimum, made.maximum) == (-10.2, 0)
