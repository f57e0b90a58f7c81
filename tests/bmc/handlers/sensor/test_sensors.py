"""The sensors' commands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint.sources import FileSource, SourceSpec
from baseboard.codes import Cc, EventReadingType, Linearization, NetFn, Privilege, SensorType
from baseboard.commands.sensor.sensors import (
    BitsOperation,
    EventDataOperation,
    EventEnableAction,
    GetDeviceSdr,
    GetDeviceSdrInfo,
    GetSensorEventEnable,
    GetSensorEventStatus,
    GetSensorHysteresis,
    GetSensorReading,
    GetSensorReadingFactors,
    GetSensorThreshold,
    GetSensorType,
    ReadingOperation,
    RearmSensorEvents,
    ReserveDeviceSdrRepository,
    SetSensorEventEnable,
    SetSensorHysteresis,
    SetSensorReadingAndEventStatus,
    SetSensorThreshold,
    SetSensorType,
)
from baseboard.commands.storage.sel import GetSelEntry
from baseboard.errors import CompletionError
from baseboard.records.thresholds import ThresholdMask
from tests.bmc.fakes import FakeSensors
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.sensor_specs import ALL_KINDS, PLAIN, TEMPERATURE

LAN = 1
SENSOR = NetFn.SENSOR_EVENT


@pytest.fixture
def bmc() -> Bench:
    bench = make_bmc(sensors=ALL_KINDS)
    sensors(bench).values |= {"Inlet": 25.0, "Watts": 100.0}
    sensors(bench).states |= {"Slot": 0b0100, "Errors": 0}
    return bench


def sensors(bench: Bench) -> FakeSensors:
    assert bench.backend.sensors is not None
    return bench.backend.sensors


def refused(code: int) -> Any:
    return pytest.raises(CompletionError, match=f"^{code:02X}h")


def last_event(bench: Bench) -> bytes:
    """Generator ID, revision, sensor type and number, direction and type, event data of the newest entry."""
    return bench.execute(GetSelEntry(record_id=0xFFFF)).data[7:]


def no_event(bench: Bench) -> None:
    with refused(Cc.NOT_PRESENT):
        bench.execute(GetSelEntry(record_id=0xFFFF))


ABOUT_ONE_SENSOR = (
    GetSensorReadingFactors(sensor_number=99, reading=0),
    SetSensorHysteresis(sensor_number=99, positive_going=0, negative_going=0),
    GetSensorHysteresis(sensor_number=99),
    SetSensorThreshold(sensor_number=99, thresholds=ThresholdMask(0)),
    GetSensorThreshold(sensor_number=99),
    SetSensorEventEnable(sensor_number=99, events_enabled=True, scanning_enabled=True),
    GetSensorEventEnable(sensor_number=99),
    RearmSensorEvents(sensor_number=99),
    GetSensorEventStatus(sensor_number=99),
    GetSensorReading(sensor_number=99),
    SetSensorType(
        sensor_number=99, sensor_type=SensorType.FAN, event_reading_type=EventReadingType.THRESHOLD
    ),
    GetSensorType(sensor_number=99),
    SetSensorReadingAndEventStatus(sensor_number=99),
)


@pytest.mark.parametrize("request_", ABOUT_ONE_SENSOR, ids=lambda request: type(request).__name__)
def test_35_a_sensor_is_known_by_its_lun_and_number(bmc: Bench, request_: Any) -> None:
    with refused(Cc.NOT_PRESENT):
        bmc.execute(request_)
    with refused(Cc.NOT_PRESENT):
        bmc.execute(request_.replace(sensor_number=1), lun=1)


@pytest.mark.parametrize("request_", ABOUT_ONE_SENSOR, ids=lambda request: type(request).__name__)
def test_35_users_read_and_operators_change(bmc: Bench, request_: Any) -> None:
    reads = type(request_).__name__.startswith("Get")
    with refused(Cc.NOT_PRESENT if reads else Cc.INSUFFICIENT_PRIVILEGE):
        bmc.execute(request_, channel=LAN, privilege=Privilege.USER)
    with refused(Cc.NOT_PRESENT):
        bmc.execute(request_, channel=LAN, privilege=Privilege.OPERATOR)


@pytest.mark.parametrize(
    "request_",
    [
        *(request.replace(sensor_number=2) for request in ABOUT_ONE_SENSOR[:5]),
        *(request.replace(sensor_number=6) for request in ABOUT_ONE_SENSOR[1:5]),
    ],
    ids=lambda request: f"{type(request).__name__}-{request.sensor_number}",
)
def test_35_thresholds_are_for_sensors_that_have_them(bmc: Bench, request_: Any) -> None:
    with refused(Cc.ILLEGAL_FOR_SENSOR):
        bmc.execute(request_, lun=int(request_.sensor_number == 2))


def test_35_2_how_many_sensors_and_records_there_are(bmc: Bench) -> None:
    info = bmc.execute(GetDeviceSdrInfo())
    assert (info.count, info.dynamic_population, info.population_change_indicator) == (6, False, None)
    assert (info.lun0_has_sensors, info.lun1_has_sensors) == (True, True)
    assert (info.lun2_has_sensors, info.lun3_has_sensors) == (False, False)
    assert bmc.execute(GetDeviceSdrInfo(count_sdrs=False), lun=1).count == 1
    assert bmc.execute(GetDeviceSdrInfo(count_sdrs=True)).count == 8
    assert bmc.raw(SENSOR, 0x20) == b"\0\x06\x03"


def test_35_3_device_sdrs_are_read_like_those_of_the_repository(bmc: Bench) -> None:
    first = bmc.execute(GetDeviceSdr(record_id=0))
    assert (first.next_record_id, first.data[:5]) == (2, b"\x01\0\x51\x01\x30")
    with refused(Cc.RESERVATION_CANCELLED):
        bmc.execute(GetDeviceSdr(record_id=1, offset=5))
    number = bmc.execute(ReserveDeviceSdrRepository()).reservation_id
    piece = bmc.execute(GetDeviceSdr(reservation_id=number, record_id=1, offset=5, count=3))
    assert piece.data == first.data[5:8]
    with refused(Cc.NOT_PRESENT):
        bmc.execute(GetDeviceSdr(record_id=99))


@pytest.mark.parametrize(
    "request_", [GetDeviceSdrInfo(), GetDeviceSdr(record_id=0), ReserveDeviceSdrRepository()]
)
def test_35_2_device_sdrs_are_for_local_interfaces(bmc: Bench, request_: Any) -> None:
    with refused(Cc.INSUFFICIENT_PRIVILEGE):
        bmc.execute(request_, channel=LAN)


def test_35_5_factors_are_those_of_the_record() -> None:
    spec = replace(PLAIN, linearization=Linearization.NON_LINEAR, minimum=-20, maximum=490)
    bench = make_bmc(sensors=(spec,))
    factors = bench.execute(GetSensorReadingFactors(sensor_number=6, reading=0x33))
    assert factors.next_reading == 0x33
    value = (factors.m * 0x33 + factors.b * 10.0**factors.b_exponent) * 10.0**factors.r_exponent
    assert value == pytest.approx(-20 + 2 * 0x33)
    assert (factors.tolerance, factors.accuracy, factors.accuracy_exponent) == (0, 0, 0)


def test_35_6_hysteresis_is_set_and_kept(bmc: Bench) -> None:
    shipped = bmc.execute(GetSensorHysteresis(sensor_number=1))
    assert (shipped.positive_going, shipped.negative_going) == (2, 2)
    bmc.execute(SetSensorHysteresis(sensor_number=1, positive_going=5, negative_going=7))
    kept = bmc.reopen().execute(GetSensorHysteresis(sensor_number=1))
    assert (kept.positive_going, kept.negative_going) == (5, 7)


def test_35_8_only_selected_thresholds_are_set(bmc: Bench) -> None:
    """Request bytes: sensor, mask, then LNC LC LNR UNC UC UNR, of which only UC is selected."""
    assert bmc.raw(SENSOR, 0x26, bytes.fromhex("01 10 11 22 33 44 AA 66")) == b"\0"
    assert bmc.raw(SENSOR, 0x27, b"\x01") == bytes.fromhex("00 1A 00 05 00 28 AA 00")
    assert bmc.reopen().execute(GetSensorThreshold(sensor_number=1)).upper_critical == 0xAA
    with refused(Cc.INVALID_DATA):
        bmc.execute(
            SetSensorThreshold(
                sensor_number=1, thresholds=ThresholdMask.UPPER_NON_RECOVERABLE, upper_non_critical=1
            )
        )


def test_35_8_thresholds_may_be_set_out_of_order(bmc: Bench) -> None:
    request = SetSensorThreshold(
        sensor_number=1, thresholds=ThresholdMask.UPPER_NON_CRITICAL, upper_non_critical=99
    )
    bmc.execute(request)
    thresholds = bmc.execute(GetSensorThreshold(sensor_number=1))
    assert (thresholds.upper_non_critical, thresholds.upper_critical) == (99, 50)


def test_35_8_a_crossing_is_logged_before_the_answer(bmc: Bench) -> None:
    bmc.execute(
        SetSensorThreshold(
            sensor_number=1, thresholds=ThresholdMask.UPPER_NON_CRITICAL, upper_non_critical=20
        )
    )
    assert last_event(bmc) == bytes.fromhex("20 00 04 01 01 01 57 19 14")


def test_35_10_events_are_switched_one_by_one(bmc: Bench) -> None:
    def enables() -> tuple[bool, bool, int, int]:
        got = bmc.execute(GetSensorEventEnable(sensor_number=1))
        return got.events_enabled, got.scanning_enabled, got.assertions, got.deassertions

    assert enables() == (True, True, 0x284, 0x284)

    def switch(action: int, low: int, high: int, *, events: bool = True, scanning: bool = True) -> None:
        bmc.execute(
            SetSensorEventEnable(
                sensor_number=1, events_enabled=events, scanning_enabled=scanning,
                action=EventEnableAction(action), assertions_low=low, assertions_high=high,
            )
        )  # fmt: skip

    switch(EventEnableAction.DISABLE_SELECTED, 0x80, 0x02)
    assert enables() == (True, True, 0x004, 0x284)
    switch(EventEnableAction.ENABLE_SELECTED, 0xFF, 0x7F)
    assert enables() == (True, True, 0x284, 0x284)
    switch(EventEnableAction.LEAVE, 0xFF, 0xFF, events=False, scanning=False)
    assert enables() == (False, False, 0x284, 0x284)
    with refused(Cc.INVALID_DATA):
        switch(3, 0, 0)
    bmc = bmc.reopen()
    assert enables() == (False, False, 0x284, 0x284)


@pytest.mark.parametrize("size", range(2, 7))
def test_35_10_masks_may_end_anywhere(bmc: Bench, size: int) -> None:
    assert bmc.raw(SENSOR, 0x28, bytes.fromhex("01 E0 80 02 80 02")[:size]) == b"\0"
    left = bmc.execute(GetSensorEventEnable(sensor_number=1))
    assert left.assertions == 0x284 & ~(0, 0, 0, 0x080, 0x280, 0x280, 0x280)[size]
    assert left.deassertions == 0x284 & ~(0, 0, 0, 0, 0, 0x080, 0x280)[size]


def test_35_12_re_arming(bmc: Bench) -> None:
    sensors(bmc).values["Inlet"] = 60.0
    assert bmc.raw(SENSOR, 0x2B, b"\x01") == bytes.fromhex("00 C0 80 02 00 00")
    assert last_event(bmc)[6:] == bytes.fromhex("59 3C 32")
    # byte 2 [7] = 1: only what the masks select
    bmc.raw(SENSOR, 0x2A, bytes.fromhex("01 80 80"))
    assert last_event(bmc)[6:] == bytes.fromhex("57 3C 28")
    # byte 2 [7] = 0: all, whatever the masks say
    bmc.raw(SENSOR, 0x2A, bytes.fromhex("01 00"))
    assert last_event(bmc)[6:] == bytes.fromhex("59 3C 32")


def test_35_13_status_of_a_sensor_that_is_re_armed_by_hand_is_latched(bmc: Bench) -> None:
    for states in (0x4001, 0x0000):
        sensors(bmc).states["Errors"] = states
        status = bmc.execute(GetSensorEventStatus(sensor_number=7))
    assert (status.assertions, status.deassertions) == (0x4001, 0x4001)
    bmc.execute(RearmSensorEvents(sensor_number=7))
    status = bmc.execute(GetSensorEventStatus(sensor_number=7))
    assert (status.assertions, status.deassertions) == (0, 0)


def test_35_13_status_without_a_reading(bmc: Bench) -> None:
    sensors(bmc).values["Inlet"] = None
    assert bmc.raw(SENSOR, 0x2B, b"\x01")[1] == 0xE0
    bmc.raw(SENSOR, 0x28, b"\x01\x80")
    assert bmc.raw(SENSOR, 0x2B, b"\x01")[1] == 0x80


def test_35_14_a_reading_with_thresholds(bmc: Bench) -> None:
    """Table 35-15: bits 7:6 of the comparisons are returned as 1; the second byte is absent."""
    assert bmc.raw(SENSOR, 0x2D, b"\x01") == bytes.fromhex("00 19 C0 C0")
    sensors(bmc).values["Inlet"] = 50.0
    assert bmc.raw(SENSOR, 0x2D, b"\x01") == bytes.fromhex("00 32 C0 D8")
    sensors(bmc).values["Inlet"] = None
    assert bmc.raw(SENSOR, 0x2D, b"\x01") == bytes.fromhex("00 00 E0 C0")
    bmc.raw(SENSOR, 0x28, b"\x01\x80")
    assert bmc.raw(SENSOR, 0x2D, b"\x01")[2:] == bytes.fromhex("80 C0")


def test_35_14_a_sensor_with_states(bmc: Bench) -> None:
    """Table 35-15: states in two bytes, bit 7 of the second is returned as 1."""
    sensors(bmc).states["Errors"] = 0x4002
    assert bmc.raw(SENSOR, 0x2D, b"\x07") == bytes.fromhex("00 00 C0 02 C0")
    assert bmc.raw(SENSOR, 0x2D, b"\x02", lun=1) == bytes.fromhex("00 00 C0 04 80")


def test_35_14_an_event_only_sensor_cannot_be_read(bmc: Bench) -> None:
    with refused(Cc.ILLEGAL_FOR_SENSOR):
        bmc.execute(GetSensorReading(sensor_number=3))


def test_35_14_a_server_without_sensors_says_so(bmc: Bench) -> None:
    bmc.backend.sensors = None
    with refused(Cc.INVALID_COMMAND):
        bmc.execute(GetSensorReading(sensor_number=1))


def test_35_15_the_type_is_what_events_say(bmc: Bench) -> None:
    def retype(number: int, sensor_type: int, event_type: int, lun: int = 0) -> None:
        request = SetSensorType(
            sensor_number=number,
            sensor_type=SensorType(sensor_type),
            event_reading_type=EventReadingType(event_type),
        )
        bmc.execute(request, lun=lun)

    retype(1, 0x0B, 0x01)
    retype(2, 0x25, 0x08, lun=1)
    again = bmc.reopen()
    assert again.raw(SENSOR, 0x2F, b"\x01") == b"\0\x0b\x01"
    assert again.raw(SENSOR, 0x2F, b"\x02", lun=1) == b"\0\x25\x08"
    assert again.raw(SENSOR, 0x2F, b"\x03") == b"\0\x20\x6f"
    sensors(bmc).values["Inlet"] = 60.0
    bmc.execute(GetSensorReading(sensor_number=1))
    assert last_event(bmc)[3] == 0x0B
    for number, sensor_type, event_type, code in (
        (1, 0, 1, Cc.INVALID_DATA),
        (1, 1, 0, Cc.INVALID_DATA),
        (1, 1, 0x6F, Cc.ILLEGAL_FOR_SENSOR),
        (7, 1, 0x01, Cc.ILLEGAL_FOR_SENSOR),
    ):
        with refused(code):
            retype(number, sensor_type, event_type)


def test_35_17_a_reading_is_written_and_judged(bmc: Bench) -> None:
    bmc.execute(
        SetSensorReadingAndEventStatus(sensor_number=1, reading_operation=ReadingOperation.WRITE, reading=60)
    )
    assert last_event(bmc)[6:] == bytes.fromhex("59 3C 32")
    assert bmc.raw(SENSOR, 0x2D, b"\x01")[1] == 60


def written(bmc: Bench, assertion: int, deassertion: int, asserted: int, deasserted: int) -> int:
    """The states of the sensor with states 0, 1 and 14 after a write."""
    bmc.execute(
        SetSensorReadingAndEventStatus(
            sensor_number=7,
            assertion_operation=BitsOperation(assertion),
            deassertion_operation=BitsOperation(deassertion),
            reading=0,
            assertions_low=asserted & 0xFF,
            assertions_high=asserted >> 8,
            deassertions_low=deasserted & 0xFF,
            deassertions_high=deasserted >> 8,
        )
    )
    return bmc.execute(GetSensorReading(sensor_number=7)).states


def test_35_17_states_are_written_set_and_cleared(bmc: Bench) -> None:
    write, set_, clear, leave = (
        BitsOperation.WRITE, BitsOperation.SET, BitsOperation.CLEAR, BitsOperation.NO_CHANGE,
    )  # fmt: skip
    # bit 15 is reserved, and so is ignored
    assert written(bmc, write, leave, 0xC001, 0x0FF0) == 0x4001
    assert written(bmc, set_, leave, 0x0002, 0) == 0x4003
    assert written(bmc, clear, leave, 0x4000, 0) == 0x0003
    assert written(bmc, leave, set_, 0x0FF0, 0x0001) == 0x0002
    assert written(bmc, set_, write, 0x4001, 0x0002) == 0x4001
    assert written(bmc, leave, clear, 0, 0x4001) == 0x4001


def test_35_17_event_data_may_be_the_writers(bmc: Bench) -> None:
    data = bytes.fromhex("10 00 01 00 00 00 A5 11 22")
    assert bmc.raw(SENSOR, 0x30, b"\x07" + bytes((0x50,)) + data[1:]) == b"\0"
    assert last_event(bmc)[5:] == bytes.fromhex("6F A5 11 22")
    assert bmc.raw(SENSOR, 0x30, b"\x07\xb0" + bytes.fromhex("00 01 00 00 00 A5 11 22")) == b"\0"
    assert last_event(bmc)[5:] == bytes.fromhex("EF A0 11 22")


@pytest.mark.parametrize(
    ("number", "lun", "fields", "code"),
    [
        (1, 0, {"assertion_operation": BitsOperation.SET, "reading": 0, "assertions_low": 1}, 0x80),
        (6, 0, {"assertion_operation": BitsOperation.SET, "reading": 0, "assertions_low": 4}, 0x80),
        (1, 0, {"assertion_operation": BitsOperation.SET}, Cc.INVALID_LENGTH),
        (1, 0, {"deassertion_operation": BitsOperation.SET, "reading": 0}, Cc.INVALID_LENGTH),
        (7, 0, {"reading_operation": ReadingOperation.WRITE, "reading": 1}, 0x80),
        (7, 0, {"assertion_operation": BitsOperation.SET, "reading": 0, "assertions_low": 4}, 0x80),
        (3, 0, {"assertion_operation": BitsOperation.SET, "reading": 0, "assertions_low": 2}, 0x80),
        (1, 0, {"reading_operation": ReadingOperation.WRITE}, Cc.INVALID_LENGTH),
        (1, 0, {"reading_operation": ReadingOperation(2)}, Cc.INVALID_DATA),
        (7, 0, {"event_data_operation": EventDataOperation(3)}, Cc.INVALID_DATA),
        (7, 0, {"event_data_operation": EventDataOperation.WRITE}, Cc.INVALID_LENGTH),
    ],
)
def test_35_17_what_cannot_be_written(
    bmc: Bench, number: int, lun: int, fields: dict[str, Any], code: int
) -> None:
    with refused(code):
        bmc.execute(SetSensorReadingAndEventStatus(sensor_number=number, **fields), lun=lun)
    no_event(bmc)


def test_35_17_to_write_nothing_changes_nothing(bmc: Bench) -> None:
    bmc.execute(SetSensorReadingAndEventStatus(sensor_number=1))
    assert bmc.execute(GetSensorReading(sensor_number=1)).reading == 25
    sensors(bmc).values["Inlet"] = 26.0
    assert bmc.execute(GetSensorReading(sensor_number=1)).reading == 26


def test_35_17_what_is_measured_cannot_be_written() -> None:
    bench = make_bmc(sensors=(replace(TEMPERATURE, source=SourceSpec(FileSource("temp1_input"))),))
    with refused(0x80):
        bench.execute(
            SetSensorReadingAndEventStatus(
                sensor_number=1, reading_operation=ReadingOperation.WRITE, reading=1
            )
        )


def test_35_14_who_asks_again_at_once_is_told_the_same() -> None:
    bench = make_bmc(sensors=(TEMPERATURE,))
    sensors(bench).changes = 0
    for value, expected in ((25.0, 25), (26.0, 25)):
        sensors(bench).values["Inlet"] = value
        assert bench.execute(GetSensorReading(sensor_number=1)).reading == expected
    sensors(bench).changes += 1
    assert bench.execute(GetSensorReading(sensor_number=1)).reading == 26
