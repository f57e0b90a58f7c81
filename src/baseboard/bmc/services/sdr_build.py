"""The records that a BMC is shipped with, made from its blueprint (§43)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from baseboard.bmc.blueprint import FruSpec, SensorSpec, Thresholds
from baseboard.bmc.blueprint.buses import CHIP_TYPES
from baseboard.bmc.blueprint.sensors import Init
from baseboard.codes import (
    AnalogFormat,
    EntityId,
    EventReadingType,
    Linearization,
    ModifierUse,
    RateUnit,
    SdrType,
    SensorType,
    SensorUnit,
)
from baseboard.commands.app.device import DeviceSupport
from baseboard.records.curve import Curve
from baseboard.records.fit import fit
from baseboard.records.formula import Formula, to_signed, unlinearized
from baseboard.records.sdr import (
    THRESHOLD_FIELDS,
    Access,
    CompactSensorRecord,
    Entity,
    EntityAssociationRecord,
    EventControl,
    EventOnlyRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
    ManagementControllerDeviceLocatorRecord,
    Sdr,
    SensorRecord,
    discrete_sensor,
    threshold_sensor,
)
from baseboard.records.thresholds import THRESHOLDS, ThresholdMask

CONTROLLER_NAME = "BMC"
_SOME_CHIP = 0x01
"""Device type of a chip of another size: reserved for what no code names (Table 43-12)."""

OWN_FRU = 0
"""FRU device 0 is the controller's own; its locator is implied by the controller's (§43.8)."""

CAPABILITIES = (
    DeviceSupport.CHASSIS
    | DeviceSupport.IPMB_EVENT_RECEIVER
    | DeviceSupport.FRU_INVENTORY
    | DeviceSupport.SEL
    | DeviceSupport.SDR_REPOSITORY
    | DeviceSupport.SENSOR
)
"""What the controller's locator says of it, as Get Device ID does."""

_CONTAINERS = ((EntityId.POWER_UNIT, EntityId.POWER_SUPPLY), (EntityId.COOLING_UNIT, EntityId.FAN))
"""Which kinds of entities are made of which others."""

_PLACES = 4


def sensor_record(spec: SensorSpec) -> SensorRecord:
    """The record of a sensor, full, compact or event-only.

    Raises:
        EncodeError: its values cannot be put into a record.
    """
    if spec.event_type == EventReadingType.THRESHOLD:
        return _threshold_sensor(spec)
    if spec.record == SdrType.FULL_SENSOR:
        return _full_discrete(spec)
    if spec.record == SdrType.EVENT_ONLY:
        return EventOnlyRecord(
            sensor_number=spec.number,
            owner_lun=spec.lun,
            sensor_type=SensorType(spec.sensor_type),
            event_type=EventReadingType(spec.event_type),
            entity_id=EntityId(spec.entity_id),
            entity_instance=spec.entity_instance,
            id_string=id_string(spec.name),
        )
    return _compact(spec)


def _compact(spec: SensorSpec) -> CompactSensorRecord:
    return discrete_sensor(
        number=spec.number,
        name=id_string(spec.name),
        sensor_type=SensorType(spec.sensor_type),
        states=_offsets(spec.states),
        eventful=_offsets(event_states(spec)),
        event_type=EventReadingType(spec.event_type),
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        **_abilities(spec, eventful=bool(event_states(spec))),
        **_units(spec),
    )


def event_states(spec: SensorSpec) -> int:
    """The offsets that a discrete sensor sends events about."""
    return spec.states if spec.event_states is None else spec.states & spec.event_states


def sensor_formula(spec: SensorSpec) -> Formula:
    """The conversion whose readings cover the sensor's range.

    Raises:
        EncodeError: there is none.
    """
    linearization = Linearization(spec.linearization)
    ends = (unlinearized(spec.minimum, linearization), unlinearized(spec.maximum, linearization))
    analog_format = AnalogFormat.TWOS_COMPLEMENT if spec.signed else AnalogFormat.UNSIGNED
    formula = _fit(min(ends), max(ends), analog_format)
    return formula if linearization == Linearization.LINEAR else replace(formula, linearization=linearization)


@lru_cache(maxsize=128)
def _fit(low: float, high: float, analog_format: AnalogFormat) -> Formula:
    return fit(low, high, analog_format=analog_format)


def limits(thresholds: Thresholds) -> dict[ThresholdMask, float]:
    """The thresholds that a sensor has, as values."""
    values = (
        thresholds.lower_non_critical,
        thresholds.lower_critical,
        thresholds.lower_non_recoverable,
        thresholds.upper_non_critical,
        thresholds.upper_critical,
        thresholds.upper_non_recoverable,
    )
    return {one: value for one, value in zip(THRESHOLDS, values, strict=True) if value is not None}


