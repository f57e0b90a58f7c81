"""`bmc.sol.settings()`: the parameters of Serial Over LAN of a channel (§26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baseboard.client.parameters import Parameters, Reading
from baseboard.commands.parameters.sol import (
    BitRate,
    CharacterAccumulation,
    NonVolatileBitRate,
    SetInProgress,
    SolAuthentication,
    SolEnable,
    SolParameter,
    SolPayloadChannel,
    SolPayloadPort,
    SolRetry,
    VolatileBitRate,
)
from baseboard.commands.transport.sol import GetSolConfigurationParameters, SetSolConfigurationParameters

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.codes import Privilege
    from baseboard.commands.parameters.progress import SetInProgressState
    from baseboard.wire import Unknown

HERE = 0xE
LAST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SolConfiguration:
    """How Serial Over LAN is set up on a channel; None stands for what the controller does not tell.

    Attributes:
        set_in_progress: somebody is changing it.
        enabled: whether it can be activated.
        force_encryption: whether it must be encrypted where the session can.
        force_authentication: whether it must be signed where the session can.
        privilege: the lowest level that may activate it.
        accumulate_ms: after how long the controller sends the characters it has gathered.
        send_threshold: after how many it does.
        retries: how often it sends a packet again.
        retry_ms: after how long.
        non_volatile_bit_rate: the serial port's speed when SOL starts.
        volatile_bit_rate: its speed now.
        channel: whose addresses SOL uses.
        port: its UDP port.
        reading: all of it as it came, and what is missing, with reasons.
    """

    set_in_progress: SetInProgressState | None
    enabled: bool | None
    force_encryption: bool | None
    force_authentication: bool | None
    privilege: Privilege | None
    accumulate_ms: int | None
    send_threshold: int | None
    retries: int | None
    retry_ms: int | None
    non_volatile_bit_rate: BitRate | None
    volatile_bit_rate: BitRate | None
    channel: int | None
    port: int | None
    reading: Reading[SolParameter]


class SolSettings(Parameters[SolParameter]):
    """The SOL parameters of one channel.

    Attributes:
        channel: which; Eh = the one that requests come in on.
    """

    def __init__(self, bmc: Bmc, channel: int = HERE) -> None:
        self.channel = channel
        super().__init__(
            bmc, SolParameter, self._fetched, self._stored, lambda state: SetInProgress(state=state)
        )

    async def read_all(self) -> SolConfiguration:
        """Read everything that the controller has."""
        reading = await self.read((selector, 0) for selector in range(LAST + 1))
        progress, enable = reading.get(SetInProgress), reading.get(SolEnable)
        rules, gather = reading.get(SolAuthentication), reading.get(CharacterAccumulation)
        retry, stored = reading.get(SolRetry), reading.get(NonVolatileBitRate)
        present, channel = reading.get(VolatileBitRate), reading.get(SolPayloadChannel)
        port = reading.get(SolPayloadPort)
        return SolConfiguration(
            set_in_progress=None if progress is None else progress.state,
            enabled=None if enable is None else enable.enabled,
            force_encryption=None if rules is None else rules.force_encryption,
            force_authentication=None if rules is None else rules.force_authentication,
            privilege=None if rules is None else rules.privilege,
            accumulate_ms=None if gather is None else gather.interval * 5,
            send_threshold=None if gather is None else gather.send_threshold,
            retries=None if retry is None else retry.retry_count,
            retry_ms=None if retry is None else retry.retry_interval * 10,
            non_volatile_bit_rate=None if stored is None else stored.bit_rate,
            volatile_bit_rate=None if present is None else present.bit_rate,
            channel=None if channel is None else channel.channel,
            port=None if port is None else port.port,
            reading=reading,
        )

    async def _fetched(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        request = GetSolConfigurationParameters(
            channel=self.channel,
            selector=selector,
            set_selector=set_selector,
            block_selector=block_selector,
        )
        return (await self._bmc.execute(request)).data

    async def _stored(self, parameter: SolParameter | Unknown) -> None:
        await self._bmc.execute(SetSolConfigurationParameters(channel=self.channel, parameter=parameter))
