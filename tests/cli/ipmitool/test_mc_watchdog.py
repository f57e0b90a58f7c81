"""``mc watchdog``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.mc_watchdog import USAGE
from tests.cli.ipmitool.scenes import Scene, replay, scenes
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize("scene", scenes("mc_watchdog"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


# ipmitool sends whatever it had understood by then, or crashes; nothing is sent for words that are wrong.
@pytest.mark.parametrize(
    ("option", "err"),
    [
        ("timeout=0", "Timeout value 0 is out of range (1-6553)\n\n"),
        ("timeout=6554", "Timeout value 6554 is out of range (1-6553)\n\n"),
        ("timeout", "Timeout value 0 is out of range (1-6553)\n\n"),
        ("pretimeout=256", "Pretimeout value 256 is out of range (1-255)\n\n"),
        ("int=foo", "Interrupt type 'foo' is not valid\n\n"),
        ("use=foo", "Use 'foo' is not valid\n\n"),
        ("action=foo", "Use 'foo' is not valid\n\n"),
        ("clear=", "Use '' is not valid\n\n"),
        ("zzz", "Invalid option 'zzz'\n"),
        ("help", ""),
    ],
)
async def test_a_wrong_option_sends_nothing(option: str, err: str) -> None:
    command = Typed({(6, 0x24): b"\x00"})
    assert await command("mc", "watchdog", "set", option) == 1
    assert command.err == f"{err}{USAGE}\n"
    assert not command.asked
