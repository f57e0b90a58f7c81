"""What a reading means, answer by answer."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.client.sdr_entry import SdrEntry
from baseboard.client.sensor import NoReading, Sensor, needs_factors, read, sensors_of
from baseboard.codes import (
    AnalogFormat,
    EntityId,
    Linearization,
    ModifierUse,
    SensorType,
    SensorUnit,
)
from baseboard.records.sdr import (
    CompactSensorRecord,
    EventOnlyRecord,
    FullSensorRecord,
    ManagementControllerDeviceLocatorRecord,
)

# "A2:Vcc 12V", the conversion of a public vector: M = 59, R exponent -3.
VOLTS: dict[str, Any] = {
    "sensor_number": 0x17, "sensor_type": SensorType.VOLTAGE, "event_type": 1, "base_unit": SensorUnit.VOLTS,
    "m": 59, "r_exp": -3, "id_string": "A2:Vcc 12V", "reading_mask": 0x1B1B,
    "entity_id": EntityId.POWER_SUPPLY, "entity_instance": 2,
}  # fmt: skip
FAN: dict[str, Any] = {
    "sensor_number": 9, "sensor_type": SensorType.FAN, "event_type": 0x03, "id_string": "Fan bad",
}  # fmt: skip


def one(record: Any) -> Sensor:
    (sensor,) = sensors_of([SdrEntry.of(record.encode())])
    return sensor


def full(**changes: Any) -> Sensor:
    return one(FullSensorRecord(**{**VOLTS, **changes}))


def state(**changes: Any) -> Sensor:
    return one(CompactSensorRecord(**{**FAN, **changes}))


def test_a_reading_becomes_a_value_in_its_unit() -> None:
    sensor = read(full(), bytes.fromhex("00 cc c0 c0"))
    assert (sensor.name, sensor.number, sensor.reading, sensor.unit) == ("A2:Vcc 12V", 0x17, 12.036, "Volts")
    assert (sensor.raw, sensor.status, sensor.states, sensor.reason) == (0xCC, "ok", (), None)
    assert (sensor.entity, sensor.why) == ("power supply 2", "")
    assert sensor.events_enabled
    assert sensor.has_thresholds


def test_a_split_offset_is_put_together() -> None:
    """Dell R630 "Inlet Temp": bytes 25-30 are 01 02 80 C2 30 00, and 99h is 25 degrees."""
    sensor = full(m=1, tolerance=2, b=-128, r_exp=0, b_exp=0)
    assert read(sensor, bytes.fromhex("00 99 40")).reading == 25


@pytest.mark.parametrize(
    ("bits", "status", "states"),
    [
        (0x01, "nc", ("lower non critical",)),
        (0x08, "nc", ("upper non critical",)),
        (0x03, "cr", ("lower non critical", "lower critical")),
        (0x18, "cr", ("upper non critical", "upper critical")),
        (0x07, "nr", ("lower non critical", "lower critical", "lower non recoverable")),
        (0x20, "nr", ("upper non recoverable",)),
        (0xC0, "ok", ()),
    ],
)
def test_thresholds_that_were_reached_make_the_status(
    bits: int, status: str, states: tuple[str, ...]
) -> None:
    sensor = read(full(), bytes((0, 0x80, 0xC0, bits)))
    assert (sensor.status, sensor.states) == (status, states)


@pytest.mark.parametrize("code", [0xCB, 0xCD, 0xC9, 0xCE, 0xD5, 0xD3, 0xFF], ids=lambda code: f"{code:02X}h")
def test_codes_for_a_sensor_that_is_not_fitted(code: int) -> None:
    sensor = read(full(), bytes((code,)))
    assert (sensor.reason, sensor.code, sensor.status) == (NoReading.ABSENT, code, "ns")
    assert sensor.why.startswith(f"absent ({code:02X}h")
    assert "Q-ABSENT" in sensor.quirks


@pytest.mark.parametrize("answer", [b"\0", b"\0\x80"])
def test_an_answer_of_too_few_bytes_is_absence(answer: bytes) -> None:
    sensor = read(full(), answer)
    assert (sensor.reason, sensor.code, sensor.why) == (NoReading.ABSENT, None, "absent")


def test_other_codes_are_refusals() -> None:
    assert read(full(), b"\xd4").reason == NoReading.REFUSED


def test_unavailable_and_disabled_are_told_apart() -> None:
    unavailable = read(full(), bytes.fromhex("00 cc e0 c0"))
    assert (unavailable.reason, unavailable.raw, unavailable.reading) == (NoReading.UNAVAILABLE, None, None)
    disabled = read(full(), bytes.fromhex("00 cc 80 c0"))
    assert (disabled.reason, disabled.raw, disabled.status) == (NoReading.DISABLED, 0xCC, "ns")


def test_a_disabled_sensor_is_believed_by_consent_only() -> None:
    sensor = read(full(), bytes.fromhex("00 cc 80 c0"), believe_disabled=True)
    assert (sensor.reading, sensor.status, sensor.reason) == (12.036, "ok", None)
    assert "Q-SCANLIE" in sensor.quirks


def test_missing_state_bytes_are_0() -> None:
    sensor = read(state(), bytes.fromhex("00 00 c0"))
    assert (sensor.states, sensor.state_bits, sensor.status) == ((), 0, "ok")
    assert "Q-SHORT" in sensor.quirks
    assert "Q-SHORT" not in read(state(), bytes.fromhex("00 00 c0 01")).quirks


def test_states_of_a_generic_and_of_a_sensor_s_own_type() -> None:
    assert read(state(), bytes.fromhex("00 00 c0 02 80")).states == ("State Asserted",)
    psu = state(event_type=0x6F, sensor_type=SensorType.POWER_SUPPLY)
    sensor = read(psu, bytes.fromhex("00 00 c0 09 80"))
    assert sensor.states == ("Presence detected", "Power Supply input lost (AC/DC)")
    assert (sensor.reading, sensor.state_bits, sensor.status) == (None, 9, "ok")
    assert not sensor.has_thresholds


def test_states_beyond_the_type_are_masked_but_kept_as_bits() -> None:
    sensor = read(state(), bytes.fromhex("00 00 c0 06 80"))
    assert (sensor.states, sensor.state_bits) == (("State Asserted",), 6)
    assert "Q-ILLEGALSTATE" in sensor.quirks


def test_states_of_a_maker_s_own_type_are_numbered() -> None:
    assert read(state(event_type=0x71), bytes.fromhex("00 00 c0 06 80")).states == ("state 1", "state 2")


def test_a_discrete_sensor_with_a_unit_has_both() -> None:
    """HP DL380 G7: fans of type 0Ah that give percents."""
    sensor = full(event_type=0x0A, sensor_type=SensorType.FAN, percentage=True, base_unit=0, m=1, r_exp=0)
    found = read(sensor, bytes.fromhex("00 27 c0 01"))
    assert (found.reading, found.unit, found.states) == (39, "%", ("transition to Running",))
    assert "Q-DISCRETEVAL" in found.quirks


def test_a_discrete_sensor_without_a_unit_has_states_alone() -> None:
    """Its analog format is 00b though it should be 11b (Q-ANALOG00)."""
    sensor = full(event_type=0x03, base_unit=0, analog_format=AnalogFormat.UNSIGNED)
    assert read(sensor, bytes.fromhex("00 27 c0 01")).reading is None


def test_a_modifier_without_a_unit_is_dropped() -> None:
    sensor = full(modifier_use=ModifierUse.DIVIDE)
    assert sensor.unit == "Volts"
    assert sensor.quirks == {"Q-UNITMOD"}


def test_a_logarithm_of_nothing_is_no_reading() -> None:
    sensor = read(full(linearization=Linearization.LN), bytes.fromhex("00 00 c0 c0"))
    assert (sensor.reading, sensor.reason) == (None, NoReading.NO_VALUE)


def test_a_compact_sensor_with_thresholds_has_a_status_and_no_value() -> None:
    sensor = read(state(event_type=1), bytes.fromhex("00 27 c0 10"))
    assert (sensor.reading, sensor.status, sensor.reason, sensor.formula) == (None, "cr", None, None)


def test_a_shared_record_is_several_sensors() -> None:
    record = CompactSensorRecord(
        **{**FAN, "id_string": "Temp ", "share_count": 3, "modifier_offset": 5, "instances_increment": True}
    )
    sensors = list(sensors_of([SdrEntry.of(record.encode())]))
    assert [(s.name, s.number, s.entity_instance) for s in sensors] == [
        ("Temp 5", 9, 1), ("Temp 6", 10, 2), ("Temp 7", 11, 3),
    ]  # fmt: skip


def test_records_that_are_no_sensors_are_passed_over() -> None:
    records = [
        ManagementControllerDeviceLocatorRecord(id_string="BMC").encode(),
        EventOnlyRecord(**{**FAN, "id_string": "Once"}).encode(),
        bytes.fromhex("01 00 51 c3 02 aa bb"),
    ]
    (sensor,) = sensors_of(SdrEntry.of(raw) for raw in records)
    assert (sensor.name, sensor.unit) == ("Once", "")


def test_factors_per_reading_are_asked_for_where_the_record_says_so() -> None:
    assert needs_factors(full(linearization=0x70))
    assert not needs_factors(full())
    assert not needs_factors(state())
