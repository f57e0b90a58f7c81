"""Statuses of the handshake as errors."""

from __future__ import annotations

import pytest

from baseboard.errors import (
    LoginError,
    NoSessionSlot,
    PasswordRefused,
    RoleRefused,
    SuiteRefused,
    UserRefused,
)
from baseboard.rmcp.rakp_status import refusal

EXPECTED: dict[type[LoginError], set[int]] = {
    NoSessionSlot: {0x01, 0x0B},
    SuiteRefused: {0x03, 0x04, 0x05, 0x06, 0x07, 0x10, 0x11},
    RoleRefused: {0x09, 0x0A},
    UserRefused: {0x0C, 0x0D},
    PasswordRefused: {0x0F},
}


@pytest.mark.parametrize("status", range(1, 256))
def test_every_status_has_a_class(status: int) -> None:
    error = refusal("RAKP 2", status)
    kinds = [kind for kind, statuses in EXPECTED.items() if status in statuses]
    assert type(error) is (kinds[0] if kinds else LoginError)
    assert (error.stage, error.status) == ("RAKP 2", status)


def test_text() -> None:
    assert str(refusal("RAKP 2", 0x0D)) == "RAKP 2: 0Dh Unauthorized name"
    assert str(refusal("Open Session", 0xC7)) == "Open Session: C7h reserved"
