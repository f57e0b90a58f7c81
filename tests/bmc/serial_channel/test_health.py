"""How the system is, by its sensors (§14.8)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec, Thresholds
from baseboard.bmc.serial_channel.health import LONG, PARTS, SHORT, Health, power_word, survey
from tests.bmc.harness import Bench
from tests.serial_line import bench

LIMITS = Thresholds(60.0, 50.0, 40.0, 90.0, 100.0, 110.0)


def analog(sensor_type: int) -> SensorSpec:
    return SensorSpec(1, "S", sensor_type=sensor_type, base_unit=1, maximum=200.0, thresholds=LIMITS)


def discrete(sensor_type: int, event_type: int = 0x6F) -> SensorSpec:
    return SensorSpec(1, "S", sensor_type=sensor_type, event_type=event_type, states=0x7FFF, record=2)


def with_(spec: SensorSpec, *, value: float | None = None, states: int | None = None) -> Bench:
    made = bench(sensors=(spec,))
    assert made.backend.sensors is not None
    made.backend.sensors.values["S"] = value
    made.backend.sensors.states["S"] = states
    return made


@pytest.mark.parametrize(
    ("value", "health"),
    [
        (75.0, Health.OK),
        (92.0, Health.NON_CRITICAL),
        (102.0, Health.CRITICAL),
        (112.0, Health.NON_RECOVERABLE),
        (45.0, Health.CRITICAL),
        (None, Health.UNKNOWN),
    ],
)
def test_thresholds_tell_how_bad_it_is(value: float | None, health: Health) -> None:
    found = survey(with_(analog(1), value=value).services)
    assert (found["H"], found["T"]) == (health, health)


@pytest.mark.parametrize(
    ("sensor_type", "part"),
    [(1, "T"), (2, "V"), (3, "PS"), (4, "C"), (8, "PS"), (9, "PS"), (0x0A, "C"), (0x0B, "O")],
)
def test_each_sensor_belongs_to_a_part(sensor_type: int, part: str) -> None:
    found = survey(with_(analog(sensor_type), value=120.0).services)
    assert {short for short, health in found.items() if health is not Health.UNKNOWN} == {"H", part}


@pytest.mark.parametrize(
    ("spec", "states", "part", "health"),
    [
        (discrete(8), 0b1, "PS", Health.OK),
        (discrete(8), 0b11, "PS", Health.UNSPECIFIED_FAULT),
        (discrete(0x0D), 0b10, "D", Health.UNSPECIFIED_FAULT),
        (discrete(5), 0b1, "S", Health.UNSPECIFIED_FAULT),
        (discrete(6), 0, "S", Health.OK),
        (discrete(0x0F), 0b1, "O", Health.OK),
        (discrete(0x0D, 7), 0b100, "D", Health.CRITICAL),
        (discrete(0x0D, 7), 0b1, "D", Health.OK),
        (discrete(0x0D, 3), 0b10, "D", Health.OK),
    ],
)
def test_states_that_are_faults(spec: SensorSpec, states: int, part: str, health: Health) -> None:
    assert survey(with_(spec, states=states).services)[part] is health


def test_the_worst_counts() -> None:
    one = SensorSpec(1, "A", sensor_type=1, base_unit=1, maximum=200.0, thresholds=LIMITS)
    two = SensorSpec(2, "B", sensor_type=4, base_unit=1, maximum=200.0, thresholds=LIMITS)
    made = bench(sensors=(one, two))
    assert made.backend.sensors is not None
    made.backend.sensors.values.update({"A": 75.0, "B": 112.0})
    found = survey(made.services)
    assert (found["T"], found["C"], found["H"]) == (Health.OK, Health.NON_RECOVERABLE, Health.NON_RECOVERABLE)


def test_power() -> None:
    made = with_(discrete(0x22), states=0b1000)
    assert power_word(made.services) == "OFF"
    assert made.backend.power is not None
    made.backend.power.turn_on()
    assert power_word(made.services) == "S3"
    assert made.backend.sensors is not None
    made.backend.sensors.states["S"] = None
    assert power_word(made.services) == "ON"
    plain = bench()
    assert plain.backend.power is not None
    plain.backend.power.turn_on()
    assert power_word(plain.services) == "ON"
    plain.backend.power = None
    assert power_word(plain.services) == "??"


def test_a_server_without_a_sensor_port_is_unknown() -> None:
    made = with_(analog(1), value=75.0)
    made.backend.sensors = None
    assert survey(made.services)["T"] is Health.UNKNOWN


def test_every_state_has_a_short_and_a_long_word() -> None:
    assert set(SHORT) == set(LONG) == set(Health)
    assert [short for short, _ in PARTS] == ["T", "V", "PS", "C", "D", "S", "O"]
