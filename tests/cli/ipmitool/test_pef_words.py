"""The words of platform event filtering."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.pef_words import (
    ACTIONS,
    SENSOR_TYPES,
    SEVERITIES,
    every,
    first,
    kind_of_event,
    one,
    triggers,
)


def test_numbers_and_bits_have_words_or_none() -> None:
    assert one(1, SENSOR_TYPES) == "Temperature"
    assert one(0x29, SENSOR_TYPES) == "Battery"
    assert one(0xFF, SENSOR_TYPES) == "Any"
    assert one(0xC0, SENSOR_TYPES) == "None"
    assert every(0x21, ACTIONS) == "Alert,Diagnostic-interrupt"
    assert every(0, ACTIONS) == "None"
    assert first(0x18, SEVERITIES) == "Critical"
    assert first(0, SEVERITIES) == "None"


@pytest.mark.parametrize(
    ("kind", "mask", "text"),
    [
        (1, 0x0201, "(0x01/0x0201),<LNC,<UC"),
        (3, 0x0003, "(0x03/0x0003),state deasserted,state asserted"),
        (3, 0x0004, "(0x03/0x0004),None"),
        (13, 0x0001, "(0x0d/0x0001), Unrecognized event trigger"),
        (1, 0xFFFF, "Any"),
        (0xFF, 1, "Any"),
        (0, 1, "Unspecified"),
        (0x6F, 1, "Sensor-specific"),
        (0x70, 1, "OEM"),
    ],
)
def test_the_events_of_a_filter(kind: int, mask: int, text: str) -> None:
    assert triggers(kind, mask) == text


@pytest.mark.parametrize(
    ("kind", "word"), [(1, "Threshold"), (3, "Discrete"), (0x6F, "Discrete"), (0x70, "OEM")]
)
def test_the_class_of_an_event(kind: int, word: str) -> None:
    assert kind_of_event(kind) == word
