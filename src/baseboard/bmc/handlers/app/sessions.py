"""Sessions: the IPMI v1.5 login, privilege, information, end (§22.16-22.21)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv4Address
from itertools import chain, islice

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.serial_sessions import SerialSession
from baseboard.bmc.services.users import User
from baseboard.codes import AuthType, Cc, IntegrityAlgorithm, Privilege
from baseboard.commands.app.sessions import (
    ActivateSession,
    ActivateSessionResponse,
    AuthCodeFamily,
    CloseSession,
    CloseSessionResponse,
    GetAuthCode,
    GetAuthCodeResponse,
    GetSessionChallenge,
    GetSessionChallengeResponse,
    GetSessionInfo,
    GetSessionInfoResponse,
    LanConsole,
    SerialConsole,
    SessionIndex,
    SetSessionPrivilegeLevel,
    SetSessionPrivilegeLevelResponse,
)
from baseboard.crypto.authcode import KEY_SIZE, get_authcode, get_authcode_v20
from baseboard.errors import CompletionError
from baseboard.rmcp.session import Reason, RequestReceived, Session
from baseboard.rmcp.table import SessionTable

_INTEGRITY = range(IntegrityAlgorithm.HMAC_SHA1_96, IntegrityAlgorithm.HMAC_SHA256_128 + 1)
_NO_MAC = bytes(6)
_MOST = 63
"""Sessions that the six bits of Get Session Info can count."""

# Made once, and mostly encoded once: sessions are raised to the same level, one after another.
_AT_LEVEL: dict[int, SetSessionPrivilegeLevelResponse] = {
    level: SetSessionPrivilegeLevelResponse(privilege=level) for level in Privilege
}
_CLOSED = CloseSessionResponse()

_SELECTOR_SIZES: dict[int, int] = {SessionIndex.BY_HANDLE: 1, SessionIndex.BY_ID: 4}


@handlers.handles(GetSessionChallenge)
async def get_session_challenge(ctx: Context, request: GetSessionChallenge) -> GetSessionChallengeResponse:
    """§22.16: a temporary session; that there is no such user shows only if login errors are revealed."""
    table, received = _over_lan(ctx)
    session_id, challenge = table.challenge(received, request.auth_type, request.user_name, ctx.now)
    return GetSessionChallengeResponse(session_id=session_id, challenge=challenge)


@handlers.handles(ActivateSession)
async def activate_session(ctx: Context, request: ActivateSession) -> ActivateSessionResponse:
    """§22.17: the packet's AuthCode has been verified before the request came here."""
    table, received = _over_lan(ctx)
    active = table.activate(
        received, request.auth_type, request.privilege, request.challenge, request.outbound_sequence, ctx.now
    )
    return ActivateSessionResponse(
        auth_type=AuthType(active.auth_type),
        session_id=active.session_id,
        inbound_sequence=active.inbound,
        privilege=Privilege(active.privilege),
    )


def _over_lan(ctx: Context) -> tuple[SessionTable, RequestReceived]:
    """The table and the packet of a request that only makes sense on a session channel."""
    table, received = ctx.tables.get(ctx.origin.channel), ctx.origin.request
    if table is None or received is None:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    return table, received


@handlers.handles(SetSessionPrivilegeLevel)
async def set_session_privilege_level(
    ctx: Context, request: SetSessionPrivilegeLevel
) -> SetSessionPrivilegeLevelResponse:
    """§22.18: up to the session's ceiling, as far as user and channel still allow it."""
    session = ctx.origin.session
    if session is None:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    level = request.privilege
    if level != Privilege.HIGHEST:
        if not Privilege.USER <= level <= Privilege.OEM:
            raise CompletionError(Cc.INVALID_DATA)
        limit = ctx.users.access(session.channel, session.user_id).limit
        if limit == Privilege.NO_ACCESS or level > limit:
            raise CompletionError(SetSessionPrivilegeLevel.LEVEL_NOT_AVAILABLE)
        if level > min(session.max_privilege, ctx.channels.access(session.channel).limit):
            raise CompletionError(SetSessionPrivilegeLevel.LEVEL_EXCEEDED)
        session.privilege = int(level)
    return _AT_LEVEL[session.privilege]


