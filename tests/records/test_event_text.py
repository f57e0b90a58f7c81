"""Events in words."""

from __future__ import annotations

import pytest

from baseboard.codes import EventDirection, EventReadingType, SensorType
from baseboard.records.event_text import event_text, is_worse
from baseboard.records.events import DataUse, EventData
from tests.records.vectors import vector

UP, DOWN = EventDirection.ASSERTION, EventDirection.DEASSERTION
SPECIFIC, THRESHOLD = EventReadingType.SENSOR_SPECIFIC, EventReadingType.THRESHOLD


@pytest.mark.parametrize(
    ("sensor_type", "event_type", "direction", "data", "text"),
    [
        (0x01, THRESHOLD, UP, "57605A", "Upper Non-critical - going high; reading 60h; threshold 5Ah"),
        (0x01, THRESHOLD, DOWN, "07FFFF", "Upper Non-critical - going high (deasserted)"),
        (0x01, THRESHOLD, UP, "A7605A", "Upper Non-critical - going high; OEM data 2 60h; OEM data 3 5Ah"),
        (0x09, 0x0B, UP, "03FFFF", "Non-redundant: Sufficient Resources from Redundant"),
        (0x0D, 0x07, UP, "4302FF", "transition to Non-recoverable from less severe; "
         "was transition to Critical from less severe; severity transition to OK"),
        (0x0D, 0x07, UP, "43FFFF", "transition to Non-recoverable from less severe"),
        (0xC0, 0x70, UP, "4E1DFF", "OEM offset 14; was offset 13; "
         "severity transition to Non-Critical from OK"),
        (0xC0, 0x70, UP, "4E9DFF", "OEM offset 14; was offset 13; severity offset 9"),
        (0x13, SPECIFIC, UP, "00FFFF", "Front Panel NMI / Diagnostic Interrupt"),
        (0x13, SPECIFIC, UP, "F01122", "Front Panel NMI / Diagnostic Interrupt; data 2 11h; data 3 22h"),
        (0x13, SPECIFIC, UP, "FF1122", "discrete (sensor-specific offsets) offset 15; "
         "data 2 11h; data 3 22h"),
        (0x2A, SPECIFIC, UP, "F10321", "Session Deactivated; user ID: 3; deactivation cause: timeout; "
         "channel number: 1"),
        (0x01, 0x30, UP, "01FFFF", "event type 30h offset 1"),
    ],
)  # fmt: skip
def test_events(sensor_type: int, event_type: int, direction: int, data: str, text: str) -> None:
    assert str(event_text(sensor_type, event_type, direction, EventData.decode(bytes.fromhex(data)))) == text


def test_the_watchdog_says_what_it_was_used_for() -> None:
    raw, _ = vector("events", "wd_expiry")
    text = event_text(raw[0], raw[2] & 0x7F, raw[2] >> 7, EventData.decode(raw[3:]))
    assert text.event == "Hard Reset"
    assert text.asserted
    assert text.details == ("interrupt type: none", "timer use: SMS/OS")


def test_readings_are_said_by_who_knows_the_formula() -> None:
    data = EventData.of_threshold(9, reading=90, threshold=85)
    text = event_text(SensorType.TEMPERATURE, THRESHOLD, UP, data, "{} degrees C".format)
    assert text.details == ("reading 90 degrees C", "threshold 85 degrees C")


@pytest.mark.parametrize(
    ("event_type", "direction", "offset", "worse"),
    [
        (THRESHOLD, UP, 9, True),
        (THRESHOLD, UP, 2, True),
        (THRESHOLD, UP, 8, False),
        (THRESHOLD, UP, 3, False),
        (THRESHOLD, DOWN, 9, False),
        (SPECIFIC, UP, 9, None),
    ],
)
def test_bad_news(event_type: int, direction: int, offset: int, worse: bool | None) -> None:
    assert is_worse(event_type, direction, offset) is worse


def test_uses_of_event_data_have_names() -> None:
    assert [use.name for use in DataUse] == ["UNSPECIFIED", "TRIGGER", "OEM", "SENSOR_SPECIFIC"]
