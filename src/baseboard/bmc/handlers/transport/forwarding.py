"""Command forwarding: choosing what is handed on, and carrying out what is handed to this BMC (§35b)."""

from __future__ import annotations

import asyncio
from typing import Final

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.command_keys import BODY_SIZES, family_of
from baseboard.bmc.services.events import BMC_ADDRESS
from baseboard.bmc.services.forwarding import HALF, Target
from baseboard.codes import Cc, NetFn
from baseboard.commands.declaration import lookup
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    EnableForwardedCommandsResponse,
    ForwardedCommand,
    ForwardedCommandResponse,
    ForwardingState,
    GetForwardedCommands,
    GetForwardedCommandsResponse,
    SetForwardedCommands,
    SetForwardedCommandsResponse,
)
from baseboard.errors import CompletionError
from baseboard.rmcp.lan_message import LanMessage

_MASK_BYTES: Final = HALF // 8


@handlers.handles(SetForwardedCommands)
async def set_forwarded_commands(ctx: Context, request: SetForwardedCommands) -> SetForwardedCommandsResponse:
    """The other half of the network function stays as it is."""
    forwarding = ctx.services.forwarding
    channel = forwarding.channel(ctx.channel(request.channel))
    mask = int.from_bytes(request.forwarded, "little")
    family = _family(request.netfn, request.body)
    forwarding.choose(channel, request.lun, family, _half(request.commands), mask)
    return SetForwardedCommandsResponse()


@handlers.handles(GetForwardedCommands)
async def get_forwarded_commands(ctx: Context, request: GetForwardedCommands) -> GetForwardedCommandsResponse:
    """What is chosen, whether forwarding is enabled or not."""
    forwarding = ctx.services.forwarding
    channel = forwarding.channel(ctx.channel(request.channel))
    chosen = forwarding.commands(channel, request.lun, _family(request.netfn, request.body))
    piece = chosen >> HALF * _half(request.commands) & (1 << HALF) - 1
    return GetForwardedCommandsResponse(forwarded=piece.to_bytes(_MASK_BYTES, "little"))


@handlers.handles(EnableForwardedCommands)
async def enable_forwarded_commands(
    ctx: Context, request: EnableForwardedCommands
) -> EnableForwardedCommandsResponse:
    """A controller that was named is kept while forwarding is off."""
    forwarding = ctx.services.forwarding
    channel = forwarding.channel(ctx.channel(request.channel))
    target = forwarding.target(channel)
    if request.state not in tuple(ForwardingState):
        raise CompletionError(Cc.INVALID_DATA)
    if request.state != ForwardingState.GET_STATE:
        if request.slave_address is not None:
            target = Target(
                slave_address=request.slave_address, channel=request.target_channel or 0, lun=request.lun or 0
            )
        forwarding.aim(channel, target._replace(enabled=request.state == ForwardingState.ENABLE))
        target = forwarding.target(channel)
    return EnableForwardedCommandsResponse(
        channel=channel,
        enabled=target.enabled,
        slave_address=target.slave_address,
        target_channel=target.channel,
        lun=target.lun,
    )


@handlers.handles(ForwardedCommand)
async def forwarded_command(ctx: Context, request: ForwardedCommand) -> ForwardedCommandResponse:
    """Another BMC hands over a request: it is carried out here as one from the bus, within the level told.

    It comes from a controller, and what it holds is not forwarded again.
    """
    if ctx.origin.request is None or ctx.origin.session is not None:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    own = ForwardedCommand.command
    if (request.netfn, request.cmd) == (own.netfn, own.cmd) or request.netfn & 1:
        raise CompletionError(Cc.INVALID_DATA)
    group = request.data[0] if request.netfn == NetFn.GROUP_EXTENSION and request.data else None
    known = lookup(request.netfn, request.cmd, group)
    if request.privilege and known is not None and request.privilege < known.privilege:
        return ForwardedCommandResponse(code=Cc.INSUFFICIENT_PRIVILEGE)
    answered: asyncio.Future[bytes] | None = None
    ready: list[bytes] = []

    def take(data: bytes) -> None:
        ready.append(data)
        if answered is not None and not answered.done():
            answered.set_result(data)

    message = LanMessage(
        BMC_ADDRESS, request.netfn, request.lun, ctx.origin.request.rq_addr, 0, 0, request.cmd, request.data
    )
    ctx.services.bridging.to_itself(message, take)
    if not ready:
        answered = asyncio.get_running_loop().create_future()
        await answered
    return ForwardedCommandResponse(code=ready[0][0], data=ready[0][1:])


def _half(number: int) -> int:
    if number not in (0, 1):
        raise CompletionError(Cc.INVALID_DATA)
    return number


def _family(netfn: int, body: bytes) -> int:
    """The network function with whose commands it is about, as it stands in the keys of commands."""
    if netfn & 1 or len(body) != BODY_SIZES.get(netfn, 0):
        raise CompletionError(Cc.INVALID_DATA)
    return family_of(netfn, int.from_bytes(body, "little") if body else None)
