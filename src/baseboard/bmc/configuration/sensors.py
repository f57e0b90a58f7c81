"""The sensors of a described BMC: the ones that it lists, and those that it has many of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from baseboard.bmc.backends.memory.rules import RULES
from baseboard.bmc.blueprint import Physics, PhysicsKind, SensorSpec, Thresholds
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.configuration.sensor_traits import check_guards, curved, traits
from baseboard.bmc.configuration.sources import numbered_source, source_spec
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code, numbered, unknown_word, varies
from baseboard.bmc.makeups import shapes
from baseboard.bmc.services.sdr_build import sensor_record
from baseboard.codes import EntityId, EventReadingType, Linearization, RateUnit, SensorType, SensorUnit
from baseboard.errors import EncodeError

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Limits, Sensor

LUNS = (0, 1, 3)
"""LUNs that sensors can have; 2 is that of the receive message queue (§7.2)."""

_LAST_NUMBER = 254
_LONGEST_NAME = 16
_LAST_INSTANCE = 0x5F
_RECORDS = {"full": 1, "compact": 2, "event_only": 3}
_CONTROLLER_RULES = ("sel", "watchdog")
# Keys that make sense only for the one kind of sensor, or only for the other.
_OF_VALUES = (
    "value_off", "unit", "rate", "percentage", "minimum", "maximum", "signed", "linearization", "lower",
    "upper", "hysteresis", "physics", "settling_s", "noise",
)  # fmt: skip
_OF_STATES = ("reading", "events", "holds", "holds_off", "rule")
_USUAL: dict[SensorType, tuple[PhysicsKind, SensorUnit]] = {
    SensorType.TEMPERATURE: ("temperature", SensorUnit.DEGREES_C),
    SensorType.FAN: ("fan", SensorUnit.UNSPECIFIED),
    SensorType.VOLTAGE: ("voltage", SensorUnit.VOLTS),
    SensorType.CURRENT: ("current", SensorUnit.AMPS),
    SensorType.OTHER_UNITS_BASED_SENSOR: ("power", SensorUnit.WATTS),
}
_SETTLING = 3.0
_AMBIENT = 22.0
_HEADROOM = 2.55
_SEVERITIES = ("non_critical", "critical", "non_recoverable")
_ENTITIES = {
    SensorType.FAN: EntityId.FAN,
    SensorType.PROCESSOR: EntityId.PROCESSOR,
    SensorType.POWER_SUPPLY: EntityId.POWER_SUPPLY,
    SensorType.MEMORY: EntityId.MEMORY_DEVICE,
    SensorType.BATTERY: EntityId.BATTERY,
}


def sensor_specs(sensors: Sequence[Sensor], spot: Spot, base: Sequence[SensorSpec]) -> tuple[SensorSpec, ...]:
    """All sensors of a BMC.

    Args:
        sensors: as described; one of the name of a sensor of the make-up takes its place.
        spot: of the list.
        base: the make-up's.
    """
    if not sensors:
        return tuple(base)
    named = {name for sensor in sensors for name in _names(sensor)}
    kept = [spec for spec in base if spec.name not in named]
    former = {spec.name: (spec.lun, spec.number) for spec in base if spec.name in named}
    addresses = _Addresses(kept, former, sensors)
    made: list[SensorSpec] = []
    spots: dict[str, Spot] = {}
    for place, sensor in enumerate(sensors):
        here = spot / place
        spec = _spec(sensor, here)
        spots |= dict.fromkeys(_names(sensor), here)
        for turn, name in enumerate(_names(sensor)):
            lun, number = addresses.take(name, sensor, turn, here)
            # from 60h on an instance is relative to a device (Table 43-1, byte 10)
            instance = (sensor.instance + turn - 1) % _LAST_INSTANCE + 1 if turn else sensor.instance
            source = numbered_source(spec.source, sensor.instance + turn, name)
            made.append(
                replace(spec, name=name, lun=lun, number=number, entity_instance=instance, source=source)
            )
    check_guards((*kept, *made), spots)
    return (*kept, *made)


def _names(sensor: Sensor) -> list[str]:
    """The names of a sensor, or of several alike: numbered by their instance."""
    if sensor.count == 1 and not varies(sensor.name):
        return [sensor.name]
    pattern = sensor.name if varies(sensor.name) else f"{sensor.name} {{n}}"
    return [numbered(pattern, sensor.instance + turn) for turn in range(sensor.count)]


class _Addresses:
    """Which numbers are taken on which LUN, and by whom.

    Args:
        kept: sensors of the make-up that stay.
        former: where those were whose place others take.
        sensors: as described.
    """

    def __init__(
        self, kept: Sequence[SensorSpec], former: dict[str, tuple[int, int]], sensors: Sequence[Sensor]
    ) -> None:
        self._names = {spec.name for spec in kept}
        self._taken = {(spec.lun, spec.number): spec.name for spec in kept}
        self._asked = {
            (sensor.lun or 0, sensor.number + turn)
            for sensor in sensors
            if sensor.number is not None
            for turn in range(sensor.count)
        }
        self._former = former
        self._reserved = self._asked | set(former.values())

    def take(self, name: str, sensor: Sensor, turn: int, spot: Spot) -> tuple[int, int]:
        """The LUN and the number of a sensor, which nobody else has."""
        if len(name.encode("latin-1", "replace")) > _LONGEST_NAME or not _is_latin(name):
            raise (spot / "name").wrong(
                f'"{name}" has {len(name)} characters; allowed are at most {_LONGEST_NAME}, of Latin-1'
            )
        if name in self._names:
            raise (spot / "name").wrong(f'another sensor is named "{name}"')
        address = self._address(name, sensor, turn, spot)
        if address in self._taken:
            lun, number = address
            raise (spot / "number").wrong(f'{number} on LUN {lun} is the number of "{self._taken[address]}"')
        self._names.add(name)
        self._taken[address] = name
        return address

    def _address(self, name: str, sensor: Sensor, turn: int, spot: Spot) -> tuple[int, int]:
        if sensor.number is not None:
            number = sensor.number + turn
            if number > _LAST_NUMBER:
                raise (spot / "number").wrong(
                    f"{sensor.count} sensors from {sensor.number} on go beyond {_LAST_NUMBER}"
                )
            return sensor.lun or 0, number
        former = self._former.get(name)
        if former is not None and former not in self._asked and sensor.lun in (None, former[0]):
            return former
        for lun in LUNS if sensor.lun is None else (sensor.lun,):
            for number in range(1, _LAST_NUMBER + 1):
                if (lun, number) not in self._taken and (lun, number) not in self._reserved:
                    return lun, number
        where = "LUNs 0, 1 and 3" if sensor.lun is None else f"LUN {sensor.lun}"
        raise (spot / "count").wrong(f"no number is free any more on {where}")


def _is_latin(name: str) -> bool:
    return all(ord(letter) <= 0xFF for letter in name)


def _spec(sensor: Sensor, spot: Spot) -> SensorSpec:
    """One sensor, but for its name, its number and its instance."""
    special = traits(sensor, spot)
    source = source_spec(sensor.source, spot / "source", states=sensor.states is not None)
    if sensor.states is not None:
        if sensor.value is not None:
            raise (spot / "states").wrong("value is there too; a sensor has a value or it has states")
        if source is not None and sensor.rule is not None:
            raise (spot / "rule").wrong("source is there too; it says which states hold")
        return replace(_with_states(sensor, spot), traits=special, source=source)
    if sensor.value is None and source is None:
        raise (spot / "value").wrong("missing; wanted is value, or states for a discrete sensor")
    return replace(_with_value(sensor, special, spot), source=source)


def _refuse(sensor: Sensor, spot: Spot, keys: Sequence[str], wanted: str) -> None:
    for key in keys:
        if getattr(sensor, key) is not None:
            raise (spot / key).wrong(f"makes sense only for a sensor with {wanted}")


def _with_states(sensor: Sensor, spot: Spot) -> SensorSpec:
    _refuse(sensor, spot, _OF_VALUES, "a value")
    states = sensor.states or []
    for key in ("events", "holds", "holds_off"):
        for place, offset in enumerate(getattr(sensor, key) or []):
            if offset not in states:
                raise (spot / key / place).wrong(f"found {offset}; allowed is one of states: {states}")
    reading = code(EventReadingType, sensor.reading or "sensor_specific", spot / "reading")
    if reading == EventReadingType.THRESHOLD:
        raise (spot / "reading").wrong("threshold is for sensors with a value")
    if sensor.rule is not None:
        for key in ("holds", "holds_off"):
            if getattr(sensor, key) is not None:
                raise (spot / key).wrong("rule is there too; it says which states hold")
    rules = sorted([*RULES, *_CONTROLLER_RULES])
    if sensor.rule is not None and sensor.rule not in rules:
        raise (spot / "rule").wrong(unknown_word(sensor.rule, rules))
    kind = code(SensorType, sensor.type, spot / "type")
    spec = shapes.discrete(
        sensor.number or 1,
        "",
        kind,
        shapes.states(*set(states)),
        entity=_entity(sensor, kind, spot),
        holds=shapes.states(*set(sensor.holds or [])),
        holds_off=None if sensor.holds_off is None else shapes.states(*set(sensor.holds_off)),
        event_type=reading,
        events=None if sensor.events is None else shapes.states(*set(sensor.events)),
        rule=sensor.rule or "",
        record=_RECORDS[sensor.record or "compact"],
        auto_rearm=sensor.auto_rearm,
    )
    return replace(spec, physics=replace(spec.physics, unreadable_off=bool(sensor.unreadable_off)))


def _entity(sensor: Sensor, kind: SensorType, spot: Spot) -> EntityId:
    if sensor.entity is None:
        return _ENTITIES.get(kind, EntityId.SYSTEM_BOARD)
    return code(EntityId, sensor.entity, spot / "entity")


def _with_value(sensor: Sensor, special: Traits, spot: Spot) -> SensorSpec:
    _refuse(sensor, spot, _OF_STATES, "states")
    if sensor.record not in (None, "full"):
        raise (spot / "record").wrong(f"found {sensor.record}; a sensor with a value has a full record")
    spec = _shape(sensor, spot)
    changes: dict[str, Any] = {
        "percentage": sensor.percentage,
        "minimum": sensor.minimum,
        "maximum": sensor.maximum,
        "signed": sensor.signed,
        "hysteresis": sensor.hysteresis,
    }
    if sensor.unit is not None:
        changes["base_unit"] = code(SensorUnit, sensor.unit, spot / "unit")
    if sensor.rate is not None:
        changes["rate_unit"] = int(RateUnit[sensor.rate.upper()])
    if sensor.linearization is not None:
        changes["linearization"] = code(Linearization, sensor.linearization, spot / "linearization")
    physics: dict[str, Any] = {
        "kind": sensor.physics,
        "off": sensor.value_off,
        "tau": sensor.settling_s,
        "noise": sensor.noise,
        "unreadable_off": sensor.unreadable_off,
    }
    changes["physics"] = replace(spec.physics, **_given(physics))
    spec = curved(replace(spec, auto_rearm=sensor.auto_rearm, traits=special, **_given(changes)), sensor)
    _check_range(spec, sensor, spot)
    return spec


def _given(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if value is not None}


def _shape(sensor: Sensor, spot: Spot) -> SensorSpec:
    """A sensor with a value as one of its type usually is, before the description's own say."""
    kind = code(SensorType, sensor.type, spot / "type")
    entity = _entity(sensor, kind, spot)
    value, off = sensor.value or 0.0, sensor.value_off or 0.0
    top = round(abs(value) * _HEADROOM, 3) or 255.0 if sensor.maximum is None else sensor.maximum
    thresholds = _thresholds(sensor.lower, sensor.upper)
    plain = sensor.unit is None and not sensor.percentage
    if kind == SensorType.TEMPERATURE and plain:
        ambient = _AMBIENT if sensor.value_off is None else off
        return shapes.temperature(
            1, "", entity, 1, value, thresholds, ambient=ambient, signed=bool(sensor.signed)
        )
    if kind == SensorType.FAN and plain:
        return replace(shapes.fan(1, "", 1, value, thresholds, top), entity_id=entity)
    if kind == SensorType.VOLTAGE and plain and value:
        return shapes.voltage(
            1, "", value, entity=entity, thresholds=thresholds, standby=sensor.value_off is not None
        )
    rule, unit = _USUAL.get(kind, ("fixed", SensorUnit.UNSPECIFIED))
    moves = rule != "fixed"
    physics = Physics(
        rule, value, off if moves or sensor.value_off is not None else value, _SETTLING if moves else 0.0
    )
    return SensorSpec(
        1, "", kind, entity_id=entity, base_unit=unit if sensor.unit is None else 0, thresholds=thresholds,
        minimum=min(0.0, -top if value < 0 else 0.0), maximum=0.0 if value < 0 else top, nominal=value,
        physics=physics,
    )  # fmt: skip


