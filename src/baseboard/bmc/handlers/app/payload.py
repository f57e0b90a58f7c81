"""RMCP+ payloads: who may use them, which are active, what a channel has (§24)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.sol import INSTANCE, PAYLOAD_SIZE
from baseboard.codes import Cc, ChannelMedium, PayloadType, Privilege
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

SERIAL_PORT = 1
"""The system's first serial port is the one that is redirected."""

_NO_VLAN = 0xFFFF
_INSTANCES = range(1, 16)
_MAJOR = 1
_SETUP = range(PayloadType.OPEN_SESSION_REQUEST, PayloadType.RAKP_MESSAGE_4 + 1)
_STANDARD = StandardPayloads.IPMI_MESSAGE | StandardPayloads.SOL
_SETUPS = SetupPayloads(0x3F)


@handlers.handles(ActivatePayload)
async def activate_payload(ctx: Context, request: ActivatePayload) -> ActivatePayloadResponse:
    """§24.1: type, enable, instance, encryption, privilege, the user's access, then whether it is free."""
    session = ctx.origin.session
    if not isinstance(session, SessionV20):
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    if request.payload_type != PayloadType.SOL:
        raise CompletionError(Cc.INVALID_DATA)
    if not ctx.sol.parameters.enabled or ctx.services.home.backend.serial is None:
        raise CompletionError(ActivatePayload.TYPE_DISABLED)
    if request.instance not in _INSTANCES:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    if request.instance != INSTANCE:
        raise CompletionError(ActivatePayload.LIMIT_REACHED)
    wanted = SolActivation.decode(request.auxiliary)
    encrypted, authenticated = _protection(ctx, session, wanted)
    if ctx.origin.privilege < ctx.sol.parameters.authentication.privilege:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    if not ctx.users.access(session.channel, session.user_id).standard_payloads & StandardPayloads.SOL:
        raise CompletionError(ActivatePayload.TYPE_DISABLED)
    if ctx.sol.owner is not None:
        raise CompletionError(ActivatePayload.ALREADY_ACTIVE)
    ctx.sol.activate(
        ctx.tables[session.channel],
        session,
        encrypted=encrypted,
        authenticated=authenticated,
        handshake=wanted.handshake,
    )
    return ActivatePayloadResponse(
        inbound_size=PAYLOAD_SIZE,
        outbound_size=PAYLOAD_SIZE,
        port=ctx.services.home.blueprint.lan.port,
        vlan=_NO_VLAN,
    )


def _protection(ctx: Context, session: SessionV20, wanted: SolActivation) -> tuple[bool, bool]:
    """Whether SOL is encrypted and authenticated: as asked, as forced, as the session's suite can."""
    can_encrypt = session.confidentiality.algorithm != 0
    can_sign = session.integrity.size > 0
    force = ctx.sol.parameters.authentication
    if wanted.test_mode or not wanted.serial_alerts.known or (wanted.authenticated and not can_sign):
        raise CompletionError(Cc.INVALID_DATA)
    if wanted.encrypted and not (can_encrypt and wanted.authenticated):
        raise CompletionError(ActivatePayload.CANNOT_ENCRYPT)
    if force.force_encryption and can_encrypt and not wanted.encrypted:
        raise CompletionError(ActivatePayload.MUST_ENCRYPT)
    return wanted.encrypted, wanted.authenticated or (force.force_authentication and can_sign)


@handlers.handles(DeactivatePayload)
async def deactivate_payload(ctx: Context, request: DeactivatePayload) -> DeactivatePayloadResponse:
    """§24.2: one's own, another session's of the same user, or as Administrator anybody's."""
    if request.payload_type != PayloadType.SOL:
        raise CompletionError(Cc.INVALID_DATA)
    owner = ctx.sol.owner
    if request.instance != INSTANCE or owner is None:
        raise CompletionError(DeactivatePayload.ALREADY_DEACTIVATED)
    session = ctx.origin.session
    same_user = session is not None and session.user_id == owner.user_id
    if not same_user and not ctx.origin.local and ctx.origin.privilege < Privilege.ADMINISTRATOR:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    ctx.sol.deactivate(told=session is not owner)
    return DeactivatePayloadResponse()


