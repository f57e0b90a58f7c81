"""Declaring a command registers it, and refuses what is no command."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from baseboard.codes import NetFn, Privilege
from baseboard.commands import (
    Command,
    CompletionCode,
    Interfaces,
    Request,
    Response,
    command,
    commands,
    declaration,
    lookup,
)
from baseboard.errors import DecodeError, LayoutError
from baseboard.wire import at


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands declared in a test are forgotten after it."""
    known: dict[Any, Command] = dict(vars(declaration)["_registry"])
    monkeypatch.setattr(declaration, "_registry", known)


class PingResponse(Response):
    echo: int = at("2")


def declare(**options: Any) -> type[Request[PingResponse]]:
    @command(NetFn.OEM_GROUP, 0x42, section="1.2", **options)
    class GetPohPing(Request[PingResponse]):
        """Ask for an echo."""

        TOO_LOUD = CompletionCode(0x80, "too loud")
        TOO_LOW = CompletionCode(0x81, "too low")

        echo: int = at("1", default=7)

    return GetPohPing


def test_a_declared_command_is_found_with_all_that_was_said() -> None:
    ping = declare(privilege=Privilege.OPERATOR, unverified="everything")
    known = lookup(NetFn.OEM_GROUP, 0x42)
    assert known is not None
    assert known is ping.command
    assert (known.netfn, known.cmd, known.group) == (NetFn.OEM_GROUP, 0x42, None)
    assert (known.name, known.section, known.unverified) == ("Get POH Ping", "1.2", "everything")
    assert (known.privilege, known.session_less, known.interfaces) == (
        Privilege.OPERATOR,
        False,
        Interfaces.ANY,
    )
    assert known.request is ping
    assert known.response is PingResponse
    assert [(int(code), code.text) for code in known.codes] == [(0x80, "too loud"), (0x81, "too low")]


def test_requests_count_from_1_and_responses_from_2() -> None:
    ping = declare()
    assert ping().encode() == b"\x07"
    assert PingResponse.decode(b"\x09").echo == 9


def test_a_request_has_no_surplus_bytes_a_response_may() -> None:
    with pytest.raises(DecodeError):
        declare().decode(b"\x01\x02")
    assert PingResponse.decode(b"\x01\x02") == PingResponse(echo=1)


def test_a_number_is_declared_once() -> None:
    declare()
    with pytest.raises(LayoutError, match="2Eh/42h is taken"):
        declare()


def test_groups_of_a_group_extension_number_are_apart() -> None:
    first, second = declare(group=0xDC), declare(group=0x00)
    assert lookup(NetFn.OEM_GROUP, 0x42, 0xDC) is first.command
    assert lookup(NetFn.OEM_GROUP, 0x42, 0x00) is second.command
    assert lookup(NetFn.OEM_GROUP, 0x42) is None


def test_a_request_names_its_response() -> None:
    with pytest.raises(LayoutError, match="declare it as a Request"):

        @command(NetFn.OEM_GROUP, 0x43, section="1.2")
        class Bare(Request):  # type: ignore[type-arg]  # what is tested
            """Asks for nothing."""


def test_a_name_of_its_own_is_kept() -> None:
    assert declare(name="Get-Ping").command.name == "Get-Ping"


def test_commands_are_sorted_by_number() -> None:
    numbers = [(known.netfn, known.cmd) for known in commands()]
    assert numbers == sorted(numbers)


def test_listing_imports_every_module() -> None:
    """In a process of its own, for here everything may be imported already."""
    code = (
        "from baseboard.commands import commands, lookup;"
        "before = lookup(0x0C, 0x22); count = len(commands());"
        "print(before is None, lookup(0x0C, 0x22) is not None, count > 100)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "True", "True"]
