"""The kinds of sensors that servers have, so that a make-up is a list and not a form."""

from __future__ import annotations

from baseboard.bmc.blueprint import Physics, SensorSpec, Thresholds
from baseboard.codes import EntityId, EventReadingType, SensorType, SensorUnit


def states(*offsets: int) -> int:
    """The mask of these offsets."""
    return sum(1 << offset for offset in offsets)


def upper(non_critical: float, critical: float, non_recoverable: float | None = None) -> Thresholds:
    """Thresholds of what must not rise."""
    return Thresholds(
        upper_non_critical=non_critical, upper_critical=critical, upper_non_recoverable=non_recoverable
    )


def lower(non_critical: float, critical: float, non_recoverable: float | None = None) -> Thresholds:
    """Thresholds of what must not fall."""
    return Thresholds(
        lower_non_critical=non_critical, lower_critical=critical, lower_non_recoverable=non_recoverable
    )


def around(value: float, non_critical: float, critical: float) -> Thresholds:
    """Thresholds on both sides of a value.

    Args:
        value: nominal.
        non_critical: share of it by which it may be off, such as 0.05.
        critical: the same, of the critical thresholds.
    """
    near, far = abs(value) * non_critical, abs(value) * critical
    return Thresholds(
        lower_non_critical=round(value - near, 3),
        lower_critical=round(value - far, 3),
        upper_non_critical=round(value + near, 3),
        upper_critical=round(value + far, 3),
    )


def temperature(
    number: int,
    name: str,
    entity: EntityId,
    instance: int,
    on: float,
    thresholds: Thresholds,
    *,
    ambient: float = 22.0,
    tau: float = 45.0,
    noise: float = 0.8,
    unreadable_off: bool = False,
    signed: bool = False,
) -> SensorSpec:
    """Degrees C; half a degree a count, or whole ones below zero too."""
    return SensorSpec(
        number=number, name=name, sensor_type=SensorType.TEMPERATURE, entity_id=entity,
        entity_instance=instance, base_unit=SensorUnit.DEGREES_C, signed=signed,
        minimum=-128.0 if signed else 0.0, maximum=127.0 if signed else 127.5, nominal=round(on),
        thresholds=thresholds, hysteresis=2.0,
        physics=Physics("temperature", on, ambient, tau, noise, unreadable_off),
    )  # fmt: skip


def fan(number: int, name: str, instance: int, rpm: float, thresholds: Thresholds, top: float) -> SensorSpec:
    """Revolutions per minute; not there while the system is off."""
    return SensorSpec(
        number=number, name=name, sensor_type=SensorType.FAN, entity_id=EntityId.FAN,
        entity_instance=instance, base_unit=SensorUnit.RPM, maximum=top, nominal=rpm,
        thresholds=thresholds, hysteresis=top / 85,
        physics=Physics("fan", rpm, 0.0, 2.5, rpm * 0.02, unreadable_off=True),
    )  # fmt: skip


def voltage(
    number: int,
    name: str,
    volts: float,
    *,
    entity: EntityId = EntityId.SYSTEM_BOARD,
    instance: int = 1,
    standby: bool = False,
    thresholds: Thresholds | None = None,
) -> SensorSpec:
    """A rail.

    Args:
        number: of the sensor.
        name: of the sensor.
        volts: nominal; may be negative.
        entity: whose rail it is.
        instance: which one.
        standby: there while the system is off too.
        thresholds: None = 5 and 10 % around.
    """
    reach = round(abs(volts) * 1.275, 2)
    return SensorSpec(
        number=number, name=name, sensor_type=SensorType.VOLTAGE, entity_id=entity, entity_instance=instance,
        base_unit=SensorUnit.VOLTS, minimum=min(0.0, reach if volts > 0 else -reach),
        maximum=reach if volts > 0 else 0.0, nominal=volts,
        thresholds=around(volts, 0.05, 0.10) if thresholds is None else thresholds,
        hysteresis=round(abs(volts) * 0.01, 3),
        physics=Physics(
            "voltage", volts, volts if standby else 0.0, noise=abs(volts) * 0.008, unreadable_off=not standby
        ),
    )  # fmt: skip


def watts(
    number: int, name: str, entity: EntityId, instance: int, on: float, off: float, top: float,
    thresholds: Thresholds | None = None,
) -> SensorSpec:  # fmt: skip
    """Power drawn."""
    return SensorSpec(
        number=number, name=name, sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, entity_id=entity,
        entity_instance=instance, base_unit=SensorUnit.WATTS, maximum=top, nominal=on,
        thresholds=thresholds or Thresholds(), hysteresis=top / 85,
        physics=Physics("power", on, off, 3.0, on * 0.04),
    )  # fmt: skip


def amperes(
    number: int, name: str, entity: EntityId, instance: int, on: float, off: float, top: float,
    thresholds: Thresholds | None = None,
) -> SensorSpec:  # fmt: skip
    """Current drawn."""
    return SensorSpec(
        number=number, name=name, sensor_type=SensorType.CURRENT, entity_id=entity, entity_instance=instance,
        base_unit=SensorUnit.AMPS, maximum=top, nominal=on, thresholds=thresholds or Thresholds(),
        hysteresis=top / 85, physics=Physics("current", on, off, 3.0, on * 0.04),
    )  # fmt: skip


def discrete(
    number: int,
    name: str,
    sensor_type: SensorType,
    mask: int,
    *,
    entity: EntityId = EntityId.SYSTEM_BOARD,
    instance: int = 1,
    holds: int = 0,
    holds_off: int | None = None,
    event_type: EventReadingType = EventReadingType.SENSOR_SPECIFIC,
    events: int | None = None,
    rule: str = "",
    record: int = 2,
    auto_rearm: bool = True,
) -> SensorSpec:
    """States.

    Args:
        number: of the sensor.
        name: of the sensor.
        sensor_type: Table 42-3.
        mask: states that it may show.
        entity: whose sensor it is.
        instance: which one.
        holds: states that hold while the system is on.
        holds_off: while it is off; None = the same.
        event_type: what the offsets mean.
        events: offsets that make events; None = all.
        rule: the host's or the controller's rule for it, instead.
        record: 1 full, 2 compact, 3 event-only.
        auto_rearm: events are re-armed by the sensor itself.
    """
    return SensorSpec(
        number=number, name=name, sensor_type=sensor_type, event_type=event_type, entity_id=entity,
        entity_instance=instance, states=mask, event_states=events, auto_rearm=auto_rearm, record=record,
        physics=Physics(
            "state", states=holds, states_off=holds if holds_off is None else holds_off, rule=rule
        ),
    )  # fmt: skip
