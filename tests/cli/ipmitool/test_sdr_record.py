"""Records of any length, and names of any bytes."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.sdr_record import parse
from baseboard.records.sdr import EventOnlyRecord, FullSensorRecord
from tests.cli.ipmitool.shelf import compact, event_only, full, record


def test_types_without_a_use_are_passed_over() -> None:
    assert parse(1, record(0xC0, b"abcdef")) is None
    assert parse(1, record(0x13, bytes(27))) is None
    assert parse(1, b"\x01\x00\x51\x01") is None


@pytest.mark.parametrize("length", range(5, 60, 6))
def test_missing_bytes_are_zero(length: int) -> None:
    whole = full(0x12, b"Temperature")
    entry = parse(7, whole[:length])
    assert entry is not None
    assert entry.record_id == 7
    assert isinstance(entry.record, FullSensorRecord)
    assert entry.record.sensor_number == (0x12 if length > 7 else 0)
    assert entry.whole_name == whole[48:length]


@pytest.mark.parametrize(
    ("name", "code", "sensor", "device", "whole"),
    [
        (b"CPU", 0xC3, b"CPU", b"CPU", b"CPU"),
        (b"CPU1 Temp", 0xC3, b"CPU", b"CPU1", b"CPU1 Temp"),
        (b"AB\0CD", 0xC5, b"AB", b"AB", b"AB"),
        (b"A" * 20, 0xDF, b"A" * 16, b"A" * 16, b"A" * 20),
        (b"unused", 0x00, b"", b"", b"unused"),
    ],
)
def test_a_name_is_as_long_as_its_use(
    name: bytes, code: int, sensor: bytes, device: bytes, whole: bytes
) -> None:
    entry = parse(1, compact(1, name, code=code))
    assert entry is not None
    assert (entry.sensor_name, entry.device_name, entry.whole_name) == (sensor, device, whole)


def test_a_name_means_its_record_alone() -> None:
    entry = parse(1, event_only(3, b"Fan 1"))
    assert entry is not None
    assert isinstance(entry.record, EventOnlyRecord)
    assert entry.named(b"Fan 1")
    assert not entry.named(b"Fan")
    assert not entry.named(b"Fan 10")
    association = parse(2, record(8, bytes(11)))
    assert association is not None
    assert not association.named(b"")


def test_controllers_share_a_record_that_stays_as_it_is() -> None:
    raw = compact(1, b"CPU")
    assert parse(1, raw) is parse(1, raw)
    other = parse(2, raw)
    assert other is not None
    assert other.record_id == 2
