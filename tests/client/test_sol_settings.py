"""The SOL parameters of a channel."""

from __future__ import annotations

from baseboard.codes import Privilege
from baseboard.commands.parameters.sol import BitRate, CharacterAccumulation, NonVolatileBitRate, SolEnable
from tests.client.harness import desk


async def test_all_of_them() -> None:
    told = await desk(channel=1).bmc.sol.settings(1).read_all()
    assert told.enabled is True
    assert told.force_encryption is True
    assert told.privilege == Privilege.USER
    assert (told.accumulate_ms, told.send_threshold, told.retries, told.retry_ms) == (10, 1, 7, 500)
    assert told.non_volatile_bit_rate == told.volatile_bit_rate == BitRate.BPS_115200
    assert (told.channel, told.port) == (1, 623)
    assert told.reading.missing == {}
    assert told.set_in_progress == 0


async def test_a_controller_that_has_none() -> None:
    """Q-SOLPARAM."""
    told = await desk({(0x0C, 0x22): b"\x80"}).bmc.sol.settings().read_all()
    assert told.enabled is told.privilege is told.port is told.retry_ms is None
    assert len(told.reading.missing) == 9


async def test_they_are_written_and_read_back() -> None:
    """Q-SOLCHAN."""
    settings = desk(channel=1).bmc.sol.settings(1)
    await settings.set(
        [
            CharacterAccumulation(interval=4, send_threshold=50),
            NonVolatileBitRate(bit_rate=BitRate.BPS_19200),
            SolEnable(enabled=False),
        ]
    )
    told = await settings.read_all()
    assert (told.accumulate_ms, told.non_volatile_bit_rate, told.enabled) == (20, BitRate.BPS_19200, False)
