"""The kinds of sensors that the make-ups are made of."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import Thresholds
from baseboard.bmc.makeups import shapes
from baseboard.codes import EntityId, SensorType, SensorUnit


def test_states() -> None:
    assert shapes.states() == 0
    assert shapes.states(0, 3, 14) == 0x4009


def test_thresholds() -> None:
    assert shapes.upper(1, 2, 3) == Thresholds(
        upper_non_critical=1, upper_critical=2, upper_non_recoverable=3
    )
    assert shapes.lower(3, 2) == Thresholds(lower_non_critical=3, lower_critical=2)
    assert shapes.around(-12.0, 0.05, 0.1) == Thresholds(
        lower_non_critical=-12.6, lower_critical=-13.2, upper_non_critical=-11.4, upper_critical=-10.8
    )


def test_a_temperature_is_unsigned_in_half_degrees_or_signed_in_whole_ones() -> None:
    plain = shapes.temperature(1, "A", EntityId.PROCESSOR, 2, 50.4, shapes.upper(80, 90))
    assert (plain.minimum, plain.maximum, plain.signed, plain.nominal) == (0.0, 127.5, False, 50)
    assert (plain.entity_id, plain.entity_instance) == (EntityId.PROCESSOR, 2)
    signed = shapes.temperature(1, "A", EntityId.PROCESSOR, 1, 50, shapes.upper(80, 90), signed=True)
    assert (signed.minimum, signed.maximum, signed.signed) == (-128.0, 127.0, True)


@pytest.mark.parametrize(("volts", "minimum", "maximum"), [(12.0, 0.0, 15.3), (-12.0, -15.3, 0.0)])
def test_a_rail_reaches_from_nothing_to_beyond_its_value(
    volts: float, minimum: float, maximum: float
) -> None:
    rail = shapes.voltage(1, "V", volts)
    assert (rail.minimum, rail.maximum, rail.base_unit) == (minimum, maximum, SensorUnit.VOLTS)
    assert rail.physics.unreadable_off
    standby = shapes.voltage(1, "V", volts, standby=True).physics
    assert (standby.on, standby.off, standby.unreadable_off) == (volts, volts, False)


def test_what_is_drawn() -> None:
    power = shapes.watts(1, "P", EntityId.POWER_SUPPLY, 1, 100, 5, 500)
    current = shapes.amperes(2, "I", EntityId.POWER_SUPPLY, 1, 0.5, 0.1, 5, shapes.upper(4, 4.5))
    assert (power.base_unit, power.physics.off, power.thresholds) == (SensorUnit.WATTS, 5, Thresholds())
    assert (current.base_unit, current.thresholds.upper_critical) == (SensorUnit.AMPS, 4.5)


def test_a_fan_is_there_only_while_the_system_is_on() -> None:
    fan = shapes.fan(1, "F", 3, 5000, shapes.lower(900, 600), 12750)
    assert (fan.physics.unreadable_off, fan.entity_instance, fan.hysteresis) == (True, 3, 150)


def test_states_of_a_discrete_sensor() -> None:
    same = shapes.discrete(1, "D", SensorType.MEMORY, 3, holds=1)
    assert (same.physics.states, same.physics.states_off, same.record) == (1, 1, 2)
    other = shapes.discrete(1, "D", SensorType.MEMORY, 3, holds=1, holds_off=2, events=1, record=3)
    assert (other.physics.states_off, other.event_states, other.record) == (2, 1, 3)
