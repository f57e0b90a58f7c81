"""``bmc.sensors``: a simulated BMC's sensors read, and those of odd ones."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.interface import Target
from baseboard.client.sensor import NoReading
from baseboard.client.settings import Settings
from baseboard.errors import CompletionError, NoResponse, NotFound
from baseboard.records.sdr import FullSensorRecord
from tests.bmc.services.sensor_specs import ALL_KINDS, EVENT_ONLY, PLAIN, PRESENCE, TEMPERATURE
from tests.client.harness import Desk, desk

INFO, GET, READING, THRESHOLDS = (0x0A, 0x20), (0x0A, 0x23), (0x04, 0x2D), (0x04, 0x27)


def table(**changes: Any) -> Desk:
    made = desk(sensors=(TEMPERATURE, PRESENCE, EVENT_ONLY, PLAIN), **changes)
    made.bench.backend.sensors.values.update(Inlet=47, Watts=120)  # type: ignore[union-attr]  # this backend has it
    made.bench.backend.sensors.states["Slot"] = 0b0100  # type: ignore[union-attr]  # this backend has it
    made.bench.advance(5)
    return made


def asked(made: Desk, command: tuple[int, int]) -> int:
    return [(netfn, cmd) for netfn, cmd, _ in made.script.asked].count(command)


async def test_sensors_come_one_by_one_with_their_values() -> None:
    found = [sensor async for sensor in table().bmc.sensors()]
    assert [(s.name, s.reading, s.unit, s.status) for s in found] == [
        ("Inlet", 47, "degrees C", "nc"),
        ("Slot", None, "", "ok"),
        ("Stop", None, "", "ns"),
        ("Watts", 120, "Watts", "ok"),
    ]
    assert found[1].states == ("Slot / Connector Device installed/attached",)
    assert found[1].lun == 1
    assert found[2].reason == NoReading.EVENT_ONLY
    assert found[0].thresholds is None


async def test_one_request_is_sent_for_each_sensor_that_can_be_read() -> None:
    made = table()
    await made.bmc.sensors.list()
    assert asked(made, READING) == 3
    assert asked(made, THRESHOLDS) == 0


async def test_thresholds_on_request() -> None:
    found = await table().bmc.sensors.list(thresholds=True)
    assert found[0].thresholds == {"lower_critical": 5, "upper_non_critical": 40, "upper_critical": 50}
    assert found[1].thresholds is None
    assert found.missing == []


async def test_one_sensor_by_name_with_its_thresholds() -> None:
    made = table()
    sensor = await made.bmc.sensor("Inlet")
    assert sensor.reading == 47
    assert sensor.thresholds is not None
    assert (await made.bmc.sensor("INLET ")).name == "Inlet"
    made.bench.backend.sensors.values["Inlet"] = 20  # type: ignore[union-attr]  # this backend has it
    made.bench.advance(5)
    again = await made.bmc.sensors.read(sensor, thresholds=False)
    assert (again.reading, again.status, again.thresholds) == (20, "ok", None)


async def test_names_and_a_sensor_without_reading_it() -> None:
    made = table()
    assert await made.bmc.sensors.names() == ("Inlet", "Slot", "Stop", "Watts")
    assert (await made.bmc.sensors.find("Watts")).reading is None
    assert asked(made, READING) == 0
    with pytest.raises(NotFound, match="no sensor 'Outlet'"):
        await made.bmc.sensors.find("Outlet")


async def test_several_are_read_at_a_time_where_the_controller_bears_it() -> None:
    made = table()
    under_way = most = 0
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        answer = await plain(netfn, cmd, data, **more)
        under_way -= 1
        return answer

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    made.bmc.interface.depth = 2
    assert [sensor.name async for sensor in made.bmc.sensors()] == ["Inlet", "Slot", "Stop", "Watts"]
    assert most == 2


async def test_a_listing_that_is_left_early_leaves_nothing_behind() -> None:
    made = table()
    made.bmc.interface.depth = 4
    listing = made.bmc.sensors()
    assert (await anext(listing)).name == "Inlet"
    await listing.aclose()  # type: ignore[attr-defined]  # a generator has it
    assert len(asyncio.all_tasks()) == 1


async def test_a_sensor_that_does_not_answer_is_named_and_not_asked_again() -> None:
    made = table()
    made.script.lines[READING] = lambda data: None if data == b"\x01" else bytes.fromhex("00 78 c0 c0")
    found = await made.bmc.sensors.list()
    assert (found[0].reason, found[3].reading) == (NoReading.NO_ANSWER, 120)
    before = asked(made, READING)
    again = await made.bmc.sensors.list()
    assert again[0].reason == NoReading.NO_ANSWER
    assert "Q-MISSTIME" in again[0].quirks
    assert asked(made, READING) == before + 2


async def test_a_controller_that_has_fallen_silent_costs_three_sensors() -> None:
    made = desk({READING: None}, sensors=tuple(replace(PLAIN, number=n, name=f"P{n}") for n in range(1, 9)))
    found = await made.bmc.sensors.list()
    assert {sensor.reason for sensor in found} == {NoReading.NO_ANSWER}
    assert len(found) == 8
    assert asked(made, READING) == 3


async def test_at_the_end_of_the_deadline_the_rest_is_named() -> None:
    made = table()
    await made.bmc.sdr.records()
    made.script.lines[READING] = lambda data: None if data == b"\x06" else bytes.fromhex("00 2f c0 c0")
    with deadline(0.02):
        found = await made.bmc.sensors.list()
    assert [sensor.reason for sensor in found[:2]] == [None, None]
    assert (found[3].name, found[3].reason) == ("Watts", NoReading.NO_ANSWER)
    del made.script.lines[READING]
    assert (await made.bmc.sensor("Watts")).reading == 120


async def test_thresholds_that_are_refused_do_not_take_the_reading_along() -> None:
    made = table()
    made.script.lines[THRESHOLDS] = b"\xcb"
    sensor = await made.bmc.sensor("Inlet")
    assert (sensor.reading, sensor.thresholds) == (47, None)


async def test_a_disabled_sensor_is_believed_if_the_settings_say_so() -> None:
    lines = {READING: bytes.fromhex("00 2f 80 c0")}
    plain = desk(lines, sensors=(TEMPERATURE,))
    assert (await plain.bmc.sensor("Inlet")).reason == NoReading.DISABLED
    consent = Settings(interface="memory", quirks=frozenset({"Q-SCANLIE"}))
    believing = desk(lines, settings=consent, sensors=(TEMPERATURE,))
    assert (await believing.bmc.sensor("Inlet")).reading == 47


# ---- sensors of others

OTHER = {"sensor_number": 8, "sensor_type": 1, "event_type": 1, "id_string": "Far", "base_unit": 1}


def far(**changes: Any) -> tuple[Desk, list[Target]]:
    """A BMC whose only record is of another controller's sensor, and to whom requests went."""
    raw = FullSensorRecord(**{"record_id": 1, **OTHER, **changes}).encode()
    made = desk(
        {
            INFO: bytes.fromhex("00 51 0100 ffff 01000000 00000000 02"),
            GET: b"\0\xff\xff" + raw,
            READING: bytes.fromhex("00 2a c0 c0"),
        }
    )
    targets: list[Target] = []
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        if (netfn, cmd) == READING:
            targets.append(more["target"])
        return await plain(netfn, cmd, data, **more)

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    return made, targets


