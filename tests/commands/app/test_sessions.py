"""Session commands: their short and long forms (§22.16-22.21)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.commands.app.sessions import (
    ActivateSession,
    GetAuthCode,
    GetSessionChallenge,
    GetSessionInfo,
    GetSessionInfoResponse,
    LanConsole,
    SerialActivity,
    SerialConsole,
    SessionIndex,
)
from baseboard.errors import EncodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetSessionChallenge, 17)
    takes(ActivateSession, 22)
    takes(GetAuthCode, 19)


def test_info_is_asked_in_four_ways() -> None:
    assert GetSessionInfo().encode() == b"\0"
    assert GetSessionInfo(index=3).encode() == b"\x03"
    assert GetSessionInfo(index=SessionIndex.BY_HANDLE, selector=b"\x07").encode() == b"\xfe\x07"
    assert GetSessionInfo(index=SessionIndex.BY_ID, selector=b"\x01\0\0\0").encode() == b"\xff\x01\0\0\0"


def test_without_a_session_there_are_only_the_counts() -> None:
    answer = GetSessionInfoResponse(session_handle=0, slots=4, active_sessions=0)
    assert answer.encode() == b"\0\x04\0"
    assert GetSessionInfoResponse.decode(b"\0\x04\0") == answer


def test_what_is_told_of_a_session_is_told_whole() -> None:
    with pytest.raises(EncodeError):
        GetSessionInfoResponse(session_handle=1, slots=4, active_sessions=1, user_id=2)


def test_a_lan_console_is_the_rest_of_the_answer() -> None:
    console = LanConsole(address=IPv4Address("192.0.2.7"), mac=b"\x52\x54\0\0\0\x01", port=33391)
    assert console.encode() == bytes.fromhex("c0000207 525400000001 6f82")
    assert LanConsole.decode(console.encode()) == console


def test_a_serial_console_has_a_port_only_with_ppp() -> None:
    direct = SerialConsole.decode(bytes.fromhex("00 03 00000000"))
    assert direct == SerialConsole(
        activity=SerialActivity.MESSAGING, destination=3, address=IPv4Address(0), port=None
    )
    assert SerialConsole.decode(bytes.fromhex("00 03 c0000207 6f02")).port == 623
