"""The BMC as a mailbox: enables, flags, event buffer, Receive Message Queue (§22.1-22.6, §22.8)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.messaging import EVENT_BUFFER_FULL, RECEIVE_MESSAGE, WATCHDOG_PRETIMEOUT
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    ClearMessageFlagsResponse,
    EnableMessageChannelReceive,
    EnableMessageChannelReceiveResponse,
    GetBmcGlobalEnables,
    GetBmcGlobalEnablesResponse,
    GetMessage,
    GetMessageFlags,
    GetMessageFlagsResponse,
    GetMessageResponse,
    ReadEventMessageBuffer,
    ReadEventMessageBufferResponse,
    ReceiveState,
    SetBmcGlobalEnables,
    SetBmcGlobalEnablesResponse,
)
from baseboard.errors import CompletionError

_LOGGING, _BUFFER, _BUFFER_INTERRUPT, _QUEUE_INTERRUPT = 8, 4, 2, 1


@handlers.handles(SetBmcGlobalEnables)
async def set_bmc_global_enables(ctx: Context, request: SetBmcGlobalEnables) -> SetBmcGlobalEnablesResponse:
    """§22.1: there are no OEM enables to switch on."""
    if request.oem_0 or request.oem_1 or request.oem_2:
        raise CompletionError(Cc.INVALID_DATA)
    ctx.messaging.enables = (
        request.event_logging * _LOGGING
        + request.event_message_buffer * _BUFFER
        + request.event_message_buffer_full_interrupt * _BUFFER_INTERRUPT
        + request.receive_message_queue_interrupt * _QUEUE_INTERRUPT
    )
    return SetBmcGlobalEnablesResponse()


@handlers.handles(GetBmcGlobalEnables)
async def get_bmc_global_enables(ctx: Context, request: GetBmcGlobalEnables) -> GetBmcGlobalEnablesResponse:
    """§22.2: what is on."""
    enables = ctx.messaging.enables
    return GetBmcGlobalEnablesResponse(
        event_logging=bool(enables & _LOGGING),
        event_message_buffer=bool(enables & _BUFFER),
        event_message_buffer_full_interrupt=bool(enables & _BUFFER_INTERRUPT),
        receive_message_queue_interrupt=bool(enables & _QUEUE_INTERRUPT),
    )


@handlers.handles(ClearMessageFlags)
async def clear_message_flags(ctx: Context, request: ClearMessageFlags) -> ClearMessageFlagsResponse:
    """§22.3: with a flag goes what it tells of."""
    ctx.messaging.clear_flags(
        request.receive_message_queue * RECEIVE_MESSAGE
        + request.event_message_buffer * EVENT_BUFFER_FULL
        + request.watchdog_pretimeout * WATCHDOG_PRETIMEOUT
    )
    return ClearMessageFlagsResponse()


@handlers.handles(GetMessageFlags)
async def get_message_flags(ctx: Context, request: GetMessageFlags) -> GetMessageFlagsResponse:
    """§22.4: what waits."""
    flags = ctx.messaging.flags()
    return GetMessageFlagsResponse(
        watchdog_pretimeout=bool(flags & WATCHDOG_PRETIMEOUT),
        event_message_buffer_full=bool(flags & EVENT_BUFFER_FULL),
        receive_message_available=bool(flags & RECEIVE_MESSAGE),
    )


@handlers.handles(EnableMessageChannelReceive)
async def enable_message_channel_receive(
    ctx: Context, request: EnableMessageChannelReceive
) -> EnableMessageChannelReceiveResponse:
    """§22.5: whether a channel's messages for system software are taken."""
    channel = ctx.channels.get(ctx.channel(request.channel)).number
    taken = ctx.messaging.channels
    if request.state == ReceiveState.ENABLE:
        taken.add(channel)
    elif request.state == ReceiveState.DISABLE:
        taken.discard(channel)
    elif request.state != ReceiveState.GET_STATE:
        raise CompletionError(Cc.INVALID_DATA)
    return EnableMessageChannelReceiveResponse(channel=channel, enabled=channel in taken)


@handlers.handles(GetMessage)
async def get_message(ctx: Context, request: GetMessage) -> GetMessageResponse:
    """§22.6: the oldest one."""
    message = ctx.messaging.take_message()
    if message is None:
        raise CompletionError(GetMessage.QUEUE_EMPTY)
    channel, privilege, data = message
    return GetMessageResponse(privilege=Privilege(privilege), channel=channel, data=data)


@handlers.handles(ReadEventMessageBuffer)
async def read_event_message_buffer(
    ctx: Context, request: ReadEventMessageBuffer
) -> ReadEventMessageBufferResponse:
    """§22.8: reading makes room for the next event."""
    record = ctx.messaging.take_event()
    if record is None:
        raise CompletionError(ReadEventMessageBuffer.BUFFER_EMPTY)
    return ReadEventMessageBufferResponse(event=record)
