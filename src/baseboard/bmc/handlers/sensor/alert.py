"""Alerts without an event, and the acknowledge of traps (§30.7, §30.8)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.alert_policy import Alert
from baseboard.bmc.services.events import Event
from baseboard.codes import Cc
from baseboard.commands.parameters.pef import EventSeverity
from baseboard.commands.sensor.pef import (
    AlertImmediate,
    AlertImmediateResponse,
    AlertOperation,
    PetAcknowledge,
    PetAcknowledgeResponse,
)
from baseboard.errors import CompletionError

_NO_EVENT = Event(sensor_type=0, sensor_number=0, event_type=0, data=bytes(3), generator_id=0)
"""What a test alert of a Supermicro tells: nothing but zeros."""


@handlers.handles(AlertImmediate)
async def alert_immediate(ctx: Context, request: AlertImmediate) -> AlertImmediateResponse:
    """§30.7: send, ask how that ended, or forget it; nothing of it is logged."""
    channel, destination = ctx.channel(request.channel), request.destination_selector
    match request.operation:
        case AlertOperation.INITIATE:
            ctx.alerts.immediate(channel, destination, _alert(ctx, request))
            return AlertImmediateResponse()
        case AlertOperation.GET_STATUS:
            return AlertImmediateResponse(status=ctx.alerts.status(channel, destination))
        case AlertOperation.CLEAR_STATUS:
            ctx.alerts.clear_status(channel, destination)
            return AlertImmediateResponse()
        case _:
            raise CompletionError(Cc.INVALID_DATA)


def _alert(ctx: Context, request: AlertImmediate) -> Alert:
    text = ctx.pef.settings.string(request.string_selector) if request.send_string else b""
    return Alert(_event(request), int(EventSeverity.INFORMATION), ctx.sel.time(), text)


def _event(request: AlertImmediate) -> Event:
    """The event to put into the trap: all of it is given, or nothing."""
    if request.generator_id is None:
        return _NO_EVENT
    data = (request.event_data1, request.event_data2, request.event_data3)
    given = (request.evm_rev, request.sensor_type, request.sensor_number, request.event_type, *data)
    if any(value is None for value in given):
        raise CompletionError(Cc.INVALID_LENGTH)
    return Event(
        sensor_type=int(request.sensor_type or 0),
        sensor_number=request.sensor_number or 0,
        event_type=int(request.event_type or 0),
        data=bytes(byte or 0 for byte in data),
        deassertion=bool(request.deassertion),
        generator_id=request.generator_id,
        evm_rev=request.evm_rev or 0,
    )


@handlers.handles(PetAcknowledge)
async def pet_acknowledge(ctx: Context, request: PetAcknowledge) -> PetAcknowledgeResponse:
    """§30.8: all that it tells must be that of a trap whose acknowledge is waited for."""
    if not ctx.pet.acknowledged(request):
        raise CompletionError(Cc.NOT_PRESENT)
    return PetAcknowledgeResponse()
