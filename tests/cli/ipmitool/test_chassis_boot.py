"""``chassis bootdev`` and ``chassis bootparam``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize("scene", scenes("chassis_boot"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


@pytest.mark.parametrize("words", ["bootdev tape", "bootdev force_none", "bootparam set bootflag tape"])
async def test_an_unknown_device_sends_nothing(words: str) -> None:
    command = Typed({(0, 8): b"\x00"})
    assert await command("chassis", *words.split()) == 1
    assert command.err == f"Invalid argument: {words.split()[-1]}\n"
    assert not command.asked
