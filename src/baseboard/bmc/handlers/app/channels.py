"""Channels: capabilities, cipher suites, access, keys (§22.13-22.15, §22.22-22.25)."""

from __future__ import annotations

from baseboard.bmc.context import SYSTEM_INTERFACE, Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.channels import ALWAYS_AVAILABLE, DISABLED, IPMI_FORUM, KEY_SIZE
from baseboard.codes import Cc, ChannelMedium, ChannelProtocol, PayloadType, Privilege
from baseboard.commands.app.channels import (
    AccessMode,
    Change,
    GetChannelAccess,
    GetChannelAccessResponse,
    GetChannelAuthenticationCapabilities,
    GetChannelAuthenticationCapabilitiesResponse,
    GetChannelCipherSuites,
    GetChannelCipherSuitesResponse,
    GetChannelInfo,
    GetChannelInfoResponse,
    KeyId,
    KeyLock,
    KeyOperation,
    SessionSupport,
    SetChannelAccess,
    SetChannelAccessResponse,
    SetChannelSecurityKeys,
    SetChannelSecurityKeysResponse,
)
from baseboard.commands.authentication import AuthTypes
from baseboard.crypto.suites import SUITES, list_algorithms, list_by_suite
from baseboard.errors import CompletionError

_LIST_PIECE = 16
_NO_INTERRUPT = b"\xff\xff"
_LEVELS = range(Privilege.CALLBACK, Privilege.OEM + 1)
_SERIAL_MODES = range(DISABLED, AccessMode.SHARED + 1)
_LISTED_PAYLOADS = (PayloadType.IPMI_MESSAGE, PayloadType.SOL)


@handlers.handles(GetChannelAuthenticationCapabilities)
async def get_channel_authentication_capabilities(
    ctx: Context, request: GetChannelAuthenticationCapabilities
) -> GetChannelAuthenticationCapabilitiesResponse:
    """§22.13: a v1.5 question gets none of the v2.0 bits."""
    channel = ctx.channels.session_channel(ctx.channel(request.channel))
    number, serial = channel.number, channel.medium == ChannelMedium.SERIAL
    if request.privilege not in _LEVELS:
        raise CompletionError(Cc.INVALID_DATA)
    access = ctx.channels.access(number)
    users = list(ctx.users.usable(number))
    extended = request.extended
    return GetChannelAuthenticationCapabilitiesResponse(
        channel=number,
        has_extended=extended,
        auth_types=AuthTypes(ctx.services.auth_types(number, request.privilege)),
        kg_set=extended and any(ctx.channels.kg(number)),
        per_message_auth_disabled=access.per_message_disabled,
        user_auth_disabled=access.user_level_disabled,
        non_null_users=any(user.name for user, _ in users),
        null_users=any(not user.name and user.password for user, _ in users),
        anonymous_login=any(not user.name and not user.password for user, _ in users),
        supports_v20=extended and ctx.services.has_packets(number) and bool(ctx.lan.suites()),
        supports_v15=extended and (serial or ctx.lan.v15_enabled()),
    )


@handlers.handles(GetChannelCipherSuites)
async def get_channel_cipher_suites(
    ctx: Context, request: GetChannelCipherSuites
) -> GetChannelCipherSuitesResponse:
    """§22.15: the records are cut every 16 bytes, wherever that falls."""
    number = ctx.channels.session_channel(ctx.channel(request.channel)).number
    if request.payload_type not in _LISTED_PAYLOADS:
        raise CompletionError(Cc.INVALID_DATA)
    suites = [SUITES[number] for number in ctx.lan.suites()]
    listed = list_by_suite(suites) if request.by_suite else list_algorithms(suites)
    piece = listed[request.list_index * _LIST_PIECE :][:_LIST_PIECE]
    return GetChannelCipherSuitesResponse(channel=number, data=piece)


