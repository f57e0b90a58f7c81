"""Where sensors are asked, and in what order the answers are printed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from baseboard.cli.ipmitool.sdr_reading import (
    SHORT,
    WORDS,
    Reading,
    Sensors,
    in_order,
    number_of,
    status_word,
)
from baseboard.cli.ipmitool.sdr_record import parse
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.records.sdr import CompactSensorRecord
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.shelf import compact, full


async def test_a_sensor_is_asked_at_its_owner() -> None:
    stage = Stage({})
    source = SdrSource(stage.call, await stage.call.bmc())
    entry = parse(1, compact(5, b"Far", owner=0x82, channel_lun=0x71))
    assert entry is not None
    assert isinstance(entry.record, CompactSensorRecord)
    target = Sensors(source).target(entry.record)
    assert (target.address, target.channel, target.lun) == (0x82, 7, 1)


async def test_factors_that_do_not_come_are_told() -> None:
    stage = Stage({"04/2d": "0020c0c0", "04/23": None})
    source = SdrSource(stage.call, await stage.call.bmc())
    entry = parse(1, full(5, b"Odd", linear=0x70))
    assert entry is not None
    reading = await Sensors(source).read(entry, 2)
    assert not reading.valid
    assert stage.err == "Error updating reading factor for sensor Odd (#05)\n"


async def test_silence_is_no_reading() -> None:
    stage = Stage({"04/2d": None})
    source = SdrSource(stage.call, await stage.call.bmc())
    entry = parse(1, full(5, b"Mute"))
    assert entry is not None
    assert await Sensors(source).read(entry, 2) == Reading()


def test_status_words() -> None:
    reading = Reading(valid=True, low=0xC9)
    assert status_word(reading, "ns", SHORT) == "nc"
    assert status_word(reading, "ns", WORDS) == "Lower Non-Critical"
    assert status_word(Reading(), "ns", SHORT) == "ns"


@pytest.mark.parametrize(
    ("value", "number"), [(0.1 + 0.2, 0.3), (float("nan"), None), (float("inf"), None), (1e9, 1e9)]
)
def test_numbers_for_other_programs(value: float, number: float | None) -> None:
    assert number_of(Reading(valid=True, analog=True, value=value)) == number
    assert number_of(Reading(valid=False, analog=True, value=value)) is None


@pytest.mark.parametrize("depth", [1, 3, 9])
async def test_answers_come_in_the_order_of_the_questions(depth: int) -> None:
    under_way = most = 0

    async def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(10 - number):
            await asyncio.sleep(0)
        under_way -= 1
        return number

    async def numbers() -> AsyncIterator[int]:
        for number in range(6):
            yield number

    assert [number async for number in in_order(numbers(), work, depth)] == list(range(6))
    assert [number async for number in in_order(range(6), work, depth)] == list(range(6))
    assert most == min(depth, 6)


async def test_questions_end_with_their_reader() -> None:
    ended: list[Any] = []

    async def work(number: int) -> int:
        try:
            await asyncio.Event().wait() if number else None
        except asyncio.CancelledError:
            ended.append(number)
            raise
        return number

    answers = in_order(range(3), work, 3)
    assert await anext(answers) == 0
    await answers.aclose()  # type: ignore[attr-defined]  # it is a generator
    await asyncio.sleep(0)
    assert ended == [1, 2]
