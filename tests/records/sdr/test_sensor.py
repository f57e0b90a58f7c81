"""The rows that records of sensors share."""

from __future__ import annotations

from typing import Any

from baseboard.codes import EventReadingType, ModifierUse, RateUnit, SensorType, SensorUnit
from baseboard.records.sdr.compact import CompactSensorRecord
from baseboard.records.sdr.full import FullSensorRecord
from baseboard.records.sdr.sensor import Access, EventControl, SensorKey, threshold_masks
from baseboard.records.thresholds import ThresholdEvents, ThresholdMask, crossing_events
from tests.records.vectors import vector

SOME = ThresholdMask.UC | ThresholdMask.UNC | ThresholdMask.LC | ThresholdMask.LNC


def test_masks_of_a_sensor_with_thresholds() -> None:
    raw, decoded = vector("sdr", "full_a2_vcc12")
    record = FullSensorRecord.decode(raw)
    assert record.has_thresholds
    assert record.readable_thresholds == int(decoded["readable"], 16) == SOME
    assert record.settable_thresholds == int(decoded["settable"], 16)
    assert record.compared_thresholds == SOME
    assert record.assertion_events == int(decoded["assert_mask"], 16) & 0xFFF
    assert record.deassertion_events == crossing_events(SOME)
    assert record.states == frozenset()


def test_masks_of_a_sensor_with_states() -> None:
    raw, _ = vector("sdr", "compact_a4_pres")
    record = CompactSensorRecord.decode(raw)
    assert not record.has_thresholds
    assert record.states == {0, 1}
    assert not record.readable_thresholds
    assert not record.settable_thresholds
    assert not record.compared_thresholds
    assert not record.assertion_events
    assert not record.deassertion_events
    assert record.key == SensorKey(0x82, 0, 0xD3)


def test_masks_are_made_of_thresholds() -> None:
    masks: dict[str, Any] = threshold_masks(SOME, ThresholdMask.UC, crossing_events(SOME), ThresholdEvents(0))
    record = FullSensorRecord(
        sensor_number=1, sensor_type=SensorType.FAN, event_type=EventReadingType.THRESHOLD, **masks
    )
    assert masks == {"assertion_mask": 0x3285, "deassertion_mask": 0x3000, "reading_mask": 0x101B}
    assert (record.readable_thresholds, record.settable_thresholds) == (SOME, ThresholdMask.UC)
    assert record.compared_thresholds == SOME
    assert record.assertion_events == crossing_events(SOME)
    assert not record.deassertion_events


def test_the_unit_in_words() -> None:
    record = CompactSensorRecord(
        sensor_number=1,
        sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR,
        event_type=EventReadingType.STATE,
        base_unit=SensorUnit.AMPS,
        modifier_unit=SensorUnit.KPA,
        modifier_use=ModifierUse.MULTIPLY,
        rate_unit=RateUnit.PER_HOUR,
        percentage=True,
    )
    assert record.unit == "% Amps * kPa per hour"


def test_ways_of_access_have_the_words_of_the_table() -> None:
    assert [way.name for way in Access] == ["NONE", "READABLE", "SETTABLE", "FIXED"]
    assert [way.name for way in EventControl] == ["PER_EVENT", "ENTIRE_SENSOR", "GLOBAL_ONLY", "NO_EVENTS"]
