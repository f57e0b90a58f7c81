"""`bmc.forwarding`: which requests the controller hands to another one instead of answering them (§35b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.codes import NetFn, Privilege
from baseboard.commands.app.firewall import COMMANDS, CommandRange, mask, members
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    EnableForwardedCommandsResponse,
    ForwardedCommand,
    ForwardingState,
    GetForwardedCommands,
    SetForwardedCommands,
)

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target

HERE: Final = 0xE
"""The channel that a request comes in on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingTarget:
    """What a channel does with the commands that are chosen.

    Attributes:
        channel: whose requests it is about.
        enabled: they are forwarded now.
        slave_address: of the controller that gets them, 8 bits; 0 = none was named.
        target_channel: that the controller is on.
        lun: of the controller.
    """

    channel: int
    enabled: bool
    slave_address: int
    target_channel: int
    lun: int


class Forwarding:
    """Command forwarding; its layouts are an assumption, as no source gives them.

    >>> await bmc.forwarding.choose(NetFn.OEM_GROUP, [0x10], body=bytes.fromhex("f21b00"))  # doctest: +SKIP
    >>> await bmc.forwarding.enable(0x82)                                                   # doctest: +SKIP
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def chosen(
        self, netfn: int, *, lun: int = 0, channel: int = HERE, body: bytes = b""
    ) -> frozenset[int]:
        """Ask which commands of a network function are chosen.

        Args:
            body: the defining body of NetFn 2Ch (1 byte), the IANA number of NetFn 2Eh (3).
        """
        found: frozenset[int] = frozenset()
        for half in CommandRange:
            request = GetForwardedCommands(
                channel=channel, commands=half, netfn=NetFn(netfn), lun=lun, body=body
            )
            answer = await self._bmc.execute(request)
            found |= members(answer.forwarded, first=COMMANDS * half)
        return found

    async def choose(
        self,
        netfn: int,
        commands: Iterable[int],
        *,
        forwarded: bool = True,
        lun: int = 0,
        channel: int = HERE,
        body: bytes = b"",
    ) -> frozenset[int]:
        """Choose commands of a network function, or choose them no more; the others stay as they are.

        Returns: those that are chosen now.

        Raises:
            CompletionError: CCh, one of them is never forwarded.
        """
        before = await self.chosen(netfn, lun=lun, channel=channel, body=body)
        after = before | frozenset(commands) if forwarded else before - frozenset(commands)
        for half in CommandRange:
            first = COMMANDS * half
            if mask(after, COMMANDS, first=first) == mask(before, COMMANDS, first=first):
                continue
            await self._bmc.execute(
                SetForwardedCommands(
                    channel=channel,
                    commands=half,
                    netfn=NetFn(netfn),
                    lun=lun,
                    forwarded=mask(after, COMMANDS, first=first),
                    body=body,
                )
            )
        return after

    async def target(self, channel: int = HERE) -> ForwardingTarget:
        """Ask whether a channel forwards, and to whom."""
        request = EnableForwardedCommands(channel=channel, state=ForwardingState.GET_STATE)
        return _target(await self._bmc.execute(request))

    async def enable(
        self, slave_address: int | None = None, *, lun: int = 0, channel: int = HERE
    ) -> ForwardingTarget:
        """Forward the commands that are chosen to a controller on the IPMB.

        Args:
            slave_address: of it, 8 bits; left out: the one that was named before.
        """
        named = slave_address is not None
        request = EnableForwardedCommands(
            channel=channel,
            state=ForwardingState.ENABLE,
            slave_address=slave_address,
            target_channel=0 if named else None,
            lun=lun if named else None,
        )
        return _target(await self._bmc.execute(request))

    async def disable(self, channel: int = HERE) -> ForwardingTarget:
        """Forward nothing; what is chosen stays so."""
        request = EnableForwardedCommands(channel=channel, state=ForwardingState.DISABLE)
        return _target(await self._bmc.execute(request))

    async def hand_over(
        self,
        target: Target,
        netfn: int,
        cmd: int,
        data: bytes = b"",
        *,
        lun: int = 0,
        privilege: Privilege = Privilege.ADMINISTRATOR,
        channel: int = 1,
    ) -> bytes:
        """Hand a controller a request as a BMC does that forwards it.

        Args:
            target: who gets it.
            privilege: level that it is to be carried out at.
            channel: that it is said to have come in on.

        Returns: completion code and data of the request.

        Raises:
            CompletionError: Forwarded Command was refused.
        """
        answer = await self._bmc.execute(
            ForwardedCommand(
                privilege=privilege, channel=channel, netfn=NetFn(netfn), lun=lun, cmd=cmd, data=data
            ),
            target=target,
        )
        return bytes((answer.code,)) + answer.data


def _target(answer: EnableForwardedCommandsResponse) -> ForwardingTarget:
    return ForwardingTarget(
        channel=answer.channel,
        enabled=answer.enabled,
        slave_address=answer.slave_address,
        target_channel=answer.target_channel,
        lun=answer.lun,
    )
