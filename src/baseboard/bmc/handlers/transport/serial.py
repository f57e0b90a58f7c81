"""A serial channel: its configuration, its mux, callback (§25)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.serial import Serial
from baseboard.bmc.services.serial_callback import CallbackOptions
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.transport.serial import (
    Callback,
    CallbackResponse,
    GetSerialModemConfiguration,
    GetSerialModemConfigurationResponse,
    GetTapResponseCodes,
    GetTapResponseCodesResponse,
    GetUserCallbackOptions,
    GetUserCallbackOptionsResponse,
    SerialModemConnectionActive,
    SerialModemConnectionActiveResponse,
    SetSerialModemConfiguration,
    SetSerialModemConfigurationResponse,
    SetSerialModemMux,
    SetSerialModemMuxResponse,
    SetSerialRoutingMux,
    SetSerialRoutingMuxResponse,
    SetUserCallbackOptions,
    SetUserCallbackOptionsResponse,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown


def channel_of(ctx: Context, number: int) -> Serial:
    """The serial channel that a request names.

    Raises:
        CompletionError: CCh, there is none of that number.
    """
    ctx.channels.serial_channel(ctx.channel(number))
    serial = ctx.services.serial
    assert serial is not None
    return serial


@handlers.handles(SetSerialModemConfiguration)
async def set_serial_modem_configuration(
    ctx: Context, request: SetSerialModemConfiguration
) -> SetSerialModemConfigurationResponse:
    """§25.1: each write takes effect at once; Set In Progress is a notice, not a lock."""
    serial = channel_of(ctx, request.channel)
    if isinstance(request.parameter, Unknown):
        raise CompletionError(SetSerialModemConfiguration.NOT_SUPPORTED)
    serial.parameters.set(request.parameter)
    return SetSerialModemConfigurationResponse()


@handlers.handles(GetSerialModemConfiguration)
async def get_serial_modem_configuration(
    ctx: Context, request: GetSerialModemConfiguration
) -> GetSerialModemConfigurationResponse:
    """§25.2: the parameter, or only the revision of its layout."""
    serial = channel_of(ctx, request.channel)
    if request.revision_only:
        serial.parameters.check_known(request.selector)
        return GetSerialModemConfigurationResponse()
    data = serial.parameters.get(request.selector, request.set_selector, request.block_selector)
    return GetSerialModemConfigurationResponse(data=data)


@handlers.handles(SetSerialModemMux)
async def set_serial_modem_mux(ctx: Context, request: SetSerialModemMux) -> SetSerialModemMuxResponse:
    """§25.3: a request that is rejected completes with 00h too."""
    serial = channel_of(ctx, request.channel)
    if not request.setting.known:
        raise CompletionError(Cc.INVALID_DATA)
    mux = serial.mux
    accepted = mux.request(request.setting)
    return SetSerialModemMuxResponse(
        to_system_blocked=mux.to_system_blocked,
        to_bmc_blocked=mux.to_bmc_blocked,
        alert_in_progress=mux.alerting,
        messaging_active=mux.messaging,
        accepted=accepted,
        at_bmc=mux.at_bmc,
    )


@handlers.handles(GetTapResponseCodes)
async def get_tap_response_codes(ctx: Context, request: GetTapResponseCodes) -> GetTapResponseCodesResponse:
    """§25.4: what the paging service said last."""
    newest, second, third, fourth, oldest = channel_of(ctx, request.channel).last_codes()
    return GetTapResponseCodesResponse(
        newest=newest, second=second, third=third, fourth=fourth, oldest=oldest
    )


@handlers.handles(SerialModemConnectionActive)
async def serial_modem_connection_active(
    ctx: Context, request: SerialModemConnectionActive
) -> SerialModemConnectionActiveResponse:
    """§25.9: a console sends it back to acknowledge that the line goes to the system."""
    serial = channel_of(ctx, ctx.origin.channel)
    if serial.link is not None:
        serial.link.acknowledged()
    return SerialModemConnectionActiveResponse()


@handlers.handles(Callback)
async def callback(ctx: Context, request: Callback) -> CallbackResponse:
    """§25.10: every level may but User; the call begins once the answer is out."""
    serial = channel_of(ctx, request.channel)
    session = ctx.origin.session
    if session is not None and ctx.origin.privilege == Privilege.USER:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    info = serial.callbacks.target(request.destination, 0 if session is None else session.user_id)
    if serial.mux.alerting:
        raise CompletionError(Callback.ALERT_IN_PROGRESS)
    own = session is not None and session.channel == serial.spec.channel
    if serial.mux.messaging and not own:
        raise CompletionError(Callback.SESSION_ACTIVE)
    if serial.link is None or not serial.link.ready:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE, "no modem that could call")
    serial.link.call_back(request.destination, info)
    serial.activity = SerialActivity.CALLBACK
    return CallbackResponse()


@handlers.handles(SetUserCallbackOptions)
async def set_user_callback_options(
    ctx: Context, request: SetUserCallbackOptions
) -> SetUserCallbackOptionsResponse:
    """§25.11: users 0 and 1 have none."""
    options = CallbackOptions(
        request.kinds, request.cbcp, (request.destination_1, request.destination_2, request.destination_3)
    )
    channel_of(ctx, request.channel).callbacks.set_options(request.user_id, options)
    return SetUserCallbackOptionsResponse()


@handlers.handles(GetUserCallbackOptions)
async def get_user_callback_options(
    ctx: Context, request: GetUserCallbackOptions
) -> GetUserCallbackOptionsResponse:
    """§25.12: how a user may be called back."""
    options = channel_of(ctx, request.channel).callbacks.options(request.user_id)
    first, second, third = options.destinations
    return GetUserCallbackOptionsResponse(
        kinds=options.kinds,
        cbcp=options.cbcp,
        destination_1=first,
        destination_2=second,
        destination_3=third,
    )


@handlers.handles(SetSerialRoutingMux)
async def set_serial_routing_mux(ctx: Context, request: SetSerialRoutingMux) -> SetSerialRoutingMuxResponse:
    """§25.13: what the connector leads to, by an entry of parameter 51."""
    serial = channel_of(ctx, request.channel)
    if not request.get_only:
        serial.route(request.entry)
    return SetSerialRoutingMuxResponse(entry=serial.mux.routing)
