"""Events in words, by the tables of sensor types and event/reading types (§42)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from baseboard.codes import EventDirection, EventReadingType, event_offset
from baseboard.records.data_text import data_text
from baseboard.records.events import DataUse, EventData, threshold_event


class EventText(NamedTuple):
    """An event in words.

    Attributes:
        event: what happened, such as ``Upper Critical - going high``.
        asserted: did the state begin? If not, it ended.
        details: what the event data bytes add.
    """

    event: str
    asserted: bool
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = self.event if self.asserted else f"{self.event} (deasserted)"
        return "; ".join((text, *self.details))


def event_text(
    sensor_type: int,
    event_type: int,
    direction: int,
    data: EventData,
    value_text: Callable[[int], str] = "{:02X}h".format,
) -> EventText:
    """Say an event.

    Args:
        sensor_type: matters for event/reading type 6Fh.
        event_type: event/reading type.
        direction: assertion or deassertion.
        data: the three event data bytes.
        value_text: says a raw reading; the sensor's record knows its formula and its unit.
    """
    row = event_offset(event_type, sensor_type, data.offset)
    event = row.event if row is not None else f"{_kind(event_type)} offset {data.offset}"
    details: list[str] = []
    if event_type == EventReadingType.THRESHOLD:
        if data.use_2 == DataUse.TRIGGER:
            details.append(f"reading {value_text(data.data_2)}")
        if data.use_3 == DataUse.TRIGGER:
            details.append(f"threshold {value_text(data.data_3)}")
    else:
        details += _previous(sensor_type, event_type, data)
    uses = (
        (data.use_2, data.data_2, row.data2 if row else ""),
        (data.use_3, data.data_3, row.data3 if row else ""),
    )
    for number, (use, byte, column) in enumerate(uses, 2):
        if use == DataUse.OEM:
            details.append(f"OEM data {number} {byte:02X}h")
        elif use == DataUse.SENSOR_SPECIFIC:
            details += data_text(column, byte) if column else [f"data {number} {byte:02X}h"]
    return EventText(event, direction == EventDirection.ASSERTION, tuple(details))


def _kind(event_type: int) -> str:
    code = EventReadingType(event_type)
    return code.text or f"event type {code}"


def _previous(sensor_type: int, event_type: int, data: EventData) -> list[str]:
    details: list[str] = []
    if data.previous is not None:
        row = event_offset(event_type, sensor_type, data.previous)
        details.append(f"was {row.event if row else f'offset {data.previous}'}")
    if data.severity is not None:
        row = event_offset(EventReadingType.SEVERITY, sensor_type, data.severity)
        details.append(f"severity {row.event if row else f'offset {data.severity}'}")
    return details


def is_worse(event_type: int, direction: int, offset: int) -> bool | None:
    """Say whether a threshold event is bad news: an upper one going high or a lower one going low, asserted.

    Returns:
        None for an event of a sensor without thresholds.
    """
    crossing = threshold_event(event_type, offset)
    if crossing is None:
        return None
    threshold, going_high = crossing
    return bool(threshold.upper) == going_high and direction == EventDirection.ASSERTION
