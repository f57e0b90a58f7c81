"""Repositories that cannot be read, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.client.sdr_entry import Records, SdrEntry
from tests.cli.ipmitool.scenes import Scene, Stage, replay, scenes
from tests.cli.ipmitool.shelf import compact, full, record


@pytest.mark.parametrize("scene", scenes("sdr_repository", "sdr_failures"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


async def test_what_is_at_hand_is_what_would_be_given_one_by_one() -> None:
    stage = Stage({})
    bmc = await stage.call.bmc()
    kinds = (full(1, b"Temp"), compact(2, b"State"), record(0xC0, b"of a maker"))
    bmc.sdr.use(Records(SdrEntry.of(raw, number) for number, raw in enumerate(kinds, 1)))
    at_hand = await SdrSource(stage.call, bmc).at_hand()
    assert at_hand is not None
    assert [entry.record_id for entry in at_hand] == [1, 2], "ipmitool passes over what makers add"
    source = SdrSource(stage.call, bmc)
    assert [entry async for entry in source.entries()] == at_hand
    assert await source.at_hand() == at_hand
    assert await source.at_hand() is not await source.at_hand()


async def test_what_has_to_be_asked_for_is_not_at_hand() -> None:
    stage = Stage({})
    assert await SdrSource(stage.call, await stage.call.bmc()).at_hand() is None
