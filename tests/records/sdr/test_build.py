"""Records of everyday sensors."""

from __future__ import annotations

import pytest

from baseboard.codes import EntityId, EventReadingType, SensorType, SensorUnit
from baseboard.errors import EncodeError
from baseboard.records.fit import fit
from baseboard.records.formula import Formula
from baseboard.records.sdr import Access, EventControl, Sdr
from baseboard.records.sdr.build import discrete_sensor, threshold_sensor
from baseboard.records.thresholds import ThresholdMask, crossing_events

UC, UNC, LC = ThresholdMask.UC, ThresholdMask.UNC, ThresholdMask.LC


def test_a_temperature() -> None:
    record = threshold_sensor(
        record_id=3,
        number=1,
        name="CPU Temp",
        sensor_type=SensorType.TEMPERATURE,
        unit=SensorUnit.DEGREES_C,
        formula=fit(-40, 120, resolution=1),
        thresholds={UC: 90, UNC: 80},
        settable=UNC,
        hysteresis=2,
        nominal=45,
        normal=(10, 70),
        entity_id=EntityId.PROCESSOR,
        entity_instance=2,
        ignore_if_absent=True,
    )
    assert (record.record_id, record.id_string, record.unit) == (3, "CPU Temp", "degrees C")
    assert (record.entity_id, record.entity_instance) == (EntityId.PROCESSOR, 2)
    assert record.thresholds == {UC: 130, UNC: 120}
    assert {one: record.value(x) for one, x in record.thresholds.items()} == {UC: 90, UNC: 80}
    assert (record.readable_thresholds, record.settable_thresholds) == (UC | UNC, UNC)
    assert record.compared_thresholds == UC | UNC
    assert record.assertion_events == record.deassertion_events == crossing_events(UC | UNC)
    assert (record.threshold_access, record.hysteresis_access) == (Access.SETTABLE, Access.SETTABLE)
    assert (record.positive_hysteresis, record.negative_hysteresis) == (2, 2)
    assert record.value(record.nominal_reading) == 45
    assert (record.value(record.normal_minimum), record.value(record.normal_maximum)) == (10, 70)
    assert (record.nominal_given, record.normal_minimum_given, record.normal_maximum_given) == (True,) * 3
    assert (record.sensor_minimum, record.sensor_maximum) == (0, 0xFF)
    assert record.ignore_if_absent
    assert record.init_thresholds
    assert record.event_control == EventControl.PER_EVENT
    assert Sdr.unpack(record.encode()) == record


def test_a_bare_reading() -> None:
    record = threshold_sensor(
        number=1, name="Power", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, unit=SensorUnit.WATTS,
        formula=fit(0, 1000),
    )  # fmt: skip
    assert record.thresholds == {}
    assert (record.threshold_access, record.hysteresis_access) == (Access.NONE, Access.NONE)
    assert record.event_control == EventControl.NO_EVENTS
    assert (record.nominal_given, record.normal_maximum_given, record.normal_minimum_given) == (False,) * 3
    assert (record.init_thresholds, record.init_hysteresis) == (False, False)


def test_limits_that_stay_silent_or_fixed() -> None:
    record = threshold_sensor(
        number=1,
        name="Fan",
        sensor_type=SensorType.FAN,
        unit=SensorUnit.RPM,
        formula=fit(0, 20000),
        thresholds={LC: 800, ThresholdMask.LNC: 1200},
        settable=ThresholdMask(0),
        eventful=LC,
    )
    assert record.threshold_access == Access.READABLE
    assert not record.settable_thresholds
    assert record.assertion_events == crossing_events(LC)
    assert record.compared_thresholds == LC | ThresholdMask.LNC


def test_a_limit_out_of_reach_becomes_the_end_of_the_range() -> None:
    record = threshold_sensor(
        number=1, name="V", sensor_type=SensorType.VOLTAGE, unit=SensorUnit.VOLTS, formula=fit(0, 5),
        thresholds={UC: 50},
    )  # fmt: skip
    assert record.upper_critical == 0xFF


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(EncodeError):
        discrete_sensor(number=1, name="x" * 17, sensor_type=SensorType.BUTTON, states=[0])


def test_a_hysteresis_of_a_formula_without_a_slope_is_refused() -> None:
    with pytest.raises(EncodeError, match="M = 0"):
        threshold_sensor(
            number=1, name="V", sensor_type=SensorType.VOLTAGE, unit=SensorUnit.VOLTS, formula=Formula(m=0),
            hysteresis=1,
        )  # fmt: skip


def test_states() -> None:
    record = discrete_sensor(
        number=9,
        name="PSU 1",
        sensor_type=SensorType.POWER_SUPPLY,
        states=[0, 1, 3],
        eventful=[1, 3],
        entity_id=EntityId.POWER_SUPPLY,
    )
    assert record.states == {0, 1, 3}
    assert (record.assertion_mask, record.deassertion_mask) == (0b1010, 0b1010)
    assert record.event_type == EventReadingType.SENSOR_SPECIFIC
    assert record.event_control == EventControl.PER_EVENT
    assert Sdr.unpack(record.encode()) == record


def test_states_without_events() -> None:
    record = discrete_sensor(
        number=9, name="Redundancy", sensor_type=SensorType.POWER_UNIT, states=range(8), eventful=(),
        event_type=EventReadingType.REDUNDANCY,
    )  # fmt: skip
    assert record.assertion_mask == 0
    assert record.event_control == EventControl.NO_EVENTS
    every = discrete_sensor(number=9, name="Any", sensor_type=SensorType.POWER_UNIT, states=range(8))
    assert every.assertion_mask == every.reading_mask == 0xFF
