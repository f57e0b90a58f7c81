"""``picmg`` but its LEDs, links and clocks, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("picmg", besides="picmg (led|.*portstate|clk|busres)"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
