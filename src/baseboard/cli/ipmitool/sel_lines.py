"""Entries of the event log as ``sel list``, ``elist``, ``-v`` and ``get`` print them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import sel_oem
from baseboard.cli.ipmitool.event_words import MEMORY, EventWords
from baseboard.cli.ipmitool.maker import QUANTA, SUPERMICRO
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_reading import unit_of
from baseboard.cli.ipmitool.sdr_values import digits, shortest
from baseboard.cli.ipmitool.sel_record import FIRST_OEM, FIRST_UNSTAMPED, PANIC, LogEntry
from baseboard.cli.ipmitool.text import SINCE_START, timestamp_date, timestamp_time
from baseboard.cli.results.sel import SelItem
from baseboard.cli.results.times import iso, missing
from baseboard.records.sdr import CompactSensorRecord, EventOnlyRecord, FullSensorRecord

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.sdr_record import Entry
    from baseboard.cli.ipmitool.sdr_repository import SdrSource

_THRESHOLD, _SPECIFIC = 0x01, 0x6F
_VERSION_CHANGE: Final = 0x2B
_PANIC_TEXT: Final = slice(5, 16)


def _event_kind(code: int) -> str:
    if code == 0:
        return "Unspecified"
    if code == _THRESHOLD:
        return "Threshold"
    if code <= 0x0B:
        return "Generic Discrete"
    if code == _SPECIFIC:
        return "Sensor-specific Discrete"
    return "OEM" if code >= 0x70 else "Reserved"


class LogPrinter:
    """Prints entries.

    Args:
        extended: with the names of sensors and the values of readings.
    """

    def __init__(self, source: SdrSource, *, extended: bool = False) -> None:
        self._source, self._extended = source, extended
        self._call = source.call
        self._words = EventWords(source)
        self._oem = sel_oem.texts_of(self._call)

    async def sensor(self, entry: LogEntry) -> Entry | None:
        """The record of the sensor that an event came from."""

        def matches(one: Entry) -> bool:
            record = one.record
            return (
                isinstance(record, FullSensorRecord | CompactSensorRecord | EventOnlyRecord)
                and record.sensor_number == entry.sensor_number
                and record.owner_id == entry.generator & 0xFF
                and record.sensor_type == entry.sensor_type
            )

        return await self._source.find(matches)

    async def print(self, entry: LogEntry) -> None:
        """Print an entry as the list has it: a line, or with ``-v`` a block."""
        if self._call.verbose:
            await self.block(entry)
        else:
            await self.line(entry)

    async def show(self, entry: LogEntry) -> Entry | None:
        """Print everything about an entry, and give its sensor if that is known."""
        sensor = await self.sensor(entry)
        if sensor is None:
            await self.block(entry)
        else:
            await self.extended_block(entry, sensor)
        return sensor

    # ---- one line

    async def line(self, entry: LogEntry) -> None:
        """Print an entry in one line."""
        sensor = await self.sensor(entry) if self._extended and entry.standard else None
        comma = self._call.csv
        start = f"{entry.record_id:x}," if comma else f"{entry.record_id:4x} | "
        if entry.kind == PANIC:
            panic = shown(entry.raw[_PANIC_TEXT].split(b"\0", 1)[0])
            self._call.result(_item(entry, event=f"Linux kernel panic: {panic}"))
            self._call.out(f"{start}{',,' if comma else ''}Linux kernel panic: {panic}")
            return
        start += self._when(entry)
        if not entry.standard:
            self._call.result(_item(entry))
            self._call.out(start + self._own(entry))
            return
        said = await self._words.say(entry)
        name = None if sensor is None else shown(sensor.whole_name)
        kind = self._source.maker.sensor_type(entry.sensor_type)
        self._call.result(_item(entry, sensor=name, kind=kind, event=said))
        state = "Deasserted" if entry.deasserted else "Asserted"
        parts = [_source(entry, kind, name), said or "", state, *self._more(entry, sensor)]
        self._call.out(start + (",".join(parts) if comma else " | ".join(parts)))

    def _when(self, entry: LogEntry) -> str:
        comma = self._call.csv
        if entry.kind >= FIRST_UNSTAMPED:
            return ",," if comma else ""
        if entry.stamp < SINCE_START:
            return f" Pre-Init ,{entry.stamp:010d}," if comma else f" Pre-Init  |{entry.stamp:010d}| "
        parts = [form(entry.stamp, self._call.options) for form in (timestamp_date, timestamp_time)]
        return f"{parts[0]},{parts[1]}," if comma else f"{parts[0]} | {parts[1]} | "

    def _own(self, entry: LogEntry) -> str:
        comma = "," if self._call.csv else " | "
        maker = f"{entry.maker}{comma}" if entry.kind < FIRST_UNSTAMPED else ""
        said = sel_oem.words(self._oem, entry, csv=self._call.csv)
        return f"OEM record {entry.kind:02x}{comma}{maker}{entry.own.hex()}{said}"

    def _more(self, entry: LogEntry, sensor: Entry | None) -> list[str]:
        """What event data adds: reading and threshold, or the memory module."""
        if sensor is not None and entry.event_type == _THRESHOLD:
            return [_reading(entry, sensor)]
        number = self._source.maker.number
        if _names_memory(entry) and number not in SUPERMICRO and number != QUANTA:
            return [_memory(entry)]
        return []

    # ---- blocks

    async def block(self, entry: LogEntry) -> None:
        """Print everything about an entry."""
        out = self._call.out
        out(f"SEL Record ID          : {entry.record_id:04x}")
        if self._panic(entry):
            return
        kind = entry.kind
        own = "timestamped" if kind < FIRST_UNSTAMPED else "non-timestamped"
        out(f" Record Type           : {kind:02x}" + (f"  (OEM {own})" if kind >= FIRST_OEM else ""))
        if kind < FIRST_UNSTAMPED:
            out(f" Timestamp             : {self._stamp(entry)}")
        if kind >= FIRST_OEM:
            self._call.result(_item(entry))
            if kind < FIRST_UNSTAMPED:
                out(f" Manufactacturer ID    : {entry.maker}")
            letters = "".join(chr(one) if 0x40 <= one <= 0x7E else "." for one in entry.own)
            out(f" OEM Defined           : {entry.own.hex()} [{letters}]\n")
            if kind >= FIRST_UNSTAMPED:
                out(sel_oem.words(self._oem, entry, csv=self._call.csv), end="")
            return
        said = await self._words.say(entry)
        self._event(entry, "Event Data            ")
        self._call.result(_item(entry, kind=self._kind(entry), event=said))
        out(f" Description           : {said or ''}\n")

    async def extended_block(self, entry: LogEntry, sensor: Entry) -> None:
        """Print everything about an event of a sensor that is known."""
        out = self._call.out
        out(f"SEL Record ID          : {entry.record_id:04x}")
        if self._panic(entry):
            return
        out(f" Record Type           : {entry.kind:02x}")
        if entry.kind < FIRST_UNSTAMPED:
            out(f" Timestamp             : {self._stamp(entry)}")
        said = await self._words.say(entry)
        self._event(entry, "Event Data (RAW)      ")
        for line in _details(entry, sensor):
            out(line)
        name = shown(sensor.whole_name)
        self._call.result(_item(entry, sensor=name, kind=self._kind(entry), event=said))
        out(f" Description           : {said or ''}\n")

    def _panic(self, entry: LogEntry) -> bool:
        if entry.kind != PANIC:
            return False
        panic = shown(entry.raw[_PANIC_TEXT].split(b"\0", 1)[0])
        self._call.result(_item(entry, event=f"Linux kernel panic: {panic}"))
        self._call.out(f" Record Type           : Linux kernel panic (OEM record {entry.kind:02x})")
        self._call.out(f" Panic string          : {panic}\n")
        return True

    def _stamp(self, entry: LogEntry) -> str:
        # Meant are date and time, but ipmitool has one buffer for both, and the date is written last.
        date = timestamp_date(entry.stamp, self._call.options)
        return f"{date} {date}"

    def _kind(self, entry: LogEntry) -> str:
        return self._source.maker.sensor_type(entry.sensor_type)

    def _event(self, entry: LogEntry, title: str) -> None:
        direction = "Deassertion Event" if entry.deasserted else "Assertion Event"
        for line in (
            f" Generator ID          : {entry.generator:04x}",
            f" EvM Revision          : {entry.evm_rev:02x}",
            f" Sensor Type           : {self._kind(entry)}",
            f" Sensor Number         : {entry.sensor_number:02x}",
            f" Event Type            : {_event_kind(entry.event_type)}",
            f" Event Direction       : {direction}",
            f" {title}: {entry.data.hex()}",
        ):
            self._call.out(line)


def _source(entry: LogEntry, kind: str, name: str | None) -> str:
    if name is not None:
        return f"{kind} {name}"
    return f"{kind} #0x{entry.sensor_number:02x}" if entry.sensor_number else kind


def _names_memory(entry: LogEntry) -> bool:
    """Whether event data byte 3 names a memory module, as some boards of old have it."""
    return (
        entry.event_type == _SPECIFIC
        and entry.sensor_type == MEMORY
        and not entry.sensor_number
        and entry.data[0] & 0x30 == 0x20
    )


def _memory(entry: LogEntry) -> str:
    return f"CPU {entry.data[2] & 0x0F} DIMM {entry.data[2] >> 4}"


def _reading(entry: LogEntry, sensor: Entry) -> str:
    """Reading and threshold of a threshold event, as far as it has them."""
    one, two, three = entry.data
    reading = _value(sensor, two) if one >> 6 & 3 == 1 else 0.0
    text = f"Reading {shortest(reading, 2)}"
    if one >> 4 & 3 != 1:
        return text
    high = bool(one & 1) != entry.deasserted
    threshold = shortest(_value(sensor, three), 2)
    return f"{text} {'>' if high else '<'} Threshold {threshold} {_unit(sensor)}"


def _value(sensor: Entry, raw: int) -> float:
    """A value with the precision of C's ``float``; 0 of a sensor without numbers."""
    if sensor.factors is None:
        return 0.0
    try:
        return float(struct.unpack("f", struct.pack("f", sensor.factors.value(raw)))[0])
    except OverflowError:
        return float("inf") if sensor.factors.value(raw) > 0 else float("-inf")


