"""Platform event filtering: capabilities, parameters, postpone timer, last processed IDs (§30.1 to §30.6)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.pef_postpone import ASK
from baseboard.commands.parameters.pef import PefActions
from baseboard.commands.sensor.pef import (
    ArmPefPostponeTimer,
    ArmPefPostponeTimerResponse,
    GetLastProcessedEventId,
    GetLastProcessedEventIdResponse,
    GetPefCapabilities,
    GetPefCapabilitiesResponse,
    GetPefConfigurationParameters,
    GetPefConfigurationParametersResponse,
    SetLastProcessedEventId,
    SetLastProcessedEventIdResponse,
    SetPefConfigurationParameters,
    SetPefConfigurationParametersResponse,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown

_TOLD = PefActions(0x3F)
"""Group control has no bit among the capabilities."""


@handlers.handles(GetPefCapabilities)
async def get_pef_capabilities(ctx: Context, request: GetPefCapabilities) -> GetPefCapabilitiesResponse:
    """§30.1: OEM records have no event to compare, so they are not filtered."""
    settings = ctx.pef.settings
    return GetPefCapabilitiesResponse(
        actions=settings.supported & _TOLD, event_filter_entries=len(settings.filters())
    )


@handlers.handles(ArmPefPostponeTimer)
async def arm_pef_postpone_timer(ctx: Context, request: ArmPefPostponeTimer) -> ArmPefPostponeTimerResponse:
    """§30.2: FFh only asks."""
    pef = ctx.pef
    countdown = pef.postpone.present if request.timeout == ASK else pef.arm(request.timeout)
    return ArmPefPostponeTimerResponse(countdown=countdown)


@handlers.handles(SetPefConfigurationParameters)
async def set_pef_configuration_parameters(
    ctx: Context, request: SetPefConfigurationParameters
) -> SetPefConfigurationParametersResponse:
    """§30.3: each write takes effect at once; Set In Progress is a notice, not a lock."""
    if isinstance(request.parameter, Unknown):
        raise CompletionError(SetPefConfigurationParameters.NOT_SUPPORTED)
    ctx.pef.set(request.parameter)
    return SetPefConfigurationParametersResponse()


@handlers.handles(GetPefConfigurationParameters)
async def get_pef_configuration_parameters(
    ctx: Context, request: GetPefConfigurationParameters
) -> GetPefConfigurationParametersResponse:
    """§30.4: the parameter, or only the revision of its layout."""
    settings = ctx.pef.settings
    if request.revision_only:
        settings.check(request.selector)
        return GetPefConfigurationParametersResponse()
    data = settings.get(request.selector, request.set_selector, request.block_selector)
    return GetPefConfigurationParametersResponse(data=data)


@handlers.handles(SetLastProcessedEventId)
async def set_last_processed_event_id(
    ctx: Context, request: SetLastProcessedEventId
) -> SetLastProcessedEventIdResponse:
    """§30.5: what software has processed, the postpone timer holds back no longer."""
    ctx.sel.check_idle()
    if request.by_bmc:
        ctx.pef.marks.set(bmc=request.record_id)
    else:
        ctx.pef.software_processed(request.record_id)
    return SetLastProcessedEventIdResponse()


@handlers.handles(GetLastProcessedEventId)
async def get_last_processed_event_id(
    ctx: Context, request: GetLastProcessedEventId
) -> GetLastProcessedEventIdResponse:
    """§30.6: both marks, and how far the log goes."""
    ctx.sel.check_idle()
    marks = ctx.pef.marks
    return GetLastProcessedEventIdResponse(
        most_recent_addition=ctx.sel.added,
        last_record_id=marks.last_record,
        last_software_processed=marks.software,
        last_bmc_processed=marks.bmc,
    )
