"""Firmware upgrades (HPM.1)."""

from __future__ import annotations

import math

from baseboard.bmc.blueprint.hpm import HpmComponentSpec
from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.hpm import Hpm
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    AbortFirmwareUpgradeResponse,
    ActivateFirmware,
    ActivateFirmwareResponse,
    FinishFirmwareUpload,
    FinishFirmwareUploadResponse,
    GetComponentProperties,
    GetComponentPropertiesResponse,
    GetTargetUpgradeCapabilities,
    GetTargetUpgradeCapabilitiesResponse,
    GetUpgradeStatus,
    GetUpgradeStatusResponse,
    HpmCapability,
    HpmGeneral,
    HpmProperty,
    InitiateManualRollback,
    InitiateManualRollbackResponse,
    InitiateUpgradeAction,
    InitiateUpgradeActionResponse,
    QueryRollbackStatus,
    QueryRollbackStatusResponse,
    QuerySelfTestResults,
    QuerySelfTestResultsResponse,
    UploadFirmwareBlock,
    UploadFirmwareBlockResponse,
)
from baseboard.errors import CompletionError
from baseboard.records.hpm import HpmVersion

_UNIT_S = 5
_NAME = 12
_NO_VERSION = b"\xff" * 6


@handlers.handles(GetTargetUpgradeCapabilities)
async def get_target_upgrade_capabilities(
    ctx: Context, request: GetTargetUpgradeCapabilities
) -> GetTargetUpgradeCapabilitiesResponse:
    """HPM.1 3.2: time-outs are in units of 5 seconds."""
    spec = ctx.hpm.spec
    flags = HpmCapability.SELF_TEST
    for has, flag in (
        (spec.automatic_rollback, HpmCapability.AUTOMATIC_ROLLBACK | HpmCapability.ROLLBACK_OVERRIDE),
        (spec.manual_rollback, HpmCapability.MANUAL_ROLLBACK),
        (spec.services_affected, HpmCapability.SERVICES_AFFECTED),
        (any(one.deferred for one in spec.components), HpmCapability.DEFERRED_ACTIVATION),
        (spec.undesirable, HpmCapability.UNDESIRABLE),
    ):
        flags |= flag if has else HpmCapability(0)
    upgrade, self_test, rollback, inaccessibility = (
        math.ceil(seconds / _UNIT_S)
        for seconds in (
            spec.upgrade_timeout_s, spec.self_test_timeout_s, spec.rollback_timeout_s,
            spec.inaccessibility_timeout_s,
        )
    )  # fmt: skip
    return GetTargetUpgradeCapabilitiesResponse(
        capabilities=flags, upgrade_timeout=upgrade, self_test_timeout=self_test, rollback_timeout=rollback,
        inaccessibility_timeout=inaccessibility, components=spec.mask,
    )  # fmt: skip


@handlers.handles(GetComponentProperties)
async def get_component_properties(
    ctx: Context, request: GetComponentProperties
) -> GetComponentPropertiesResponse:
    """HPM.1 3.2: what a component cannot do it has no property of (83h); no version is FFh."""
    hpm = ctx.hpm
    component = hpm.component(request.component)
    return GetComponentPropertiesResponse(data=_property(hpm, component, request.selector))


def _property(hpm: Hpm, one: HpmComponentSpec, selector: HpmProperty) -> bytes:
    match selector:
        case HpmProperty.GENERAL:
            return bytes((_general(one),))
        case HpmProperty.CURRENT_VERSION:
            return hpm.version(one.number).encode()
        case HpmProperty.DESCRIPTION:
            return one.name.encode("latin-1", "replace")[: _NAME - 1].ljust(_NAME, b"\0")
        case HpmProperty.ROLLBACK_VERSION if one.rollback:
            return _version(hpm.backup_version(one.number))
        case HpmProperty.DEFERRED_VERSION if one.deferred:
            return _version(hpm.staged_version(one.number))
        case _:
            raise CompletionError(GetComponentProperties.INVALID_PROPERTY)