def _unit(sensor: Entry) -> str:
    record = sensor.record
    return (
        "unspecified" if not isinstance(record, FullSensorRecord | CompactSensorRecord) else unit_of(record)
    )


def _details(entry: LogEntry, sensor: Entry) -> list[str]:
    """What event data bytes mean (Table 29-6)."""
    one, two, three = entry.data
    kind = entry.event_type
    if kind == _THRESHOLD and isinstance(sensor.record, FullSensorRecord):
        return [
            *_detail("Trigger Reading", one >> 6 & 3, two, sensor),
            *_detail("Trigger Threshold", one >> 4 & 3, three, sensor),
        ]
    if 0x02 <= kind <= 0x0C or kind >= 0x70:
        return []
    if kind != _SPECIFIC:
        return [f" Event Data            : {entry.data.hex()}"]
    if _names_memory(entry):
        return [f" Event Data            : {_memory(entry)}"]
    if entry.sensor_type == _VERSION_CHANGE and one == 0xC1:
        return []
    return [" Event Interpretation  : Missing"]


def _detail(title: str, use: int, data: int, sensor: Entry) -> list[str]:
    match use:
        case 1:
            assert sensor.factors is not None
            return [f" {title:<21} : {digits(sensor.factors.value(data), 3)}{_unit(sensor)}"]
        case 2:
            return [f" OEM Data              : {data:02x}"]
        case 3:
            return [f" Sensor Extension Code : {data:02x}"]
        case _:
            return []


def _item(
    entry: LogEntry, *, sensor: str | None = None, kind: str | None = None, event: str | None = None
) -> SelItem:
    standard = entry.standard
    stamp = entry.stamp if entry.kind < FIRST_UNSTAMPED else None
    return SelItem(
        record_id=entry.record_id,
        record_type=entry.kind,
        time=iso(stamp),
        time_missing=missing(stamp),
        raw=entry.raw.hex(),
        sensor=sensor,
        sensor_number=entry.sensor_number if standard else None,
        sensor_type=kind,
        event=event,
        asserted=not entry.deasserted if standard else None,
        generator=entry.generator if standard else None,
    )