def _thresholds(lower: Limits | None, upper: Limits | None) -> Thresholds:
    sides: dict[str, float | None] = {}
    for side, limits in (("lower", lower), ("upper", upper)):
        for severity in _SEVERITIES:
            sides[f"{side}_{severity}"] = getattr(limits, severity, None)
    return Thresholds(**sides)


def _values(sensor: Sensor, spot: Spot) -> Iterator[tuple[float | None, Spot]]:
    """Every value of a sensor, with the spot where it stands; thresholds from the lowest to the highest."""
    yield sensor.value, spot / "value"
    if not sensor.unreadable_off:
        yield sensor.value_off, spot / "value_off"
    yield from _thresholds_of(sensor, spot)


def _thresholds_of(sensor: Sensor, spot: Spot) -> Iterator[tuple[float | None, Spot]]:
    sides = (("lower", sensor.lower, reversed(_SEVERITIES)), ("upper", sensor.upper, iter(_SEVERITIES)))
    for side, limits, severities in sides:
        for severity in severities:
            yield getattr(limits, severity, None), spot / side / severity


def _check_range(spec: SensorSpec, sensor: Sensor, spot: Spot) -> None:
    low, high = spec.minimum, spec.maximum
    if low >= high:
        key = "maximum" if sensor.maximum is not None else "minimum"
        raise (spot / key).wrong(f"found {low:g} to {high:g}; the minimum has to be below the maximum")
    for value, place in _values(sensor, spot):
        if value is not None and not low <= value <= high:
            raise place.wrong(
                f"found {value:g}; allowed is {low:g} to {high:g}, the sensor's minimum and maximum"
            )
    before = -inf
    for value, place in _thresholds_of(sensor, spot):
        if value is not None and value <= before:
            raise place.wrong(
                f"found {value:g}, and {before:g} where less is wanted; the order from below is lower"
                " non_recoverable, critical, non_critical, upper non_critical, critical, non_recoverable"
            )
        before = before if value is None else value
    try:
        sensor_record(replace(spec, name="x"))
    except EncodeError as error:
        raise (spot / "maximum").wrong(f"no sensor can have these values: {error}") from error
