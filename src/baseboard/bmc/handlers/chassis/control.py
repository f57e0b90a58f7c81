"""Power, reset, identify light and front panel (§28)."""

from __future__ import annotations

from baseboard import codes
from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.chassis import PowerEvent
from baseboard.bmc.services.faults import Fault
from baseboard.bmc.services.power_hours import MINUTES_PER_COUNT
from baseboard.codes import RestartCause
from baseboard.commands.chassis.control import (
    ChassisControl,
    ChassisControlResponse,
    ChassisIdentify,
    ChassisIdentifyResponse,
    ChassisReset,
    ChassisResetResponse,
    FrontPanelButtons,
    GetChassisCapabilities,
    GetChassisCapabilitiesResponse,
    GetChassisStatus,
    GetChassisStatusResponse,
    GetPohCounter,
    GetPohCounterResponse,
    GetSystemRestartCause,
    GetSystemRestartCauseResponse,
    PolicySupport,
    PowerRestorePolicy,
    SetChassisCapabilities,
    SetChassisCapabilitiesResponse,
    SetFrontPanelButtonEnables,
    SetFrontPanelButtonEnablesResponse,
    SetPowerCycleInterval,
    SetPowerCycleIntervalResponse,
    SetPowerRestorePolicy,
    SetPowerRestorePolicyResponse,
)

_POLICIES = PolicySupport.STAY_OFF | PolicySupport.PREVIOUS | PolicySupport.ALWAYS_ON


@handlers.handles(GetChassisCapabilities)
async def get_chassis_capabilities(
    ctx: Context, request: GetChassisCapabilities
) -> GetChassisCapabilitiesResponse:
    """§28.1: every device of the chassis is the BMC, until software says otherwise."""
    return ctx.chassis.capabilities.get()


@handlers.handles(SetChassisCapabilities)
async def set_chassis_capabilities(
    ctx: Context, request: SetChassisCapabilities
) -> SetChassisCapabilitiesResponse:
    """§28.7: a bridge that is not named stays what it was; bit 0 of a slave address is no part of it."""
    bridge = request.bridge_device_address
    ctx.chassis.capabilities.set(
        GetChassisCapabilitiesResponse(
            provides_power_interlock=request.provides_power_interlock,
            provides_diagnostic_interrupt=request.provides_diagnostic_interrupt,
            provides_front_panel_lockout=request.provides_front_panel_lockout,
            provides_intrusion_sensor=request.provides_intrusion_sensor,
            fru_device_address=_slave(request.fru_device_address),
            sdr_device_address=_slave(request.sdr_device_address),
            sel_device_address=_slave(request.sel_device_address),
            system_management_device_address=_slave(request.system_management_device_address),
            bridge_device_address=(
                ctx.chassis.capabilities.get().bridge_device_address if bridge is None else _slave(bridge)
            ),
        )
    )
    return SetChassisCapabilitiesResponse()


@handlers.handles(GetChassisStatus)
async def get_chassis_status(ctx: Context, request: GetChassisStatus) -> GetChassisStatusResponse:
    """§28.2: byte 5 always goes out, since some consoles count on it."""
    chassis = ctx.chassis
    faults, last = chassis.faults.now(), chassis.last_event
    return GetChassisStatusResponse(
        power_restore_policy=chassis.policy,
        power_control_fault=chassis.control_fault,
        power_fault=bool(faults & (Fault.POWER | Fault.SUPPLY)),
        interlock=Fault.INTERLOCK in faults,
        power_overload=Fault.OVERLOAD in faults,
        power_on=chassis.is_on(),
        last_on_by_command=PowerEvent.ON_BY_COMMAND in last,
        last_off_by_fault=PowerEvent.FAULT in last,
        last_off_by_interlock=PowerEvent.INTERLOCK in last,
        last_off_by_overload=PowerEvent.OVERLOAD in last,
        ac_failed=PowerEvent.MAINS_FAILED in last,
        identify_supported=chassis.identify.supported,
        identify_state=chassis.identify.state,
        cooling_fault=Fault.COOLING in faults,
        drive_fault=Fault.DRIVE in faults,
        front_panel_lockout_active=chassis.panel.lockout,
        chassis_intrusion_active=Fault.INTRUSION in faults,
        front_panel=chassis.panel.buttons,
    )


