"""Event messages: who receives them, and how one is sent (§29)."""

from __future__ import annotations

from baseboard.bmc.context import SYSTEM_INTERFACE, Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.events import Event
from baseboard.codes import Cc
from baseboard.commands.sensor.events import (
    GetEventReceiver,
    GetEventReceiverResponse,
    PlatformEvent,
    PlatformEventResponse,
    SetEventReceiver,
    SetEventReceiverResponse,
    SystemInterfacePlatformEvent,
)
from baseboard.errors import CompletionError

_REVISIONS = (0x03, 0x04)
_UNSPECIFIED = 0xFF


@handlers.handles(SetEventReceiver)
async def set_event_receiver(ctx: Context, request: SetEventReceiver) -> SetEventReceiverResponse:
    """§29.1: also re-arms every sensor's events."""
    ctx.events.set_receiver(request.event_receiver, request.lun)
    return SetEventReceiverResponse()


@handlers.handles(GetEventReceiver)
async def get_event_receiver(ctx: Context, request: GetEventReceiver) -> GetEventReceiverResponse:
    """§29.2: where the BMC's own events go."""
    return GetEventReceiverResponse(event_receiver=ctx.events.receiver, lun=ctx.events.receiver_lun)


@handlers.handles(PlatformEvent)
async def platform_event(ctx: Context, request: PlatformEvent) -> PlatformEventResponse:
    """§29.3: accepted even where the log is full; an event of v1.0 is kept as one of v1.5."""
    if request.evm_rev not in _REVISIONS:
        raise CompletionError(Cc.INVALID_DATA)
    generator = _generator(ctx, request)
    if _repeated(ctx):
        return PlatformEventResponse()
    data = (request.event_data1, request.event_data2, request.event_data3)
    event = Event(
        sensor_type=int(request.sensor_type),
        sensor_number=request.sensor_number,
        event_type=int(request.event_type),
        data=bytes(_UNSPECIFIED if byte is None else byte for byte in data),
        deassertion=request.deassertion,
        generator_id=generator,
    )
    ctx.events.receive(event, from_system=ctx.origin.channel == SYSTEM_INTERFACE)
    return PlatformEventResponse()


def _generator(ctx: Context, request: PlatformEvent) -> int:
    """Who made the event: system software says so itself, others are known by their address (§32.1)."""
    if isinstance(request, SystemInterfacePlatformEvent):
        return request.generator_id
    received = ctx.origin.request
    if received is None:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    return received.rq_addr | (ctx.origin.channel << 4 | received.rq_lun) << 8


def _repeated(ctx: Context) -> bool:
    """Whether a console sends its last event again; the system interface loses no answers."""
    received, session = ctx.origin.request, ctx.origin.session
    if received is None or session is None:
        return False
    return ctx.events.repeated(session.id, received.rq_addr, received.rq_seq, received.rq_lun, received.data)
