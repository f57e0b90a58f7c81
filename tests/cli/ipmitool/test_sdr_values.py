"""Every linearization and format, against what ipmitool printed for them."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("sdr_values"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
