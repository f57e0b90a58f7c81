"""What channels are, as ``lan`` and ``pef`` ask for it."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.channel_facts import (
    channel_access,
    channel_info,
    first_lan,
    is_lan,
    set_channel_access,
)
from baseboard.commands.app.channels import AccessMode, Change
from tests.cli.ipmitool.scenes import Stage

LAN = "00 03 04 01 81 f2 1b 00 00 00"
SERIAL = "00 02 05 01 42 f2 1b 00 00 00"


@pytest.mark.parametrize(
    ("answer", "expected", "complaint"),
    [
        (LAN, True, ""),
        (LAN.replace(" 04 ", " 06 ", 1), True, ""),
        (SERIAL, False, ""),
        ("cc", False, ""),
        ("d4", False, "Get Channel Info command failed: Insufficient privilege level\n"),
        ("00 03", False, "Unexpected data length received.\n"),
        (None, False, "IPMI response is NULL.\n"),
    ],
)
async def test_only_a_lan_is_one(answer: str | None, expected: bool, complaint: str) -> None:
    stage = Stage({"06/42": answer})
    assert await is_lan(stage.call, 3) is expected
    assert stage.err == complaint


@pytest.mark.parametrize("channel", [0, 0xF, -1])
async def test_channels_that_cannot_be_a_lan_are_not_asked(channel: int) -> None:
    stage = Stage({"06/42": LAN})
    assert not await is_lan(stage.call, channel)


async def test_the_first_lan_is_found() -> None:
    assert await first_lan(Stage({"06/42": "cc", "06/42 03": LAN}).call) == 3
    assert await first_lan(Stage({"06/42": SERIAL}).call) == 0


async def test_settings_are_read_and_written_back_with_what_was_set() -> None:
    stage = Stage({"06/41": "00 3a 04", "06/40": "00"})
    said = await channel_access(stage.call, 1, Change.VOLATILE)
    assert said is not None
    assert (said.access_mode, said.alerting_disabled) == (AccessMode.ALWAYS_AVAILABLE, True)
    await set_channel_access(stage.call, 1, said, Change.VOLATILE, Change.DONT_CHANGE)
    assert stage.given.written == ["06/40 01ba04"]


async def test_a_channel_that_does_not_say_is_none_and_a_line() -> None:
    stage = Stage({"06/42": "c9", "06/41": "82"})
    assert await channel_info(stage.call, 1) is None
    assert await channel_access(stage.call, 1, Change.VOLATILE) is None
    assert stage.err == "IPMI command failed: Parameter out of range\nIPMI command failed: Unknown (0x82)\n"
