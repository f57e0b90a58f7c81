"""Which records ``ipmi-sensors`` shows, and what it calls the sensors in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from baseboard.cli.freeipmi.sensor_options import FIRST_OEM_TYPE, Switches, Wanted, number_of, spelled
from baseboard.cli.freeipmi.sensor_words import (
    ENTITY_NAMES,
    NO_TYPE,
    OEM_TYPE,
    RATES,
    SENSOR_TYPES,
    SHORT_UNITS,
    UNITS,
)
from baseboard.cli.ipmitool.text import printable
from baseboard.client.sdr_entry import SdrEntry
from baseboard.codes import EntityId, ModifierUse, RateUnit, SensorUnit
from baseboard.records.sdr import (
    CompactSensorRecord,
    EventOnlyRecord,
    FullSensorRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerDeviceLocatorRecord,
    ReadableSensorRecord,
    Sdr,
)
from baseboard.records.sdr.compact import NameModifier

AnySensor = FullSensorRecord | CompactSensorRecord | EventOnlyRecord
_Shared = CompactSensorRecord | EventOnlyRecord
_WITH_ENTITY = (
    FullSensorRecord,
    CompactSensorRecord,
    EventOnlyRecord,
    GenericDeviceLocatorRecord,
    ManagementControllerDeviceLocatorRecord,
)

_ENTITY_GAP: Final = range(0x36, 0x40)
_CHASSIS_ENTITIES: Final = range(0x90, 0xB0)
_BOARD_ENTITIES: Final = range(0xB0, 0xD0)
_NO_ENTITY: Final = frozenset({EntityId.UNSPECIFIED, EntityId.OTHER, EntityId.UNKNOWN})
_DEVICE_RELATIVE: Final = 0x60


class NotFound(Exception):
    """A record that was asked for is not there; the text says so."""


def chosen(entries: Sequence[SdrEntry], wanted: Wanted) -> Iterator[SdrEntry]:
    """Give the records that were asked for.

    Raises:
        NotFound: there is none of such an ID.
    """
    for entry in _asked_for(entries, wanted):
        if entry.record_id in wanted.without_records or _listed(entry, wanted.without_types):
            continue
        yield entry


def _asked_for(entries: Sequence[SdrEntry], wanted: Wanted) -> Iterator[SdrEntry]:
    if not wanted.records:
        yield from (entry for entry in entries if not wanted.types or _listed(entry, wanted.types))
        return
    by_id = {entry.record_id: entry for entry in reversed(entries)}
    # All are looked for before anything is printed.
    for number in wanted.records:
        if number not in by_id and number not in wanted.without_records:
            raise NotFound(f"Sensor Record ID '{number}' not found\n")
    yield from (by_id[number] for number in wanted.records if number in by_id)


def in_widths(entries: Sequence[SdrEntry], wanted: Wanted) -> Iterator[SdrEntry]:
    """Give the records by which the columns are made wide: what is left out afterwards counts too."""
    by_id = {entry.record_id: entry for entry in reversed(entries)}
    if wanted.records:
        yield from (by_id[number] for number in wanted.records if number in by_id)
    else:
        yield from (entry for entry in entries if not wanted.types or _listed(entry, wanted.types))


def _listed(entry: SdrEntry, words: Iterable[str]) -> bool:
    """Whether it is the record of a sensor of one of these types."""
    record = entry.record
    return isinstance(record, AnySensor) and any(_means(word, record.sensor_type) for word in words)


def _means(word: str, sensor_type: int) -> bool:
    number = number_of(word)
    if number is not None:
        return number & 0xFF == sensor_type
    name = type_name(sensor_type)
    return name != NO_TYPE and spelled(name, word)


def type_name(sensor_type: int) -> str:
    """What a sensor type is called."""
    if sensor_type < len(SENSOR_TYPES):
        return SENSOR_TYPES[sensor_type]
    return OEM_TYPE if sensor_type >= FIRST_OEM_TYPE else NO_TYPE


def entity_known(entity: int) -> bool:
    """Whether the specification names an entity."""
    return entity < len(ENTITY_NAMES) and entity not in _ENTITY_GAP


def entity_range(entity: int) -> str:
    """What an entity is called that the specification leaves to others."""
    if entity in _CHASSIS_ENTITIES:
        return "Chassis Specific"
    return "Board-Set Specific" if entity in _BOARD_ENTITIES else "OEM System Integrator"


def sensor_numbers(record: Sdr | None, switches: Switches) -> Iterator[int]:
    """Give the numbers of the sensors of a record; of those that share one only the first if need be."""
    if isinstance(record, AnySensor):
        several = switches.shared_sensors and isinstance(record, CompactSensorRecord)
        count = record.share_count if several and isinstance(record, CompactSensorRecord) else 1
        yield from ((record.sensor_number + place) & 0xFF for place in range(max(count, 1)))
    else:
        yield 0


class Names:
    """What sensors are called.

    Args:
        entries: all records: how many of an entity there are decides whether it is numbered.
    """

    def __init__(self, entries: Iterable[SdrEntry], switches: Switches) -> None:
        self._switches = switches
        self._instances: dict[int, set[int]] = {}
        if not switches.entity_sensor_names:
            return
        for entry in entries:
            record = entry.record
            if isinstance(record, _WITH_ENTITY) and not record.logical_entity:
                seen = self._instances.setdefault(record.entity_id, set())
                seen.add(record.entity_instance)
                if isinstance(record, _Shared) and record.share_count > 1 and record.instances_increment:
                    seen.update(record.entity_instance + place for place in range(record.share_count))

    def name(self, record: AnySensor, number: int) -> str:
        """What a sensor of a record is called."""
        if not self._switches.entity_sensor_names or record.entity_id in _NO_ENTITY:
            return self._plain(record, number)
        known = entity_known(record.entity_id)
        entity = ENTITY_NAMES[record.entity_id] if known else entity_range(record.entity_id)
        plain = self.stored(record)
        if len(self._instances.get(record.entity_id, ())) > 1:
            # FreeIPMI takes for device relative only the last of them.
            relative = record.entity_instance >= _DEVICE_RELATIVE + 0x1F
            instance = record.entity_instance - (_DEVICE_RELATIVE if relative else 0)
            if self._switches.shared_sensors and isinstance(record, _Shared):
                if record.share_count > 1 and record.instances_increment:
                    instance += (number - record.sensor_number) & 0xFF
                plain = self._plain(record, number)
            entity = f"{entity} {instance}"
        return plain if entity.lower() == plain.lower() else f"{entity} {plain}"

    @staticmethod
    def stored(record: AnySensor) -> str:
        """The name as the record has it."""
        return printable(str(record.id_string).partition("\0")[0])

    def _plain(self, record: AnySensor, number: int) -> str:
        name = self.stored(record)
        if not self._switches.shared_sensors or not isinstance(record, _Shared) or record.share_count <= 1:
            return name
        place = (number - record.sensor_number) & 0xFF
        if record.name_modifier == NameModifier.ALPHA:
            # FreeIPMI counts from the kind of the modifier, not from its offset, so all get the same letter.
            return f"{name} A"
        return f"{name} {record.modifier_offset + place}"


def unit(record: ReadableSensorRecord, *, short: bool) -> str:
    """What a record measures in; ``unspecified`` where it contradicts itself."""
    words = SHORT_UNITS if short else UNITS
    bad = record.base_unit >= len(words) or record.modifier_unit >= len(words)
    if bad or record.modifier_use not in _USES or record.rate_unit >= len(RATES):
        return UNITS[0]
    percent = "% " if record.percentage else ""
    base, second = words[record.base_unit], words[record.modifier_unit]
    modified, rated = record.modifier_use != ModifierUse.NONE, record.rate_unit != RateUnit.NONE
    if modified and rated:
        return UNITS[0]
    if rated:
        rpm = record.base_unit == SensorUnit.RPM and record.rate_unit == RateUnit.PER_MINUTE
        return percent + (base if rpm else f"{base} {RATES[record.rate_unit]}")
    if modified and record.modifier_unit != SensorUnit.UNSPECIFIED:
        return f"{percent}{base} {'/' if record.modifier_use == ModifierUse.DIVIDE else '*'} {second}"
    if percent and not modified and record.base_unit == SensorUnit.UNSPECIFIED:
        return "%"
    return percent + base


_USES: Final = frozenset({ModifierUse.NONE, ModifierUse.DIVIDE, ModifierUse.MULTIPLY})
