"""Readings, again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from baseboard.cli.watching import found, readings, until_over, value
from baseboard.client.deadline import deadline
from baseboard.client.sensor import Sensor
from baseboard.errors import DeadlinePassed, NotFound


class Sensors:
    """Sensors whose readings rise."""

    def __init__(self) -> None:
        self.asked = 0

    async def find(self, name: str) -> str:
        if name == "nope":
            raise NotFound("no sensor 'nope'")
        return name

    async def read(self, sensor: str, *, thresholds: bool) -> tuple[str, int]:
        assert not thresholds
        self.asked += 1
        return sensor, self.asked

    async def list(self) -> list[str]:
        return ["all"]


class FakeBmc:
    def __init__(self) -> None:
        self.sensors = Sensors()


async def test_so_many_readings_of_the_sensors_named() -> None:
    bmc: Any = FakeBmc()
    seen = [one async for one in readings(bmc, ["a", "b"], 0.001, 2)]
    assert seen == [[("a", 1), ("b", 2)], [("a", 3), ("b", 4)]]


async def test_all_sensors_if_none_is_named() -> None:
    bmc: Any = FakeBmc()
    assert [one async for one in readings(bmc, [], 0.001, 1)] == [["all"]]


async def test_a_name_that_is_not_there_is_told_before_anything_is_read() -> None:
    bmc: Any = FakeBmc()
    with pytest.raises(NotFound):
        await anext(readings(bmc, ["a", "nope"], 0.001, 0))
    assert bmc.sensors.asked == 0


async def test_the_deadline_ends_what_has_no_end() -> None:
    bmc: Any = FakeBmc()
    with deadline(0.05):
        seen = [one async for one in until_over(readings(bmc, ["a"], 0.01, 0), endless=True)]
    assert seen


async def test_what_was_to_be_a_number_of_them_is_not_done() -> None:
    async def over() -> AsyncIterator[int]:
        yield 1
        raise DeadlinePassed("over")

    with pytest.raises(DeadlinePassed):
        assert [one async for one in until_over(over(), endless=False)]


def make(**fields: Any) -> Sensor:
    given: dict[str, Any] = {
        "name": "Temp", "number": 1, "owner": 0x20, "channel": 0, "lun": 0, "record_id": 1, "record": None,
        "entity_id": 7, "entity_instance": 1, "sensor_type": 1, "event_type": 1,
    }  # fmt: skip
    return Sensor(**{**given, **fields})


def test_a_reading_in_words_and_as_data() -> None:
    sensor = make(reading=52.5, unit="degrees C", status="ok")
    assert value(sensor) == "52.5 degrees C"
    assert value(make(states=("Presence detected", "Failure"))) == "Presence detected, Failure"
    assert value(make()) == "-"
    data = found(sensor)
    assert (data.name, data.reading, data.status, data.why) == ("Temp", 52.5, "ok", "")
    assert data.time.endswith("+00:00")
