"""What every session sends (§22.18, §22.19)."""

from __future__ import annotations

from baseboard.codes import Privilege
from baseboard.commands.app.in_session import CloseSession, SetSessionPrivilegeLevel
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(SetSessionPrivilegeLevel, 1)
    takes(CloseSession, 4, 5)


def test_a_level_is_asked_for_by_its_number() -> None:
    assert SetSessionPrivilegeLevel(privilege=Privilege.OPERATOR).encode() == b"\x03"
    assert SetSessionPrivilegeLevel.decode(b"\xf4").privilege is Privilege.ADMINISTRATOR


def test_a_session_is_closed_by_id_or_by_handle() -> None:
    assert CloseSession(session_id=0x12345678).encode() == b"\x78\x56\x34\x12"
    assert CloseSession(session_handle=5).encode() == b"\0\0\0\0\x05"
