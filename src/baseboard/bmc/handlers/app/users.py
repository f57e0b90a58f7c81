"""Users: names, passwords and access (§22.26-22.30)."""

from __future__ import annotations

import hmac

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.users import NULL_USER
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.users import (
    EnableStatus,
    GetUserAccess,
    GetUserAccessResponse,
    GetUserName,
    GetUserNameResponse,
    PasswordOperation,
    SetUserAccess,
    SetUserAccessResponse,
    SetUserName,
    SetUserNameResponse,
    SetUserPassword,
    SetUserPasswordResponse,
)
from baseboard.errors import CompletionError

NAME_SIZE = 16
_SHORT, _LONG = 16, 20
_LIMITS = (*range(Privilege.CALLBACK, Privilege.OEM + 1), Privilege.NO_ACCESS)
_MAX_SESSION_LIMIT = 15


@handlers.handles(SetUserAccess)
async def set_user_access(ctx: Context, request: SetUserAccess) -> SetUserAccessResponse:
    """§22.26: the limit is always written, the three bits only if byte 1 says so."""
    channel = ctx.channels.session_channel(ctx.channel(request.channel)).number
    if request.privilege_limit not in _LIMITS:
        raise CompletionError(Cc.INVALID_DATA)
    access = ctx.users.access(channel, request.user_id)
    access.limit = int(request.privilege_limit)
    if request.change_bits:
        access.callback = request.callback_only
        access.link_auth = request.link_authentication
        access.messaging = request.messaging
    if request.session_limit is not None:
        access.session_limit = request.session_limit
    ctx.users.set_access(channel, request.user_id, access)
    return SetUserAccessResponse()


@handlers.handles(GetUserAccess)
async def get_user_access(ctx: Context, request: GetUserAccess) -> GetUserAccessResponse:
    """§22.27: byte 3 tells the ID's own switch, which is not per channel."""
    channel = ctx.channels.session_channel(ctx.channel(request.channel)).number
    user = ctx.users.get(request.user_id)
    access = ctx.users.access(channel, request.user_id)
    return GetUserAccessResponse(
        max_users=ctx.users.maximum,
        enable_status=EnableStatus.ENABLED if user.enabled else EnableStatus.DISABLED,
        enabled_users=ctx.users.enabled_count(channel),
        fixed_names=NULL_USER,
        callback_only=access.callback,
        link_authentication=access.link_auth,
        messaging=access.messaging,
        privilege_limit=Privilege(access.limit),
    )


@handlers.handles(SetUserName)
async def set_user_name(ctx: Context, request: SetUserName) -> SetUserNameResponse:
    """§22.28: the first zero ends the name."""
    ctx.users.set_name(request.user_id, request.user_name)
    return SetUserNameResponse()


@handlers.handles(GetUserName)
async def get_user_name(ctx: Context, request: GetUserName) -> GetUserNameResponse:
    """§22.29: a name that was never set is all zeros."""
    return GetUserNameResponse(user_name=ctx.users.get(request.user_id).name.ljust(NAME_SIZE, b"\0"))


@handlers.handles(SetUserPassword)
async def set_user_password(ctx: Context, request: SetUserPassword) -> SetUserPasswordResponse:
    """§22.30: enabling a user by hand also ends a lock-out by the bad password threshold."""
    user = ctx.users.get(request.user_id)
    size = _LONG if request.twenty_bytes else _SHORT
    given = len(request.password)
    switching = request.operation in (PasswordOperation.DISABLE_USER, PasswordOperation.ENABLE_USER)
    if given not in ((0, _SHORT, _LONG) if switching else (size,)):
        raise CompletionError(Cc.INVALID_LENGTH)
    if switching:
        enabled = request.operation == PasswordOperation.ENABLE_USER
        ctx.users.set_enabled(user.user_id, enabled)
        if enabled:
            ctx.login.forgive(user.user_id)
        else:
            _end_sessions(ctx, user.user_id)
    elif request.operation == PasswordOperation.SET_PASSWORD:
        ctx.users.set_password(user.user_id, request.password, size)
    elif user.size != size:
        raise CompletionError(SetUserPassword.TEST_FAILED_SIZE)
    elif not hmac.compare_digest(user.password.ljust(size, b"\0"), request.password):
        raise CompletionError(SetUserPassword.TEST_FAILED)
    return SetUserPasswordResponse()


def _end_sessions(ctx: Context, user_id: int) -> None:
    """A disabled user's sessions end, but for the one that asked: its answer must still go out."""
    for table in ctx.tables.values():
        for session in tuple(table.sessions.values()):
            if session.user_id == user_id and session is not ctx.origin.session:
                ctx.services.end_session(session)
