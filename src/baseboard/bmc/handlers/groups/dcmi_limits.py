"""DCMI: power, its limit, and the limits of temperatures (DCMI 1.5, 6.6, 6.7)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.qualified import Qualified
from baseboard.bmc.services.dcmi import period_seconds
from baseboard.bmc.services.power_limit import Limit
from baseboard.bmc.services.temperatures import place
from baseboard.bmc.services.thermal_limits import ThermalLimit
from baseboard.codes import Cc
from baseboard.commands.groups.dcmi_limits import (
    ActivateDeactivatePowerLimit,
    ActivateDeactivatePowerLimitResponse,
    ExceptionAction,
    GetPowerLimit,
    GetPowerLimitResponse,
    GetPowerReading,
    GetPowerReadingResponse,
    GetThermalLimit,
    GetThermalLimitResponse,
    SetPowerLimit,
    SetPowerLimitResponse,
    SetThermalLimit,
    SetThermalLimitResponse,
    StatisticsMode,
)
from baseboard.errors import CompletionError

_MS = 1000


@handlers.handles(GetPowerReading)
async def get_power_reading(ctx: Context, request: GetPowerReading) -> GetPowerReadingResponse:
    """6.6.1: over the period that Set Power Limit names, or over one of the rolling averages'."""
    power = ctx.dcmi.power
    if request.mode == StatisticsMode.SYSTEM and not request.period:
        seconds = power.limit.limit.period_s
        told = seconds * _MS
    elif request.mode == StatisticsMode.ENHANCED and request.period in ctx.dcmi.periods():
        seconds, told = period_seconds(request.period), request.period
    else:
        raise CompletionError(Cc.INVALID_DATA)
    found = power.meter.statistics(seconds)
    current, minimum, maximum, average = found or (0, 0, 0, 0)
    return GetPowerReadingResponse(
        current=current, minimum=minimum, maximum=maximum, average=average, timestamp=ctx.sel.time(),
        period=told, active=found is not None,
    )  # fmt: skip


@handlers.handles(GetPowerLimit)
async def get_power_limit(ctx: Context, request: GetPowerLimit) -> GetPowerLimitResponse:
    """6.6.2: a limit that is set and not active comes with 80h."""
    power = ctx.dcmi.power.limit
    limit = power.limit
    response = GetPowerLimitResponse(
        action=ExceptionAction(limit.action), limit=limit.watts, correction_time=limit.correction_ms,
        period=limit.period_s,
    )  # fmt: skip
    if not power.active:
        raise Qualified(GetPowerLimit.NOT_ACTIVE, response)
    return response


@handlers.handles(SetPowerLimit)
async def set_power_limit(ctx: Context, request: SetPowerLimit) -> SetPowerLimitResponse:
    """6.6.3: by itself it keeps nothing."""
    ctx.dcmi.power.limit.set(
        Limit(int(request.action), request.limit, request.correction_time, request.period)
    )
    return SetPowerLimitResponse()


@handlers.handles(ActivateDeactivatePowerLimit)
async def activate_deactivate_power_limit(
    ctx: Context, request: ActivateDeactivatePowerLimit
) -> ActivateDeactivatePowerLimitResponse:
    """6.6.4: from now on, over restarts too."""
    ctx.dcmi.power.limit.activate(active=request.activate)
    return ActivateDeactivatePowerLimitResponse()


@handlers.handles(SetThermalLimit)
async def set_thermal_limit(ctx: Context, request: SetThermalLimit) -> SetThermalLimitResponse:
    """6.7.2: asked of the inlet; processors and baseboard have limits here too."""
    limit = ThermalLimit(
        request.persistent, request.power_off, request.log_only, request.limit, request.exception_time
    )
    ctx.dcmi.thermal.set(place(request.entity_id), request.instance, limit)
    return SetThermalLimitResponse()


@handlers.handles(GetThermalLimit)
async def get_thermal_limit(ctx: Context, request: GetThermalLimit) -> GetThermalLimitResponse:
    """6.7.1: without a limit both actions are 0."""
    limit = ctx.dcmi.thermal.get(place(request.entity_id), request.instance)
    return GetThermalLimitResponse(
        persistent=limit.persistent, power_off=limit.power_off, log_only=limit.log_only,
        limit=limit.celsius, exception_time=limit.seconds,
    )  # fmt: skip