@handlers.handles(SetChannelAccess)
async def set_channel_access(ctx: Context, request: SetChannelAccess) -> SetChannelAccessResponse:
    """§22.22: the stored and the present settings are set one at a time."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    if channel.session_support == SessionSupport.SESSION_LESS:
        raise CompletionError(SetChannelAccess.NOT_SUPPORTED)
    copies = (Change.DONT_CHANGE, Change.NON_VOLATILE, Change.VOLATILE)
    if request.change_access not in copies or request.change_limit not in copies:
        raise CompletionError(Cc.INVALID_DATA)
    modes = _SERIAL_MODES if channel.medium == ChannelMedium.SERIAL else (DISABLED, ALWAYS_AVAILABLE)
    if request.change_access and request.access_mode not in modes:
        raise CompletionError(SetChannelAccess.MODE_NOT_SUPPORTED)
    if request.change_limit and request.privilege_limit not in _LEVELS:
        raise CompletionError(Cc.INVALID_DATA)
    if request.change_access:
        ctx.channels.set_access(
            channel.number,
            stored=request.change_access == Change.NON_VOLATILE,
            mode=int(request.access_mode),
            alerting_disabled=request.alerting_disabled,
            per_message_disabled=request.per_message_auth_disabled,
            user_level_disabled=request.user_auth_disabled,
        )
    if request.change_limit:
        stored = request.change_limit == Change.NON_VOLATILE
        ctx.channels.set_access(channel.number, stored=stored, limit=int(request.privilege_limit))
    ctx.services.hold_to_access(channel.number, ctx.origin.request)
    return SetChannelAccessResponse()


@handlers.handles(GetChannelAccess)
async def get_channel_access(ctx: Context, request: GetChannelAccess) -> GetChannelAccessResponse:
    """§22.23: the settings in force, or those that a reset brings back."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    if channel.session_support == SessionSupport.SESSION_LESS:
        raise CompletionError(GetChannelAccess.NOT_SUPPORTED)
    if request.which not in (Change.NON_VOLATILE, Change.VOLATILE):
        raise CompletionError(Cc.INVALID_DATA)
    access = ctx.channels.access(channel.number, stored=request.which == Change.NON_VOLATILE)
    return GetChannelAccessResponse(
        alerting_disabled=access.alerting_disabled,
        per_message_auth_disabled=access.per_message_disabled,
        user_auth_disabled=access.user_level_disabled,
        access_mode=AccessMode(access.mode),
        privilege_limit=Privilege(access.limit),
    )


@handlers.handles(GetChannelInfo)
async def get_channel_info(ctx: Context, request: GetChannelInfo) -> GetChannelInfoResponse:
    """§22.24: what the channel is, and how many sessions it has now."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    table = ctx.tables.get(channel.number)
    return GetChannelInfoResponse(
        channel=channel.number,
        medium=ChannelMedium(channel.medium),
        protocol=ctx.services.protocol(channel.number) or ChannelProtocol(channel.protocol),
        session_support=SessionSupport(ctx.services.session_support(channel)),
        active_sessions=0 if table is None else len(table.sessions),
        vendor_id=IPMI_FORUM,
        auxiliary=_NO_INTERRUPT if channel.number == SYSTEM_INTERFACE else b"\0\0",
    )


@handlers.handles(SetChannelSecurityKeys)
async def set_channel_security_keys(
    ctx: Context, request: SetChannelSecurityKeys
) -> SetChannelSecurityKeysResponse:
    """§22.25: K_R is not used, as the operating system gives the random numbers."""
    number = ctx.channels.session_channel(ctx.channel(request.channel)).number
    if request.key_id == KeyId.K_R:
        raise CompletionError(SetChannelSecurityKeys.KR_NOT_USED)
    if request.key_id != KeyId.K_G:
        raise CompletionError(Cc.INVALID_DATA)
    if ctx.channels.locked(number) and request.operation != KeyOperation.LOCK:
        raise CompletionError(SetChannelSecurityKeys.KEY_LOCKED)
    read = b""
    if request.operation == KeyOperation.READ:
        read = ctx.channels.kg(number)
    elif request.operation == KeyOperation.SET:
        ctx.channels.set_kg(number, _sized(request.key))
    elif request.operation == KeyOperation.LOCK:
        ctx.channels.lock(number)
    else:
        raise CompletionError(Cc.INVALID_DATA)
    lock = KeyLock.LOCKED if ctx.channels.locked(number) else KeyLock.UNLOCKED
    return SetChannelSecurityKeysResponse(lock_status=lock, key=read)


def _sized(key: bytes) -> bytes:
    if len(key) < KEY_SIZE:
        raise CompletionError(SetChannelSecurityKeys.INSUFFICIENT_KEY_BYTES)
    if len(key) > KEY_SIZE:
        raise CompletionError(SetChannelSecurityKeys.TOO_MANY_KEY_BYTES)
    return key
