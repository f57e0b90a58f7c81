"""The multirecords of a described inventory: what its tables say, in the units of the FRU specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baseboard.bmc.configuration.words import numbered
from baseboard.records.fru import DcLoad, DcOutput, ManagementAccess, OemMultiRecord, PowerSupply
from baseboard.records.fru.multirecord import AnyMultiRecord
from baseboard.records.fru.power import CurrentUnit, ExtendedDcLoad, ExtendedDcOutput
from baseboard.records.fru.relations import AccessType

if TYPE_CHECKING:
    from baseboard.bmc.configuration import inventory_layout
    from baseboard.bmc.configuration.layout import Fru

_UNSPECIFIED_VA, _UNSPECIFIED_A, _UNSPECIFIED_PEAK = 0xFFFF, 0xFF, 0xFFF
_MOST_MILLIAMPERES = 0xFFFF
_STEPS = {CurrentUnit.TEN_MILLIAMPERES: 0.01, CurrentUnit.HUNDRED_MILLIAMPERES: 0.1}


def multirecords(fru: Fru, number: int, name: str) -> tuple[AnyMultiRecord, ...]:
    """The records of one inventory, in the order of the specification's types.

    Args:
        number: of the BMC among those alike, for ``{n}``.
        name: of the BMC, for ``{name}``.
    """
    supply = () if fru.power_supply is None else (_supply(fru.power_supply),)
    return (
        *supply,
        *(_output(one) for one in fru.dc_output),
        *(_load(one) for one in fru.dc_load),
        *(_access(one, number, name) for one in fru.management_access),
        *(
            OemMultiRecord(
                selector=one.type, manufacturer_id=one.manufacturer_id, data=bytes.fromhex(one.data)
            )
            for one in fru.oem
        ),
    )


def varying(fru: Fru) -> list[str]:
    """Texts of the records, which may have a place for a number or a name."""
    return [one.text for one in fru.management_access]


def _volts(value: float) -> int:
    return round(value * 100)


def _supply(one: inventory_layout.PowerSupply) -> PowerSupply:
    return PowerSupply(
        capacity=one.capacity_w,
        peak_va=_UNSPECIFIED_VA if one.peak_va is None else one.peak_va,
        inrush_current=_UNSPECIFIED_A if one.inrush_a is None else one.inrush_a,
        inrush_interval=one.inrush_ms,
        input_low_1=_volts(one.input_low_v),
        input_high_1=_volts(one.input_high_v),
        input_low_2=_volts(one.second_input_low_v),
        input_high_2=_volts(one.second_input_high_v),
        frequency_low=one.frequency_low_hz,
        frequency_high=one.frequency_high_hz,
        dropout_tolerance=one.dropout_ms,
        hot_swap=one.hot_swap,
        autoswitch=one.autoswitch,
        power_factor_correction=one.power_factor_correction,
        predictive_fail=one.predictive_fail,
        hold_up=one.hold_up_s,
        peak_capacity=_UNSPECIFIED_PEAK if one.peak_w is None else one.peak_w,
    )


def _limits(one: inventory_layout.DcOutput | inventory_layout.DcLoad) -> dict[str, Any]:
    """What outputs and loads have in common, but the currents."""
    return {
        "output_number": one.number,
        "nominal_voltage": _volts(one.volts),
        "lowest_voltage": _volts(one.lowest_volts),
        "highest_voltage": _volts(one.highest_volts),
        "ripple": one.ripple_mv,
    }


def _unit(amperes: float) -> CurrentUnit | None:
    """What an extended record has to count in; None where milliamperes fit."""
    if amperes * 1000 <= _MOST_MILLIAMPERES:
        return None
    fits = amperes / _STEPS[CurrentUnit.TEN_MILLIAMPERES] <= _MOST_MILLIAMPERES
    return CurrentUnit.TEN_MILLIAMPERES if fits else CurrentUnit.HUNDRED_MILLIAMPERES


def _currents(
    one: inventory_layout.DcOutput | inventory_layout.DcLoad, unit: CurrentUnit | None
) -> dict[str, int]:
    step = 0.001 if unit is None else _STEPS[unit]
    return {
        "minimum_current": round(one.minimum_amperes / step),
        "maximum_current": round(one.maximum_amperes / step),
    }


def _output(one: inventory_layout.DcOutput) -> DcOutput | ExtendedDcOutput:
    unit = _unit(one.maximum_amperes)
    facts = _limits(one) | _currents(one, unit)
    if unit is None:
        return DcOutput(standby=one.standby, **facts)
    return ExtendedDcOutput(standby=one.standby, current_unit=unit, **facts)


def _load(one: inventory_layout.DcLoad) -> DcLoad | ExtendedDcLoad:
    unit = _unit(one.maximum_amperes)
    facts = _limits(one) | _currents(one, unit)
    return DcLoad(**facts) if unit is None else ExtendedDcLoad(current_unit=unit, **facts)


def _access(one: inventory_layout.ManagementAccess, number: int, name: str) -> ManagementAccess:
    text = numbered(one.text, number, name)
    return ManagementAccess(access_type=AccessType[one.kind.upper()], value=text.encode("latin-1"))
