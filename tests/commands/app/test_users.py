"""User commands: optional bytes (§22.26-22.30)."""

from __future__ import annotations

import pytest

from baseboard.codes import Privilege
from baseboard.commands.app.users import (
    GetUserAccess,
    GetUserName,
    PasswordOperation,
    SetUserAccess,
    SetUserName,
    SetUserPassword,
)
from baseboard.errors import EncodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(SetUserAccess, 3, 4)
    takes(GetUserAccess, 2)
    takes(SetUserName, 17)
    takes(GetUserName, 1)
    takes(SetUserPassword, *range(2, 25))


def test_the_session_limit_may_be_left_as_it_is() -> None:
    access = SetUserAccess(channel=1, user_id=2, privilege_limit=Privilege.USER, messaging=True)
    assert access.encode() == b"\x91\x02\x02"
    assert access.replace(session_limit=0).encode() == b"\x91\x02\x02\x00"


@pytest.mark.parametrize("size", [0, 16, 20])
def test_a_password_is_absent_or_of_either_size(size: int) -> None:
    request = SetUserPassword(
        user_id=2, operation=PasswordOperation.SET_PASSWORD, twenty_bytes=size == 20, password=bytes(size)
    )
    assert SetUserPassword.decode(request.encode()) == request
    assert len(request.encode()) == 2 + size


@pytest.mark.parametrize("name", [b"", b"short", bytes(17)])
def test_a_name_has_16_bytes(name: bytes) -> None:
    with pytest.raises(EncodeError):
        SetUserName(user_id=2, user_name=name)
