"""States in words; tests/golden compares every one of them with FreeIPMI's."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.sensor_events import Kind, events, kind_of, reached


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0x00, Kind.UNKNOWN),
        (0x01, Kind.THRESHOLD),
        (0x02, Kind.GENERIC),
        (0x0C, Kind.GENERIC),
        (0x0D, Kind.UNKNOWN),
        (0x6F, Kind.SPECIFIC),
        (0x70, Kind.OEM),
        (0x80, Kind.UNKNOWN),
    ],
)
def test_kinds(code: int, kind: Kind) -> None:
    assert kind_of(code) is kind


def test_the_worst_threshold_is_told() -> None:
    assert reached(0xC0) == []
    assert reached(0x09) == ["At or Above (>=) Upper Non-Critical Threshold"]
    assert reached(0x18) == ["At or Above (>=) Upper Critical Threshold"]


@pytest.mark.parametrize(
    ("code", "sensor", "bits", "texts"),
    [
        (0x0B, 0x04, 0x0001, ["Fully Redundant"]),
        (0x6F, 0x25, 0x0003, ["Entity Present", "Entity Absent"]),
        (0x6F, 0x25, 0x8000, []),
        (0x6F, 0x25, 0x0010, ["Unrecognized Event = 0010h"]),
        (0x6F, 0x01, 0x0001, ["Unrecognized Event = 0001h"]),
        (0x6F, 0xC1, 0x0003, ["OEM Event = 0003h"]),
        (0x6F, 0xC1, 0x0000, []),
        (0x72, 0x01, 0x0000, ["OEM Event = 0000h"]),
        (0x01, 0x01, 0x0001, ["Lower Non-critical - going low"]),
    ],
)
def test_states_are_told_one_by_one(code: int, sensor: int, bits: int, texts: list[str]) -> None:
    assert events(code, sensor, bits, short=True) == texts


def test_long_texts_and_what_no_table_knows() -> None:
    assert events(0x0B, 4, 1, short=False) == ['Fully Redundant (formerly "Redundancy Regained")']
    assert events(0x6F, 0x25, 0x0011, short=True, ignore_unrecognized=True) == ["Entity Present"]


def test_a_chip_sets_thermal_trip_is_told() -> None:
    """FreeIPMI's table of short texts ends before it, so there it is unrecognized, or even ``OK``."""
    assert events(0x6F, 0x19, 0x0002, short=True) == ["Thermal Trip"]
