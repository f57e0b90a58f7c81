"""Declared commands to and from bytes."""

from __future__ import annotations

import pytest

from baseboard.client.declared import heard, spoken
from baseboard.commands.app.sessions import SetSessionPrivilegeLevel
from baseboard.commands.app.users import GetUserName
from baseboard.commands.groups.dcmi import GetAssetTag
from baseboard.errors import CompletionError, DecodeError


def test_a_command_of_the_specification() -> None:
    request = GetUserName(user_id=2)
    assert spoken(request) == (0x06, 0x46, b"\x02")
    assert heard(request, b"\0admin".ljust(17, b"\0")).user_name == b"admin".ljust(16, b"\0")
    with pytest.raises(DecodeError):
        heard(request, b"\0adm")


def test_a_group_extension_begins_with_its_body_both_ways() -> None:
    request = GetAssetTag(offset=0, count=4)
    assert spoken(request) == (0x2C, 0x06, b"\xdc\x00\x04")
    assert heard(request, b"\0\xdc\x04rack").data == b"rack"


def test_a_refusal_in_the_words_of_the_command_or_of_all() -> None:
    request = SetSessionPrivilegeLevel(privilege=4)  # type: ignore[arg-type]  # as a number
    with pytest.raises(CompletionError, match="81h"):
        heard(request, b"\x81")
    with pytest.raises(CompletionError, match="C1h"):
        heard(request, b"\xc1")
