"""`SelEntry`: a record of the event log in words, with the name of its sensor and values in its unit."""

from __future__ import annotations

import enum
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from baseboard.codes import EventDirection, EventReadingType, Manufacturer, SensorType, software_text
from baseboard.records.event_text import is_worse
from baseboard.records.events import DataUse
from baseboard.records.sel import (
    SIZE,
    OemNotTimestamped,
    OemTimestamped,
    ReservedSelRecord,
    SelRecord,
    SystemEvent,
)
from baseboard.records.timestamps import LAST_SINCE_START, UNSPECIFIED, to_datetime

if TYPE_CHECKING:
    from baseboard.records.sdr import FullSensorRecord

BMC_GENERATORS: Final = frozenset({0x10, 0x20, 0x21, 0x40, 0x41})
"""Generator IDs that mean the BMC: 20h, and what firmware makes of it by shifting or setting bit 0."""

_A_DAY: Final = 86400

Key: TypeAlias = "tuple[int, int, int]"


class Clock(enum.Enum):
    """What a timestamp counts (§37)."""

    SET = "date and time"
    SINCE_START = "seconds since the log started; its clock was not set"
    UNKNOWN = "unspecified"
    NONE = "records of this type have no time"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelEntry:
    """A record of the event log.

    Attributes:
        record_id: its ID.
        raw: its 16 bytes.
        record: the same, field by field.
        clock: what ``timestamp`` counts.
        timestamp: as it stands in the record; None if it has none.
        future: that is more than a day after the time here, so that one of the two clocks is wrong.
        time: date and time, None unless a clock was set.
        generator: who sent the event, in words; empty for a maker's own record.
        sensor: name of the sensor in the SDR; else its number, such as ``#30h``; empty for a maker's record.
        sensor_type: of the sensor, in words.
        sensor_number: 0-255, None for a maker's own record.
        event: what happened.
        details: what the event data bytes add.
        direction: whether the state began or ended; None for a maker's own record.
        reading: of a threshold sensor when it happened, None where not told.
        threshold: that was crossed, None where not told.
        unit: of both.
        bad: whether a threshold was crossed to the worse; None for other events.
        manufacturer_id: of a maker's own record.
        data: bytes of a maker's own record.
    """

    record_id: int
    raw: bytes
    record: SelRecord
    clock: Clock
    future: bool = False
    timestamp: int | None = None
    time: datetime | None = None
    generator: str = ""
    sensor: str = ""
    sensor_type: str = ""
    sensor_number: int | None = None
    event: str = ""
    details: tuple[str, ...] = ()
    direction: EventDirection | None = None
    reading: float | None = None
    threshold: float | None = None
    unit: str = ""
    bad: bool | None = None
    manufacturer_id: int | None = None
    data: bytes = b""

    @property
    def time_text(self) -> str:
        """The time in words: a date, ``pre-init 12 s``, ``unknown``, or nothing."""
        match self.clock:
            case Clock.SET:
                return f"{self.time:%Y-%m-%d %H:%M:%S}"
            case Clock.SINCE_START:
                return f"pre-init {self.timestamp} s"
            case Clock.UNKNOWN:
                return "unknown"
            case Clock.NONE:
                return ""

    @property
    def asserted(self) -> bool | None:
        """Whether the state began; None for a maker's own record."""
        return None if self.direction is None else self.direction == EventDirection.ASSERTION


class SensorNames:
    """The sensors of a system, to be found by what an event says of its sender.

    Args:
        records: Sensor Data Records of any type, or what `bmc.sdr` gives; only those of sensors count.
    """

    def __init__(self, records: Iterable[object] = ()) -> None:
        from baseboard.records.sdr import (
            CompactSensorRecord,
            EventOnlyRecord,
            FullSensorRecord,
            SensorRecord,
        )

        self._names: dict[Key, str] = {}
        self._full: dict[Key, FullSensorRecord] = {}
        for given in records:
            record: object = getattr(given, "record", given)
            if not isinstance(record, SensorRecord):
                continue
            owner, lun = record.owner_id, record.owner_lun
            if isinstance(record, CompactSensorRecord | EventOnlyRecord):
                for shared in record.sensors():
                    self._names.setdefault((owner, lun, shared.number), shared.name)
            elif isinstance(record, FullSensorRecord):
                self._names.setdefault((owner, lun, record.sensor_number), str(record.id_string))
                self._full.setdefault((owner, lun, record.sensor_number), record)

    def find(self, event: SystemEvent) -> tuple[str, FullSensorRecord | None]:
        """Give the sensor's name, and its full record where it has one; empty and None if it is unknown."""
        key = (event.generator_id, event.generator_lun, event.sensor_number)
        if key not in self._names and event.generator_id in BMC_GENERATORS:
            key = (0x20, event.generator_lun, event.sensor_number)
        return self._names.get(key, ""), self._full.get(key)


