"""``lan``'s own words and counters, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("lan", only=r"lan( |$)", besides=r"lan (print|alert|set)( |$)"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
