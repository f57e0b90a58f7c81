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
}


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
DECLARED = [pytest.param(command, id=command.request.__name__) for command in commands()]


def row(command: Command) -> dict[str, str]:
    return ROWS[command.netfn, command.cmd, command.group]


def test_the_table_was_read() -> None:
    assert len(ROWS) == 197
    assert len(DECLARED) > 100


@pytest.mark.parametrize("command", DECLARED)
def test_name_and_section(command: Command) -> None:
    assert command.name == row(command)["name"]
    assert command.section == row(command)["spec_section"]


@pytest.mark.parametrize("command", DECLARED)
def test_privilege(command: Command) -> None:
    assert command.privilege == LEVELS.get(row(command)["privilege"], Privilege.NONE)


@pytest.mark.parametrize("command", DECLARED)
def test_interfaces(command: Command) -> None:
    assert command.interfaces == INTERFACES.get(row(command)["privilege"], Interfaces.ANY)


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


def test_an_unknown_number_finds_nothing() -> None:
    assert lookup(NetFn.APP, 0xFF) is None
