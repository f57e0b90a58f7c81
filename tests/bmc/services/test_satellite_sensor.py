"""A satellite's sensor: its reading, its thresholds, and what it reports (§35)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.services.satellite_sensor import SatelliteSensor
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.commands.sensor.sensors import (
    BitsOperation,
    EventEnableAction,
    ReadingOperation,
    SetSensorEventEnable,
    SetSensorHysteresis,
    SetSensorReadingAndEventStatus,
    SetSensorThreshold,
)
from baseboard.errors import CompletionError
from baseboard.records.thresholds import ThresholdMask
from tests.bmc.bridges import SLOT, TEMPERATURE


def temperature() -> tuple[SatelliteSensor, list[PlatformEvent]]:
    reported: list[PlatformEvent] = []
    return SatelliteSensor(0, TEMPERATURE, reported.append), reported


def wrote(sensor: SatelliteSensor, reading: int) -> None:
    sensor.write(
        SetSensorReadingAndEventStatus(
            sensor_number=1, reading_operation=ReadingOperation.WRITE, reading=reading
        )
    )


def raised(sensor: SatelliteSensor, threshold: int) -> None:
    sensor.set_thresholds(
        SetSensorThreshold(
            sensor_number=1, thresholds=ThresholdMask.UPPER_NON_CRITICAL, upper_non_critical=threshold
        )
    )


def test_35_14_the_reading_is_the_blueprints() -> None:
    sensor, reported = temperature()
    reading = sensor.reading()
    assert (reading.reading, reading.states_low, reading.unavailable) == (41, 0, False)
    assert reported == []


def test_35_8_and_35_9_thresholds_are_read_and_set() -> None:
    sensor, _ = temperature()
    assert sensor.thresholds().upper_non_critical == 60
    assert sensor.thresholds().readable == ThresholdMask(0x1A)
    raised(sensor, 80)
    assert (sensor.thresholds().upper_non_critical, sensor.thresholds().upper_critical) == (80, 70)
    with pytest.raises(CompletionError) as caught:
        sensor.set_thresholds(
            SetSensorThreshold(sensor_number=1, thresholds=ThresholdMask.LOWER_NON_CRITICAL)
        )
    assert caught.value.code == 0xCC


def test_35_17_a_reading_beyond_a_threshold_is_reported_and_so_is_its_way_back() -> None:
    sensor, reported = temperature()
    wrote(sensor, 65)
    assert sensor.reading().states_low == ThresholdMask.UPPER_NON_CRITICAL
    (event,) = reported
    assert (event.sensor_type, event.sensor_number, event.event_type, event.deassertion) == (1, 1, 1, False)
    # upper non-critical going high; reading and threshold follow (Table 29-6)
    assert (event.event_data1, event.event_data2, event.event_data3) == (0x57, 65, 60)
    wrote(sensor, 41)
    assert (reported[1].event_data1, reported[1].deassertion) == (0x57, True)


def test_a_threshold_that_comes_down_is_crossed() -> None:
    sensor, reported = temperature()
    raised(sensor, 40)
    assert [event.event_data1 for event in reported] == [0x57]


def test_29_1_what_holds_is_told_anew() -> None:
    sensor, reported = temperature()
    wrote(sensor, 75)
    assert len(reported) == 2
    sensor.rearm()
    assert [event.event_data1 & 0x0F for event in reported] == [7, 9, 7, 9]


def test_a_sensor_with_states_has_no_reading_to_write() -> None:
    reported: list[PlatformEvent] = []
    slot = SatelliteSensor(1, SLOT, reported.append)
    assert slot.reading().states_low == 0b001
    with pytest.raises(CompletionError) as caught:
        slot.thresholds()
    assert caught.value.code == 0xCD
    slot.write(
        SetSensorReadingAndEventStatus(
            sensor_number=2, assertion_operation=BitsOperation.WRITE, reading=0, assertions_low=0b010
        )
    )
    assert slot.reading().states_low == 0b010
    told = [(event.event_data1, event.event_data2, event.deassertion) for event in reported]
    assert told == [(0, 0xFF, True), (1, 0xFF, False)]
    sensor, _ = temperature()
    with pytest.raises(CompletionError) as caught:
        sensor.write(SetSensorReadingAndEventStatus(sensor_number=1))
    assert caught.value.code == 0x80


def enabled(sensor: SatelliteSensor, action: int = 0, *, events: bool = True, scanning: bool = True) -> None:
    """Set the enables of the upper non-critical event."""
    sensor.enable(
        SetSensorEventEnable(
            sensor_number=1, events_enabled=events, scanning_enabled=scanning,
            action=EventEnableAction(action), assertions_low=0x80, assertions_high=0,
            deassertions_low=0x80, deassertions_high=0,
        )
    )  # fmt: skip


def test_35_6_and_35_7_hysteresis() -> None:
    sensor = SatelliteSensor(0, replace(TEMPERATURE, hysteresis=2.0), lambda event: None)
    assert (sensor.hysteresis().positive_going, sensor.hysteresis().negative_going) == (2, 2)
    wrote(sensor, 60)
    wrote(sensor, 59)
    assert sensor.states == 0x80, "it goes back below the threshold less the hysteresis"
    sensor.set_hysteresis(SetSensorHysteresis(sensor_number=1, positive_going=0, negative_going=0))
    assert sensor.states == 0
    slot = SatelliteSensor(0, SLOT, lambda event: None)
    for call in (
        slot.hysteresis,
        lambda: slot.set_hysteresis(SetSensorHysteresis(sensor_number=1, positive_going=1, negative_going=1)),
    ):
        with pytest.raises(CompletionError) as caught:
            call()
        assert caught.value.code == 0xCD


def test_35_5_and_35_16_factors_and_type() -> None:
    sensor, _ = temperature()
    assert (sensor.factors().m, sensor.factors().b, sensor.factors().r_exponent) == (1, 0, 0)
    assert (int(sensor.type().sensor_type), int(sensor.type().event_reading_type)) == (1, 1)
    slot = SatelliteSensor(0, SLOT, lambda event: None)
    assert (int(slot.type().sensor_type), int(slot.type().event_reading_type)) == (0x21, 0x6F)
    with pytest.raises(CompletionError):
        slot.factors()


def test_35_10_and_35_11_events_are_switched() -> None:
    sensor, reported = temperature()
    enabled(sensor, EventEnableAction.DISABLE_SELECTED)
    shown = sensor.enables()
    assert (shown.events_enabled, shown.scanning_enabled, shown.assertions_low) == (True, True, 0x04)
    wrote(sensor, 62)
    assert reported == []
    wrote(sensor, 41)
    enabled(sensor, EventEnableAction.ENABLE_SELECTED)
    wrote(sensor, 62)
    assert [one.event_data1 & 0xF for one in reported] == [7]
    enabled(sensor, events=False)
    wrote(sensor, 41)
    assert len(reported) == 1
    with pytest.raises(CompletionError) as caught:
        enabled(sensor, 3)
    assert caught.value.code == 0xCC


def test_what_is_not_scanned_changes_nothing() -> None:
    sensor, reported = temperature()
    enabled(sensor, scanning=False)
    wrote(sensor, 90)
    assert (reported, sensor.reading().unavailable, sensor.status().unavailable) == ([], True, True)
    enabled(sensor)
    assert len(reported) == 2


def test_35_12_and_35_13_status_and_rearming() -> None:
    sensor, reported = temperature()
    wrote(sensor, 72)
    wrote(sensor, 65)
    status = sensor.status()
    assert (status.assertions_low, status.assertions_high) == (0x80, 0)
    assert (status.deassertions_low, status.deassertions_high) == (0, 0x02)
    reported.clear()
    sensor.rearm(0x0200)
    assert reported == []
    assert sensor.status().deassertions_high == 0
    sensor.rearm()
    assert [one.event_data1 & 0xF for one in reported] == [7]