def curve_of(spec: SensorSpec) -> Curve | None:
    """The curve of a sensor that no single formula converts; None for the others.

    Raises:
        EncodeError: its points are none.
    """
    return _curve(spec.traits.curve) if spec.traits.curve else None


@lru_cache(maxsize=128)
def _curve(points: tuple[tuple[int, float], ...]) -> Curve:
    return Curve(points)


def _threshold_sensor(spec: SensorSpec) -> FullSensorRecord:
    curve = curve_of(spec)
    having = limits(spec.thresholds)
    if curve is None:
        formula, raw = sensor_formula(spec), None
    else:
        usual = curve.raw(spec.maximum if spec.nominal is None else spec.nominal)
        formula, raw = curve.formula(usual), curve.raw
    to_raw = raw or formula.raw
    counts = _hysteresis(spec, formula, to_raw) if having else 0
    settable = ThresholdMask(sum(having) if spec.traits.thresholds == Access.SETTABLE else 0)
    fields: dict[str, Any] = {
        "sensor_minimum": to_raw(spec.minimum),
        "sensor_maximum": to_raw(spec.maximum),
        "threshold_access": spec.traits.thresholds if having else Access.NONE,
        "hysteresis_access": spec.traits.hysteresis if having else Access.NONE,
        "positive_hysteresis": counts,
        "negative_hysteresis": counts,
    }
    if raw is not None:
        fields |= {THRESHOLD_FIELDS[one]: raw(value) for one, value in having.items()}
        fields |= {} if spec.nominal is None else {"nominal_reading": raw(spec.nominal)}
    return threshold_sensor(
        number=spec.number,
        name=id_string(spec.name),
        sensor_type=SensorType(spec.sensor_type),
        unit=SensorUnit(spec.base_unit),
        formula=formula,
        thresholds=having,
        settable=settable,
        nominal=spec.nominal,
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        **fields,
        **_abilities(spec, eventful=bool(having), limited=bool(having)),
        **_units(spec, base=False),
    )


def _hysteresis(spec: SensorSpec, formula: Formula, to_raw: Callable[[float], int]) -> int:
    """Raw counts of the hysteresis; of a sensor that is not linear those near its usual reading."""
    if not spec.hysteresis:
        return 0
    usual = spec.maximum if spec.nominal is None else spec.nominal
    ends = (to_signed(to_raw(value), formula.analog_format) for value in (usual, usual - spec.hysteresis))
    return max(1, abs(next(ends) - next(ends)))


def _full_discrete(spec: SensorSpec) -> FullSensorRecord:
    events = event_states(spec)
    return FullSensorRecord(
        sensor_number=spec.number,
        sensor_type=SensorType(spec.sensor_type),
        event_type=EventReadingType(spec.event_type),
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        assertion_mask=events,
        deassertion_mask=events,
        reading_mask=spec.states,
        analog_format=AnalogFormat.NONE,
        m=0,
        sensor_maximum=0,
        id_string=id_string(spec.name),
        **_abilities(spec, eventful=bool(events)),
        **_units(spec),
    )


def _abilities(spec: SensorSpec, *, eventful: bool, limited: bool = False) -> dict[str, Any]:
    """Bytes 7, 11 and 12: where the sensor is, what is done with it at start, what it can do by itself."""
    traits, init = spec.traits, spec.traits.init
    made: dict[str, Any] = {
        "owner_lun": spec.lun,
        "settable_reading": is_settable(spec),
        "init_scanning": Init.SCANNING in init,
        "init_events": eventful and Init.EVENTS in init,
        "init_hysteresis": limited and Init.HYSTERESIS in init and traits.hysteresis == Access.SETTABLE,
        "init_type": Init.TYPE in init,
        "events_enabled": eventful and traits.events_enabled,
        "scanning_enabled": traits.scanning_enabled,
        "ignore_if_absent": traits.ignore_if_absent or traits.removable,
        "auto_rearm": spec.auto_rearm,
        "event_control": traits.event_control if eventful else EventControl.NO_EVENTS,
    }
    if spec.event_type == EventReadingType.THRESHOLD or spec.record == SdrType.FULL_SENSOR:
        settable = limited and traits.thresholds == Access.SETTABLE
        made["init_thresholds"] = settable and Init.THRESHOLDS in init
    return made


def is_settable(spec: SensorSpec) -> bool:
    """Whether Set Sensor Reading And Event Status works; what is measured cannot be written over."""
    return not spec.source if not spec.traits.settable else spec.traits.settable != "no"


