"""Our errors in FreeIPMI's words."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.outcomes import OK, outcome_of
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
    TransportError,
    Unreachable,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Unreachable("address", None, "no such name"), "invalid hostname"),
        (Unreachable("Open Session"), "connection timeout"),
        (Unreachable("Activate Session"), "password verification timeout"),
        (NotIpmi("Open Session"), "ipmi 2.0 unavailable"),
        (SuiteRefused("Open Session", 0x11), "cipher suite id unavailable"),
        (
            SuiteRefused("Get Session Challenge"),
            "authentication type unavailable for attempted privilege level",
        ),
        (RoleRefused("RAKP 2", 0x0A), "privilege level cannot be obtained for this user"),
        (NoSessionSlot("Open Session", 1), "BMC busy"),
        (LoginRefused("RAKP 2", RakpStatus.UNAUTHORIZED_NAME), "username invalid"),
        (LoginRefused("Get Session Challenge", 0x81), "username invalid"),
        (LoginRefused("RAKP 4", 0x0F), "password invalid"),
        (LoginError("somewhere"), "connection timeout"),
        (CompletionError(Cc.INSUFFICIENT_PRIVILEGE), "privilege level insufficient"),
        (CompletionError(Cc.NOT_SUPPORTED_IN_STATE), "operation invalid"),
        (CompletionError(Cc.NODE_BUSY), "BMC busy"),
        (CompletionError(Cc.UNSPECIFIED), "BMC error"),
        (NoResponse("late"), "session timeout"),
        (SessionClosed("gone"), "session timeout"),
        (EncodeError("too long"), "password length invalid"),
        (TransportError("broken"), "BMC error"),
    ],
)
def test_each_cause_has_its_words(error: BaseboardError, text: str) -> None:
    outcome = outcome_of(error)
    assert outcome.text == text
    assert not outcome.good


def test_who_is_absent() -> None:
    assert OK.good
    assert outcome_of(Unreachable("Open Session")).absent
    assert not outcome_of(LoginRefused("RAKP 4", 0x0F)).absent
