"""``baseboard forward``."""

from __future__ import annotations

import pytest

from baseboard.cli.forward import run
from baseboard.cli.long_options import UsageError
from tests.cli.noting import NotingStage

NONE = "00" + " 00" * 16
GIVEN = {
    "0c/30": "00 00 34 12",
    "0c/31": "00",
    "0c/32": NONE,
    "0c/32 0e06": "00 02" + " 00" * 15,
    "0c/33": "00 01 01 82 00",
}


async def lines(*words: str) -> list[str]:
    on = NotingStage(GIVEN)
    assert await run(on.call, list(words)) == 0
    return on.out.splitlines()


async def test_what_is_forwarded_and_to_whom() -> None:
    assert await lines("info") == ["Channel 1 forwards to 82h.0", "NETFN  COMMANDS", "06     01"]
    on = NotingStage({**GIVEN, "0c/33": "00 0f 00 00 00"})
    assert await run(on.call, ["info", "15"]) == 0
    assert on.out == "Channel 15 does not forward\n"
    assert on.noted.asked[0] == ("0c/33", "0f02")


async def test_commands_are_chosen() -> None:
    assert await lines("add", "0x30", "0x10") == ["NetFn 30h: 10"]
    assert await lines("remove", "6", "1") == ["NetFn 06h: none"]


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("enable 0x82", "0e018200"),
        ("enable 0x82 1 channel 15", "0f018201"),
        ("enable", "0e01"),
        ("disable channel 1", "0100"),
    ],
)
async def test_a_channel_is_switched(line: str, sent: str) -> None:
    on = NotingStage(GIVEN)
    assert await run(on.call, line.split()) == 0
    assert on.last == ("0c/33", sent)
    assert on.out == "Channel 1 forwards to 82h.0\n"


async def test_a_request_is_handed_over() -> None:
    assert await lines("send", "6", "1") == ["34 12"]
    on = NotingStage({**GIVEN, "0c/30": "00 c1"})
    assert await run(on.call, ["send", "6", "1"]) == 1
    assert on.err == "Invalid command\n"


@pytest.mark.parametrize("line", ["", "nonsense", "add 6", "add 0x40 1", "enable 1 2 3", "send 6", "info 16"])
async def test_what_cannot_be_meant(line: str) -> None:
    with pytest.raises(UsageError):
        await run(NotingStage(GIVEN).call, line.split())
