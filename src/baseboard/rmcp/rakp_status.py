"""What the status codes of Open Session and RAKP messages mean for whoever logs in (Table 13-15)."""

from __future__ import annotations

from typing import Final

from baseboard.codes import RakpStatus
from baseboard.errors import (
    LoginError,
    NoSessionSlot,
    PasswordRefused,
    RoleRefused,
    SuiteRefused,
    UserRefused,
)

_KINDS: Final[dict[int, type[LoginError]]] = {
    RakpStatus.INSUFFICIENT_RESOURCES: NoSessionSlot,
    RakpStatus.INSUFFICIENT_RESOURCES_AT_ROLE: NoSessionSlot,
    RakpStatus.INVALID_PAYLOAD_TYPE: SuiteRefused,
    RakpStatus.INVALID_AUTHENTICATION_ALGORITHM: SuiteRefused,
    RakpStatus.INVALID_INTEGRITY_ALGORITHM: SuiteRefused,
    RakpStatus.INVALID_CONFIDENTIALITY_ALGORITHM: SuiteRefused,
    RakpStatus.NO_MATCHING_AUTHENTICATION_PAYLOAD: SuiteRefused,
    RakpStatus.NO_MATCHING_INTEGRITY_PAYLOAD: SuiteRefused,
    RakpStatus.NO_CIPHER_SUITE_MATCH: SuiteRefused,
    RakpStatus.INVALID_ROLE: RoleRefused,
    RakpStatus.UNAUTHORIZED_ROLE: RoleRefused,
    RakpStatus.INVALID_NAME_LENGTH: UserRefused,
    RakpStatus.UNAUTHORIZED_NAME: UserRefused,
    RakpStatus.INVALID_INTEGRITY_CHECK_VALUE: PasswordRefused,
}


def refusal(stage: str, status: int) -> LoginError:
    """Make the error for a status other than 00h.

    Codes that fit no class, reserved ones and leaked completion codes among them, stay a plain `LoginError`.
    BMCs disagree on the status of a suite that is switched off, so at stage "Open Session" every error may
    mean that another suite would be accepted.
    """
    return _KINDS.get(status, LoginError)(stage, status, RakpStatus(status).text)
