"""What came of asking a sensor, and for its thresholds, as FreeIPMI judges it."""

from __future__ import annotations

import math

import pytest

from baseboard.cli.freeipmi.sensor_reading import (
    Broken,
    Reading,
    Told,
    convertible,
    decoded,
    fixed,
    linearized,
    reading,
    thresholds,
)
from baseboard.client.settings import Settings
from baseboard.records.sdr import FullSensorRecord, ReadableSensorRecord
from tests.client.harness import desk
from tests.golden.odd_sensors import READING, SENSOR, THRESHOLDS, compact, full, said


async def asked(
    record: ReadableSensorRecord, answer: bytes | None, *quirks: str, bridge: bool = False
) -> Reading:
    settings = Settings(interface="memory", timeout=0.05, retries=0, quirks=frozenset(quirks))
    one = desk({(SENSOR, READING): answer}, settings=settings)
    return await reading(one.bmc, record, record.sensor_number, bridge=bridge)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (said(30, 0xC0), Told.STATES),
        (said(30, 0, flags=0xE0), Told.NOTHING),
        (said(30, 0, flags=0x80), Told.NOTHING),
        (b"\xcb", Told.NOTHING),
        (b"\xd5", Told.NOTHING),
        (b"\xc0", Told.UNKNOWN),
        (b"\xff\x00\x20", Told.NOTHING),
    ],
)
async def test_answers(answer: bytes, told: Told) -> None:
    assert (await asked(full(1), answer)).told is told


@pytest.mark.parametrize("answer", [b"\xd4", b"\0\x20", b"\xff", b"\xff\x00\x40", None])
async def test_answers_that_end_it(answer: bytes | None) -> None:
    with pytest.raises(Broken, match="internal IPMI error"):
        await asked(full(1), answer)


async def test_who_is_asked() -> None:
    assert (await asked(full(1, owner_id=0x41), said(3))).told is Told.NOTHING
    assert (await asked(full(1, owner_lun=1), said(3))).told is Told.NOTHING
    assert (await asked(full(1, owner_lun=1), said(3), "Q-OWNER")).told is Told.STATES
    assert (await asked(full(1, owner_lun=1), said(3), bridge=True)).told is Told.STATES
    assert (await asked(full(1, owner_id=0x82), None, bridge=True)).told is Told.UNKNOWN
    assert (await asked(full(1, event_type=0x20), said(3))).told is Told.NOTHING
    assert (await asked(full(1), said(3, 0, flags=0x80), "Q-SCANLIE")).told is Told.STATES


async def test_values() -> None:
    assert (await asked(full(1), said(30, 0xFFC0))).value == 30
    assert (await asked(full(1), said(30, 0xFFC0))).bits == 0x7FC0
    assert (await asked(compact(1), said(30))).value is None
    assert (await asked(full(1, event_type=3), said(30))).value is None
    assert (await asked(full(1, event_type=3), said(30), "Q-DISCRETEVAL")).value == 30
    assert (await asked(full(1, event_type=3, base_unit=0), said(30), "Q-DISCRETEVAL")).value is None


def test_formulas() -> None:
    assert decoded(full(1, m=5, b=-3, b_exp=1, r_exp=-1), 10) == pytest.approx(2.0)
    assert decoded(full(1, analog_format=2), 0xFF) == -1
    assert decoded(full(1, analog_format=3), 1) is None
    assert not convertible(full(1, linearization=0x70))
    assert math.isnan(linearized(-1, 10))
    assert (linearized(0, 1), linearized(5000, 4), linearized(0, 7)) == (-math.inf, math.inf, 0)
    assert [linearized(3, code) for code in (8, 9)] == [9, 27]
    assert (linearized(2, 5), linearized(3, 6), linearized(4, 7)) == (100, 8, 0.25)
    assert (fixed(math.nan, 2), fixed(-math.inf, 2), fixed(1 / 3, 2)) == ("-nan", "-inf", "0.33")


ANSWER = bytes((0, 0x3B, 1, 2, 3, 4, 5, 6))


@pytest.mark.parametrize(
    ("record", "answer", "names"),
    [
        (full(1), ANSWER, 5),
        (full(1, threshold_access=0), ANSWER, 0),
        (full(1, linearization=0x70), ANSWER, 0),
        (full(1, threshold_access=3, reading_mask=0x12), b"\xd4", 2),
        (full(1, reading_mask=0x10), b"\xc1", 1),
        (full(1), b"\xcd", 0),
    ],
)
async def test_thresholds(record: FullSensorRecord, answer: bytes, names: int) -> None:
    one = desk({(SENSOR, THRESHOLDS): answer})
    assert len(await thresholds(one.bmc, record)) == names


@pytest.mark.parametrize("answer", [b"\xd4", b"\0\x3f", None])
async def test_thresholds_that_end_it(answer: bytes | None) -> None:
    one = desk({(SENSOR, THRESHOLDS): answer}, settings=Settings(interface="memory", timeout=0.05, retries=0))
    with pytest.raises(Broken):
        await thresholds(one.bmc, full(1))


async def test_thresholds_by_name() -> None:
    found = await thresholds(desk({(SENSOR, THRESHOLDS): ANSWER}).bmc, full(1))
    assert found == {
        "lower_non_critical": 1,
        "lower_critical": 2,
        "upper_non_critical": 4,
        "upper_critical": 5,
        "upper_non_recoverable": 6,
    }
