"""DCMI and the system interface of a described BMC, checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from baseboard.bmc.blueprint import DcmiSpec, InterfaceSpec, SensorSpec
from baseboard.bmc.blueprint.interfaces import SMALLEST_INPUT
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.services.power_meter import LONGEST_S
from baseboard.codes import SensorUnit

if TYPE_CHECKING:
    from baseboard.bmc.configuration.dcmi_layout import Dcmi, Interface

_UNITS = {"s": (0, 1), "min": (1, 60), "h": (2, 3600)}
_MOST = 0x3F


def dcmi_spec(
    said: Dcmi, spot: Spot, base: DcmiSpec | None, sensors: tuple[SensorSpec, ...]
) -> DcmiSpec | None:
    """What a BMC has of DCMI.

    Args:
        said: as described.
        spot: of its table.
        base: the make-up's; None = it has none, nor has a BMC without make-up.
        sensors: the BMC's; the meter is one of them.

    Raises:
        ConfigurationError: there is no such meter, or the limits or a period cannot be.
    """
    given: dict[str, Any] = {
        "meter": said.meter,
        "lowest": said.lowest,
        "highest": said.highest,
        "periods": None if said.periods is None else _periods(said.periods, spot / "periods"),
    }
    changes = {key: value for key, value in given.items() if value is not None}
    if said.enabled is False or (base is None and not changes and not said.enabled):
        if changes:
            raise (spot / "enabled").wrong(
                "found false, and there are other keys, which mean that there is DCMI"
            )
        return None
    spec = replace(base or DcmiSpec(), **changes)
    if spec.lowest > spec.highest:
        key = "lowest" if said.lowest is not None else "highest"
        raise (spot / key).wrong(f"limits from {spec.lowest} to {spec.highest} W leave none that can be set")
    if spec.meter:
        _check_meter(spec.meter, spot / "meter", sensors)
    return spec


def _check_meter(name: str, spot: Spot, sensors: tuple[SensorSpec, ...]) -> None:
    for one in sensors:
        if one.name == name:
            moves = one.physics.kind == "power" and one.physics.on > one.physics.off
            moves = moves or one.source is not None  # it is measured
            if one.base_unit != SensorUnit.WATTS or one.percentage or not moves:
                raise spot.wrong(
                    f'"{name}" is no sensor of power, in watts, that shows more while the system is on'
                )
            return
    raise spot.wrong(f'found "{name}"; there is no sensor of that name')


def _periods(listed: list[str], spot: Spot) -> tuple[int, ...]:
    found: list[int] = []
    for number, text in enumerate(listed):
        split = re.fullmatch(r"([0-9]+)([a-z]+)", text)
        assert split is not None
        unit, seconds = _UNITS[split[2]]
        duration = int(split[1])
        if duration > _MOST or duration * seconds > LONGEST_S:
            raise (spot / number).wrong(f'found "{text}"; allowed are 1s to 59min and 1h, up to 63 of a unit')
        found.append(unit << 6 | duration)
    return tuple(dict.fromkeys(found))


def interface_spec(said: Interface, spot: Spot) -> InterfaceSpec:
    """The system interface of a BMC.

    Raises:
        ConfigurationError: it would not carry what every interface carries.
    """
    if said.input_size < SMALLEST_INPUT:
        raise (spot / "input_size").wrong(
            f"found {said.input_size}; allowed are {SMALLEST_INPUT} to 255 bytes (§6)"
        )
    return InterfaceSpec(
        kind=said.kind, input_size=said.input_size, output_size=said.output_size, pec=said.pec,
        outstanding=said.outstanding, response_s=said.response_s, retries=said.retries,
    )  # fmt: skip
