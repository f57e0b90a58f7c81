"""What the event data columns of the sensor type table say."""

from __future__ import annotations

import pytest

from baseboard.codes.meaning import specific_offsets
from baseboard.records.data_text import data_text, parts

SPECIFIC = specific_offsets()
COLUMNS = sorted({text for rows in SPECIFIC.values() for row in rows.values() for text in row[1:] if text})


def column(sensor_type: int, offset: int, byte: int) -> str:
    row = SPECIFIC[sensor_type][offset]
    return row.data2 if byte == 2 else row.data3


@pytest.mark.parametrize(
    ("sensor_type", "offset", "byte", "raw", "text"),
    [
        (0x05, 4, 2, 3, ["network controller number: 3"]),
        (0x08, 6, 3, 0x04, ["error type: voltage rating mismatch"]),
        (0x08, 6, 3, 0x0A, ["error type: 10"]),
        (0x0C, 0, 3, 7, ["memory module/device identification relative to entity: 7"]),
        (0x0F, 0, 2, 0x0A, ["No video device detected"]),
        (0x0F, 2, 2, 0x13, ["Starting operating system boot process"]),
        (0x10, 1, 3, 0x35, ["all events of type disabled", "assertion", "event offset: 5"]),
        (0x10, 1, 3, 0x02, ["deassertion", "event offset: 2"]),
        (0x12, 3, 2, 0x31, ["action: log cleared", "log type: OEM 1"]),
        (0x12, 4, 2, 0x05, ["reset", "alert"]),
        (0x12, 5, 2, 0x80, ["second of pair", "SEL clock updated"]),
        (0x19, 0, 2, 0x00, ["requested power state: S0 / G0 working"]),
        (0x1D, 7, 2, 0x03, ["restart cause: power-up via power pushbutton"]),
        (0x21, 2, 2, 0x09, ["slot/connector type: PCI Express"]),
        (0x23, 1, 2, 0x04, ["interrupt type: none", "timer use: SMS/OS"]),
        (0x28, 5, 2, 0x89, ["logical FRU device", "LUN: 1", "private bus ID: 1"]),
        (0x28, 5, 2, 0x02, ["LUN: 0", "private bus ID: 2"]),
        (0x2A, 0, 2, 0x00, ["user ID: unspecified"]),
        (0x2A, 0, 2, 0x03, ["user ID: 3"]),
        (0x2A, 1, 3, 0x21, ["deactivation cause: timeout", "channel number: 1"]),
        (0x2B, 1, 2, 0x02, ["version change type: management controller firmware revision"]),
        (0x2C, 4, 2, 0x53, ["cause of state change: Communication Lost", "previous state offset: 3"]),
    ],
)
def test_columns(sensor_type: int, offset: int, byte: int, raw: int, text: list[str]) -> None:
    assert data_text(column(sensor_type, offset, byte), raw) == text


@pytest.mark.parametrize("text", COLUMNS)
def test_every_column_is_understood(text: str) -> None:
    found = parts(text)
    assert all(part.label or part.values for part in found)
    assert not any("[" in part.label and "]" in part.label for part in found if part.label.startswith("["))
    taken = [bit for part in found for bit in range(part.low, part.high + 1)]
    assert len(taken) == len(set(taken))
    for raw in range(256):
        assert all("event_data_codes" not in phrase for phrase in data_text(text, raw))
