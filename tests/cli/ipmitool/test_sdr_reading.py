"""Where sensors are asked, and in what order the answers are printed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from baseboard.cli.ipmitool.sdr_lines import sensor_line, steady_line
from baseboard.cli.ipmitool.sdr_reading import (
    SHORT,
    WORDS,
    Reading,
    Sensors,
    chunks,
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


@pytest.mark.parametrize(
    ("size", "some"), [(1, [[0], [1], [2], [3]]), (3, [[0, 1, 2], [3]]), (4, [[0, 1, 2, 3]])]
)
async def test_things_come_so_many_together(size: int, some: list[list[int]]) -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(4):
            yield number

    assert [found async for found in chunks(numbers(), size)] == some
    assert [found async for found in chunks([0, 1, 2, 3], size)] == some


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\x20\xc0\xc0", "32 degrees C      | ok"),
        (b"\x20\xc0\xc8", "32 degrees C      | nc"),
        (b"\x20\x80\xc0", "disabled          | ns"),
        (b"\x20\xe0\xc0", "no reading        | ns"),
        (None, "no reading        | ns"),
    ],
)
async def test_the_line_of_a_steady_sensor_is_the_one_that_is_made_step_by_step(
    data: bytes | None, line: str
) -> None:
    stage = Stage({"04/2d": None if data is None else "00" + data.hex()})
    source = SdrSource(stage.call, await stage.call.bmc())
    entry = parse(1, full(5, b"Temp"))
    assert entry is not None
    assert entry.steady
    assert await Sensors(source).asked(entry) == data
    reading = await Sensors(source).read(entry, 2)
    assert steady_line(entry.raw, data) == sensor_line(entry, reading) == f"Temp             | {line}"


@pytest.mark.parametrize("record", [full(5, b"Odd", linear=0x70), compact(5, b"State")])
def test_what_depends_on_more_than_the_answer_is_not_steady(record: bytes) -> None:
    entry = parse(1, record)
    assert entry is not None
    assert not entry.steady


def test_controllers_share_decoded_records_but_not_factors_that_change() -> None:
    one, two = parse(1, full(5, b"Odd", linear=0x70)), parse(2, full(5, b"Odd", linear=0x70))
    assert one is not None
    assert two is not None
    assert one.record is two.record
    assert one.factors == two.factors
    assert one.factors is not two.factors
