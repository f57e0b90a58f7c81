"""Who is on the ICMB (ICMB v1.0): what software asks its bridge, the bridge asks all others."""

from __future__ import annotations

import asyncio

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.bridge.waiting import bridge, sending
from baseboard.codes import Cc
from baseboard.commands.bridge.discovery import (
    MOST_ADDRESSES,
    BridgeAddress,
    GetAddresses,
    GetAddressesResponse,
    GetChassisDeviceId,
    GetChassisDeviceIdResponse,
    PrepareForDiscovery,
    PrepareForDiscoveryResponse,
    SetChassisDeviceId,
    SetChassisDeviceIdResponse,
    SetDiscovered,
    SetDiscoveredResponse,
)
from baseboard.errors import CompletionError
from baseboard.links.icmb import BROADCAST

LISTEN_S = 0.5
"""How long bridges may take to say their addresses, all of them, one after the other."""

_ANSWER = 3


@handlers.handles(PrepareForDiscovery)
async def prepare_for_discovery(ctx: Context, request: PrepareForDiscovery) -> PrepareForDiscoveryResponse:
    """The bridge forgets that it was discovered, and has all others forget it if software asks."""
    icmb = bridge(ctx)
    icmb.discovered = False
    if ctx.origin.channel != icmb.channel:
        sending(ctx).link.tell(BROADCAST, request.command.cmd, b"")
    return PrepareForDiscoveryResponse()


@handlers.handles(GetAddresses)
async def get_addresses(ctx: Context, request: GetAddresses) -> GetAddressesResponse:
    """Those who answer in time, at most eight; the others answer when these know that they were found."""
    icmb = sending(ctx)
    found: list[int] = []
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def heard(answer: bytes) -> None:
        if len(answer) == _ANSWER and answer[0] == Cc.OK:
            found.append(int.from_bytes(answer[1:], "little"))

    def end() -> None:
        if not done.done():
            done.set_result(None)

    icmb.link.collect(request.command.cmd, LISTEN_S, heard, end)
    await done
    listed = sorted(set(found))[:MOST_ADDRESSES]
    return GetAddressesResponse(addresses=tuple(BridgeAddress(address=one) for one in listed))


@handlers.handles(SetDiscovered)
async def set_discovered(ctx: Context, request: SetDiscovered) -> SetDiscoveredResponse:
    """From now on the bridge keeps silent."""
    bridge(ctx).discovered = True
    return SetDiscoveredResponse()


@handlers.handles(GetChassisDeviceId)
async def get_chassis_device_id(ctx: Context, request: GetChassisDeviceId) -> GetChassisDeviceIdResponse:
    """Where chassis commands go."""
    return GetChassisDeviceIdResponse(address=bridge(ctx).chassis_device >> 1)


@handlers.handles(SetChassisDeviceId)
async def set_chassis_device_id(ctx: Context, request: SetChassisDeviceId) -> SetChassisDeviceIdResponse:
    """A slave address that is reserved is nobody's."""
    icmb, address = bridge(ctx), request.address << 1
    if not 0x10 <= address < 0xF0:
        raise CompletionError(Cc.INVALID_DATA)
    icmb.chassis_device = address
    return SetChassisDeviceIdResponse()
