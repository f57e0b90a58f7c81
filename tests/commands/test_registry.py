"""What each command is declared as holds against the table of commands."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from baseboard.codes import NetFn, Privilege
from baseboard.commands import Command, Interfaces, commands, lookup

TABLE = Path(__file__).resolve().parents[2] / "spec" / "tables" / "commands.csv"

LEVELS = {
    "callback": Privilege.CALLBACK,
    "user": Privilege.USER,
    "operator": Privilege.OPERATOR,
    "admin": Privilege.ADMINISTRATOR,
}
INTERFACES = {
    "system_interface_only": Interfaces.SYSTEM_INTERFACE_ONLY,
    "local_interface_only": Interfaces.LOCAL_INTERFACE_ONLY,
    "bmc_generated": Interfaces.BMC_GENERATED,
    # Forwarded Command, which controllers send each other: no session may.
    "not confirmed": Interfaces.LOCAL_INTERFACE_ONLY,
}
UNCONFIRMED = " (not confirmed)"


def rows() -> dict[tuple[int, int, int | None], dict[str, str]]:
    """The table's rows by number; Broadcast Get Device ID has Get Device ID's."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (
                int(row["netfn"], 16),
                int(row["cmd"], 16),
                int(group, 16) if (group := row["group_ext_id"]) else None,
            ): row
            for row in csv.DictReader(file)
            if row["name"] != "Broadcast Get Device ID"
        }


ROWS = rows()
OTHER_DOCUMENTS = (0x00, 0x03)
"""Defining bodies of PICMG and VITA, whose commands no table of the IPMI specification has."""

DECLARED = [
    pytest.param(command, id=command.request.__name__)
    for command in commands()
    if command.group not in OTHER_DOCUMENTS
]


def row(command: Command) -> dict[str, str]:
    return ROWS[command.netfn, command.cmd, command.group]


def test_the_table_was_read() -> None:
    assert len(ROWS) == 197


def test_every_row_is_declared_once_and_nothing_else_under_its_numbers() -> None:
    """198 rows: Broadcast Get Device ID is a form of Get Device ID."""
    declared = [
        (command.netfn, command.cmd, command.group)
        for command in commands()
        if command.group not in OTHER_DOCUMENTS
    ]
    assert len(declared) == len(ROWS)
    assert set(declared) == set(ROWS)


@pytest.mark.parametrize("command", DECLARED)
def test_name_and_section(command: Command) -> None:
    assert command.name == row(command)["name"]
    assert command.section == row(command)["spec_section"]


@pytest.mark.parametrize("command", DECLARED)
def test_privilege(command: Command) -> None:
    written = row(command)["privilege"].removesuffix(UNCONFIRMED)
    assert command.privilege == LEVELS.get(written, Privilege.NONE)


@pytest.mark.parametrize("command", DECLARED)
def test_interfaces(command: Command) -> None:
    written = row(command)["privilege"].removesuffix(UNCONFIRMED)
    assert command.interfaces == INTERFACES.get(written, Interfaces.ANY)


@pytest.mark.parametrize("command", DECLARED)
def test_session_less(command: Command) -> None:
    assert command.session_less == (row(command)["before_session"] == "yes")
    if row(command)["privilege"] == "unprotected":
        assert command.session_less


@pytest.mark.parametrize("command", DECLARED)
def test_completion_codes(command: Command) -> None:
    written = [int(code, 16) for code in re.findall(r"\b([0-9A-F]{2})h ", row(command)["completion_codes"])]
    assert [int(code) for code in command.codes] == written
    assert all(code.text and code.name.startswith(command.request.__name__) for code in command.codes)


@pytest.mark.parametrize("command", DECLARED)
def test_a_command_is_found_by_its_number_and_named_by_its_class(command: Command) -> None:
    assert lookup(command.netfn, command.cmd, command.group) is command
    assert command.request.command is command
    assert command.response.__name__ == f"{command.request.__name__}Response"
    assert command.request.__doc__


OTHERS = [
    pytest.param(command, id=command.request.__name__)
    for command in commands()
    if command.group in OTHER_DOCUMENTS
]


@pytest.mark.parametrize("command", OTHERS)
def test_a_command_of_another_document_says_which_and_that_its_levels_are_not_confirmed(
    command: Command,
) -> None:
    assert re.match(r"(HPM\.1 3\.\d|PICMG 3\.0 |AMC\.0 |VITA 46\.11 )", command.section)
    assert "privilege" in command.unverified
    assert command.privilege in LEVELS.values()
    assert lookup(command.netfn, command.cmd, command.group) is command
    assert command.response.__name__ == f"{command.request.__name__}Response"


def test_an_unknown_number_finds_nothing() -> None:
    assert lookup(NetFn.APP, 0xFF) is None
