"""RMCP+ payloads: who may use them, which are active, what a channel has (§24)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.payloads import INSTANCES, Activation, Payload, Rules
from baseboard.codes import Cc, ChannelMedium, Privilege
from baseboard.commands.app.payload import (
    AccessOperation,
    ActivatePayload,
    ActivatePayloadResponse,
    DeactivatePayload,
    DeactivatePayloadResponse,
    EncryptionOperation,
    GetChannelOemPayloadInfo,
    GetChannelOemPayloadInfoResponse,
    GetChannelPayloadSupport,
    GetChannelPayloadSupportResponse,
    GetChannelPayloadVersion,
    GetChannelPayloadVersionResponse,
    GetPayloadActivationStatus,
    GetPayloadActivationStatusResponse,
    GetPayloadInstanceInfo,
    GetPayloadInstanceInfoResponse,
    GetUserPayloadAccess,
    GetUserPayloadAccessResponse,
    OemPayloads,
    SetupPayloads,
    SetUserPayloadAccess,
    SetUserPayloadAccessResponse,
    SolActivation,
    StandardPayloads,
    SuspendResumePayloadEncryption,
    SuspendResumePayloadEncryptionResponse,
)
from baseboard.crypto.confidentiality import Xrc4
from baseboard.errors import CompletionError
from baseboard.rmcp.session import SessionV20

_NO_VLAN = 0xFFFF


def _payload(ctx: Context, payload_type: int) -> Payload:
    """A payload that can be activated.

    Raises:
        CompletionError: CCh, there is no such payload, or it is the IPMI messages.
    """
    found = ctx.payloads.get(payload_type)
    if found is None:
        raise CompletionError(Cc.INVALID_DATA)
    return found


@handlers.handles(ActivatePayload)
async def activate_payload(ctx: Context, request: ActivatePayload) -> ActivatePayloadResponse:
    """§24.1: type, enable, instance, encryption, privilege, the user's access, then whether it is free."""
    session = ctx.origin.session
    if not isinstance(session, SessionV20):
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    payload, instance = _payload(ctx, request.payload_type), request.instance
    payload.check(instance, request.auxiliary)
    rules = payload.rules(instance)
    encrypted, authenticated = _protection(session, rules, request.auxiliary)
    if ctx.origin.privilege < rules.privilege:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    if not payload.allowed(ctx.users.access(session.channel, session.user_id)):
        raise CompletionError(ActivatePayload.TYPE_DISABLED)
    if payload.owner(instance) is not None:
        raise CompletionError(ActivatePayload.ALREADY_ACTIVE)
    # Packets name no instance, so a session can tell apart no two of a type.
    if any(payload.owner(other) is session for other in range(1, payload.capacity + 1)):
        raise CompletionError(ActivatePayload.LIMIT_REACHED)
    table = ctx.tables[session.channel]
    running = payload.activate(
        Activation(table, session, instance, request.auxiliary, encrypted, authenticated)
    )
    return ActivatePayloadResponse(
        auxiliary=running.auxiliary,
        inbound_size=running.size,
        outbound_size=running.size,
        port=ctx.services.home.blueprint.lan.port if running.port is None else running.port,
        vlan=_NO_VLAN,
    )


def _protection(session: SessionV20, rules: Rules, auxiliary: bytes) -> tuple[bool, bool]:
    """Whether it is encrypted and authenticated: as asked, as forced, as the session's suite can.

    Bits 7 and 6 of the first auxiliary byte are SOL's (Table 24-2); OEM payloads of ours have them too.
    """
    can_encrypt = session.confidentiality.algorithm != 0
    can_sign = session.integrity.size > 0
    wanted = SolActivation.decode(auxiliary)
    if wanted.authenticated and not can_sign:
        raise CompletionError(Cc.INVALID_DATA)
    if wanted.encrypted and not (can_encrypt and wanted.authenticated):
        raise CompletionError(ActivatePayload.CANNOT_ENCRYPT)
    if rules.force_encryption and can_encrypt and not wanted.encrypted:
        raise CompletionError(ActivatePayload.MUST_ENCRYPT)
    return wanted.encrypted, wanted.authenticated or (rules.force_authentication and can_sign)


@handlers.handles(DeactivatePayload)
async def deactivate_payload(ctx: Context, request: DeactivatePayload) -> DeactivatePayloadResponse:
    """§24.2: one's own, another session's of the same user, or as Administrator anybody's."""
    payload = _payload(ctx, request.payload_type)
    owner = payload.owner(request.instance)
    if owner is None:
        raise CompletionError(DeactivatePayload.ALREADY_DEACTIVATED)
    session = ctx.origin.session
    same_user = session is not None and session.user_id == owner.user_id
    if not same_user and not ctx.origin.local and ctx.origin.privilege < Privilege.ADMINISTRATOR:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    payload.deactivate(request.instance, told=session is not owner)
    return DeactivatePayloadResponse()


