"""System boot options (§28.12, §28.13)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import Cc, Privilege
from baseboard.commands.chassis.boot import (
    GetSystemBootOptions,
    GetSystemBootOptionsResponse,
    SetSystemBootOptions,
    SetSystemBootOptionsResponse,
)
from baseboard.commands.parameters.boot import BootFlags
from baseboard.errors import CompletionError
from baseboard.wire import Unknown


@handlers.handles(SetSystemBootOptions)
async def set_system_boot_options(
    ctx: Context, request: SetSystemBootOptions
) -> SetSystemBootOptionsResponse:
    """§28.12: the parameter if there is one, then its mark; one bit of it is for an Administrator only."""
    parameter = request.parameter
    if isinstance(parameter, Unknown):
        raise CompletionError(SetSystemBootOptions.NOT_SUPPORTED)
    if isinstance(parameter, BootFlags) and parameter.user_password_bypass and not _administrator(ctx):
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    if parameter is not None:
        ctx.boot.set(parameter)
    ctx.boot.mark(request.selector, invalid=request.invalid)
    return SetSystemBootOptionsResponse()


@handlers.handles(GetSystemBootOptions)
async def get_system_boot_options(
    ctx: Context, request: GetSystemBootOptions
) -> GetSystemBootOptionsResponse:
    """§28.13: the set selector counts only for the mailbox."""
    parameter = ctx.boot.get(request.selector, request.set_selector)
    return GetSystemBootOptionsResponse(
        invalid=ctx.boot.marked_invalid(request.selector), parameter=parameter
    )


def _administrator(ctx: Context) -> bool:
    return ctx.origin.local or ctx.origin.privilege >= Privilege.ADMINISTRATOR
