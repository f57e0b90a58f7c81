"""Departures of records and sensors, met by ``bmc.sensors`` and ``bmc.sdr``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.client.sdr_entry import SdrEntry
from baseboard.client.sensor import NoReading, Sensor, judged, read, sensors_of
from baseboard.codes import EventReadingType, Linearization, SensorType
from baseboard.errors import CompletionError
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord
from tests.bmc.services.sensor_specs import TEMPERATURE
from tests.client.harness import Desk, desk

INFO, GET, READING, THRESHOLDS, HYSTERESIS, ENABLES = (
    (0x0A, 0x20), (0x0A, 0x23), (4, 0x2D), (4, 0x27), (4, 0x25), (4, 0x29),
)  # fmt: skip
FULL: dict[str, Any] = {
    "sensor_number": 1,
    "sensor_type": 1,
    "event_type": 1,
    "base_unit": 1,
    "id_string": "T",
}


def table(*records: bytes, **lines: Any) -> Desk:
    """A BMC with these records."""

    def get(data: bytes) -> bytes:
        number = max(int.from_bytes(data[2:4], "little"), 1)
        if number > len(records):
            return b"\xcb"
        following = number + 1 if number < len(records) else 0xFFFF
        raw = number.to_bytes(2, "little") + records[number - 1][2:]
        return b"\0" + following.to_bytes(2, "little") + raw[data[4] :]

    info = (
        bytes.fromhex("00 51")
        + len(records).to_bytes(2, "little")
        + bytes.fromhex("ffff 01000000 00000000 02")
    )
    return desk({INFO: info, GET: get, READING: b"\0\x2a\xc0\xc0"} | lines.get("more", {}))


def full(**changes: Any) -> bytes:
    return FullSensorRecord(**(FULL | changes)).encode()


def one(record: bytes) -> Sensor:
    (sensor,) = sensors_of([SdrEntry.of(record)])
    return sensor


async def test_two_records_of_one_sensor_are_both_there() -> None:
    """Q-DUPKEY."""
    found = await table(full(id_string="A"), full(id_string="B")).bmc.sensors.list()
    assert [(sensor.name, sensor.reading) for sensor in found] == [("A", 42), ("B", 42)]


async def test_an_event_only_sensor_is_not_read_whatever_its_record_calls_it() -> None:
    """Q-EVONLY: the controller refuses the reading of one that is stored as a full record."""
    made = table(full(), more={READING: b"\xcd"})
    (sensor,) = await made.bmc.sensors.list()
    assert (sensor.reason, sensor.code) == (NoReading.ABSENT, 0xCD)


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        (b"\xc5Fan\0\0", "Fan"),
        (b"\xc6Fan\xff\xff\xff", "Fan"),
        (b"\xc5L\xfcfte", "L\u00fcfte"),
        (b"\xdfFan", "Fan"),
        (b"\xc0", ""),
    ],
)
async def test_names_that_are_padded_or_of_the_wrong_length(stored: bytes, name: str) -> None:
    """Q-NAME."""
    raw = full(id_string="")[:47] + stored
    raw = raw[:4] + bytes((len(raw) - 5,)) + raw[5:]
    (sensor,) = await table(raw).bmc.sensors.list()
    assert sensor.name.rstrip("\xff") == name


async def test_an_entity_that_has_no_name_is_a_number() -> None:
    """Q-ENTITY."""
    (sensor,) = await table(full(entity_id=0xB7, entity_instance=0x65)).bmc.sensors.list()
    assert (int(sensor.entity_id), sensor.entity_instance) == (0xB7, 0x65)
    assert sensor.entity.endswith(" 101")


def test_states_are_read_by_the_tables_of_their_type() -> None:
    """Q-GOODBIT: that a good state is not asserted makes nothing bad."""
    presence = CompactSensorRecord(
        sensor_number=2,
        sensor_type=SensorType(0x25),
        event_type=EventReadingType(0x6F),
        id_string="P",
        owner_id=0x20,
    ).encode()
    assert read(one(presence), b"\0\0\xc0\x01\x80").states == ("Entity Present",)
    nothing = read(one(presence), b"\0\0\xc0\0\x80")
    assert (nothing.states, nothing.status) == ((), "ok")


async def test_a_supply_that_is_said_to_be_unavailable() -> None:
    """Q-PSUNA: said as it is, and the others are read."""
    made = table(full(sensor_type=8, id_string="PSU"), full(sensor_number=2), more={
        READING: lambda data: b"\0\0\xe0\0" if data[0] == 1 else b"\0\x2a\xc0\xc0",
    })  # fmt: skip
    supply, other = await made.bmc.sensors.list()
    assert (supply.reason, other.reading) == (NoReading.UNAVAILABLE, 42)


async def test_a_hysteresis_that_cannot_be_asked_takes_nothing_else_along() -> None:
    """Q-HYST, Q-SCANEN: neither is asked for to read a sensor."""
    made = table(full(), more={HYSTERESIS: b"\xc1", ENABLES: b"\0\0"})
    assert (await made.bmc.sensor("T")).reading == 42
    assert not {HYSTERESIS, ENABLES} & {asked[:2] for asked in made.script.asked}
    with pytest.raises(CompletionError):
        await made.bmc.sensors.hysteresis("T")


# ---- thresholds


def judge(reading: int, bits: int, limits: dict[str, float], **changes: Any) -> Sensor:
    sensor = read(one(full(**changes)), bytes((0, reading, 0xC0, bits)))
    return judged(replace(sensor, thresholds=limits))


LIMITS: dict[str, float] = {"lower_critical": 5, "upper_non_critical": 40, "upper_critical": 50}


@pytest.mark.parametrize(
    ("reading", "bits", "status", "by_value", "odd"),
    [
        (30, 0x00, "ok", "ok", False),
        (45, 0x08, "nc", "nc", False),
        (55, 0x18, "cr", "cr", False),
        (3, 0x02, "cr", "cr", False),
        (39, 0x08, "nc", "ok", False),
        (55, 0x00, "ok", "cr", True),
        (55, 0x02, "cr", "cr", True),
        (3, 0x18, "cr", "cr", True),
    ],
)
def test_a_second_opinion_by_value(reading: int, bits: int, status: str, by_value: str, odd: bool) -> None:
    """Q-THRBITS; a threshold that is reached still at 39 may be so by its hysteresis."""
    sensor = judge(reading, bits, LIMITS)
    assert (sensor.status, sensor.by_value) == (status, by_value)
    assert ("Q-THRBITS" in sensor.quirks) == odd


def test_thresholds_that_make_no_sense_are_shown_and_judge_nothing() -> None:
    """Q-THRODD."""
    sensor = judge(30, 0, {"lower_critical": 60, "upper_critical": 50})
    assert (sensor.by_value, sensor.status) == ("", "ok")
    assert sensor.quirks == {"Q-THRODD"}
    assert judge(30, 0, {}).by_value == ""


async def test_a_sensor_asked_with_its_thresholds_is_judged() -> None:
    """Q-THRBITS: at 70 degrees nothing is said to be reached."""
    made = desk({READING: b"\0\x46\xc0\xc0"}, sensors=(TEMPERATURE,))
    sensor = await made.bmc.sensor("Inlet")
    assert (sensor.status, sensor.by_value) == ("ok", "cr")
    assert made.bmc.quirks_met == {"Q-THRBITS"}


async def test_thresholds_of_a_period_are_the_other_way_round() -> None:
    """§36.5: of a 1/x sensor the upper threshold by raw reading is the lower one by value."""
    # Upper critical is raw 50: a fan is slow when its period is long.
    made = table(
        full(linearization=Linearization.RECIPROCAL),
        more={READING: b"\0\x64\xc0\xd0", THRESHOLDS: b"\0\x10\0\0\0\0\x32\0", (4, 0x26): b"\0"},
    )
    sensor = await made.bmc.sensor("T")
    assert sensor.thresholds == {"lower_critical": 1 / 50}
    assert sensor.states == ("lower critical",)
    assert (sensor.status, sensor.by_value, sensor.quirks) == ("cr", "cr", frozenset())
    await made.bmc.sensors.set_thresholds("T", lower_critical=1 / 50)
    (written,) = [data for netfn, cmd, data in made.script.asked if (netfn, cmd) == (4, 0x26)]
    assert written.hex(" ") == "01 10 00 00 00 00 32 00"


# ---- behind the BMC


def behind(*records: bytes, answer: bytes) -> tuple[Desk, list[tuple[int, int]]]:
    """A BMC to which these controllers answer so; and who was asked for which sensor."""
    made = table(*records)
    asked: list[tuple[int, int]] = []
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        if (netfn, cmd) == READING:
            asked.append((more["target"].address, data[0]))
            if more["target"].address != 0x20:
                return answer
        return await plain(netfn, cmd, data, **more)

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    return made, asked


async def test_without_send_message_bridged_sensors_say_why_and_cost_one_try() -> None:
    """Q-NOSENDMSG."""
    records = [full(owner_id=0x82, sensor_number=number) for number in (1, 2, 3)]
    made, asked = behind(*records, full(sensor_number=1), full(sensor_number=2), answer=b"\xc1")
    made.script.lines[READING] = lambda data: b"\xcb" if data[0] == 3 else b"\0\x2a\xc0\xc0"
    first, second, third, *own = await made.bmc.sensors.list()
    for sensor in (first, second, third):
        assert (sensor.reason, sensor.code) == (NoReading.UNREACHABLE, 0xC1)
    assert [sensor.reading for sensor in own] == [42, 42]
    assert [one for one in asked if one[0] == 0x82] == [(0x82, 1)]
    assert "Q-NOSENDMSG" in made.bmc.quirks_met


async def test_another_controller_s_sensor_is_never_mistaken_for_the_bmc_s_own() -> None:
    """Q-OWNER: the BMC itself is asked only for a number that it has no sensor of its own of."""
    made, asked = behind(
        full(owner_id=0x82, id_string="far"), full(id_string="near"), full(owner_id=0x82, sensor_number=9),
        answer=b"\xd3",
    )  # fmt: skip
    far, near, ninth = await made.bmc.sensors.list()
    assert (far.reading, far.code, near.reading) == (None, 0xD3, 42)
    assert ninth.reading == 42
    assert "Q-OWNER" in ninth.quirks
    assert (0x20, 9) in asked