@handlers.handles(SuspendResumePayloadEncryption)
async def suspend_resume_payload_encryption(
    ctx: Context, request: SuspendResumePayloadEncryption
) -> SuspendResumePayloadEncryptionResponse:
    """§24.3: only its owner, and only what the BMC sends."""
    session = ctx.origin.session
    payload = ctx.payloads.get(request.payload_type)
    if payload is None:
        raise CompletionError(SuspendResumePayloadEncryption.NOT_SUPPORTED)
    if not isinstance(session, SessionV20) or payload.owner(request.instance) is not session:
        raise CompletionError(SuspendResumePayloadEncryption.NOT_ACTIVE)
    if session.confidentiality.algorithm == 0:
        raise CompletionError(SuspendResumePayloadEncryption.NO_ENCRYPTION)
    if request.operation == EncryptionOperation.REGENERATE_IV:
        if not isinstance(session.confidentiality, Xrc4):
            raise CompletionError(SuspendResumePayloadEncryption.NOT_SUPPORTED)
        session.confidentiality.restart()
    elif request.operation in (EncryptionOperation.SUSPEND, EncryptionOperation.RESUME):
        resume = request.operation == EncryptionOperation.RESUME
        if not resume and payload.rules(request.instance).force_encryption:
            raise CompletionError(SuspendResumePayloadEncryption.NOT_ALLOWED)
        payload.set_encryption(request.instance, encrypted=resume)
    else:
        raise CompletionError(Cc.INVALID_DATA)
    return SuspendResumePayloadEncryptionResponse()


@handlers.handles(GetPayloadActivationStatus)
async def get_payload_activation_status(
    ctx: Context, request: GetPayloadActivationStatus
) -> GetPayloadActivationStatusResponse:
    """§24.4: how many instances there are, and which of them are active."""
    payload = _payload(ctx, request.payload_type)
    capacity = payload.capacity
    active = sum(1 << n for n in range(capacity) if payload.owner(n + 1) is not None)
    return GetPayloadActivationStatusResponse(capacity=capacity, instances=active)


@handlers.handles(GetPayloadInstanceInfo)
async def get_payload_instance_info(
    ctx: Context, request: GetPayloadInstanceInfo
) -> GetPayloadInstanceInfoResponse:
    """§24.5: a console learns so that it still owns the payload."""
    payload = _payload(ctx, request.payload_type)
    if request.instance not in INSTANCES:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    owner = payload.owner(request.instance)
    return GetPayloadInstanceInfoResponse(
        session_id=0 if owner is None else owner.id, information=payload.information(request.instance)
    )


@handlers.handles(SetUserPayloadAccess)
async def set_user_payload_access(
    ctx: Context, request: SetUserPayloadAccess
) -> SetUserPayloadAccessResponse:
    """§24.6: payloads that are not named stay as they are; IPMI messages are no affair of this command."""
    channel = ctx.channels.session_channel(ctx.channel(request.channel)).number
    access = ctx.users.access(channel, request.user_id)
    standard = int(request.standard) & ~int(StandardPayloads.IPMI_MESSAGE)
    if request.operation == AccessOperation.ENABLE:
        access.standard_payloads |= standard
        access.oem_payloads |= int(request.oem)
    elif request.operation == AccessOperation.DISABLE:
        access.standard_payloads &= ~standard
        access.oem_payloads &= ~int(request.oem)
    else:
        raise CompletionError(Cc.INVALID_DATA)
    ctx.users.set_access(channel, request.user_id, access)
    return SetUserPayloadAccessResponse()


@handlers.handles(GetUserPayloadAccess)
async def get_user_payload_access(
    ctx: Context, request: GetUserPayloadAccess
) -> GetUserPayloadAccessResponse:
    """§24.7: 1 = enabled."""
    channel = ctx.channels.session_channel(ctx.channel(request.channel)).number
    access = ctx.users.access(channel, request.user_id)
    return GetUserPayloadAccessResponse(
        standard=StandardPayloads(access.standard_payloads), oem=OemPayloads(access.oem_payloads)
    )


@handlers.handles(GetChannelPayloadSupport)
async def get_channel_payload_support(
    ctx: Context, request: GetChannelPayloadSupport
) -> GetChannelPayloadSupportResponse:
    """§24.8: a channel without RMCP+ has none."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    if channel.medium != ChannelMedium.LAN:
        return GetChannelPayloadSupportResponse(standard=StandardPayloads(0), setup=SetupPayloads(0))
    standard, setup, oem = ctx.payloads.registry.supported()
    return GetChannelPayloadSupportResponse(
        standard=StandardPayloads(standard), setup=SetupPayloads(setup), oem=OemPayloads(oem)
    )


@handlers.handles(GetChannelPayloadVersion)
async def get_channel_payload_version(
    ctx: Context, request: GetChannelPayloadVersion
) -> GetChannelPayloadVersionResponse:
    """§24.9: every payload of the specification is of version 1.0; of OEM explicit it is the last one's."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    version = ctx.payloads.registry.version(request.payload_type)
    if channel.medium != ChannelMedium.LAN or version is None:
        raise CompletionError(GetChannelPayloadVersion.NOT_AVAILABLE)
    return GetChannelPayloadVersionResponse(major=version >> 4, minor=version & 0xF)


@handlers.handles(GetChannelOemPayloadInfo)
async def get_channel_oem_payload_info(
    ctx: Context, request: GetChannelOemPayloadInfo
) -> GetChannelOemPayloadInfoResponse:
    """§24.10: whose a handle is, or whether an OEM explicit payload is known."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    told = ctx.payloads.registry.oem(request.payload_type, request.oem_id, request.payload_id)
    if channel.medium != ChannelMedium.LAN or told is None:
        raise CompletionError(GetChannelOemPayloadInfo.NOT_SUPPORTED)
    return GetChannelOemPayloadInfoResponse(
        payload_type=request.payload_type,
        oem_id=told.iana,
        payload_id=told.payload_id,
        major=told.version >> 4,
        minor=told.version & 0xF,
    )
