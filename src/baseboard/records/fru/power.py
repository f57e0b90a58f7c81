"""Multirecords about power: supplies, outputs and loads (FRU §18.1-18.3)."""

from __future__ import annotations

from baseboard.codes import MultirecordType
from baseboard.records.fru.multirecord import MultiRecord
from baseboard.wire import OpenEnum, at


class CombinedVoltage(OpenEnum):
    """A voltage of which a supply can give only so much together with another (FRU §18.1)."""

    V12 = 0
    V_MINUS_12 = 1
    V5 = 2
    V3_3 = 3


class CurrentUnit(OpenEnum):
    """What the currents of an extended record count in."""

    TEN_MILLIAMPERES = 0
    HUNDRED_MILLIAMPERES = 1


@MultiRecord.of(MultirecordType.POWER_SUPPLY_INFORMATION)
class PowerSupply(MultiRecord):
    """What a power supply can do (FRU §18.1)."""

    capacity: int = at("0:1[11:0]", "watts")
    peak_va: int = at("2:3", "volt-amperes; FFFFh = unspecified", default=0xFFFF)
    inrush_current: int = at("4", "amperes; FFh = unspecified", default=0xFF)
    inrush_interval: int = at("5", "milliseconds", default=0)
    input_low_1: int = at("6:7", "of range 1, in 10 mV", signed=True, default=0)
    input_high_1: int = at("8:9", "of range 1, in 10 mV", signed=True, default=0)
    input_low_2: int = at(
        "10:11", "of range 2, in 10 mV; 0 = there is one range only", signed=True, default=0
    )
    input_high_2: int = at("12:13", "of range 2, in 10 mV", signed=True, default=0)
    frequency_low: int = at("14", "hertz; 0 = accepts DC", default=0)
    frequency_high: int = at("15", "hertz; 0 = accepts DC", default=0)
    dropout_tolerance: int = at("16", "milliseconds", default=0)
    tachometer: bool = at(
        "17[4]", "two pulses per rotation; without a fan: the fail pin is active high", default=False
    )
    hot_swap: bool = at("17[3]", default=False)
    autoswitch: bool = at("17[2]", default=False)
    power_factor_correction: bool = at("17[1]", default=False)
    predictive_fail: bool = at("17[0]", "has a predictive fail pin", default=False)
    hold_up: int = at("18:19[15:12]", "seconds that peak wattage lasts", default=0)
    peak_capacity: int = at("18:19[11:0]", "watts; FFFh = unspecified", default=0xFFF)
    combined_1: CombinedVoltage = at("20[7:4]", default=CombinedVoltage.V12)
    combined_2: CombinedVoltage = at("20[3:0]", default=CombinedVoltage.V12)
    combined_wattage: int = at("21:22", "watts of both together; 0 = not combined", default=0)
    fail_tachometer: int = at(
        "23", "rotations per second below which to expect failure; 0 = pin only", default=0
    )


@MultiRecord.of(MultirecordType.DC_OUTPUT)
class DcOutput(MultiRecord):
    """One output of a power supply (FRU §18.2)."""

    standby: bool = at("0[7]", "present when the supply is off", default=False)
    output_number: int = at("0[3:0]")
    nominal_voltage: int = at("1:2", "in 10 mV", signed=True)
    lowest_voltage: int = at("3:4", "maximum negative deviation, in 10 mV", signed=True)
    highest_voltage: int = at("5:6", "maximum positive deviation, in 10 mV", signed=True)
    ripple: int = at("7:8", "and noise, peak to peak, mV", default=0)
    minimum_current: int = at("9:10", "mA", default=0)
    maximum_current: int = at("11:12", "mA")


@MultiRecord.of(MultirecordType.EXTENDED_DC_OUTPUT)
class ExtendedDcOutput(MultiRecord):
    """One output of a power supply with more than 65 A (FRU §18.2a)."""

    standby: bool = at("0[7]", "present when the supply is off", default=False)
    current_unit: CurrentUnit = at("0[4]", default=CurrentUnit.TEN_MILLIAMPERES)
    output_number: int = at("0[3:0]")
    nominal_voltage: int = at("1:2", "in 10 mV", signed=True)
    lowest_voltage: int = at("3:4", "maximum negative deviation, in 10 mV", signed=True)
    highest_voltage: int = at("5:6", "maximum positive deviation, in 10 mV", signed=True)
    ripple: int = at("7:8", "and noise, peak to peak, mV", default=0)
    minimum_current: int = at("9:10", "in current_unit", default=0)
    maximum_current: int = at("11:12", "in current_unit")


@MultiRecord.of(MultirecordType.DC_LOAD)
class DcLoad(MultiRecord):
    """What a unit draws from one output (FRU §18.3)."""

    output_number: int = at("0[3:0]")
    nominal_voltage: int = at("1:2", "in 10 mV", signed=True)
    lowest_voltage: int = at("3:4", "that the load accepts, in 10 mV", signed=True)
    highest_voltage: int = at("5:6", "that the load accepts, in 10 mV", signed=True)
    ripple: int = at("7:8", "and noise that the load accepts, mV", default=0)
    minimum_current: int = at("9:10", "mA", default=0)
    maximum_current: int = at("11:12", "mA")


@MultiRecord.of(MultirecordType.EXTENDED_DC_LOAD)
class ExtendedDcLoad(MultiRecord):
    """What a unit draws from one output, more than 65 A included (FRU §18.3a)."""

    current_unit: CurrentUnit = at("0[4]", default=CurrentUnit.TEN_MILLIAMPERES)
    output_number: int = at("0[3:0]")
    nominal_voltage: int = at("1:2", "in 10 mV", signed=True)
    lowest_voltage: int = at("3:4", "that the load accepts, in 10 mV", signed=True)
    highest_voltage: int = at("5:6", "that the load accepts, in 10 mV", signed=True)
    ripple: int = at("7:8", "and noise that the load accepts, mV", default=0)
    minimum_current: int = at("9:10", "in current_unit", default=0)
    maximum_current: int = at("11:12", "in current_unit")
