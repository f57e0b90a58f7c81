"""``chassis bootmbox``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize("scene", scenes("chassis_mailbox"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("343", "1", "foo"), "Given data byte foo is invalid.\n"),
        (("343", *["0"] * 4094), "Data size 4094 exceeds maximum (4093)\n"),
    ],
)
async def test_data_that_do_not_fit_are_not_sent(words: tuple[str, ...], err: str) -> None:
    command = Typed({(0, 8): b"\x00"})
    assert await command("chassis", "bootmbox", "set", *words) == 1
    assert command.err == err
    assert not command.asked


async def test_a_block_without_data_has_no_lines() -> None:
    command = Typed({(0, 9): b"\x00\x01\x07"})
    assert await command("chassis", "bootmbox", "get", "block", "1") == 0
    assert command.out == (
        "Boot parameter version: 1\nBoot parameter 7 is valid/unlocked\nBoot parameter data: \n"
    )