@handlers.handles(SuspendResumePayloadEncryption)
async def suspend_resume_payload_encryption(
    ctx: Context, request: SuspendResumePayloadEncryption
) -> SuspendResumePayloadEncryptionResponse:
    """§24.3: only its owner, and only what the BMC sends."""
    session = ctx.origin.session
    if request.payload_type != PayloadType.SOL:
        raise CompletionError(SuspendResumePayloadEncryption.NOT_SUPPORTED)
    if ctx.sol.owner is None or ctx.sol.owner is not session or request.instance != INSTANCE:
        raise CompletionError(SuspendResumePayloadEncryption.NOT_ACTIVE)
    assert isinstance(session, SessionV20)
    if session.confidentiality.algorithm == 0:
        raise CompletionError(SuspendResumePayloadEncryption.NO_ENCRYPTION)
    if request.operation == EncryptionOperation.REGENERATE_IV:
        if not isinstance(session.confidentiality, Xrc4):
            raise CompletionError(SuspendResumePayloadEncryption.NOT_SUPPORTED)
        session.confidentiality.restart()
    elif request.operation in (EncryptionOperation.SUSPEND, EncryptionOperation.RESUME):
        resume = request.operation == EncryptionOperation.RESUME
        if not resume and ctx.sol.parameters.authentication.force_encryption:
            raise CompletionError(SuspendResumePayloadEncryption.NOT_ALLOWED)
        ctx.sol.set_encryption(encrypted=resume)
    else:
        raise CompletionError(Cc.INVALID_DATA)
    return SuspendResumePayloadEncryptionResponse()


@handlers.handles(GetPayloadActivationStatus)
async def get_payload_activation_status(
    ctx: Context, request: GetPayloadActivationStatus
) -> GetPayloadActivationStatusResponse:
    """§24.4: one instance of SOL at most."""
    if request.payload_type != PayloadType.SOL:
        raise CompletionError(Cc.INVALID_DATA)
    active = 0 if ctx.sol.owner is None else 1 << INSTANCE - 1
    return GetPayloadActivationStatusResponse(capacity=1, instances=active)


@handlers.handles(GetPayloadInstanceInfo)
async def get_payload_instance_info(
    ctx: Context, request: GetPayloadInstanceInfo
) -> GetPayloadInstanceInfoResponse:
    """§24.5: a console learns so that it still owns the payload."""
    if request.payload_type != PayloadType.SOL:
        raise CompletionError(Cc.INVALID_DATA)
    if request.instance not in _INSTANCES:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    owner = ctx.sol.owner if request.instance == INSTANCE else None
    port = SERIAL_PORT if request.instance == INSTANCE else 0
    return GetPayloadInstanceInfoResponse(
        session_id=0 if owner is None else owner.id, information=bytes((port,)).ljust(8, b"\0")
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
    return GetChannelPayloadSupportResponse(standard=_STANDARD, setup=_SETUPS)


@handlers.handles(GetChannelPayloadVersion)
async def get_channel_payload_version(
    ctx: Context, request: GetChannelPayloadVersion
) -> GetChannelPayloadVersionResponse:
    """§24.9: every payload of the specification is of version 1.0."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    known = request.payload_type in (PayloadType.IPMI_MESSAGE, PayloadType.SOL, *_SETUP)
    if channel.medium != ChannelMedium.LAN or not known:
        raise CompletionError(GetChannelPayloadVersion.NOT_AVAILABLE)
    return GetChannelPayloadVersionResponse(major=_MAJOR, minor=0)


@handlers.handles(GetChannelOemPayloadInfo)
async def get_channel_oem_payload_info(
    ctx: Context, request: GetChannelOemPayloadInfo
) -> GetChannelOemPayloadInfoResponse:
    """§24.10: this BMC has no OEM payload."""
    ctx.channels.get(ctx.channel(request.channel))
    raise CompletionError(GetChannelOemPayloadInfo.NOT_SUPPORTED)