@handlers.handles(CloseSession)
async def close_session(ctx: Context, request: CloseSession) -> CloseSessionResponse:
    """§22.19: one's own at any level, another's as Administrator or over a local interface."""
    wanted, handle, session = request.session_id, request.session_handle, ctx.origin.session
    missing = CloseSession.INVALID_SESSION_ID
    # Nearly all close their own, which need not be looked for.
    if session is None or session.id != wanted:
        if wanted or handle is None:
            session = _find(ctx, lambda session: session.id == wanted)
        else:
            session = _find(ctx, lambda session: session.handle == handle)
            missing = CloseSession.INVALID_SESSION_HANDLE
    if session is None:
        raise CompletionError(missing)
    if session is ctx.origin.session:
        ctx.tables[session.channel].close(session, Reason.CLOSED, ctx.origin.request)
    elif ctx.origin.local or ctx.origin.privilege >= Privilege.ADMINISTRATOR:
        ctx.services.end_session(session, Reason.CLOSED)
    else:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    return _CLOSED


@handlers.handles(GetSessionInfo)
async def get_session_info(ctx: Context, request: GetSessionInfo) -> GetSessionInfoResponse:
    """§22.20: without such a session only the counts are told."""
    slots = min(sum(table.slots for table in ctx.tables.values()), _MOST)
    active = min(sum(len(table.sessions) for table in ctx.tables.values()), _MOST)
    session = _asked_for(ctx, request)
    if session is None:
        return GetSessionInfoResponse(session_handle=0, slots=slots, active_sessions=active)
    return GetSessionInfoResponse(
        session_handle=session.handle,
        slots=slots,
        active_sessions=active,
        user_id=session.user_id,
        privilege=Privilege(session.privilege),
        protocol=session.version,
        channel=session.channel,
        console=_console(ctx, session),
    )


def _asked_for(ctx: Context, request: GetSessionInfo) -> Session | None:
    index, selector = request.index, request.selector
    size = _SELECTOR_SIZES.get(index, 0)
    if len(selector) != size:
        raise CompletionError(Cc.INVALID_LENGTH)
    if index == SessionIndex.PRESENT:
        return ctx.origin.session
    wanted = int.from_bytes(selector, "little")
    if index == SessionIndex.BY_HANDLE:
        return _find(ctx, lambda session: session.handle == wanted)
    if index == SessionIndex.BY_ID:
        return _find(ctx, lambda session: session.id == wanted)
    if index > sum(table.slots for table in ctx.tables.values()):
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    return next(islice(_sessions(ctx), index - 1, None), None)


def _sessions(ctx: Context) -> Iterator[Session]:
    return chain.from_iterable(table.sessions.values() for table in ctx.tables.values())


def _find(ctx: Context, fits: Callable[[Session], bool]) -> Session | None:
    return next(filter(fits, _sessions(ctx)), None)


def _console(ctx: Context, session: Session) -> bytes:
    """Bytes 8:19, or 8:13; an IPv6 console has no place there and is shown as 0.0.0.0."""
    serial = ctx.services.serial
    if isinstance(session, SerialSession) and serial is not None:
        return SerialConsole(
            activity=serial.activity, destination=serial.destination, address=IPv4Address(0)
        ).encode()
    host, port = session.address[0], session.address[1]
    if serial is not None and session.channel == serial.spec.channel:
        return SerialConsole(
            activity=serial.activity, destination=serial.destination, address=IPv4Address(host), port=port
        ).encode()
    try:
        address = IPv4Address(host.removeprefix("::ffff:"))
    except AddressValueError:
        address = IPv4Address(0)
    return LanConsole(address=address, mac=_NO_MAC, port=port).encode()


@handlers.handles(GetAuthCode)
async def get_auth_code(ctx: Context, request: GetAuthCode) -> GetAuthCodeResponse:
    """§22.21: the BMC hashes 16 bytes with a user's password; for a straight password it compares."""
    ctx.channels.session_channel(ctx.channel(request.channel))
    user = ctx.users.get(request.user_id)
    if request.family == AuthCodeFamily.INTEGRITY_ALGORITHM and request.algorithm in _INTEGRITY:
        return GetAuthCodeResponse(auth_code=get_authcode_v20(request.algorithm, user.password, request.data))
    if request.family != AuthCodeFamily.IPMI_1_5 or user.size != KEY_SIZE:
        raise CompletionError(Cc.INVALID_DATA)
    if request.algorithm in (AuthType.MD2, AuthType.MD5):
        code = get_authcode(request.algorithm, user.password, request.data)
        return GetAuthCodeResponse(auth_code=code)
    if request.algorithm != AuthType.PASSWORD or not _is_password(user, request.data):
        raise CompletionError(Cc.INVALID_DATA)
    return GetAuthCodeResponse()


def _is_password(user: User, data: bytes) -> bool:
    return hmac.compare_digest(user.password.ljust(KEY_SIZE, b"\0"), data)
