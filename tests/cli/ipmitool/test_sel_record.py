"""Entries from controllers and from files."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.sel_record import LogEntry
from tests.cli.ipmitool.shelf import event, oem


def test_an_event() -> None:
    entry = LogEntry.received(event(0x1234, generator=0x0481, event_type=0x81, sensor=7, data=(0x5B, 2, 3)))
    assert (entry.record_id, entry.kind, entry.standard, entry.generator) == (0x1234, 2, True, 0x0481)
    assert (entry.event_type, entry.deasserted, entry.offset, entry.sensor_number) == (1, True, 11, 7)
    assert entry.data == b"\x5b\x02\x03"


def test_a_short_one_is_filled_up() -> None:
    assert LogEntry.received(b"\x01\x00\x02").raw == b"\x01\x00\x02" + bytes(13)


@pytest.mark.parametrize(
    ("kind", "stored"), [(0x02, "112233"), (0xC0, "332211"), (0xDF, "332211"), (0xE0, "112233")]
)
def test_a_file_has_a_makers_number_the_other_way_round(kind: int, stored: str) -> None:
    entry = LogEntry.received(oem(1, kind, bytes.fromhex("00d0006a 112233 414243444546")))
    assert entry.store()[7:10].hex() == stored
    assert LogEntry.stored(entry.store()) == entry
    assert entry.maker == "332211"


def test_a_makers_own_bytes() -> None:
    rest = bytes(range(0x20, 0x2D))
    assert LogEntry.received(oem(1, 0xC0, rest)).own == rest[7:]
    assert LogEntry.received(oem(1, 0xE0, rest)).own == rest
