"""``sdr -v`` and ``sdr get``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("sdr_blocks"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