async def test_a_sensor_of_another_controller_is_read_there() -> None:
    """Q-LUN123."""
    made, targets = far(owner_id=0x82, channel=6, owner_lun=1)
    assert (await made.bmc.sensors.list())[0].reading == 42
    assert targets == [Target(address=0x82, channel=6, lun=1)]


async def test_where_the_owner_cannot_be_reached_the_bmc_itself_is_tried() -> None:
    made, targets = far(owner_id=0x82)
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        answer = await plain(netfn, cmd, data, **more)
        return b"\xd3" if more["target"].address == 0x82 else answer

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    sensor = (await made.bmc.sensors.list())[0]
    assert sensor.reading == 42
    assert "Q-OWNER" in sensor.quirks
    assert [target.address for target in targets] == [0x82, 0x20]
    assert (await made.bmc.sensors.list())[0].reading == 42
    assert [target.address for target in targets][2:] == [0x20]


@pytest.mark.parametrize("silent", [False, True])
async def test_where_neither_answers_the_owner_s_answer_counts(silent: bool) -> None:
    made, _ = far(owner_id=0x82)
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        if (netfn, cmd) != READING:
            return await plain(netfn, cmd, data, **more)
        if silent and more["target"].address == 0x82:
            raise NoResponse("nothing")
        return b"\xd3" if more["target"].address == 0x82 else b"\xcb"

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    sensor = (await made.bmc.sensors.list())[0]
    assert (sensor.reason, sensor.code) == (
        (NoReading.NO_ANSWER, None) if silent else (NoReading.ABSENT, 0xD3)
    )


async def test_a_sensor_of_software_is_not_read() -> None:
    made, targets = far(owner_id=0x41)
    assert (await made.bmc.sensors.list())[0].reason == NoReading.SOFTWARE
    assert targets == []


async def test_factors_of_a_reading_are_asked_for() -> None:
    made, _ = far(linearization=0x70)
    # M = 3, B = 10: 42 is 136.
    made.script.lines[0x04, 0x23] = bytes.fromhex("00 2b 03 00 0a 00 00 00")
    assert (await made.bmc.sensors.list())[0].reading == 136


async def test_without_records_there_is_nothing_to_read() -> None:
    made = desk({INFO: b"\xc1", GET: b"\xc1", (4, 0x21): b"\xc1"})
    with pytest.raises(CompletionError):
        await made.bmc.sensors.list()


async def test_all_kinds_of_sensors_are_read_without_error() -> None:
    found = await desk(sensors=ALL_KINDS).bmc.sensors.list()
    assert len(found) == len(ALL_KINDS)
