"""``picmg led``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("picmg", only="picmg led"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
