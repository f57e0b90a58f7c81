"""``hpm`` after an upgrade, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes


@pytest.mark.parametrize("scene", scenes("hpm", only="hpm (rollback|selftest|upgstatus|activate)"))
async def test_like_ipmitool(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link._PAUSE_S", 0.0)
    await replay(scene)
