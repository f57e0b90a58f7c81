"""The controller of a module in a VPX chassis (VITA 46.11)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.groups.picmg import color_mask, led_fields
from baseboard.bmc.services.modules import LedState
from baseboard.commands.groups.vita import (
    GetFruAddressInfo,
    GetFruAddressInfoResponse,
    GetFruStatePolicyBits,
    GetFruStatePolicyBitsResponse,
    GetVsoCapabilities,
    GetVsoCapabilitiesResponse,
    SetFruStatePolicyBits,
    SetFruStatePolicyBitsResponse,
    VitaFruControl,
    VitaFruControlResponse,
    VitaGetFruLedProperties,
    VitaGetFruLedPropertiesResponse,
    VitaGetFruLedState,
    VitaGetFruLedStateResponse,
    VitaGetLedColorCapabilities,
    VitaGetLedColorCapabilitiesResponse,
    VitaSetFruActivation,
    VitaSetFruActivationResponse,
    VitaSetFruLedState,
    VitaSetFruLedStateResponse,
)


@handlers.handles(GetVsoCapabilities)
async def get_vso_capabilities(ctx: Context, request: GetVsoCapabilities) -> GetVsoCapabilitiesResponse:
    """VITA 46.11: tier and layer are told less 1."""
    spec = ctx.vita.spec
    return GetVsoCapabilitiesResponse(
        tier=spec.tier - 1, layer=spec.layer - 1, major=spec.major, minor=spec.minor, max_fru_id=spec.modules
    )


@handlers.handles(VitaFruControl)
async def fru_control(ctx: Context, request: VitaFruControl) -> VitaFruControlResponse:
    """VITA 46.11: FRU 0's payload is the host."""
    ctx.vita.modules.control(request.fru_id, request.option, ctx.origin.channel)
    return VitaFruControlResponse()


@handlers.handles(VitaGetFruLedProperties)
async def get_fru_led_properties(
    ctx: Context, request: VitaGetFruLedProperties
) -> VitaGetFruLedPropertiesResponse:
    """VITA 46.11: their number."""
    ctx.vita.modules.check(request.fru_id)
    return VitaGetFruLedPropertiesResponse(count=ctx.vita.spec.leds)


@handlers.handles(VitaGetLedColorCapabilities)
async def get_led_color_capabilities(
    ctx: Context, request: VitaGetLedColorCapabilities
) -> VitaGetLedColorCapabilitiesResponse:
    """VITA 46.11: nothing restricts our LEDs."""
    able = ctx.vita.modules.colors(request.fru_id, request.led)
    return VitaGetLedColorCapabilitiesResponse(
        colors=color_mask(able), local_default=able[0], override_default=able[0], restricted=False,
        payload_power=False,
    )  # fmt: skip


@handlers.handles(VitaSetFruLedState)
async def set_fru_led_state(ctx: Context, request: VitaSetFruLedState) -> VitaSetFruLedStateResponse:
    """VITA 46.11: as PICMG has it."""
    wanted = LedState(request.function, request.on_duration, request.color)
    ctx.vita.modules.set_led(request.fru_id, request.led, wanted)
    return VitaSetFruLedStateResponse()


@handlers.handles(VitaGetFruLedState)
async def get_fru_led_state(ctx: Context, request: VitaGetFruLedState) -> VitaGetFruLedStateResponse:
    """VITA 46.11: as PICMG has it."""
    return VitaGetFruLedStateResponse(**led_fields(ctx.vita.modules, request.fru_id, request.led))


@handlers.handles(SetFruStatePolicyBits)
async def set_fru_state_policy_bits(
    ctx: Context, request: SetFruStatePolicyBits
) -> SetFruStatePolicyBitsResponse:
    """VITA 46.11: only those bits that the mask has."""
    ctx.vita.modules.set_policy(request.fru_id, request.mask, request.bits)
    return SetFruStatePolicyBitsResponse()


@handlers.handles(GetFruStatePolicyBits)
async def get_fru_state_policy_bits(
    ctx: Context, request: GetFruStatePolicyBits
) -> GetFruStatePolicyBitsResponse:
    """VITA 46.11: all four."""
    return GetFruStatePolicyBitsResponse(bits=int(ctx.vita.modules.policy(request.fru_id)))


@handlers.handles(VitaSetFruActivation)
async def set_fru_activation(ctx: Context, request: VitaSetFruActivation) -> VitaSetFruActivationResponse:
    """VITA 46.11: D5h where a lock forbids it; a deactivation may be ignored."""
    ctx.vita.modules.activate(request.fru_id, request.activate, ctx.origin.channel)
    return VitaSetFruActivationResponse()


@handlers.handles(GetFruAddressInfo)
async def get_fru_address_info(ctx: Context, request: GetFruAddressInfo) -> GetFruAddressInfoResponse:
    """VITA 46.11: by FRU."""
    spec = ctx.vita.spec
    return GetFruAddressInfoResponse(
        hardware_address=spec.hardware_address, ipmb_address=spec.ipmb_address,
        fru_id=ctx.vita.modules.check(request.fru_id or 0), site_number=spec.site_number,
        site_type=spec.site_type,
    )  # fmt: skip
