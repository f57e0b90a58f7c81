"""The lines that ``ipmi-sensors`` and ``ipmimonitoring`` printed in former times."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from baseboard.cli.freeipmi.sensor_events import Kind, kind_of
from baseboard.cli.freeipmi.sensor_options import Switches
from baseboard.cli.freeipmi.sensor_reading import Told, fixed
from baseboard.cli.freeipmi.sensor_records import type_name, unit
from baseboard.cli.freeipmi.sensor_table import NONE, Row, rounded
from baseboard.records.sdr import FullSensorRecord

OLD_NONE: Final = "NA"

_PAIRS: Final = (
    ("lower_critical", "upper_critical"),
    ("lower_non_recoverable", "upper_non_recoverable"),
    ("lower_non_critical", "upper_non_critical"),
)
"""The first of these that there is is printed."""


def old_states(row: Row) -> str:
    """The states, each in brackets."""
    return "".join(f"[{one}]" for one in _states(row, OLD_NONE, "Unknown"))


def _states(row: Row, nothing: str, unknown: str) -> Iterable[str]:
    if row.reading.told is Told.NOTHING:
        return (nothing,)
    return (unknown,) if row.reading.told is Told.UNKNOWN else row.events


def old_line(row: Row, switches: Switches) -> str:
    """A line of ``--legacy-output``."""
    number, kind = row.entry.record_id, type_name(row.record.sensor_type)
    if switches.quiet_readings:
        return f"{number}: {row.name}: {old_states(row)}\n"
    record, value = row.record, row.reading.value
    head = f"{number}: {row.name} ({kind}): "
    if not isinstance(record, FullSensorRecord) or kind_of(record.event_type) is not Kind.THRESHOLD:
        return f"{head}{old_states(row)}\n"
    reading = OLD_NONE
    if value is not None and math.isfinite(value):
        reading = f"{rounded(value):.2f} {unit(record, short=True)}"
    values = row.thresholds or {}
    low, high = next((pair for pair in _PAIRS if pair[0] in values or pair[1] in values), _PAIRS[0])
    ends = [
        f"{rounded(values[name]):.2f}" if name in values and math.isfinite(values[name]) else OLD_NONE
        for name in (low, high)
    ]
    return f"{head}{reading} ({ends[0]}/{ends[1]}): {old_states(row)}\n"


def monitoring_header(switches: Switches) -> str:
    """The first line of ``--ipmimonitoring-legacy-output``."""
    cells = ["Record ID", "Sensor Name", "Sensor Group"]
    cells += ["Monitoring Status"] if switches.output_sensor_state else []
    cells += [] if switches.quiet_readings else ["Sensor Units", "Sensor Reading"]
    return " | ".join(cells) + "\n"


def monitoring_line(row: Row, switches: Switches) -> str:
    """A line of ``--ipmimonitoring-legacy-output``."""
    record, value = row.record, row.reading.value
    cells = [str(row.entry.record_id), row.name, type_name(record.sensor_type)]
    cells += [row.state] if switches.output_sensor_state else []
    full = isinstance(record, FullSensorRecord)
    if switches.quiet_readings:
        # FreeIPMI ends no line after a compact record; the next one goes on in it.
        return " | ".join(cells) + ("\n" if full else "")
    if full and kind_of(record.event_type) is Kind.THRESHOLD:
        cells += [unit(record, short=True), NONE if value is None else fixed(value, 6)]
    else:
        told = row.reading.told
        nothing = {Told.NOTHING: NONE, Told.UNKNOWN: f"'{NONE}'"}.get(told)
        cells += [NONE, nothing or " ".join(f"'{one}'" for one in row.events)]
    return " | ".join(cells) + "\n"
