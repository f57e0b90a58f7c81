"""Messages to other chassis (ICMB v1.0; IPMI §8)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.bridge.waiting import answer_of, bridge, reachable, sending
from baseboard.codes import Cc
from baseboard.commands.bridge.bridging import (
    BridgeMessage,
    BridgeMessageResponse,
    BridgeRequest,
    BridgeRequestResponse,
    ErrorReport,
    ErrorReportResponse,
)
from baseboard.errors import CompletionError
from baseboard.links.icmb import NO_ADDRESS


@handlers.handles(BridgeRequest)
async def bridge_request(ctx: Context, request: BridgeRequest) -> BridgeRequestResponse:
    """The answer of the other bridge, with that of the controller behind it."""
    icmb = reachable(ctx, request.address)
    answer = await answer_of(icmb, request.address, request.bridge_command, request.data)
    return BridgeRequestResponse(remote_code=answer[0], data=answer[1:])


@handlers.handles(BridgeMessage)
async def bridge_message(ctx: Context, request: BridgeMessage) -> BridgeMessageResponse:
    """It is sent, and that is all."""
    icmb = sending(ctx)
    if request.address == NO_ADDRESS:
        raise CompletionError(Cc.INVALID_DATA)
    icmb.link.tell(request.address, request.bridge_command, request.data)
    return BridgeMessageResponse()


@handlers.handles(ErrorReport)
async def error_report(ctx: Context, request: ErrorReport) -> ErrorReportResponse:
    """Somebody got from us what is no command."""
    bridge(ctx).link.count("bad_commands")
    return ErrorReportResponse()