def shared_record(specs: Sequence[SensorSpec]) -> CompactSensorRecord | EventOnlyRecord:
    """The one record of neighbours that are alike (§43.2): consecutive numbers, names that end in numbers."""
    first = specs[0]
    stem = first.traits.share
    record = sensor_record(first)
    assert isinstance(record, CompactSensorRecord | EventOnlyRecord)
    return record.replace(
        id_string=stem,
        share_count=len(specs),
        instances_increment=len(specs) > 1 and specs[1].entity_instance != first.entity_instance,
        modifier_offset=int(first.name[len(stem) :]),
    )


def _units(spec: SensorSpec, *, base: bool = True) -> dict[str, Any]:
    """Bytes 21 to 23."""
    units: dict[str, Any] = {
        "rate_unit": RateUnit(spec.rate_unit),
        "modifier_use": ModifierUse(spec.modifier_use),
        "modifier_unit": SensorUnit(spec.modifier_unit),
        "percentage": spec.percentage,
    }
    if base:
        units["base_unit"] = SensorUnit(spec.base_unit)
    return units


def id_string(name: str) -> str:
    """An ID string of one character is reserved, so it gets company (§43.15)."""
    return name + "\0" if len(name) == 1 else name


def _offsets(mask: int) -> Iterator[int]:
    return (offset for offset in range(mask.bit_length()) if mask >> offset & 1)


def device_records(sensors: tuple[SensorSpec, ...], frus: tuple[FruKey, ...]) -> list[Sdr]:
    """The records besides those of the sensors: locators of devices, and what contains what."""
    own = next((fru for fru in frus if fru.device_id == OWN_FRU), _NO_OWN)
    records: list[Sdr] = [_fru_locator(fru) for fru in frus if fru.device_id != OWN_FRU]
    records.append(
        ManagementControllerDeviceLocatorRecord(
            capabilities=int(CAPABILITIES),
            entity_id=EntityId(own.entity_id),
            entity_instance=own.entity_instance,
            id_string=CONTROLLER_NAME,
        )
    )
    for container, contained in _CONTAINERS:
        records += _association(sensors, container, contained)
    return records


def _fru_locator(fru: FruKey) -> FruDeviceLocatorRecord:
    """§43.8: a logical device by its ID, a chip that Read FRU Data does not read by its place on a bus."""
    entity = EntityId(fru.entity_id)
    if fru.chip is None:
        return FruDeviceLocatorRecord(
            fru_device_id=fru.device_id,
            entity_id=entity,
            entity_instance=fru.entity_instance,
            id_string=id_string(fru.name),
        )
    bus, address, device_type = fru.chip
    return FruDeviceLocatorRecord(
        fru_device_id=address << 1,
        logical=False,
        private_bus_id=bus,
        device_type=device_type,
        entity_id=entity,
        entity_instance=fru.entity_instance,
        id_string=id_string(fru.name),
    )


class FruKey(NamedTuple):
    """What a locator says of a FRU device.

    Attributes:
        chip: bus, slave address and device type of a chip that has no FRU device ID; None of all others.
    """

    device_id: int
    name: str
    entity_id: int
    entity_instance: int
    chip: tuple[int, int, int] | None = None


_NO_OWN = FruKey(OWN_FRU, "", int(EntityId.SYSTEM_BOARD), 1)


def fru_keys(frus: tuple[FruSpec, ...]) -> tuple[FruKey, ...]:
    """What locators say, without the contents, which are every server's own."""
    return tuple(
        FruKey(fru.device_id, fru.name, fru.entity_id, fru.entity_instance, _bare_chip(fru)) for fru in frus
    )


def _bare_chip(fru: FruSpec) -> tuple[int, int, int] | None:
    if fru.logical or fru.eeprom is None:
        return None
    return fru.eeprom.bus, fru.eeprom.address, CHIP_TYPES.get(len(fru.image), _SOME_CHIP)


def _association(
    sensors: tuple[SensorSpec, ...], container: EntityId, contained: EntityId
) -> list[EntityAssociationRecord]:
    """What the only container of a kind is made of: one range, or lists of four (§43.4)."""
    containers = {spec.entity_instance for spec in sensors if spec.entity_id == container}
    instances = sorted({spec.entity_instance for spec in sensors if spec.entity_id == contained})
    if len(containers) != 1 or not instances:
        return []
    (instance,) = containers
    entities = [Entity(entity_id=contained, instance=number) for number in instances]
    whole = len(instances) > 1 and instances[-1] - instances[0] == len(instances) - 1
    groups = (
        [[entities[0], entities[-1]]]
        if whole
        else [entities[start : start + _PLACES] for start in range(0, len(entities), _PLACES)]
    )
    return [
        EntityAssociationRecord(
            container_id=container,
            container_instance=instance,
            is_range=whole,
            linked=len(groups) > 1,
            contained=(*group, *(Entity(),) * (_PLACES - len(group))),
        )
        for group in groups
    ]
