"""``mc``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.scenes import Scene, replay, scenes
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize("scene", scenes("mc"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


async def test_enables_are_changed_and_shown_again() -> None:
    state = [0x08]

    def set_enables(data: bytes) -> bytes:
        state[0] = data[0]
        return b"\x00"

    command = Typed({(6, 0x2F): lambda data: bytes((0, state[0])), (6, 0x2E): set_enables})
    assert await command("mc", "setenables", "oem1=on", "system_event_log=off", "foo=on") == 0
    assert state == [0x40]
    head = "Enabling OEM 1\nDisabling System Event Logging\n\nVerifying...\nReceive Message Queue Interrupt"
    assert command.out.startswith(head)
    assert command.out.endswith(f"{'OEM 1':<40} : enabled\n{'OEM 2':<40} : disabled\n")
    assert command.err == "Unrecognized option: foo=on\n"


async def test_enables_that_are_refused_are_told() -> None:
    command = Typed({(6, 0x2F): b"\x00\x08", (6, 0x2E): b"\xd4"})
    assert await command("mc", "setenables", "oem1=on") == 1
    assert command.err == "Set Global Enables command failed: Insufficient privilege level\n"