def describe(
    raw: bytes,
    record_id: int = 0,
    names: SensorNames | None = None,
    *,
    all_events: bool = False,
    maker: int | None = None,
) -> SelEntry:
    """Put a record into words.

    Args:
        raw: its 16 bytes; fewer are filled up with FFh.
        record_id: under which it was read; what the record says itself goes first.
        names: the sensors of the system.
        all_events: take reserved record types for events (quirk Q-SELTYPE).
        maker: manufacturer ID of the controller, for what its events have of its own (Q-SELOEM).
    """
    raw = raw[:SIZE].ljust(SIZE, b"\xff")
    record = SelRecord.unpack(raw)
    assert isinstance(record, SelRecord)  # every one of the 256 types has a class
    if all_events and isinstance(record, ReservedSelRecord):
        record = SystemEvent.decode(raw[:2] + b"\x02" + raw[3:])
    own = record.record_id
    entry = SelEntry(
        record_id=own if 0 < own < 0xFFFF else record_id,
        raw=raw,
        record=record,
        clock=Clock.NONE,
        event=f"record type {record.record_type:02X}h",
    )
    if isinstance(record, SystemEvent | OemTimestamped | ReservedSelRecord):
        entry = _dated(entry, record.timestamp)
    match record:
        case SystemEvent():
            return _with_maker(_event(entry, record, names or SensorNames()), record, maker)
        case OemTimestamped():
            company = Manufacturer(record.manufacturer_id).text or "manufacturer"
            return replace(
                entry,
                manufacturer_id=record.manufacturer_id,
                data=record.data,
                event=f"{company} ({record.manufacturer_id}) {record.data.hex(' ').upper()}",
            )
        case OemNotTimestamped() | ReservedSelRecord():
            text = f"{entry.event} {record.data.hex(' ').upper()}"
            return replace(entry, data=record.data, event=text)
        case _:
            return entry


def _with_maker(entry: SelEntry, record: SystemEvent, maker: int | None) -> SelEntry:
    if maker is None:
        return entry
    from baseboard.client.sel_oem import maker_words

    words = maker_words(maker, record)
    return replace(entry, details=(*entry.details, *words)) if words else entry


def _dated(entry: SelEntry, timestamp: int) -> SelEntry:
    clock = Clock.SET
    if timestamp == UNSPECIFIED:
        clock = Clock.UNKNOWN
    elif timestamp <= LAST_SINCE_START:
        clock = Clock.SINCE_START
    # QUIRK many: times of years to come, from a clock that nobody set (Q-SELTIME).
    future = clock is Clock.SET and timestamp > time.time() + _A_DAY
    return replace(entry, clock=clock, future=future, timestamp=timestamp, time=to_datetime(timestamp))


def _event(entry: SelEntry, record: SystemEvent, names: SensorNames) -> SelEntry:
    name, full = names.find(record)
    words = record.text() if full is None else record.text(full.value_text)
    data, threshold_type = record.event_data, record.event_type == EventReadingType.THRESHOLD
    reading = threshold = None
    if full is not None and threshold_type:
        # QUIRK Q-SELDIR: Dell C410x says "going high" for both directions; the two numbers tell the truth.
        reading = full.value(data.data_2) if data.use_2 == DataUse.TRIGGER else None
        threshold = full.value(data.data_3) if data.use_3 == DataUse.TRIGGER else None
    return replace(
        entry,
        generator=generator_text(record.generator_id),
        sensor=name or f"#{record.sensor_number:02X}h",
        sensor_type=SensorType(record.sensor_type).text or f"type {record.sensor_type:02X}h",
        sensor_number=record.sensor_number,
        event=words.event,
        details=words.details,
        direction=record.direction,
        reading=reading,
        threshold=threshold,
        unit="" if full is None else full.unit,
        bad=is_worse(record.event_type, record.direction, data.offset),
    )


def generator_text(generator_id: int) -> str:
    """Say who sent an event: software by its kind, a controller by its address."""
    if generator_id & 1:
        return software_text(generator_id) or f"software {generator_id:02X}h"
    return "BMC" if generator_id == 0x20 else f"controller {generator_id:02X}h"
