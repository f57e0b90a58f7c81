"""The records that a BMC is shipped with, made from its blueprint (§43)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from baseboard.bmc.blueprint import FruSpec, SensorSpec, Thresholds
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
from baseboard.records.fit import fit
from baseboard.records.formula import Formula, to_signed, unlinearized
from baseboard.records.sdr import (
    Access,
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
            id_string=_id_string(spec.name),
        )
    return discrete_sensor(
        number=spec.number,
        name=_id_string(spec.name),
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


def _threshold_sensor(spec: SensorSpec) -> FullSensorRecord:
    formula = sensor_formula(spec)
    having = limits(spec.thresholds)
    counts = _hysteresis(spec, formula) if having else 0
    ends = (formula.raw(spec.minimum), formula.raw(spec.maximum))
    return threshold_sensor(
        number=spec.number,
        name=_id_string(spec.name),
        sensor_type=SensorType(spec.sensor_type),
        unit=SensorUnit(spec.base_unit),
        formula=formula,
        thresholds=having,
        nominal=spec.nominal,
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        sensor_minimum=ends[0],
        sensor_maximum=ends[1],
        init_hysteresis=bool(having),
        hysteresis_access=Access.SETTABLE if having else Access.NONE,
        positive_hysteresis=counts,
        negative_hysteresis=counts,
        **_abilities(spec, eventful=bool(having)),
        **_units(spec, base=False),
    )


def _hysteresis(spec: SensorSpec, formula: Formula) -> int:
    """Raw counts of the hysteresis; of a sensor that is not linear those near its usual reading."""
    if not spec.hysteresis:
        return 0
    usual = spec.maximum if spec.nominal is None else spec.nominal
    ends = (
        to_signed(formula.raw(value), formula.analog_format) for value in (usual, usual - spec.hysteresis)
    )
    return max(1, abs(next(ends) - next(ends)))


def _full_discrete(spec: SensorSpec) -> FullSensorRecord:
    events = event_states(spec)
    return FullSensorRecord(
        sensor_number=spec.number,
        sensor_type=SensorType(spec.sensor_type),
        event_type=EventReadingType(spec.event_type),
        entity_id=EntityId(spec.entity_id),
        entity_instance=spec.entity_instance,
        init_thresholds=False,
        init_hysteresis=False,
        event_control=EventControl.PER_EVENT if events else EventControl.NO_EVENTS,
        assertion_mask=events,
        deassertion_mask=events,
        reading_mask=spec.states,
        analog_format=AnalogFormat.NONE,
        m=0,
        sensor_maximum=0,
        id_string=_id_string(spec.name),
        **_abilities(spec, eventful=bool(events)),
        **_units(spec),
    )


def _abilities(spec: SensorSpec, *, eventful: bool) -> dict[str, Any]:
    """Bytes 7, 11 and 12: where the sensor is, what is done with it at start, what it can do by itself."""
    return {
        "owner_lun": spec.lun,
        # what is measured cannot be written over; what is simulated can
        "settable_reading": not spec.source,
        "init_events": eventful,
        "events_enabled": eventful,
        "auto_rearm": spec.auto_rearm,
    }


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


def _id_string(name: str) -> str:
    """An ID string of one character is reserved, so it gets company (§43.15)."""
    return name + "\0" if len(name) == 1 else name


def _offsets(mask: int) -> Iterator[int]:
    return (offset for offset in range(mask.bit_length()) if mask >> offset & 1)


def device_records(sensors: tuple[SensorSpec, ...], frus: tuple[FruKey, ...]) -> list[Sdr]:
    """The records besides those of the sensors: locators of devices, and what contains what."""
    own = next((fru for fru in frus if fru[0] == OWN_FRU), (OWN_FRU, "", int(EntityId.SYSTEM_BOARD), 1))
    records: list[Sdr] = [
        FruDeviceLocatorRecord(
            fru_device_id=device_id,
            entity_id=EntityId(entity_id),
            entity_instance=instance,
            id_string=_id_string(name),
        )
        for device_id, name, entity_id, instance in frus
        if device_id != OWN_FRU
    ]
    records.append(
        ManagementControllerDeviceLocatorRecord(
            capabilities=int(CAPABILITIES),
            entity_id=EntityId(own[2]),
            entity_instance=own[3],
            id_string=CONTROLLER_NAME,
        )
    )
    for container, contained in _CONTAINERS:
        records += _association(sensors, container, contained)
    return records


FruKey = tuple[int, str, int, int]
"""What a locator says of a FRU device: its ID, name, entity and entity instance."""


def fru_keys(frus: tuple[FruSpec, ...]) -> tuple[FruKey, ...]:
    """What locators say, without the contents, which are every server's own."""
    return tuple((fru.device_id, fru.name, fru.entity_id, fru.entity_instance) for fru in frus)


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
