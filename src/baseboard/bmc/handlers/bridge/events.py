"""Events between chassis (ICMB v1.0)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.bridge.waiting import bridge, sending
from baseboard.codes import Cc
from baseboard.commands.bridge.events import (
    GetEventCount,
    GetEventCountResponse,
    GetEventDestination,
    GetEventDestinationResponse,
    GetEventReceptionState,
    GetEventReceptionStateResponse,
    SendIcmbEventMessage,
    SendIcmbEventMessageResponse,
    SetEventDestination,
    SetEventDestinationResponse,
    SetEventReceptionState,
    SetEventReceptionStateResponse,
)
from baseboard.errors import CompletionError


@handlers.handles(GetEventCount)
async def get_event_count(ctx: Context, request: GetEventCount) -> GetEventCountResponse:
    """Those that were taken."""
    return GetEventCountResponse(count=bridge(ctx).events_received)


@handlers.handles(SetEventDestination)
async def set_event_destination(ctx: Context, request: SetEventDestination) -> SetEventDestinationResponse:
    """0000h switches it off."""
    bridge(ctx).event_destination = request.address
    return SetEventDestinationResponse()


@handlers.handles(GetEventDestination)
async def get_event_destination(ctx: Context, request: GetEventDestination) -> GetEventDestinationResponse:
    """Where event messages go."""
    return GetEventDestinationResponse(address=bridge(ctx).event_destination)


@handlers.handles(SetEventReceptionState)
async def set_event_reception_state(
    ctx: Context, request: SetEventReceptionState
) -> SetEventReceptionStateResponse:
    """The event receiver is a controller, so bit 0 of its address is 0."""
    icmb = bridge(ctx)
    if request.slave_address & 1:
        raise CompletionError(Cc.INVALID_DATA)
    icmb.event_reception = (request.enabled, request.slave_address, request.lun)
    return SetEventReceptionStateResponse()


@handlers.handles(GetEventReceptionState)
async def get_event_reception_state(
    ctx: Context, request: GetEventReceptionState
) -> GetEventReceptionStateResponse:
    """Whether, and by whom, event messages are taken."""
    enabled, slave, lun = bridge(ctx).event_reception
    return GetEventReceptionStateResponse(enabled=enabled, slave_address=slave, lun=lun)


@handlers.handles(SendIcmbEventMessage)
async def send_icmb_event_message(
    ctx: Context, request: SendIcmbEventMessage
) -> SendIcmbEventMessageResponse:
    """Without a destination it is no destination that can be reached (D3h)."""
    icmb = sending(ctx)
    if not request.event.known:
        raise CompletionError(Cc.INVALID_DATA)
    if not icmb.event_destination:
        raise CompletionError(Cc.DESTINATION_UNAVAILABLE)
    icmb.send_event(request.event)
    return SendIcmbEventMessageResponse()
