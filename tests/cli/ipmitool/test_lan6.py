"""``lan6``'s own words, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("lan6", besides=r"lan6 (print|save|set) \d"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
