"""`SelEntry`: records in words, by the tables, and by the SDR where there is one."""

from __future__ import annotations

import pytest

from baseboard.client.sel_entry import Clock, SensorNames, describe, generator_text
from baseboard.codes import EventReadingType, SensorType, SensorUnit
from baseboard.records.sdr import CompactSensorRecord, EventOnlyRecord, FullSensorRecord

FAN = FullSensorRecord(
    sensor_number=0x30,
    sensor_type=SensorType.FAN,
    event_type=EventReadingType.THRESHOLD,
    base_unit=SensorUnit.RPM,
    m=100,
    id_string="Fan 1",
)
DRIVES = CompactSensorRecord(
    sensor_number=0x40,
    sensor_type=SensorType.DRIVE_SLOT,
    event_type=EventReadingType.SENSOR_SPECIFIC,
    share_count=3,
    modifier_offset=1,
    id_string="Drive ",
)
LOG = EventOnlyRecord(
    sensor_number=0x50,
    sensor_type=SensorType(0x10),
    event_type=EventReadingType.SENSOR_SPECIFIC,
    id_string="Event log",
)


class Kept:
    """As `bmc.sdr` gives a record."""

    def __init__(self, record: object) -> None:
        self.record = record


NAMES = SensorNames([FAN, Kept(DRIVES), LOG, "no record at all"])


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_threshold_event_in_units() -> None:
    entry = describe(raw("0100 02 90B3C667 2000 04 04 30 01 52 05 0A"), names=NAMES)
    assert (entry.record_id, entry.sensor, entry.sensor_type, entry.generator) == (1, "Fan 1", "Fan", "BMC")
    assert entry.event == "Lower Critical - going low"
    assert (entry.reading, entry.threshold, entry.unit) == (500.0, 1000.0, "RPM")
    assert entry.details == ("reading 500 RPM", "threshold 1000 RPM")
    assert entry.clock is Clock.SET
    assert entry.time_text == "2025-03-04 08:02:24"
    assert entry.asserted is True
    assert entry.bad is True


@pytest.mark.parametrize("generator", ["20", "41", "40", "21", "10"])
def test_the_bmc_under_every_name_it_gives_itself(generator: str) -> None:
    """Q-SELGEN: the address shifted the wrong way, or with the bit of software."""
    assert (
        describe(raw(f"0100 02 90B3C667 {generator}00 04 04 30 01 52 05 0A"), names=NAMES).sensor == "Fan 1"
    )


def test_sensors_that_share_a_record_and_those_without_readings() -> None:
    assert describe(raw("0100 02 90B3C667 2000 04 0D 42 6F 00 FF FF"), names=NAMES).sensor == "Drive 3"
    assert describe(raw("0100 02 90B3C667 2000 04 10 50 6F 02 FF FF"), names=NAMES).sensor == "Event log"


def test_a_sensor_that_no_sdr_knows_is_a_number() -> None:
    """Q-SELNOSDR."""
    entry = describe(raw("4D15 02 90B3C667 4100 04 09 01 0B 03 FF FF"))
    assert entry.sensor == "#01h"
    assert entry.sensor_type == "Power Unit"
    assert entry.event.startswith("Non-redundant")
    assert (entry.reading, entry.unit, entry.bad) == (None, "", None)
    assert entry.generator == "System Management Software"
    assert describe(raw("0100 02 90B3C667 2000 04 C5 30 81 52 05 0A")).asserted is False


@pytest.mark.parametrize(
    ("stamp", "clock", "text"),
    [
        ("FFFFFFFF", Clock.UNKNOWN, "unknown"),
        ("0C000000", Clock.SINCE_START, "pre-init 12 s"),
        ("00000000", Clock.SINCE_START, "pre-init 0 s"),
        ("FEFFFFFF", Clock.SET, "2106-02-07 06:28:14"),
    ],
)
def test_times_that_are_none(stamp: str, clock: Clock, text: str) -> None:
    """Q-SELTIME."""
    entry = describe(raw(f"0100 02 {stamp} 2000 04 04 30 01 52 05 0A"))
    assert (entry.clock, entry.time_text) == (clock, text)
    assert (entry.time is None) == (clock is not Clock.SET)


def test_a_makers_own_records() -> None:
    dated = describe(raw("0200 C1 90B3C667 A20200 010203040506"))
    assert (dated.manufacturer_id, dated.data) == (674, bytes(range(1, 7)))
    assert dated.event.startswith("Dell Inc. (674) 01 02")
    assert dated.asserted is None
    bare = describe(raw("0300 E5 000102030405060708090A0B0C"))
    assert (bare.clock, bare.time_text, bare.data) == (Clock.NONE, "", bytes(range(13)))


def test_a_reserved_type_is_an_event_only_by_consent() -> None:
    """Q-SELTYPE."""
    line = raw("0400 15 90B3C667 2000 04 04 30 01 52 05 0A")
    assert describe(line, names=NAMES).event.startswith("record type 15h")
    assert describe(line, names=NAMES, all_events=True).sensor == "Fan 1"


def test_bytes_that_are_missing_and_an_id_that_cannot_be() -> None:
    short = describe(raw("FFFF 02 90B3C667 2000 04 04 30 01"), record_id=7)
    assert short.record_id == 7
    assert len(short.raw) == 16


@pytest.mark.parametrize(
    ("generator", "text"),
    [(0x20, "BMC"), (0x2C, "controller 2Ch"), (0x01, "BIOS"), (0xFF, "software FFh")],
)
def test_who_sent_it(generator: int, text: str) -> None:
    assert generator_text(generator).startswith(text)
