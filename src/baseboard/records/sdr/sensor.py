"""The rows that records of sensors share (Tables 43-1 to 43-3)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.codes import (
    EntityId,
    EventReadingType,
    ModifierUse,
    RateUnit,
    SensorType,
    SensorUnit,
)
from baseboard.records.sdr.record import Sdr
from baseboard.records.thresholds import LOWER, UPPER, ThresholdEvents, ThresholdMask
from baseboard.records.units import unit_text
from baseboard.wire import OpenEnum, at

_UPPER_SHIFT = 3
_RETURNED_SHIFT = 12
_EVENTS = 0xFFF
_STATES = 15


class Access(OpenEnum):
    """How hysteresis or thresholds can be got at (Table 43-1, byte 12)."""

    NONE = 0
    READABLE = 1
    SETTABLE = 2
    FIXED = 3


class EventControl(OpenEnum):
    """What event messages of a sensor can be switched by (Table 43-1, byte 12)."""

    PER_EVENT = 0
    ENTIRE_SENSOR = 1
    GLOBAL_ONLY = 2
    NO_EVENTS = 3


class SensorKey(NamedTuple):
    """What tells a sensor from all others of a system (§43.1, key bytes)."""

    owner_id: int
    owner_lun: int
    sensor_number: int


class SensorRecord(Sdr):
    """Bytes 6-10: who has the sensor, and what it is a sensor of."""

    owner_id: int = at("6", "slave address, or software ID with bit 0 set", default=0x20)
    channel: int = at("7[7:4]", default=0)
    owner_lun: int = at("7[1:0]", default=0)
    sensor_number: int = at("8", "FFh is reserved")
    entity_id: EntityId = at("9", default=EntityId.SYSTEM_BOARD)
    logical_entity: bool = at("10[7]", "the entity is a container, not a thing", default=False)
    entity_instance: int = at("10[6:0]", "60h-7Fh count within the owner", default=1)

    @property
    def key(self) -> SensorKey:
        """What Get Sensor Reading is sent with."""
        return SensorKey(self.owner_id, self.owner_lun, self.sensor_number)


class ReadableSensorRecord(SensorRecord):
    """Bytes 11-23: how the sensor starts, what it can do, and what its bits mean."""

    settable_reading: bool = at("11[7]", "Set Sensor Reading And Event Status works", default=False)
    init_scanning: bool = at("11[6]", default=True)
    init_events: bool = at("11[5]", default=True)
    init_hysteresis: bool = at("11[3]", default=True)
    init_type: bool = at("11[2]", default=True)
    events_enabled: bool = at("11[1]", "at power-up", default=True)
    scanning_enabled: bool = at("11[0]", "at power-up", default=True)
    ignore_if_absent: bool = at("12[7]", "if the entity is absent", default=False)
    auto_rearm: bool = at("12[6]", default=True)
    hysteresis_access: Access = at("12[5:4]", default=Access.NONE)
    threshold_access: Access = at("12[3:2]", default=Access.NONE)
    event_control: EventControl = at("12[1:0]", default=EventControl.PER_EVENT)
    sensor_type: SensorType = at("13")
    event_type: EventReadingType = at("14")
    assertion_mask: int = at(
        "15:16[14:0]", "events by offset; of thresholds [14:12] lower comparisons returned", default=0
    )
    deassertion_mask: int = at(
        "17:18[14:0]", "events by offset; of thresholds [14:12] upper comparisons returned", default=0
    )
    reading_mask: int = at(
        "19:20[14:0]", "states by offset; of thresholds byte 19 readable, byte 20 settable", default=0
    )
    rate_unit: RateUnit = at("21[5:3]", default=RateUnit.NONE)
    modifier_use: ModifierUse = at("21[2:1]", default=ModifierUse.NONE)
    percentage: bool = at("21[0]", default=False)
    base_unit: SensorUnit = at("22", default=SensorUnit.UNSPECIFIED)
    modifier_unit: SensorUnit = at("23", default=SensorUnit.UNSPECIFIED)

    @property
    def has_thresholds(self) -> bool:
        """Are its events and masks about thresholds?"""
        return self.event_type == EventReadingType.THRESHOLD

    @property
    def unit(self) -> str:
        """The unit of its readings in words; empty where the record names none."""
        return unit_text(
            self.base_unit, self.modifier_unit, self.modifier_use, self.rate_unit, percentage=self.percentage
        )

    @property
    def states(self) -> frozenset[int]:
        """The offsets that a discrete sensor can report; none for one with thresholds."""
        mask = 0 if self.has_thresholds else self.reading_mask
        return frozenset(offset for offset in range(_STATES) if mask >> offset & 1)

    @property
    def readable_thresholds(self) -> ThresholdMask:
        """The thresholds that Get Sensor Thresholds returns."""
        return ThresholdMask(self.reading_mask & 0x3F if self.has_thresholds else 0)

    @property
    def settable_thresholds(self) -> ThresholdMask:
        """The thresholds that Set Sensor Thresholds changes."""
        return ThresholdMask(self.reading_mask >> 8 & 0x3F if self.has_thresholds else 0)

    @property
    def compared_thresholds(self) -> ThresholdMask:
        """The thresholds whose comparison Get Sensor Reading returns."""
        if not self.has_thresholds:
            return ThresholdMask(0)
        lower, upper = self.assertion_mask >> _RETURNED_SHIFT, self.deassertion_mask >> _RETURNED_SHIFT
        return ThresholdMask(lower | upper << _UPPER_SHIFT)

    @property
    def assertion_events(self) -> ThresholdEvents:
        """The threshold events that it sends when they begin."""
        return ThresholdEvents(self.assertion_mask & _EVENTS if self.has_thresholds else 0)

    @property
    def deassertion_events(self) -> ThresholdEvents:
        """The threshold events that it sends when they end."""
        return ThresholdEvents(self.deassertion_mask & _EVENTS if self.has_thresholds else 0)


def threshold_masks(
    readable: ThresholdMask,
    settable: ThresholdMask,
    assertion: ThresholdEvents,
    deassertion: ThresholdEvents,
) -> dict[str, int]:
    """Give the three masks of a threshold sensor, by the name of their field.

    Every readable threshold is also compared.
    """
    return {
        "assertion_mask": int(assertion) | int(readable & LOWER) << _RETURNED_SHIFT,
        "deassertion_mask": int(deassertion) | int(readable & UPPER) >> _UPPER_SHIFT << _RETURNED_SHIFT,
        "reading_mask": int(readable) | int(settable) << 8,
    }
