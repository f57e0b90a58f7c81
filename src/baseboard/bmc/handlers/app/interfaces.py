"""How messages cross the host's system interface (§22.9, §22.10)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import Cc
from baseboard.commands.app.messaging import (
    GetBtInterfaceCapabilities,
    GetBtInterfaceCapabilitiesResponse,
    GetSystemInterfaceCapabilities,
    GetSystemInterfaceCapabilitiesResponse,
    InterfaceType,
    SsifTransactions,
)
from baseboard.errors import CompletionError

SINGLE_PART, START_AND_END = 32, 64
"""Bytes that cross an SSIF in one part, and in two."""

_KINDS = {InterfaceType.SSIF: "ssif", InterfaceType.KCS: "kcs", InterfaceType.SMIC: "smic"}


@handlers.handles(GetSystemInterfaceCapabilities)
async def get_system_interface_capabilities(
    ctx: Context, request: GetSystemInterfaceCapabilities
) -> GetSystemInterfaceCapabilitiesResponse:
    """§22.9: only of the interface that there is; BT has a command of its own."""
    interface = ctx.services.home.blueprint.interface
    if _KINDS.get(request.interface_type) != interface.kind:
        raise CompletionError(Cc.INVALID_DATA)
    if interface.kind != "ssif":
        return GetSystemInterfaceCapabilitiesResponse(input_size=interface.input_size)
    longest = max(interface.input_size, interface.output_size)
    if longest <= SINGLE_PART:
        transactions = SsifTransactions.SINGLE_PART
    elif longest <= START_AND_END:
        transactions = SsifTransactions.START_AND_END
    else:
        transactions = SsifTransactions.START_MIDDLE_AND_END
    return GetSystemInterfaceCapabilitiesResponse(
        transactions=transactions, pec=interface.pec, input_size=interface.input_size,
        output_size=interface.output_size,
    )  # fmt: skip


@handlers.handles(GetBtInterfaceCapabilities)
async def get_bt_interface_capabilities(
    ctx: Context, request: GetBtInterfaceCapabilities
) -> GetBtInterfaceCapabilitiesResponse:
    """§22.10: unknown where the host has another interface."""
    interface = ctx.services.home.blueprint.interface
    if interface.kind != "bt":
        raise CompletionError(Cc.INVALID_COMMAND)
    return GetBtInterfaceCapabilitiesResponse(
        outstanding_requests=interface.outstanding, input_buffer_size=interface.input_size,
        output_buffer_size=interface.output_size, response_time=interface.response_s,
        retries=interface.retries,
    )  # fmt: skip
