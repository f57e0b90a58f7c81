"""FreeIPMI's words for how it went with a host, made of our errors."""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.codes import Cc, RakpStatus
from baseboard.errors import (
    BaseboardError,
    CompletionError,
    EncodeError,
    LoginError,
    LoginRefused,
    NoResponse,
    NoSessionSlot,
    NotIpmi,
    RoleRefused,
    SessionClosed,
    SuiteRefused,
    Unreachable,
)

_GOOD: Final = frozenset({"on", "off", "ok"})
_ABSENT: Final = frozenset({"connection timeout", "not discovered", "invalid hostname"})


class Outcome(NamedTuple):
    """How it went with one host, in FreeIPMI's words."""

    text: str

    @property
    def good(self) -> bool:
        """Whether it is no error."""
        return self.text in _GOOD

    @property
    def absent(self) -> bool:
        """Whether nobody is there."""
        return self.text in _ABSENT


OK: Final = Outcome("ok")


def outcome_of(error: BaseboardError) -> Outcome:
    """FreeIPMI's words for an error."""
    match error:
        case LoginError():
            return Outcome(_login(error))
        case CompletionError(code=Cc.INSUFFICIENT_PRIVILEGE):
            return Outcome("privilege level insufficient")
        case CompletionError(code=Cc.INVALID_DATA | Cc.NOT_SUPPORTED_IN_STATE):
            return Outcome("operation invalid")
        case CompletionError(code=Cc.NODE_BUSY):
            return Outcome("BMC busy")
        case NoResponse() | SessionClosed():
            return Outcome("session timeout")
        case EncodeError():
            return Outcome("password length invalid")
        case _:
            return Outcome("BMC error")


def _login(error: LoginError) -> str:
    match error:
        case Unreachable(stage="address"):
            return "invalid hostname"
        case Unreachable(stage="Activate Session"):
            return "password verification timeout"
        case Unreachable():
            return "connection timeout"
        case NotIpmi():
            return "ipmi 2.0 unavailable"
        case SuiteRefused(stage="Open Session"):
            return "cipher suite id unavailable"
        case SuiteRefused():
            return "authentication type unavailable for attempted privilege level"
        case RoleRefused():
            return "privilege level cannot be obtained for this user"
        case NoSessionSlot():
            return "BMC busy"
        case LoginRefused(status=RakpStatus.UNAUTHORIZED_NAME):
            return "username invalid"
        case LoginRefused(stage="Get Session Challenge"):
            return "username invalid"
        case LoginRefused():
            return "password invalid"
        case _:
            return "connection timeout"
