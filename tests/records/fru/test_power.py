"""Multirecords about power."""

from __future__ import annotations

import pytest
from hypothesis import given

from baseboard.codes import MultirecordType
from baseboard.errors import EncodeError
from baseboard.records.fru.multirecord import MultiRecord, read_record
from baseboard.records.fru.power import (
    CombinedVoltage,
    CurrentUnit,
    DcLoad,
    DcOutput,
    ExtendedDcLoad,
    ExtendedDcOutput,
    PowerSupply,
)
from baseboard.testing.strategies import members
from baseboard.wire import Unknown


def test_a_power_supply() -> None:
    supply = PowerSupply(
        capacity=750,
        peak_va=900,
        inrush_current=55,
        inrush_interval=5,
        input_low_1=9000,
        input_high_1=14000,
        input_low_2=18000,
        input_high_2=26400,
        frequency_low=47,
        frequency_high=63,
        dropout_tolerance=20,
        tachometer=True,
        hot_swap=True,
        autoswitch=False,
        power_factor_correction=True,
        predictive_fail=True,
        hold_up=12,
        peak_capacity=800,
        combined_1=CombinedVoltage.V5,
        combined_2=CombinedVoltage.V3_3,
        combined_wattage=150,
        fail_tachometer=30,
    )
    raw = bytes.fromhex("EE02 8403 37 05 2823 B036 5046 2067 2F 3F 14 1B 20C3 23 9600 1E")
    assert supply.encode() == raw
    assert read_record(0, raw) == supply
    assert supply.selector == MultirecordType.POWER_SUPPLY_INFORMATION


def test_a_power_supply_of_which_little_is_known() -> None:
    supply = PowerSupply(capacity=500)
    assert supply.encode() == bytes.fromhex("F401 FFFF FF 00") + bytes(12) + bytes.fromhex("FF0F 00 0000 00")


def test_outputs() -> None:
    output = DcOutput(
        output_number=1, standby=True, nominal_voltage=-1200, lowest_voltage=-1260, highest_voltage=-1140,
        ripple=120, minimum_current=10, maximum_current=500,
    )  # fmt: skip
    raw = bytes.fromhex("81 50FB 14FB 8CFB 7800 0A00 F401")
    assert output.encode() == raw
    assert read_record(1, raw) == output
    extended = read_record(9, bytes((raw[0] | 0x10, *raw[1:])))
    assert isinstance(extended, ExtendedDcOutput)
    assert extended.current_unit == CurrentUnit.HUNDRED_MILLIAMPERES
    assert (extended.standby, extended.output_number, extended.maximum_current) == (True, 1, 500)


def test_loads() -> None:
    load = DcLoad(
        output_number=2, nominal_voltage=1200, lowest_voltage=1140, highest_voltage=1260, maximum_current=8000
    )
    raw = bytes.fromhex("02 B004 7404 EC04 0000 0000 401F")
    assert load.encode() == raw
    assert read_record(2, raw) == load
    extended = read_record(10, raw)
    assert isinstance(extended, ExtendedDcLoad)
    assert extended.current_unit == CurrentUnit.TEN_MILLIAMPERES
    assert extended.encode() == raw
    with pytest.raises(EncodeError):
        load.replace(nominal_voltage=40000)


@given(members(MultiRecord))
def test_records_read_back(record: MultiRecord | Unknown) -> None:
    assert MultiRecord.parse(record.selector, record.encode()) == record
