"""Channel commands (§22.13-22.25)."""

from __future__ import annotations

import pytest

from baseboard.codes import Privilege
from baseboard.commands.app.channels import (
    Change,
    GetChannelAccess,
    GetChannelAuthenticationCapabilities,
    GetChannelAuthenticationCapabilitiesResponse,
    GetChannelCipherSuites,
    GetChannelCipherSuitesResponse,
    GetChannelInfo,
    KeyId,
    KeyOperation,
    SetChannelAccess,
    SetChannelSecurityKeys,
)
from baseboard.commands.authentication import AuthTypes
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetChannelAuthenticationCapabilities, 2)
    takes(GetChannelCipherSuites, 3)
    takes(SetChannelAccess, 3)
    takes(GetChannelAccess, 2)
    takes(GetChannelInfo, 1)
    takes(SetChannelSecurityKeys, *range(3, 25))


def test_an_answer_in_the_v15_form_has_8_bytes_and_no_v20_bits() -> None:
    """§22.13: consoles of v1.5 look at the bits that were reserved then."""
    answer = GetChannelAuthenticationCapabilitiesResponse(
        channel=1,
        has_extended=False,
        auth_types=AuthTypes.MD5 | AuthTypes.NONE,
        per_message_auth_disabled=False,
        user_auth_disabled=False,
        non_null_users=True,
        null_users=False,
        anonymous_login=False,
    )
    assert answer.encode() == bytes((1, 0x05, 0x04, 0, 0, 0, 0, 0))


@pytest.mark.parametrize("count", [0, 1, 15, 16])
def test_the_last_piece_of_the_list_of_suites_is_short(count: int) -> None:
    assert len(GetChannelCipherSuitesResponse.decode(b"\x01" + bytes(count)).data) == count


def test_access_can_be_set_without_the_limit() -> None:
    change = SetChannelAccess(channel=1, change_access=Change.VOLATILE, change_limit=Change.DONT_CHANGE)
    assert change.encode() == b"\x01\x80\x00"
    assert SetChannelAccess.decode(b"\x01\x80\x00").privilege_limit == Privilege.NONE


def test_a_key_is_read_without_key_bytes() -> None:
    read = SetChannelSecurityKeys(channel=1, operation=KeyOperation.READ, key_id=KeyId.K_G)
    assert read.encode() == b"\x01\x00\x01"
