"""Sensor commands: masks that end anywhere, readings and what they stand for."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.commands.sensor.sensors import (
    BitsOperation,
    EventDataOperation,
    EventEnableAction,
    GetSensorEventEnableResponse,
    GetSensorEventStatusResponse,
    GetSensorReadingFactorsResponse,
    GetSensorReadingResponse,
    GetSensorThresholdResponse,
    RearmSensorEvents,
    SetSensorEventEnable,
    SetSensorReadingAndEventStatus,
    SetSensorThreshold,
)
from baseboard.errors import DecodeError, EncodeError
from baseboard.records.thresholds import ThresholdMask


@pytest.mark.parametrize("size", range(2, 7))
@pytest.mark.parametrize("kind", [SetSensorEventEnable, RearmSensorEvents])
def test_masks_may_end_anywhere(kind: Any, size: int) -> None:
    data = bytes.fromhex("0300010A0270")[:size]
    request = kind.decode(data)
    missing = bytes(6 - size)
    assert request.assertions == int.from_bytes((data[2:] + missing)[0:2], "little")
    assert request.deassertions == int.from_bytes((data[2:] + missing)[2:4], "little")
    assert request.encode() == data


@pytest.mark.parametrize("kind", [SetSensorEventEnable, RearmSensorEvents])
@pytest.mark.parametrize("size", [0, 1, 7])
def test_mask_commands_have_two_to_six_bytes(kind: Any, size: int) -> None:
    with pytest.raises(DecodeError):
        kind.decode(bytes(size))


def test_a_mask_byte_needs_those_before_it() -> None:
    with pytest.raises(EncodeError):
        RearmSensorEvents(sensor_number=1, selected=True, deassertions_low=1).encode()


@pytest.mark.parametrize("size", range(1, 6))
def test_enables_may_end_anywhere(size: int) -> None:
    response = GetSensorEventEnableResponse.decode(bytes.fromhex("C0010A0270")[:size])
    assert response.events_enabled
    assert response.scanning_enabled
    assert response.assertions == (0, 0x01, 0x0A01, 0x0A01, 0x0A01)[size - 1]
    assert response.deassertions == (0, 0, 0, 0x02, 0x7002)[size - 1]


def test_an_event_status_has_at_least_two_bytes() -> None:
    assert GetSensorEventStatusResponse.decode(b"\xc0\x80").assertions == 0x80
    with pytest.raises(DecodeError):
        GetSensorEventStatusResponse.decode(b"\xc0")


def test_actions_on_event_enables() -> None:
    request = SetSensorEventEnable.decode(b"\x03\xd0")
    assert request.action is EventEnableAction.ENABLE_SELECTED
    assert (
        SetSensorEventEnable(sensor_number=3, events_enabled=True, scanning_enabled=True).encode()
        == b"\x03\xc0"
    )


def test_re_arming_everything_is_bit_7_clear() -> None:
    assert RearmSensorEvents(sensor_number=3).encode() == b"\x03\x00"
    assert RearmSensorEvents.decode(b"\x03\x80").selected


@pytest.mark.parametrize(
    ("text", "valid"), [("2CC0C0", True), ("2C40", True), ("2C80C0", False), ("2CE0C0", False)]
)
def test_a_reading_counts_if_scanned_and_available(text: str, valid: bool) -> None:
    assert GetSensorReadingResponse.decode(bytes.fromhex(text)).valid == valid


def test_bits_7_and_6_of_the_comparison_are_no_thresholds() -> None:
    response = GetSensorReadingResponse.decode(bytes.fromhex("FFC0D8"))
    assert response.thresholds == ThresholdMask.UPPER_NON_CRITICAL | ThresholdMask.UPPER_CRITICAL
    assert GetSensorReadingResponse.decode(b"\xff\xc0").thresholds == ThresholdMask(0)


def test_the_top_bit_of_discrete_states_is_no_state() -> None:
    assert GetSensorReadingResponse.decode(bytes.fromhex("00C08180")).states == 0x0081
    assert GetSensorReadingResponse.decode(bytes.fromhex("00C08141")).states == 0x4181
    assert GetSensorReadingResponse.decode(b"\x00\xc0").states == 0


def test_thresholds_lie_in_another_order_than_in_the_sdr() -> None:
    request = SetSensorThreshold(
        sensor_number=0x55, thresholds=ThresholdMask.UPPER_NON_RECOVERABLE, upper_non_recoverable=0xAA
    )
    assert request.encode() == bytes.fromhex("55200000000000AA")
    response = GetSensorThresholdResponse.decode(bytes.fromhex("3F010203040506"))
    assert (response.lower_non_critical, response.lower_critical, response.lower_non_recoverable) == (1, 2, 3)
    assert (response.upper_non_critical, response.upper_critical, response.upper_non_recoverable) == (4, 5, 6)


@pytest.mark.parametrize("size", [1, 7, 9])
def test_thresholds_are_set_all_at_once(size: int) -> None:
    with pytest.raises(DecodeError):
        SetSensorThreshold.decode(bytes(size))


def test_factors_are_split_as_in_the_sdr() -> None:
    # The M, B and exponents of a Dell PowerEdge R630's "Inlet Temp": M = 1, B = -128.
    factors = GetSensorReadingFactorsResponse.decode(bytes.fromhex("00010280C23000"))
    assert (factors.m, factors.tolerance, factors.b) == (1, 2, -128)
    assert (factors.accuracy, factors.accuracy_exponent) == (0xC2, 0)
    assert factors.encode() == bytes.fromhex("00010280C23000")


def test_operations_on_a_settable_sensor() -> None:
    request = SetSensorReadingAndEventStatus.decode(bytes.fromhex("036D5501020304050607"))
    assert request.event_data_operation is EventDataOperation.WRITE
    assert request.assertion_operation is BitsOperation.SET
    assert request.deassertion_operation is BitsOperation.CLEAR
    assert (request.reading, request.assertions, request.deassertions) == (0x55, 0x0201, 0x0403)
    assert request.event_data3 == 7


@pytest.mark.parametrize("size", range(2, 11))
def test_unused_bytes_of_a_settable_sensor_may_be_missing(size: int) -> None:
    data = bytes(range(size))
    assert SetSensorReadingAndEventStatus.decode(data).encode() == data


@pytest.mark.parametrize("size", [1, 11])
def test_a_settable_sensor_is_written_with_two_to_ten_bytes(size: int) -> None:
    with pytest.raises(DecodeError):
        SetSensorReadingAndEventStatus.decode(bytes(size))
