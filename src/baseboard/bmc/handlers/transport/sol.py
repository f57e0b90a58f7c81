"""Serial over LAN: its configuration, and word of its activation (§26)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import Cc
from baseboard.commands.transport.sol import (
    GetSolConfigurationParameters,
    GetSolConfigurationParametersResponse,
    SetSolConfigurationParameters,
    SetSolConfigurationParametersResponse,
    SolActivating,
    SolActivatingResponse,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown


@handlers.handles(SolActivating)
async def sol_activating(ctx: Context, request: SolActivating) -> SolActivatingResponse:
    """§26.1: a BMC tells it to consoles, so as a request to a BMC it is known, but never in place (D5h).

    `Sol.on_activating` is where this BMC tells it.
    """
    del ctx, request
    raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)


@handlers.handles(SetSolConfigurationParameters)
async def set_sol_configuration_parameters(
    ctx: Context, request: SetSolConfigurationParameters
) -> SetSolConfigurationParametersResponse:
    """§26.2: each write takes effect with the next activation; rate, port and the enable at once."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    if isinstance(request.parameter, Unknown):
        raise CompletionError(SetSolConfigurationParameters.NOT_SUPPORTED)
    ctx.sol.set_parameter(request.parameter)
    return SetSolConfigurationParametersResponse()


@handlers.handles(GetSolConfigurationParameters)
async def get_sol_configuration_parameters(
    ctx: Context, request: GetSolConfigurationParameters
) -> GetSolConfigurationParametersResponse:
    """§26.3: the parameter, or only the revision of its layout."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    data = ctx.sol.parameters.get(request.selector)
    return GetSolConfigurationParametersResponse(data=b"" if request.revision_only else data)
