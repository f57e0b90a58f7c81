"""``dcmi``'s own words, strings and configuration, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize(
    "scene", scenes("dcmi", besides="dcmi (discover|DISCOVER|oob|power|sensors|thermal|get_temp)")
)
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)
