"""The controller in a shelf (PICMG 3.0): its FRUs, their activation, LEDs and power."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.modules import LedState, Modules, Policy
from baseboard.bmc.services.picmg import GENERAL_LEDS
from baseboard.codes import Cc
from baseboard.commands.groups.picmg import (
    FruControl,
    FruControlResponse,
    GetAddressInfo,
    GetAddressInfoResponse,
    GetFruActivationPolicy,
    GetFruActivationPolicyResponse,
    GetFruLedProperties,
    GetFruLedPropertiesResponse,
    GetFruLedState,
    GetFruLedStateResponse,
    GetLedColorCapabilities,
    GetLedColorCapabilitiesResponse,
    GetPicmgProperties,
    GetPicmgPropertiesResponse,
    GetPowerLevel,
    GetPowerLevelResponse,
    LedColor,
    LedFunction,
    PowerType,
    SetFruActivation,
    SetFruActivationPolicy,
    SetFruActivationPolicyResponse,
    SetFruActivationResponse,
    SetFruLedState,
    SetFruLedStateResponse,
    SetPowerLevel,
    SetPowerLevelResponse,
)
from baseboard.errors import CompletionError

_MULTIPLIER = 10
"""Draws are told in watts."""

_ALL_GENERAL = (1 << GENERAL_LEDS) - 1


@handlers.handles(GetPicmgProperties)
async def get_picmg_properties(ctx: Context, request: GetPicmgProperties) -> GetPicmgPropertiesResponse:
    """PICMG 3.0: the extension's version, by which consoles know what they talk to."""
    spec = ctx.picmg.spec
    return GetPicmgPropertiesResponse(major=spec.major, minor=spec.minor, max_fru_id=spec.modules)


@handlers.handles(GetAddressInfo)
async def get_address_info(ctx: Context, request: GetAddressInfo) -> GetAddressInfoResponse:
    """PICMG 3.0: by FRU; a search by address finds this controller only."""
    spec = ctx.picmg.spec
    fru = ctx.picmg.modules.check(request.fru_id or 0)
    known = {0: spec.hardware_address, 1: spec.ipmb_address}
    if request.key is not None and known.get(request.key_type or 0) != request.key:
        raise CompletionError(Cc.INVALID_DATA)
    return GetAddressInfoResponse(
        hardware_address=spec.hardware_address, ipmb_address=spec.ipmb_address, fru_id=fru,
        site_number=spec.site_number, site_type=spec.site_type,
    )  # fmt: skip


@handlers.handles(FruControl)
async def fru_control(ctx: Context, request: FruControl) -> FruControlResponse:
    """PICMG 3.0: FRU 0's payload is the host."""
    ctx.picmg.modules.control(request.fru_id, request.option, ctx.origin.channel)
    return FruControlResponse()


@handlers.handles(GetFruLedProperties)
async def get_fru_led_properties(ctx: Context, request: GetFruLedProperties) -> GetFruLedPropertiesResponse:
    """PICMG 3.0: every FRU has the four general ones."""
    ctx.picmg.modules.check(request.fru_id)
    return GetFruLedPropertiesResponse(general=_ALL_GENERAL, application=ctx.picmg.spec.leds)


@handlers.handles(GetLedColorCapabilities)
async def get_led_color_capabilities(
    ctx: Context, request: GetLedColorCapabilities
) -> GetLedColorCapabilitiesResponse:
    """PICMG 3.0: the default color is the same for both kinds of control."""
    able = ctx.picmg.modules.colors(request.fru_id, request.led)
    return GetLedColorCapabilitiesResponse(
        colors=color_mask(able), local_default=able[0], override_default=able[0]
    )


@handlers.handles(SetFruLedState)
async def set_fru_led_state(ctx: Context, request: SetFruLedState) -> SetFruLedStateResponse:
    """PICMG 3.0: FCh gives the LED back, FBh tests it for a while."""
    wanted = LedState(request.function, request.on_duration, request.color)
    ctx.picmg.modules.set_led(request.fru_id, request.led, wanted)
    return SetFruLedStateResponse()


