"""Links, clocks and bused resources of a board (PICMG 3.0, AMC.0)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.picmg import Clock
from baseboard.commands.groups.picmg_links import (
    BusedResourceControl,
    BusedResourceControlResponse,
    GetAmcPortState,
    GetAmcPortStateResponse,
    GetClockState,
    GetClockStateResponse,
    GetPortState,
    GetPortStateResponse,
    SetAmcPortState,
    SetAmcPortStateResponse,
    SetClockState,
    SetClockStateResponse,
    SetPortState,
    SetPortStateResponse,
)


@handlers.handles(SetPortState)
async def set_port_state(ctx: Context, request: SetPortState) -> SetPortStateResponse:
    """PICMG 3.0: a link that the board does not have cannot be enabled (CCh)."""
    ctx.picmg.set_link(request.link)
    return SetPortStateResponse()


@handlers.handles(GetPortState)
async def get_port_state(ctx: Context, request: GetPortState) -> GetPortStateResponse:
    """PICMG 3.0: at most four links."""
    return GetPortStateResponse(links=ctx.picmg.links(request.interface, request.channel))


@handlers.handles(BusedResourceControl)
async def bused_resource_control(ctx: Context, request: BusedResourceControl) -> BusedResourceControlResponse:
    """PICMG 3.0: as a board answers."""
    return BusedResourceControlResponse(status=ctx.picmg.bused(request.action, request.resource))


@handlers.handles(SetAmcPortState)
async def set_amc_port_state(ctx: Context, request: SetAmcPortState) -> SetAmcPortStateResponse:
    """AMC.0: a link that there is not cannot be enabled (CCh)."""
    ctx.picmg.set_amc_link(request.channel, request.link, request.device)
    return SetAmcPortStateResponse()


@handlers.handles(GetAmcPortState)
async def get_amc_port_state(ctx: Context, request: GetAmcPortState) -> GetAmcPortStateResponse:
    """AMC.0: at most four links."""
    return GetAmcPortStateResponse(links=ctx.picmg.amc_links(request.channel, request.device))


@handlers.handles(SetClockState)
async def set_clock_state(ctx: Context, request: SetClockState) -> SetClockStateResponse:
    """AMC.0: a clock that is disabled forgets the rest."""
    clock = Clock(
        request.source, request.pll, request.index, request.family, request.accuracy, request.frequency
    )
    ctx.picmg.set_clock(request.clock, clock if request.enabled else None)
    return SetClockStateResponse()


@handlers.handles(GetClockState)
async def get_clock_state(ctx: Context, request: GetClockState) -> GetClockStateResponse:
    """AMC.0: only what is enabled has more to tell."""
    clock = ctx.picmg.clock(request.clock)
    if clock is None:
        return GetClockStateResponse(enabled=False, source=False)
    return GetClockStateResponse(
        enabled=True, source=clock.source, pll=clock.pll, index=clock.configuration, family=clock.family,
        accuracy=clock.accuracy, frequency=clock.frequency,
    )  # fmt: skip
