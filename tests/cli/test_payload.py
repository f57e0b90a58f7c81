"""``baseboard payload`` at a prompt: what it prints, sends, and says of mistakes."""

from __future__ import annotations

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.payload import run
from baseboard.errors import CompletionError
from tests.cli.ipmitool.scenes import Stage
from tests.cli.results.test_payload import GIVEN


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("version oem3 1", "OEM3: 1.0\n"),
        ("status", "serial over LAN: 2 instances, active: 2\n"),
        ("instance", "serial over LAN 1: session 0x01020304, information 02 00 00 00 00 00 00 00\n"),
        ("access get 2 1", "0x01  serial over LAN\n0x27  OEM7\n"),
        ("oem 7154 1", None),
    ],
)
async def test_what_is_printed(words: str, printed: str | None) -> None:
    stage = Stage(GIVEN)
    assert await run(stage.call, words.split()) == 0
    if printed is None:
        assert "IANA                            : 7154\n" in stage.out
    else:
        assert stage.out == printed


async def test_what_is_not_there() -> None:
    stage = Stage(
        {"06/4f": "80", "06/50": "80", "06/4a": "00 01 00 00", "06/4b": "00" + "00" * 12, "06/49": "80"}
    )
    assert await run(stage.call, ["version", "oem0"]) == 0
    assert await run(stage.call, ["status"]) == 0
    assert await run(stage.call, ["instance"]) == 0
    assert await run(stage.call, ["deactivate", "sol", "2"]) == 0
    assert stage.out == (
        "OEM0: not there\n"
        "serial over LAN: 1 instances, active: none\n"
        "serial over LAN 1: not active, information 00 00 00 00 00 00 00 00\n"
        "serial over LAN 2 was not active\n"
    )
    assert await run(stage.call, ["oem", "oem0"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        "", "bogus", "access", "access put 2", "support 1 2", "support 16", "version", "version 64",
        "version telnet", "oem 7154", "status sol 1", "instance sol 16", "access get 64",
        "access set 2 enable", "access set 2 allow sol", "activating x",
    ],
)  # fmt: skip
async def test_mistakes(words: str) -> None:
    stage = Stage(GIVEN)
    with pytest.raises(UsageError):
        await run(stage.call, words.split())


async def test_a_refusal_goes_to_whoever_runs_the_verb() -> None:
    with pytest.raises(CompletionError, match="^83h"):
        await run(Stage({"06/55": "83"}).call, ["suspend"])
