"""What a message may not show of itself: passwords and keys, wherever one travels."""

from __future__ import annotations

import pytest

from baseboard.codes import AuthType, Privilege
from baseboard.commands.app.channels import (
    KeyId,
    KeyLock,
    KeyOperation,
    SetChannelSecurityKeys,
    SetChannelSecurityKeysResponse,
)
from baseboard.commands.app.sessions import ActivateSession
from baseboard.commands.app.users import PasswordOperation, SetUserPassword
from baseboard.commands.parameters.lan import CommunityString
from baseboard.commands.transport.lan import SetLanConfigurationParameters
from baseboard.wire import Message

SECRET = b"hidden-from-all-" + bytes(4)


@pytest.mark.parametrize(
    "message",
    [
        SetUserPassword(user_id=2, operation=PasswordOperation.SET_PASSWORD, password=SECRET),
        SetChannelSecurityKeys(operation=KeyOperation.SET, key_id=KeyId.K_G, key=SECRET),
        SetChannelSecurityKeysResponse(lock_status=KeyLock.UNLOCKED, key=SECRET),
        ActivateSession(
            auth_type=AuthType.PASSWORD, privilege=Privilege.USER, challenge=SECRET[:16], outbound_sequence=1
        ),
        SetLanConfigurationParameters(channel=1, parameter=CommunityString(community=SECRET[:18])),
    ],
    ids=lambda message: type(message).__name__,
)
def test_secrets_travel_unseen(message: Message) -> None:
    assert b"hidden" in message.encode()
    assert "hidden" not in repr(message)
    assert "bytes>" in repr(message)
