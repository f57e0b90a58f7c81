"""What every session sends: its privilege level, and its end (§22.18, §22.19)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import at


class SetSessionPrivilegeLevelResponse(Response):
    """The level that now holds (Table 22-22)."""

    privilege: Privilege = at("2[3:0]")


@command(NetFn.APP, 0x3B, section="22.18", privilege=Privilege.USER)
class SetSessionPrivilegeLevel(Request[SetSessionPrivilegeLevelResponse]):
    """Raise or lower the session's level, or ask for it."""

    LEVEL_NOT_AVAILABLE = CompletionCode(0x80, "requested level not available for this user")
    LEVEL_EXCEEDED = CompletionCode(0x81, "requested level exceeds channel or user privilege limit")
    CANNOT_DISABLE_USER_AUTH = CompletionCode(0x82, "cannot disable User Level authentication")

    privilege: Privilege = at("1[3:0]", "0 = no change, tell the present level")


class CloseSessionResponse(Response):
    """The session ends with this answer (Table 22-23)."""


@command(NetFn.APP, 0x3C, section="22.19", privilege=Privilege.CALLBACK)
class CloseSession(Request[CloseSessionResponse]):
    """End a session; at Administrator level another's too."""

    INVALID_SESSION_ID = CompletionCode(0x87, "invalid session ID in request")
    INVALID_SESSION_HANDLE = CompletionCode(0x88, "invalid session handle in request")

    session_id: int = at("1:4", "the BMC's; 0 = by handle", default=0)
    session_handle: int | None = at("5", "only with session ID 0", default=None)
