"""Get System GUID (§22.14)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.system_guid import GetSystemGuid, GetSystemGuidResponse
from baseboard.errors import TruncatedError
from tests.commands.lengths import takes


def test_a_guid_has_16_bytes() -> None:
    assert GetSystemGuidResponse(guid=bytes(range(16))).encode() == bytes(range(16))
    with pytest.raises(TruncatedError):
        GetSystemGuidResponse.decode(bytes(15))


def test_it_is_asked_before_a_login_too() -> None:
    takes(GetSystemGuid, 0)
    assert GetSystemGuid.command.session_less
