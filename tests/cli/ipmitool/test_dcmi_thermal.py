"""``dcmi sensors``, ``thermalpolicy`` ``get_temp_reading``, against ipmitool in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("dcmi", only="dcmi (sensors|thermal|get_temp)"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
