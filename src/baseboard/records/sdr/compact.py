"""SDR types 02h and 03h: sensors without a formula, several in one record if need be (Tables 43-2, 43-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from baseboard.codes import AnalogFormat, EventReadingType, SdrType, SensorDirection, SensorType
from baseboard.records.id_string import ID_STRING
from baseboard.records.sdr.record import Sdr
from baseboard.records.sdr.sensor import ReadableSensorRecord, SensorRecord
from baseboard.wire import OpenEnum, at


class NameModifier(OpenEnum):
    """What is appended to the names of sensors that share a record (Table 43-2, byte 24)."""

    NUMERIC = 0
    ALPHA = 1


class SharedSensor(NamedTuple):
    """One of the sensors that a record is about."""

    number: int
    entity_instance: int
    name: str


@Sdr.of(SdrType.COMPACT_SENSOR)
class CompactSensorRecord(ReadableSensorRecord):
    """A sensor without a formula and thresholds (Table 43-2)."""

    fru_owner_lun: int = at("7[3:2]", "of the FRU device of its entity", default=0)
    analog_format: AnalogFormat = at("21[7:6]", "reserved, written as 11b", default=AnalogFormat.NONE)
    direction: SensorDirection = at("24[7:6]", default=SensorDirection.UNSPECIFIED)
    name_modifier: NameModifier = at("24[5:4]", default=NameModifier.NUMERIC)
    share_count: int = at("24[3:0]", "sensors in this record; 0 and 1 are one", default=1)
    instances_increment: bool = at("25[7]", "each sensor has the next entity instance", default=False)
    modifier_offset: int = at("25[6:0]", "of the first name's modifier", default=0)
    positive_hysteresis: int = at("26", "in raw counts", default=0)
    negative_hysteresis: int = at("27", "in raw counts", default=0)
    oem: int = at("31", default=0)
    id_string: str = at("32:", "type/length byte and name", codec=ID_STRING, count="length-26", default="")

    def sensors(self) -> Iterator[SharedSensor]:
        """Give the sensors that share the record."""
        return shared_sensors(self)


@Sdr.of(SdrType.EVENT_ONLY)
class EventOnlyRecord(SensorRecord):
    """A sensor that sends events and cannot be read (Table 43-3)."""

    fru_owner_lun: int = at("7[3:2]", "of the FRU device of its entity", default=0)
    sensor_type: SensorType = at("11")
    event_type: EventReadingType = at("12")
    direction: SensorDirection = at("13[7:6]", default=SensorDirection.UNSPECIFIED)
    name_modifier: NameModifier = at("13[5:4]", default=NameModifier.NUMERIC)
    share_count: int = at("13[3:0]", "sensors in this record; 0 and 1 are one", default=1)
    instances_increment: bool = at("14[7]", "each sensor has the next entity instance", default=False)
    modifier_offset: int = at("14[6:0]", "of the first name's modifier", default=0)
    oem: int = at("16", default=0)
    id_string: str = at("17:", "type/length byte and name", codec=ID_STRING, count="length-11", default="")

    def sensors(self) -> Iterator[SharedSensor]:
        """Give the sensors that share the record."""
        return shared_sensors(self)


def shared_sensors(record: CompactSensorRecord | EventOnlyRecord) -> Iterator[SharedSensor]:
    """Take a record apart into its sensors; one that is alone keeps the name as it is (§43.2)."""
    count = max(record.share_count, 1)
    for number in range(count):
        name = str(record.id_string)
        if count > 1:
            place = record.modifier_offset + number
            name += str(place) if record.name_modifier == NameModifier.NUMERIC else letters(place)
        yield SharedSensor(
            number=record.sensor_number + number,
            entity_instance=record.entity_instance + number * record.instances_increment,
            name=name,
        )


def letters(place: int) -> str:
    """Count in letters: A to Z, AA, AB and so on."""
    text = ""
    while place >= 0:
        place, digit = divmod(place, 26)
        text, place = chr(ord("A") + digit) + text, place - 1
    return text
