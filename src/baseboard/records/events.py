"""Events: what a sensor says when its state changes (§29.7, Tables 29-5 and 29-6)."""

from __future__ import annotations

from typing import Self

from baseboard.codes import EventDirection, EventReadingType, EventRevision, SensorType
from baseboard.errors import DecodeError
from baseboard.records.thresholds import ThresholdMask, threshold_of
from baseboard.wire import OpenEnum, Record, at

UNSPECIFIED = 0xFF
"""An event data byte that says nothing."""

NONE = 0xF
"""A state or severity offset that says nothing."""

LAST_THRESHOLD_OFFSET = 11


class DataUse(OpenEnum):
    """What event data byte 2 or 3 holds (Table 29-6).

    ``TRIGGER`` is, in byte 2, the reading of a threshold sensor and the previous state and severity of a
    discrete one; in byte 3 the threshold, of a threshold sensor only.
    """

    UNSPECIFIED = 0
    TRIGGER = 1
    OEM = 2
    SENSOR_SPECIFIC = 3


class EventData(Record):
    """The three event data bytes (Table 29-6)."""

    use_2: DataUse = at("1[7:6]", "what byte 2 holds", default=DataUse.UNSPECIFIED)
    use_3: DataUse = at("1[5:4]", "what byte 3 holds", default=DataUse.UNSPECIFIED)
    offset: int = at("1[3:0]", "the state or threshold, by the event/reading type's table")
    data_2: int = at("2", "FFh = unspecified", default=UNSPECIFIED)
    data_3: int = at("3", "FFh = unspecified", default=UNSPECIFIED)

    @classmethod
    def of_threshold(cls, offset: int, *, reading: int, threshold: int) -> Self:
        """Make the data of a threshold event, reading and threshold as raw bytes."""
        return cls(
            use_2=DataUse.TRIGGER, use_3=DataUse.TRIGGER, offset=offset, data_2=reading, data_3=threshold
        )

    @classmethod
    def of_state(cls, offset: int, *, previous: int = NONE, severity: int = NONE) -> Self:
        """Make the data of a discrete event, with the previous state and the severity if they are known."""
        if previous == severity == NONE:
            return cls(offset=offset)
        return cls(use_2=DataUse.TRIGGER, offset=offset, data_2=severity << 4 | previous)

    @classmethod
    def of_specific(cls, offset: int, data_2: int | None = None, data_3: int | None = None) -> Self:
        """Make the data of a sensor-specific event; None for a byte that its table does not define."""
        return cls(
            use_2=DataUse.UNSPECIFIED if data_2 is None else DataUse.SENSOR_SPECIFIC,
            use_3=DataUse.UNSPECIFIED if data_3 is None else DataUse.SENSOR_SPECIFIC,
            offset=offset,
            data_2=UNSPECIFIED if data_2 is None else data_2,
            data_3=UNSPECIFIED if data_3 is None else data_3,
        )

    @property
    def previous(self) -> int | None:
        """Offset of a discrete sensor's previous state; None if it is not told."""
        return self._half(self.data_2 & 0xF)

    @property
    def severity(self) -> int | None:
        """Severity of a discrete event as an offset of event/reading type 07h; None if it is not told."""
        return self._half(self.data_2 >> 4)

    def _half(self, offset: int) -> int | None:
        return offset if self.use_2 == DataUse.TRIGGER and offset != NONE else None


class EventMessage(Record):
    """An event as it is sent over IPMB, LAN or serial (Table 29-5); data bytes 2 and 3 may be missing."""

    evm_rev: EventRevision = at("1", default=EventRevision.IPMI_1_5)
    sensor_type: SensorType = at("2")
    sensor_number: int = at("3")
    direction: EventDirection = at("4[7]", default=EventDirection.ASSERTION)
    event_type: EventReadingType = at("4[6:0]")
    event_data: EventData = at("5:7")

    @classmethod
    def received(cls, data: bytes) -> Self:
        """Read an event message of five to seven bytes; what is missing is unspecified (§29.3).

        Raises:
            DecodeError: it is longer or shorter.
        """
        if not 5 <= len(data) <= 7:
            raise DecodeError(f"EventMessage: {len(data)} bytes, not 5 to 7")
        return cls.decode(bytes(data).ljust(7, bytes((UNSPECIFIED,))))


def threshold_event(event_type: int, offset: int) -> tuple[ThresholdMask, bool] | None:
    """Give the threshold an event is about, and whether it was crossed upwards; None for other events."""
    if event_type == EventReadingType.THRESHOLD and offset <= LAST_THRESHOLD_OFFSET:
        return threshold_of(offset)
    return None
