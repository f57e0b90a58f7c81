"""The table of ``ipmi-sensors``: a line a sensor, columns as wide as need be, or with commas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from baseboard.cli.freeipmi.sensor_events import Kind, kind_of
from baseboard.cli.freeipmi.sensor_options import Switches
from baseboard.cli.freeipmi.sensor_reading import Reading, Told, fixed
from baseboard.cli.freeipmi.sensor_records import Names, sensor_numbers, type_name, unit
from baseboard.client.sdr_entry import SdrEntry
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord, ReadableSensorRecord

NONE: Final = "N/A"
_NUMBER_WIDTH: Final = 10
_STATE_WIDTH: Final = 8

THRESHOLD_COLUMNS: Final = {
    "lower_non_recoverable": "Lower NR",
    "lower_critical": "Lower C",
    "lower_non_critical": "Lower NC",
    "upper_non_critical": "Upper NC",
    "upper_critical": "Upper C",
    "upper_non_recoverable": "Upper NR",
}
"""The columns of thresholds, in their order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sensor.

    Attributes:
        entry: its record as it was read.
        record: that record.
        number: its number, of those that share the record.
        name: what it is called.
        reading: what it said.
        events: the states it is in, in words.
        state: how bad that is; empty where it is not asked for.
        thresholds: by name, in its unit.
    """

    entry: SdrEntry
    record: ReadableSensorRecord
    number: int
    name: str
    reading: Reading
    events: tuple[str, ...] = ()
    state: str = ""
    thresholds: Mapping[str, float] | None = None


def rounded(value: float) -> float:
    """Round to two places as FreeIPMI does: exactly one half goes down, and so does all of a negative."""
    whole = int(value)
    hundredths = (value - whole) * 100.0
    places = int(hundredths)
    return whole + (places + (hundredths - places > 0.5)) / 100.0


def states_text(row: Row, switches: Switches) -> str:
    """The last column: the states, each in quotes, or their bits."""
    if row.reading.told is Told.NOTHING:
        return NONE
    if row.reading.told is Told.UNKNOWN:
        return "Unknown"
    if switches.output_event_bitmask:
        return f"{row.reading.bits:04X}h"
    return " ".join(f"'{one}'" for one in row.events)


class Table:
    """Writes the lines.

    Args:
        entries: the records that the widths are made by.
    """

    def __init__(self, switches: Switches, entries: Iterable[SdrEntry], names: Names) -> None:
        self._switches = switches
        self._widths = [len("ID"), len("Name"), len("Type"), len("Units")]
        if not switches.comma_separated_output:
            self._measure(entries, names)

    def _measure(self, entries: Iterable[SdrEntry], names: Names) -> None:
        short = not self._switches.non_abbreviated_units
        for entry in entries:
            record = entry.record
            if not isinstance(record, FullSensorRecord | CompactSensorRecord):
                continue
            units = unit(record, short=short) if kind_of(record.event_type) is Kind.THRESHOLD else ""
            for number in sensor_numbers(record, self._switches):
                texts = (
                    str(entry.record_id),
                    names.name(record, number),
                    type_name(record.sensor_type),
                    units,
                )
                self._widths = [max(wide, len(text)) for wide, text in zip(self._widths, texts, strict=True)]

    def header(self) -> str:
        """The first line; empty where none is wanted."""
        on = self._switches
        if on.no_header_output:
            return ""
        cells = ["ID", "Name"] if on.no_sensor_type_output else ["ID", "Name", "Type"]
        cells += ["State"] if on.output_sensor_state else []
        cells += [] if on.quiet_readings else ["Reading", "Units"]
        cells += THRESHOLD_COLUMNS.values() if on.output_sensor_thresholds else []
        return self._joined([*cells, "Event"])

    def line(self, row: Row) -> str:
        """A sensor's line."""
        on = self._switches
        cells = [str(row.entry.record_id), row.name]
        cells += [] if on.no_sensor_type_output else [type_name(row.record.sensor_type)]
        cells += [row.state] if on.output_sensor_state else []
        cells += [] if on.quiet_readings else _reading(row, short=not on.non_abbreviated_units)
        if on.output_sensor_thresholds:
            values = row.thresholds or {}
            cells += [fixed(values[name], 2) if name in values else NONE for name in THRESHOLD_COLUMNS]
        return self._joined([*cells, states_text(row, on)])

    def _joined(self, cells: list[str]) -> str:
        if self._switches.comma_separated_output:
            return ",".join(cells) + "\n"
        *columns, last = cells
        wide = self._columns()
        return (
            " | ".join([*(f"{one:<{width}}" for one, width in zip(columns, wide, strict=True)), last]) + "\n"
        )

    def _columns(self) -> list[int]:
        on = self._switches
        number, name, kind, units = self._widths
        widths = [number, name] if on.no_sensor_type_output else [number, name, kind]
        widths += [_STATE_WIDTH] if on.output_sensor_state else []
        widths += [] if on.quiet_readings else [_NUMBER_WIDTH, units]
        return widths + ([_NUMBER_WIDTH] * len(THRESHOLD_COLUMNS) if on.output_sensor_thresholds else [])


def _reading(row: Row, *, short: bool) -> list[str]:
    record, value = row.record, row.reading.value
    if not isinstance(record, FullSensorRecord):
        return [NONE, NONE]
    if kind_of(record.event_type) is not Kind.THRESHOLD and value is None:
        return [NONE, NONE]
    return [
        NONE if value is None or not math.isfinite(value) else f"{rounded(value):.2f}",
        unit(record, short=short),
    ]
