"""What is special about a described sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import Init, Traits, ordinary
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.services.sensor_template import catalogue
from baseboard.codes import Linearization
from baseboard.errors import EncodeError
from baseboard.records.curve import Curve
from baseboard.records.sdr import Access, EventControl

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Sensor

_LIMITED = ("threshold_access", "hysteresis_access")


def traits(sensor: Sensor, spot: Spot) -> Traits:
    """What the file says of it, for all sensors of its table alike."""
    _check(sensor, spot)
    changes: dict[str, Any] = {
        "events_enabled": sensor.events_enabled,
        "scanning_enabled": sensor.scanning_enabled,
        "settable": sensor.settable,
        "ignore_if_absent": sensor.ignore_if_absent,
        "removable": sensor.removable,
        "update_s": sensor.update_s,
    }
    if sensor.init is not None:
        changes["init"] = Init(sum({Init[word.upper()] for word in sensor.init}))
    if sensor.threshold_access is not None:
        changes["thresholds"] = Access[sensor.threshold_access.upper()]
    if sensor.hysteresis_access is not None:
        changes["hysteresis"] = Access[sensor.hysteresis_access.upper()]
    if sensor.event_control is not None:
        changes["event_control"] = EventControl[sensor.event_control.upper()]
    if sensor.share:
        changes["share"] = stem(sensor)
    if sensor.curve is not None:
        changes["curve"] = _curve(sensor, spot)
    given = {key: value for key, value in changes.items() if value is not None}
    return replace(ordinary(), **given) if given else ordinary()


def stem(sensor: Sensor) -> str:
    """What the names of sensors that share a record have in common: all but the number at their end."""
    return sensor.name.removesuffix("{n}") if sensor.name.endswith("{n}") else f"{sensor.name} "


def curved(spec: SensorSpec, sensor: Sensor) -> SensorSpec:
    """A sensor that follows a curve measures from its one end to the other, unless the file says less."""
    points = spec.traits.curve
    if not points:
        return spec
    changes: dict[str, Any] = {"linearization": int(Linearization.NON_LINEAR)}
    if sensor.minimum is None:
        changes["minimum"] = points[0][1]
    if sensor.maximum is None:
        changes["maximum"] = points[-1][1]
    return replace(spec, **changes)


def _curve(sensor: Sensor, spot: Spot) -> tuple[tuple[int, float], ...]:
    points = tuple(sensor.curve or ())
    if sensor.linearization is not None or sensor.signed:
        key = "signed" if sensor.signed else "linearization"
        raise (spot / key).wrong("curve is there too; its readings are 0 to 255, and it says all about them")
    try:
        Curve(points)
    except EncodeError as error:
        raise (spot / "curve").wrong(str(error)) from error
    return points


def _check(sensor: Sensor, spot: Spot) -> None:
    """Keys that do not go with what the sensor is."""
    if sensor.states is not None:
        for key in (*_LIMITED, "curve"):
            if getattr(sensor, key) is not None:
                raise (spot / key).wrong("makes sense only for a sensor with a value")
    elif sensor.lower is None and sensor.upper is None:
        for key in _LIMITED:
            if getattr(sensor, key) is not None:
                raise (spot / key).wrong("makes sense only for a sensor with lower or upper thresholds")
    if not sensor.share:
        return
    if sensor.states is None or sensor.record == "full":
        raise (spot / "share").wrong(
            "only sensors with states, with a compact or event-only record, share one"
        )
    if "{name}" in sensor.name or sensor.name.removesuffix("{n}").count("{n"):
        raise (spot / "name").wrong(
            "the names of sensors that share a record differ by a number at their end"
        )
    if sensor.removable:
        raise (spot / "removable").wrong("share is there too; a record cannot go in part")


def check_guards(specs: Sequence[SensorSpec], spots: dict[str, Spot]) -> None:
    """Sensors that need their entity need another sensor that tells whether it is there.

    Args:
        specs: all of the BMC.
        spots: of those that the file describes, by name.
    """
    if not any(spec.traits.removable or spec.traits.ignore_if_absent for spec in specs):
        return
    guards = catalogue(tuple(specs)).guards
    for index, spec in enumerate(specs):
        needs = "removable" if spec.traits.removable else "ignore_if_absent"
        if (spec.traits.removable or spec.traits.ignore_if_absent) and index not in guards:
            spot = spots[spec.name]
            raise (spot / needs).wrong(
                "no sensor tells whether its entity is there: one of the same entity and instance is wanted"
                " that has a state of presence"
            )
