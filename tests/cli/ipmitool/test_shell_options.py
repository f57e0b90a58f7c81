"""``set``: what it changes and what it says; the texts are ipmitool's."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("hostname", "h"), "Set session hostname to h\n"),
        (("host", "h"), "Set session hostname to h\n"),
        (("username", "u"), "Set session username to u\n"),
        (("user", "u"), "Set session username to u\n"),
        (("password", "p"), "Set session password\n"),
        (("pass", "p"), "Set session password\n"),
        (("privlvl", "operator"), "Set session privilege level to OPERATOR\n"),
        (("authtype", "md5"), "Set session authtype to MD5\n"),
        (("port", "99"), "Set session port to 99\n"),
        (("localaddr", "0x24"), "Set local IPMB address to 0x24\n"),
        (("targetaddr", "130"), "Set remote IPMB address to 0x82\n"),
        (("csv",), ""),
        (("csv", "0"), ""),
        (("verbose",), ""),
        (("verbose", "2"), ""),
    ],
)
async def test_an_option_is_set(words: tuple[str, ...], out: str) -> None:
    command = Typed()
    assert await command("set", *words) == 0
    assert (command.out, command.err) == (out, "")


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("privlvl", "foo"), "Invalid privilege level: foo\n"),
        (("authtype", "foo"), "Invalid authtype: foo\n"),
        (("port", "99999"), "Given port '99999' is invalid.\n"),
        (("localaddr", "foo"), "Given localaddr 'foo' is invalid.\n"),
        (("targetaddr", "300"), "Given targetaddr '300' is invalid.\n"),
        (("csv", "foo"), "Given csv 'foo' argument is invalid.\n"),
        (("verbose", "foo"), "Given verbose 'foo' argument is invalid.\n"),
    ],
)
async def test_a_wrong_value_is_told(words: tuple[str, ...], err: str) -> None:
    command = Typed()
    assert await command("set", *words) == 1
    assert (command.out, command.err) == ("", err)


@pytest.mark.parametrize("words", [(), ("help",), ("foo", "bar"), ("hostname",), ("targetaddr",)])
async def test_without_option_and_value_the_usage_is_told(words: tuple[str, ...]) -> None:
    command = Typed()
    assert await command("set", *words) == 1
    assert command.err.startswith("Usage: set <option> <value>\n\nOptions are:\n    hostname <host> ")


async def test_output_changes_for_the_commands_that_follow() -> None:
    command = Typed(verbose=1)
    await command("set", "csv")
    await command("set", "verbose")
    assert (command.call.csv, command.call.verbose) == (True, 2)
    await command("set", "csv", "no")
    await command("set", "verbose", "no")
    assert (command.call.csv, command.call.verbose) == (False, 0)


async def test_another_controller_answers_what_follows() -> None:
    command = Typed()
    await command.call.bmc()
    await command("set", "targetaddr", "0x82")
    assert command.bmc.settings.target.address == 0x82
    assert command.call.options.settings.target.address == 0x82


async def test_what_has_no_session_has_no_host() -> None:
    command = Typed(interface="open")
    assert await command("set", "hostname", "h") == 1
    assert await command("set", "privlvl", "user") == 1
    assert command.err == "Failed to set session hostname.\nFailed to set session privilege level.\n"