@handlers.handles(ChassisControl)
async def chassis_control(ctx: Context, request: ChassisControl) -> ChassisControlResponse:
    """§28.3: what cannot be done now is refused, what is accepted is done."""
    _control(ctx, request.control)
    return ChassisControlResponse()


@handlers.handles(ChassisReset)
async def chassis_reset(ctx: Context, request: ChassisReset) -> ChassisResetResponse:
    """§28.4: the system is the one thing in the chassis to be reset."""
    _control(ctx, codes.ChassisControl.HARD_RESET)
    return ChassisResetResponse()


@handlers.handles(ChassisIdentify)
async def chassis_identify(ctx: Context, request: ChassisIdentify) -> ChassisIdentifyResponse:
    """§28.5: each command begins the interval anew, or ends it."""
    light = ctx.chassis.identify
    if request.force_on:
        light.hold()
    elif request.interval is None:
        light.shine()
    else:
        light.shine(request.interval)
    return ChassisIdentifyResponse()


@handlers.handles(SetFrontPanelButtonEnables)
async def set_front_panel_button_enables(
    ctx: Context, request: SetFrontPanelButtonEnables
) -> SetFrontPanelButtonEnablesResponse:
    """§28.6: all four at once."""
    disabled = FrontPanelButtons(0)
    if request.disable_standby:
        disabled |= FrontPanelButtons.STANDBY_DISABLED
    if request.disable_diagnostic_interrupt:
        disabled |= FrontPanelButtons.DIAGNOSTIC_INTERRUPT_DISABLED
    if request.disable_reset:
        disabled |= FrontPanelButtons.RESET_DISABLED
    if request.disable_power_off:
        disabled |= FrontPanelButtons.POWER_OFF_DISABLED
    ctx.chassis.disable_buttons(disabled)
    return SetFrontPanelButtonEnablesResponse()


@handlers.handles(SetPowerRestorePolicy)
async def set_power_restore_policy(
    ctx: Context, request: SetPowerRestorePolicy
) -> SetPowerRestorePolicyResponse:
    """§28.8: the answer tells the policies there are, also to one who only asks."""
    if request.policy != PowerRestorePolicy.NO_CHANGE:
        ctx.chassis.set_policy(request.policy)
    return SetPowerRestorePolicyResponse(support=_POLICIES)


@handlers.handles(SetPowerCycleInterval)
async def set_power_cycle_interval(
    ctx: Context, request: SetPowerCycleInterval
) -> SetPowerCycleIntervalResponse:
    """§28.9: holds for power cycles by command and by the watchdog."""
    ctx.chassis.set_cycle_interval(request.interval)
    return SetPowerCycleIntervalResponse()


@handlers.handles(GetSystemRestartCause)
async def get_system_restart_cause(
    ctx: Context, request: GetSystemRestartCause
) -> GetSystemRestartCauseResponse:
    """§28.11: why the system last started, and by a command from where."""
    return GetSystemRestartCauseResponse(
        restart_cause=ctx.chassis.restart_cause, channel=ctx.chassis.restart_channel
    )


@handlers.handles(GetPohCounter)
async def get_poh_counter(ctx: Context, request: GetPohCounter) -> GetPohCounterResponse:
    """§28.14: counted in minutes."""
    return GetPohCounterResponse(minutes_per_count=MINUTES_PER_COUNT, counter=ctx.chassis.hours.counter)


def _control(ctx: Context, action: codes.ChassisControl) -> None:
    origin = ctx.origin
    order = ctx.chassis.control_soon if origin.local else ctx.chassis.control
    order(action, RestartCause.CHASSIS_CONTROL, origin.channel)


def _slave(address: int) -> int:
    return address & 0xFE