@handlers.handles(GetFruLedState)
async def get_fru_led_state(ctx: Context, request: GetFruLedState) -> GetFruLedStateResponse:
    """PICMG 3.0: what it would do by itself, then what it was told."""
    return GetFruLedStateResponse(**led_fields(ctx.picmg.modules, request.fru_id, request.led))


def color_mask(able: tuple[LedColor, ...]) -> int:
    """A mask with bit n for color n."""
    return sum(1 << color for color in able)


def led_fields(modules: Modules, fru: int, led: int) -> dict[str, Any]:
    """What Get FRU LED State has in either document; a lamp test comes with an override."""
    local = modules.local(fru, led)
    told, test = modules.override(fru, led), modules.test(fru, led)
    fields: dict[str, Any] = {
        "local_control": True,
        "overridden": told is not None,
        "lamp_test": test is not None,
        "local_function": local.function,
        "local_on_duration": local.on_duration,
        "local_color": local.color,
        "lamp_test_duration": test,
    }
    if told is None and test is not None:
        told = LedState(LedFunction.ON, 0, local.color)
    if told is not None:
        fields |= {
            "override_function": told.function,
            "override_on_duration": told.on_duration,
            "override_color": told.color,
        }
    return fields


@handlers.handles(SetFruActivationPolicy)
async def set_fru_activation_policy(
    ctx: Context, request: SetFruActivationPolicy
) -> SetFruActivationPolicyResponse:
    """PICMG 3.0: only those locks that the mask has."""
    mask = _locks(request.change_activation_locked, request.change_deactivation_locked)
    ctx.picmg.modules.set_policy(
        request.fru_id, mask, _locks(request.activation_locked, request.deactivation_locked)
    )
    return SetFruActivationPolicyResponse()


def _locks(activation: bool, deactivation: bool) -> int:
    return activation * Policy.ACTIVATION_LOCKED | deactivation * Policy.DEACTIVATION_LOCKED


@handlers.handles(GetFruActivationPolicy)
async def get_fru_activation_policy(
    ctx: Context, request: GetFruActivationPolicy
) -> GetFruActivationPolicyResponse:
    """PICMG 3.0: both locks."""
    policy = ctx.picmg.modules.policy(request.fru_id)
    return GetFruActivationPolicyResponse(
        activation_locked=Policy.ACTIVATION_LOCKED in policy,
        deactivation_locked=Policy.DEACTIVATION_LOCKED in policy,
    )


@handlers.handles(SetFruActivation)
async def set_fru_activation(ctx: Context, request: SetFruActivation) -> SetFruActivationResponse:
    """PICMG 3.0: D5h where a lock forbids it."""
    ctx.picmg.modules.activate(request.fru_id, request.activate, ctx.origin.channel)
    return SetFruActivationResponse()


@handlers.handles(SetPowerLevel)
async def set_power_level(ctx: Context, request: SetPowerLevel) -> SetPowerLevelResponse:
    """PICMG 3.0: level 0 takes the power away."""
    ctx.picmg.set_level(
        request.fru_id, request.level, copy_desired=bool(request.copy_desired), channel=ctx.origin.channel
    )
    return SetPowerLevelResponse()


@handlers.handles(GetPowerLevel)
async def get_power_level(ctx: Context, request: GetPowerLevel) -> GetPowerLevelResponse:
    """PICMG 3.0: early levels are as the steady ones."""
    if not request.kind.known:
        raise CompletionError(Cc.INVALID_DATA)
    picmg = ctx.picmg
    desired = request.kind in (PowerType.DESIRED_STEADY, PowerType.DESIRED_EARLY)
    level = picmg.desired(request.fru_id) if desired else picmg.level(request.fru_id)
    return GetPowerLevelResponse(
        dynamic=True, level=level, delay=0, multiplier=_MULTIPLIER, draws=bytes(picmg.spec.levels)
    )
