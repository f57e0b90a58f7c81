"""Logging in over a serial line, which has one session at a time (§14.4, §14.7, §22.17)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from baseboard.codes import AuthType, Privilege
from baseboard.commands.app.channels import GetChannelAuthenticationCapabilities
from baseboard.commands.app.sessions import (
    ActivateSession,
    GetSessionChallenge,
    SetSessionPrivilegeLevel,
)
from baseboard.commands.authentication import AuthTypes
from baseboard.crypto.authcode import KEY_SIZE, activation_code
from baseboard.errors import (
    CredentialTooLong,
    EncodeError,
    LoginError,
    LoginRefused,
    NoResponse,
    NoSessionSlot,
    RoleRefused,
    SuiteRefused,
    Unreachable,
)

if TYPE_CHECKING:
    from baseboard.client.settings import Settings
    from baseboard.commands.declaration import Request, Response

Ask: TypeAlias = Callable[[int, int, bytes], Awaitable[bytes]]
"""Sends netfn, command and data; gives completion code and response data."""

R = TypeVar("R", bound="Response")

LONGEST_NAME: Final = 16
_FIRST_SEQUENCE: Final = 1
_BEST: Final = (AuthType.MD5, AuthType.MD2, AuthType.PASSWORD, AuthType.NONE)
# These characters belong to the lines of Terminal Mode, or part its words.
_NOT_IN_WORDS: Final = frozenset(b" []\\") | frozenset(range(0x20)) | frozenset(range(0x7F, 0x100))

_REFUSALS: Final[dict[tuple[type[Request[Any]], int], type[LoginError]]] = {
    (GetSessionChallenge, GetSessionChallenge.INVALID_USER_NAME): LoginRefused,
    (GetSessionChallenge, GetSessionChallenge.NULL_USER_NOT_ENABLED): LoginRefused,
    (GetSessionChallenge, 0xCC): SuiteRefused,
    (ActivateSession, ActivateSession.NO_SESSION_SLOT): NoSessionSlot,
    (ActivateSession, ActivateSession.NO_SLOT_FOR_USER): NoSessionSlot,
    (ActivateSession, ActivateSession.NO_SLOT_FOR_PRIVILEGE): NoSessionSlot,
    (ActivateSession, ActivateSession.PRIVILEGE_EXCEEDED): RoleRefused,
    (ActivateSession, 0xCC): LoginRefused,
    (ActivateSession, 0xD4): LoginRefused,
    (SetSessionPrivilegeLevel, SetSessionPrivilegeLevel.LEVEL_NOT_AVAILABLE): RoleRefused,
    (SetSessionPrivilegeLevel, SetSessionPrivilegeLevel.LEVEL_EXCEEDED): RoleRefused,
}


def check_credentials(settings: Settings) -> None:
    """See that name and password fit before anything is sent.

    Raises:
        CredentialTooLong: they do not.
    """
    if len(settings.username) > LONGEST_NAME:
        raise CredentialTooLong(
            "user name", None, f"of {len(settings.username)} bytes, at most {LONGEST_NAME}"
        )
    if len(settings.password) > KEY_SIZE:
        raise CredentialTooLong("password", None, f"of {len(settings.password)} bytes, at most {KEY_SIZE}")


async def _execute(ask: Ask, request: Request[R]) -> R:
    """Send one request of a login; what refuses it is told by its class."""
    command = request.command
    try:
        answer = await ask(command.netfn, command.cmd, request.encode())
    except NoResponse as error:
        raise Unreachable(command.name, None, str(error)) from error
    if answer[0]:
        text = next((str(getattr(code, "text", "")) for code in command.codes if code == answer[0]), "")
        raise _REFUSALS.get((type(request), answer[0]), LoginError)(command.name, answer[0], text)
    response: Any = command.response.decode(answer[1:])
    return response  # type: ignore[no-any-return]  # the registry pairs each request with its response


async def log_in(ask: Ask, settings: Settings) -> tuple[int, int]:
    """Open the session of a Basic Mode line.

    The AuthCode travels in the place of the challenge, and later messages carry none (§22.17.1).

    Returns: the session's ID, and its level.

    Raises:
        LoginError: why not.
    """
    check_credentials(settings)
    auth_type = settings.auth_type
    if auth_type is None:
        wanted = GetChannelAuthenticationCapabilities(privilege=Privilege(settings.privilege))
        offered = (await _execute(ask, wanted)).auth_types
        auth_type = next((kind for kind in _BEST if AuthTypes(1 << kind) & offered), None)
        if auth_type is None:
            raise SuiteRefused(
                wanted.command.name, None, "the line offers no authentication type that is known"
            )
    name = settings.username.ljust(LONGEST_NAME, b"\0")
    challenge = await _execute(ask, GetSessionChallenge(auth_type=AuthType(auth_type), user_name=name))
    code = activation_code(auth_type, settings.password, challenge.session_id, challenge.challenge)
    active = await _execute(
        ask,
        ActivateSession(
            auth_type=AuthType(auth_type),
            privilege=Privilege(settings.privilege),
            challenge=code.ljust(KEY_SIZE, b"\0"),
            outbound_sequence=_FIRST_SEQUENCE,
        ),
    )
    return active.session_id, await raise_privilege(ask, settings)


async def raise_privilege(ask: Ask, settings: Settings) -> int:
    """Have the session work at the level that the settings name.

    A session for calling back stays as it began: the command itself wants the level User.

    Returns: the level.

    Raises:
        LoginError: it may not.
    """
    if settings.privilege <= Privilege.CALLBACK:
        return int(Privilege.CALLBACK)
    request = SetSessionPrivilegeLevel(privilege=Privilege(settings.privilege))
    return int((await _execute(ask, request)).privilege)


def password_line(settings: Settings) -> bytes:
    """The text command that logs in over a Terminal Mode line.

    Raises:
        LoginError: name or password have characters that the line cannot carry.
    """
    check_credentials(settings)
    for word in (settings.username, settings.password):
        if _NOT_IN_WORDS & set(word):
            raise EncodeError("Terminal Mode takes no name or password with spaces, brackets or beyond ASCII")
    who = b"-U " + settings.username if settings.username else b"-N"
    return b"SYS PWD " + who + (b" " + settings.password if settings.password else b"")


LOG_OUT: Final = b"SYS PWD -X"


def read_verdict(content: bytes) -> None:
    """Take the answer to a text command.

    Raises:
        LoginRefused: it was refused.
    """
    words = content.upper().split()
    if words[:1] == [b"OK"]:
        return
    status = int(words[1], 16) if len(words) > 1 and len(words[1]) == 2 and words[1].isalnum() else None
    raise LoginRefused("SYS PWD", status, "the controller did not take name and password")
