"""What `sol` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool.sol import run
from baseboard.cli.results.sol import SolAccess, SolChange, SolEnd, SolSettings
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "0c/22": "00 11 01",
    "0c/22 0e02": "00 11 44",
    "0c/22 0e03": "00 11 0c 60",
    "0c/22 0e04": "00 11 07 32",
    "0c/22 0e05": "00 11 0a",
    "0c/22 0e06": "00 11 00",
    "0c/22 0e08": "00 11 6f 02",
    "0c/21": "00",
    "06/4c": "00",
    "06/4d": "00 02 00 00 00",
    "06/49": "00",
}


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == 0
    return stage.results


async def test_settings_are_in_milliseconds_and_words() -> None:
    (said,) = await found("info")
    assert isinstance(said, SolSettings)
    assert (said.accumulate_ms, said.retry_interval_ms, said.payload_port) == (60, 500, 623)
    assert (said.force_authentication, said.force_encryption) == (True, False)
    assert (said.volatile_bit_rate, said.non_volatile_bit_rate) == ("IPMI-Over-Serial-Setting", "115.2")


async def test_changes_and_ends() -> None:
    assert await found("set", "enabled", "true") == [SolChange(channel=14, parameter="enabled", value="true")]
    assert await found("payload", "disable", "1", "2") == [SolAccess(channel=1, user_id=2, enabled=False)]
    assert await found("payload", "status", "1", "2") == [SolAccess(channel=1, user_id=2, enabled=True)]
    assert await found("deactivate") == [SolEnd(instance=1, why="closed")]
