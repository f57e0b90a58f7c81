"""SDR type 01h."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.codes import (
    AnalogFormat,
    EntityId,
    EventReadingType,
    Linearization,
    ModifierUse,
    RateUnit,
    SensorDirection,
    SensorType,
    SensorUnit,
)
from baseboard.records.sdr.full import FullSensorRecord
from baseboard.records.thresholds import SDR_ORDER, ThresholdMask
from tests.records.vectors import vector, vectors


def read(raw: bytes, decoded: dict[str, Any]) -> FullSensorRecord:
    """The record of a vector; those of Get SDR answers begin with the next record ID."""
    data = raw
    if "next_record" in decoded:
        assert int.from_bytes(raw[:2], "little") == decoded["next_record"]
        data = raw[2:]
    record = FullSensorRecord.decode(data)
    assert record.encode() == data
    return record


@vectors("sdr", "full_a2", "full_r630", "full_cpu")
def test_the_parts_of_full_records(raw: bytes, decoded: dict[str, Any]) -> None:
    record = read(raw, decoded)
    whole = record.encode()
    assert (record.record_id, record.sdr_version) == (decoded["record_id"], int(decoded["version"], 16))
    assert (record.record_type, record.length) == (decoded["type"], decoded["length"])
    assert record.owner_id == int(decoded["owner"], 16)
    assert (record.channel, record.owner_lun) == (decoded["channel"], decoded["lun"])
    assert record.sensor_number == decoded["sensor"]
    assert [record.entity_id, record.entity_instance] == decoded["entity"]
    assert (whole[10], whole[11]) == (int(decoded["init"], 16), int(decoded["caps"], 16))
    assert (record.sensor_type, record.event_type) == (decoded["sensor_type"], decoded["event_type"])
    assert record.assertion_mask == int(decoded["assert_mask"], 16)
    assert record.deassertion_mask == int(decoded["deassert_mask"], 16)
    assert record.reading_mask == int(decoded["settable"] + decoded["readable"], 16)
    assert record.base_unit == decoded["base_unit"]
    assert [record.positive_hysteresis, record.negative_hysteresis] == decoded["hyst"]
    assert record.direction == decoded["direction"]
    assert whole[47] == int(decoded["id_tl"], 16)
    assert record.id_string == decoded["id"]


@vectors("sdr", "full_a2", "full_r630", "full_cpu")
def test_the_formula_of_full_records(raw: bytes, decoded: dict[str, Any]) -> None:
    record = read(raw, decoded)
    formula = record.formula
    assert (formula.m, formula.b, formula.tolerance) == (decoded["M"], decoded["B"], decoded["tolerance"])
    assert (formula.r_exp, formula.b_exp) == (decoded["R_exp"], decoded["B_exp"])
    assert (formula.accuracy, formula.accuracy_exp) == (decoded["accuracy"], decoded["accuracy_exp"])
    assert (formula.analog_format, formula.linearization) == (decoded["format"], decoded["linearization"])
    given = [record.nominal_given, record.normal_maximum_given, record.normal_minimum_given]
    assert sum(bit << place for place, bit in enumerate(given)) == decoded["analog_flags"]
    assert record.value(record.nominal_reading) == decoded["nominal"]
    assert record.value(record.normal_maximum) == decoded["normal_max"]
    assert record.value(record.normal_minimum) == decoded["normal_min"]
    limits = {
        ThresholdMask.UNR: record.upper_non_recoverable,
        ThresholdMask.UC: record.upper_critical,
        ThresholdMask.UNC: record.upper_non_critical,
        ThresholdMask.LNR: record.lower_non_recoverable,
        ThresholdMask.LC: record.lower_critical,
        ThresholdMask.LNC: record.lower_non_critical,
    }
    assert {one.abbreviation: record.value(x) for one, x in limits.items()} == {
        one.abbreviation: decoded[one.abbreviation] for one in SDR_ORDER
    }
    assert record.thresholds == {one: x for one, x in limits.items() if one in record.readable_thresholds}
    if "reading" in decoded:
        assert record.value(bytes.fromhex(decoded["reading_hex"])[0]) == decoded["reading"]


def test_signs_and_exponents() -> None:
    raw, decoded = vector("sdr", "full_synthetic_signs")
    record = FullSensorRecord.decode(raw)
    assert (record.channel, record.owner_lun) == (decoded["channel"], decoded["lun"])
    assert (record.m, record.b, record.tolerance) == (decoded["M"], decoded["B"], decoded["tolerance"])
    assert (record.r_exp, record.b_exp) == (decoded["R_exp"], decoded["B_exp"])
    assert (record.accuracy, record.accuracy_exp) == (decoded["accuracy"], decoded["accuracy_exp"])
    assert (record.direction, record.linearization) == (decoded["direction"], decoded["linearization"])
    assert (record.rate_unit, record.modifier_use) == (RateUnit.PER_HOUR, ModifierUse.MULTIPLY)
    assert record.percentage
    assert decoded["units"] == "per hour, base*modifier, percent"
    assert record.id_string == decoded["id"]
    # Reserved bits, of which this record sets some, are sent as 0: bytes 7 [3:2], 31 [7:3], 45 and 46.
    expected = bytearray(raw)
    expected[6] &= 0xF3
    expected[30] &= 0x07
    expected[44:46] = b"\0\0"
    assert record.encode() == expected != raw


def test_a_record_made_anew() -> None:
    record = FullSensorRecord(
        record_id=1,
        sensor_number=4,
        sensor_type=SensorType.TEMPERATURE,
        event_type=EventReadingType.THRESHOLD,
        entity_id=EntityId.PROCESSOR,
        base_unit=SensorUnit.DEGREES_C,
        analog_format=AnalogFormat.TWOS_COMPLEMENT,
        direction=SensorDirection.INPUT,
        id_string="CPU Temp",
    )
    assert record.length == 51
    assert record.encode().hex(" ") == (
        "01 00 51 01 33 20 00 04 03 01 7f 40 01 01 00 00 00 00 00 00 80 01 00 00 01 00 00 00 01 00"
        " 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 c8 43 50 55 20 54 65 6d 70"
    )
    assert record.thresholds == {}


@pytest.mark.parametrize(
    ("linearization", "raw", "text"),
    [
        (Linearization.LINEAR, 45, "45 degrees C"),
        (Linearization.SQUARE_ROOT, 2, "1.41421 degrees C"),
        (Linearization.LN, 0, "00h"),
    ],
)
def test_readings_in_words(linearization: Linearization, raw: int, text: str) -> None:
    record = FullSensorRecord(
        sensor_number=4,
        sensor_type=SensorType.TEMPERATURE,
        event_type=EventReadingType.THRESHOLD,
        base_unit=SensorUnit.DEGREES_C,
        linearization=linearization,
    )
    assert record.value_text(raw) == text
    assert record.replace(base_unit=SensorUnit.UNSPECIFIED).value_text(raw) == text.removesuffix(" degrees C")
