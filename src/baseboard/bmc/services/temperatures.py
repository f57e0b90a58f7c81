"""The temperatures that DCMI asks for, by place (DCMI 1.5, 6.5.2, 6.7.3)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sdr_device import LAST
from baseboard.bmc.services.sensors import Sensors
from baseboard.codes import Cc, EntityId, EventReadingType, SensorType, SensorUnit
from baseboard.errors import CompletionError

PLACES: dict[int, EntityId] = {
    EntityId.AIR_INLET: EntityId.AIR_INLET,
    EntityId.PROCESSOR: EntityId.PROCESSOR,
    EntityId.SYSTEM_BOARD: EntityId.SYSTEM_BOARD,
    0x40: EntityId.AIR_INLET,
    0x41: EntityId.PROCESSOR,
    0x42: EntityId.SYSTEM_BOARD,
}
"""Entity IDs that the commands take, those of IPMI and those of DCMI 1.0, and the place that each means."""

HOTTEST = 127
"""The greatest magnitude that seven bits hold, degrees Celsius."""

# Where a sensor record says what it is of (Tables 43-1, 43-2), from its first byte on.
_TYPE, _ENTITY, _INSTANCE, _SENSOR_TYPE, _EVENT_TYPE = 3, 8, 9, 12, 13
_SENSOR_RECORDS = (1, 2)


class Thermometer(NamedTuple):
    """A temperature sensor of a place.

    Attributes:
        instance: of the entity.
        key: LUN and number.
        hottest: the most that it shows, degrees.
    """

    instance: int
    key: int
    hottest: int


def place(entity: int) -> EntityId:
    """The place that an entity ID means.

    Raises:
        CompletionError: CCh, DCMI has no temperatures there.
    """
    found = PLACES.get(entity)
    if found is None:
        raise CompletionError(Cc.INVALID_DATA, "no place of which DCMI knows temperatures")
    return found


class Temperatures:
    """The temperature sensors of the places that DCMI knows."""

    __slots__ = ("_home", "_sdr", "_sensors")

    def __init__(self, home: Home, sensors: Sensors, sdr: SdrRepository) -> None:
        self._home, self._sensors, self._sdr = home, sensors, sdr

    def at(self, entity: EntityId) -> list[Thermometer]:
        """The thermometers of a place, by instance; an instance has one, the first that is made for it.

        Others, such as a processor's margin below the temperature at which it slows down, are not its
        temperature.
        """
        found: dict[int, Thermometer] = {}
        for spec in self._home.blueprint.sensors:
            absolute = spec.base_unit == SensorUnit.DEGREES_C and not spec.percentage
            threshold = spec.event_type == EventReadingType.THRESHOLD and absolute
            if spec.sensor_type == SensorType.TEMPERATURE and spec.entity_id == entity and threshold:
                top = min(HOTTEST, int(spec.maximum))
                one = Thermometer(spec.entity_instance, spec.lun << 8 | spec.number, top)
                found.setdefault(spec.entity_instance, one)
        return [found[instance] for instance in sorted(found)]

    def find(self, entity: EntityId, instance: int) -> Thermometer:
        """One thermometer.

        Raises:
            CompletionError: CBh, there is none of that instance.
        """
        for one in self.at(entity):
            if one.instance == instance:
                return one
        raise CompletionError(Cc.NOT_PRESENT, "no such temperature sensor")

    def celsius(self, thermometer: Thermometer) -> int | None:
        """What it shows, in whole degrees; None = it has no reading now."""
        sensor = self._sensors.catalogue.by_key[thermometer.key]
        raw = self._sensors.look(sensor)
        value = None if raw is None or sensor.formula is None else sensor.formula.value(raw)
        return None if value is None else max(-HOTTEST, min(HOTTEST, round(value)))

    def readings(self, entity: EntityId) -> list[tuple[int, int]]:
        """Instance and degrees of every thermometer of a place that has a reading now."""
        shown = [(one.instance, self.celsius(one)) for one in self.at(entity)]
        return [(instance, celsius) for instance, celsius in shown if celsius is not None]

    def records(self, entity: EntityId) -> list[tuple[int, int]]:
        """Instance and record ID of the sensors of a place, as the repository has them now."""
        found: dict[int, int] = {}
        number = 0
        while len(self._sdr) and number != LAST:
            record, following = self._sdr.read(number)
            if (
                record[_TYPE] in _SENSOR_RECORDS
                and len(record) > _EVENT_TYPE
                and PLACES.get(record[_ENTITY]) == entity
                and record[_SENSOR_TYPE] == SensorType.TEMPERATURE
                and record[_EVENT_TYPE] == EventReadingType.THRESHOLD
            ):
                found.setdefault(record[_INSTANCE], int.from_bytes(record[:2], "little"))
            number = following
        return sorted(found.items())
