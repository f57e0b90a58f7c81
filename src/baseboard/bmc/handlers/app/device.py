"""What the controller is, how it is, and its resets (§20)."""

from __future__ import annotations

from functools import lru_cache

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.events import BMC_ADDRESS
from baseboard.codes import Cc
from baseboard.commands.app.device import (
    AcpiDeviceState,
    AcpiSystemState,
    ColdReset,
    ColdResetResponse,
    DeviceSupport,
    GetAcpiPowerState,
    GetAcpiPowerStateResponse,
    GetDeviceGuid,
    GetDeviceGuidResponse,
    GetDeviceId,
    GetDeviceIdResponse,
    GetSelfTestResults,
    GetSelfTestResultsResponse,
    GetSystemGuid,
    GetSystemGuidResponse,
    ManufacturingTestOn,
    ManufacturingTestOnResponse,
    SetAcpiPowerState,
    SetAcpiPowerStateResponse,
    WarmReset,
    WarmResetResponse,
)
from baseboard.errors import CompletionError
from baseboard.records.hpm import HpmVersion

IPMI_VERSION = 0x02
"""2.0: BCD with its digits swapped."""

_SUPPORT = (
    DeviceSupport.CHASSIS
    | DeviceSupport.IPMB_EVENT_RECEIVER
    | DeviceSupport.FRU_INVENTORY
    | DeviceSupport.SEL
    | DeviceSupport.SDR_REPOSITORY
    | DeviceSupport.SENSOR
)
_MAJOR = 0x7F
_SYSTEM_STATES = {state for state in AcpiSystemState if state != AcpiSystemState.NO_CHANGE}
_SLEEPING = (
    AcpiSystemState.S1,
    AcpiSystemState.S2,
    AcpiSystemState.S3,
    AcpiSystemState.S4,
    AcpiSystemState.SLEEPING,
    AcpiSystemState.G1_SLEEPING,
)
_DEVICE_STATES = {state for state in AcpiDeviceState if state != AcpiDeviceState.NO_CHANGE}


def _support(ctx: Context) -> DeviceSupport:
    """A BMC that is one of several on its bus is there to send events to another, too."""
    bridge = DeviceSupport.BRIDGE if ctx.services.icmb is not None else DeviceSupport(0)
    one_of_several = ctx.services.home.address != BMC_ADDRESS
    return _SUPPORT | bridge | (DeviceSupport.IPMB_EVENT_GENERATOR if one_of_several else DeviceSupport(0))


@handlers.handles(GetDeviceId)
async def get_device_id(ctx: Context, request: GetDeviceId) -> GetDeviceIdResponse:
    """§20.1: bit 7 of byte 4 is set while the controller begins, or SDRs or firmware are updated.

    An answer is made once, and again when what it tells of has changed: to make it takes 4 us, and every
    console begins with this command.
    """
    services = ctx.services
    device, hpm, blueprint = services.device, services.hpm, services.home.blueprint
    upgraded = None if hpm is None else hpm.controller_version()
    updating = device.initializing or services.sdr.updating or (hpm is not None and hpm.updating)
    told = device.told
    if told is None or told[0] is not blueprint or told[1] != updating or told[2] is not upgraded:
        answer = _alike(_device_id(ctx, upgraded, updating=updating))
        told = device.told = blueprint, updating, upgraded, answer
    return told[3]


@lru_cache(64)
def _alike(answer: GetDeviceIdResponse) -> GetDeviceIdResponse:
    """BMCs that are alike give the very same answer, so that it is encoded once for all of them."""
    return answer


def _device_id(ctx: Context, upgraded: HpmVersion | None, *, updating: bool) -> GetDeviceIdResponse:
    identity = ctx.services.home.blueprint.identity
    return GetDeviceIdResponse(
        device_id=identity.device_id,
        provides_sdrs=False,
        device_revision=identity.device_revision,
        updating=updating,
        firmware_major=identity.firmware_major if upgraded is None else upgraded.major & _MAJOR,
        firmware_minor=identity.firmware_minor if upgraded is None else upgraded.minor,
        ipmi_version=IPMI_VERSION,
        support=_support(ctx),
        manufacturer_id=identity.manufacturer_id,
        product_id=identity.product_id,
        aux_firmware=identity.aux_firmware if upgraded is None else upgraded.auxiliary,
    )


@handlers.handles(ColdReset)
async def cold_reset(ctx: Context, request: ColdReset) -> ColdResetResponse:
    """§20.2: answered first, then sessions, defaults and timers start anew."""
    ctx.device.reset(cold=True)
    return ColdResetResponse()


@handlers.handles(WarmReset)
async def warm_reset(ctx: Context, request: WarmReset) -> WarmResetResponse:
    """§20.3: answered first, then communication starts anew; the configuration stays."""
    ctx.device.reset(cold=False)
    return WarmResetResponse()


@handlers.handles(GetSelfTestResults)
async def get_self_test_results(ctx: Context, request: GetSelfTestResults) -> GetSelfTestResultsResponse:
    """§20.4: the result of the last test; none is started."""
    test = ctx.services.self_test
    return GetSelfTestResultsResponse(result=test.result, failures=test.failures)


@handlers.handles(ManufacturingTestOn)
async def manufacturing_test_on(ctx: Context, request: ManufacturingTestOn) -> ManufacturingTestOnResponse:
    """§20.5: inventories can be written that are protected else; a cold reset leaves the mode."""
    if request.data:
        raise CompletionError(Cc.INVALID_DATA)
    ctx.device.manufacturing = True
    return ManufacturingTestOnResponse()


@handlers.handles(SetAcpiPowerState)
async def set_acpi_power_state(ctx: Context, request: SetAcpiPowerState) -> SetAcpiPowerStateResponse:
    """§20.6: software tells what it is about to do; no power is changed, but a sleeper feeds no watchdog."""
    system = request.set_system_state and request.system_state != AcpiSystemState.NO_CHANGE
    device = request.set_device_state and request.device_state != AcpiDeviceState.NO_CHANGE
    if system and request.system_state not in _SYSTEM_STATES:
        raise CompletionError(Cc.INVALID_DATA)
    if device and request.device_state not in _DEVICE_STATES:
        raise CompletionError(Cc.INVALID_DATA)
    if system:
        ctx.device.system_state = request.system_state
        if request.system_state in _SLEEPING:
            ctx.watchdog.halt()
    if device:
        ctx.device.device_state = request.device_state
    return SetAcpiPowerStateResponse()


@handlers.handles(GetAcpiPowerState)
async def get_acpi_power_state(ctx: Context, request: GetAcpiPowerState) -> GetAcpiPowerStateResponse:
    """§20.7: what was told last; unknown at first."""
    return GetAcpiPowerStateResponse(
        system_state=ctx.device.system_state, device_state=ctx.device.device_state
    )


@handlers.handles(GetDeviceGuid)
async def get_device_guid(ctx: Context, request: GetDeviceGuid) -> GetDeviceGuidResponse:
    """§20.8: the controller's own."""
    return GetDeviceGuidResponse(guid=ctx.device.device_guid())


@handlers.handles(GetSystemGuid)
async def get_system_guid(ctx: Context, request: GetSystemGuid) -> GetSystemGuidResponse:
    """§22.14: the managed system's, the same that RAKP message 2 carries."""
    return GetSystemGuidResponse(guid=ctx.device.guid())