def _version(version: HpmVersion | None) -> bytes:
    return _NO_VERSION if version is None else version.encode()


def _general(one: HpmComponentSpec) -> HpmGeneral:
    flags = HpmGeneral(0)
    for has, flag in (
        (one.rollback, HpmGeneral.ROLLBACK),
        (one.preparation, HpmGeneral.PREPARATION),
        (one.comparison, HpmGeneral.COMPARISON),
        (one.deferred, HpmGeneral.DEFERRED_ACTIVATION),
        (one.payload_reset, HpmGeneral.PAYLOAD_COLD_RESET),
    ):
        flags |= flag if has else HpmGeneral(0)
    return flags


@handlers.handles(AbortFirmwareUpgrade)
async def abort_firmware_upgrade(ctx: Context, request: AbortFirmwareUpgrade) -> AbortFirmwareUpgradeResponse:
    """HPM.1 3.3: what was uploaded and is not active is thrown away."""
    ctx.hpm.abort()
    return AbortFirmwareUpgradeResponse()


@handlers.handles(InitiateUpgradeAction)
async def initiate_upgrade_action(
    ctx: Context, request: InitiateUpgradeAction
) -> InitiateUpgradeActionResponse:
    """HPM.1 3.3: an upload begins at once, the others take their time."""
    ctx.hpm.initiate(request.components, request.action)
    return InitiateUpgradeActionResponse()


@handlers.handles(UploadFirmwareBlock)
async def upload_firmware_block(ctx: Context, request: UploadFirmwareBlock) -> UploadFirmwareBlockResponse:
    """HPM.1 3.3: blocks of any length, in the order of their numbers; the whole image is wanted."""
    ctx.hpm.block(request.number, bytes(request.data))
    return UploadFirmwareBlockResponse()


@handlers.handles(FinishFirmwareUpload)
async def finish_firmware_upload(ctx: Context, request: FinishFirmwareUpload) -> FinishFirmwareUploadResponse:
    """HPM.1 3.3: the length and the firmware itself are checked."""
    ctx.hpm.finish(request.component, request.length)
    return FinishFirmwareUploadResponse()


@handlers.handles(GetUpgradeStatus)
async def get_upgrade_status(ctx: Context, request: GetUpgradeStatus) -> GetUpgradeStatusResponse:
    """HPM.1 3.3: of the last command that takes long."""
    return GetUpgradeStatusResponse(last_command=ctx.hpm.last_command, completion_code=ctx.hpm.last_code)


@handlers.handles(ActivateFirmware)
async def activate_firmware(ctx: Context, request: ActivateFirmware) -> ActivateFirmwareResponse:
    """HPM.1 3.4: all that was uploaded, together."""
    ctx.hpm.activate(request.override)
    return ActivateFirmwareResponse()


@handlers.handles(QuerySelfTestResults)
async def query_self_test_results(
    ctx: Context, request: QuerySelfTestResults
) -> QuerySelfTestResultsResponse:
    """HPM.1 3.4: of the firmware that was activated last, even if it was rolled back since."""
    result, details = ctx.hpm.self_test()
    return QuerySelfTestResultsResponse(result=result, details=details)


@handlers.handles(QueryRollbackStatus)
async def query_rollback_status(ctx: Context, request: QueryRollbackStatus) -> QueryRollbackStatusResponse:
    """HPM.1 3.4: which components went back to their backup."""
    return QueryRollbackStatusResponse(components=ctx.hpm.rollback_status())


@handlers.handles(InitiateManualRollback)
async def initiate_manual_rollback(
    ctx: Context, request: InitiateManualRollback
) -> InitiateManualRollbackResponse:
    """HPM.1 3.4: what ran becomes the backup."""
    ctx.hpm.roll_back()
    return InitiateManualRollbackResponse()
