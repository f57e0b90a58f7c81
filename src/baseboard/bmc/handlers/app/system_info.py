"""Names and versions of the managed system's software (§22.14a, §22.14b)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.system_info import STRINGS
from baseboard.commands.app.system_info import (
    GetSystemInfoParameters,
    GetSystemInfoParametersResponse,
    SetSystemInfoParameters,
    SetSystemInfoParametersResponse,
)
from baseboard.commands.parameters.system_info import SetInProgress
from baseboard.errors import CompletionError


@handlers.handles(SetSystemInfoParameters)
async def set_system_info_parameters(
    ctx: Context, request: SetSystemInfoParameters
) -> SetSystemInfoParametersResponse:
    """§22.14a: strings are written block by block."""
    parameter = request.parameter
    if isinstance(parameter, SetInProgress):
        ctx.system_info.progress.set(parameter.state)
    elif parameter.selector in STRINGS:
        number, *block = parameter.encode()
        ctx.system_info.set_block(parameter.selector, number, bytes(block))
    else:
        raise CompletionError(SetSystemInfoParameters.NOT_SUPPORTED)
    return SetSystemInfoParametersResponse()


@handlers.handles(GetSystemInfoParameters)
async def get_system_info_parameters(
    ctx: Context, request: GetSystemInfoParameters
) -> GetSystemInfoParametersResponse:
    """§22.14b: a block begins with its number, and always has 16 bytes."""
    if request.selector == 0:
        data = bytes((ctx.system_info.progress.state,))
    elif request.selector in STRINGS:
        number = 0 if request.revision_only else request.set_selector
        data = bytes((number,)) + ctx.system_info.block(request.selector, number)
    else:
        raise CompletionError(GetSystemInfoParameters.NOT_SUPPORTED)
    return GetSystemInfoParametersResponse(data=b"" if request.revision_only else data)
