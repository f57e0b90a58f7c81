"""Tables about an inventory besides its areas: the chip that keeps it, and its multirecords (FRU §16)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Byte, Hex, Line, Table

Watts = Annotated[int, Meta(ge=0, le=4095)]
Volts = Annotated[float, Meta(ge=-327.68, le=327.67)]
Amperes = Annotated[float, Meta(ge=0, le=6553.5)]
Milli = Annotated[int, Meta(ge=0, le=0xFFFF)]
Number = Annotated[int, Meta(ge=0, le=15)]


class Chip(Table, kw_only=True):
    """``[bmc.fru.chip]``: the EEPROM on a private bus that keeps the inventory (§38, Table 43-7)."""

    bus: Annotated[int, Meta(ge=0, le=7)] = 0
    address: Annotated[int, Meta(ge=0x08, le=0x77)] = 0x50


class PowerSupply(Table, kw_only=True):
    """``[bmc.fru.power_supply]``: what a power supply can do (FRU §18.1)."""

    capacity_w: Watts
    peak_va: Annotated[int, Meta(ge=0, le=0xFFFF)] | None = None
    inrush_a: Byte | None = None
    inrush_ms: Byte = 0
    input_low_v: Annotated[float, Meta(ge=0, le=327.67)] = 0.0
    input_high_v: Annotated[float, Meta(ge=0, le=327.67)] = 0.0
    second_input_low_v: Annotated[float, Meta(ge=0, le=327.67)] = 0.0
    second_input_high_v: Annotated[float, Meta(ge=0, le=327.67)] = 0.0
    frequency_low_hz: Byte = 0
    frequency_high_hz: Byte = 0
    dropout_ms: Byte = 0
    hot_swap: bool = False
    autoswitch: bool = False
    power_factor_correction: bool = False
    predictive_fail: bool = False
    hold_up_s: Number = 0
    peak_w: Watts | None = None


class DcOutput(Table, kw_only=True):
    """``[[bmc.fru.dc_output]]``: an output of a power supply (FRU §18.2)."""

    number: Number
    volts: Volts
    lowest_volts: Volts
    highest_volts: Volts
    ripple_mv: Milli = 0
    minimum_amperes: Amperes = 0.0
    maximum_amperes: Amperes
    standby: bool = False


class DcLoad(Table, kw_only=True):
    """``[[bmc.fru.dc_load]]``: what the unit draws from an output (FRU §18.3)."""

    number: Number
    volts: Volts
    lowest_volts: Volts
    highest_volts: Volts
    ripple_mv: Milli = 0
    minimum_amperes: Amperes = 0.0
    maximum_amperes: Amperes


class ManagementAccess(Table, kw_only=True):
    """``[[bmc.fru.management_access]]``: where, or under which name, the unit is managed (FRU §18.4)."""

    kind: Literal[
        "system_url", "system_name", "system_ping_address", "component_url", "component_name",
        "component_ping_address",
    ]  # fmt: skip
    text: Line


class OemRecord(Table, kw_only=True):
    """``[[bmc.fru.oem]]``: a record of a maker's own (FRU §18.7)."""

    type: Annotated[int, Meta(ge=0xC0, le=0xFE)]
    manufacturer_id: Annotated[int, Meta(ge=0, le=0xFFFFFF)]
    data: Annotated[Hex, Meta(max_length=504)] = ""
