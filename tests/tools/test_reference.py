"""The pages of docs/reference that are held to the code: commands, keys of a file, options of the lab."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from msgspec import inspect

from baseboard.bmc.configuration.layout import File
from baseboard.cli import commands as cli_commands
from baseboard.cli import lab
from baseboard.commands import commands
from tools import reference

LAB = reference.ROOT / "docs" / "reference" / "lab.md"


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [cells(line) for line in lines if not re.match(r"\|[- ]*-", line) and "| meaning |" not in line]


def test_the_page_of_commands_is_what_the_registry_and_the_handlers_say() -> None:
    assert reference.COMMANDS.read_text(encoding="utf-8") == reference.commands_page()


def test_the_page_of_the_personality_has_every_difference_with_its_reason() -> None:
    page = reference.PERSONALITY.read_text(encoding="utf-8")
    assert page == reference.personality_page(page)
    assert page.count("\n- ") > 3


def test_the_page_of_commands_has_every_command_of_the_registry_and_of_the_specification() -> None:
    found = [row for row in rows(reference.commands_page()) if row[0] != "number"]
    listed = {(number, name, section) for number, name, section, *_ in found}
    assert len(found) == len(listed) == len([*cli_commands.every(), *cli_commands.others()])
    for command in commands():
        group = "" if command.group is None else f" ({command.group:02X}h)"
        assert (f"{command.cmd:02X}h{group}", command.name, command.section) in listed
    assert ("01h", "Broadcast Get Device ID", "20.9") in listed


def test_the_page_tells_who_may_who_sends_and_how_many_tests_there_are() -> None:
    found = {row[1]: row[3:] for row in rows(reference.commands_page())}
    assert found["Get SEL Time UTC Offset"][:2] == ["user", "`sel utc-offset`"]
    assert found["Broadcast Get Device ID"][:2] == ["local interfaces only", "`message scan`"]
    assert found["Get Session Challenge"][:2] == [reference.FREE, "`-I lan`"]
    assert found["Get SDR"][1].endswith(" ...")
    tests = {one.command.name: len(one.command.tests) for one in cli_commands.every()}
    assert {name: int(row[2]) for name, row in found.items() if name in tests} == tests


def test_the_page_of_keys_is_what_files_are_checked_against() -> None:
    page = reference.KEYS.read_text(encoding="utf-8")
    assert reference.keys_page(page) == page


def test_every_table_of_a_file_has_its_heading_in_the_page_of_keys() -> None:
    page = reference.KEYS.read_text(encoding="utf-8")
    wanted = {f"## {heading}" for heading, _ in reference.tables(inspect.type_info(File))}
    assert wanted <= set(page.splitlines())


def test_every_key_has_its_meaning() -> None:
    page = reference.KEYS.read_text(encoding="utf-8")
    assert [row[0] for row in rows(page) if not row[3]] == []


def test_a_heading_without_a_table_gets_one_and_prose_and_meanings_stay() -> None:
    text = "# A\n\n## `[bmc.firewall]`\n\nProse.\n\n## Other\n\n| `lockable` | x |\n"
    made = reference.keys_page(text)
    row = "| `lockable` | true or false | `false` |"
    assert (
        f"## `[bmc.firewall]`\n\nProse.\n\n| key | holds | default | meaning |\n|---|---|---|---|\n{row}"
        in made
    )
    assert made.endswith("## Other\n\n| `lockable` | x |\n")
    explained = made.replace(f"{row}  |", f"{row} for tests |")
    assert "for tests" in explained
    assert reference.keys_page(explained) == explained


def test_what_a_key_holds_and_its_default_are_told_in_words() -> None:
    found = {row[0]: row[1:3] for row in map(cells, reference.key_rows(("bmc", 0, "lan"), {}))}
    assert found["`port`"] == ["a whole number from 0 to 65535", "`623`"]
    assert found["`suites`"] == [
        "a list of at most 16, each a whole number from 0 to 19 or a table",
        "`[3, 17]`",
    ]
    assert found["`address`"] == ["a string", '`"127.0.0.1"`']
    top = {row[0]: row[1:3] for row in map(cells, reference.key_rows(("bmc", 0), {}))}
    assert top["`strict`"] == ["true or false", "`false`"]
    assert top["`name`"][1] == "needed"
    assert top["`lan`"] == ["a table", ""]
    assert top["`user`"] == ["tables", ""]


def test_main_writes_both_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, listed = tmp_path / "keys.md", tmp_path / "commands.md"
    keys.write_text("## The top of the file\n\n", encoding="utf-8")
    monkeypatch.setattr(reference, "KEYS", keys)
    monkeypatch.setattr(reference, "COMMANDS", listed)
    assert reference.main() == 0
    assert "| `bmc` | tables | needed |" in keys.read_text(encoding="utf-8")
    assert listed.read_text(encoding="utf-8") == reference.commands_page()


def test_the_page_of_the_lab_has_its_options_and_their_defaults() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    lab.configure(parser)
    options = {option: action.default for action in parser._actions for option in action.option_strings}
    told = {
        row[0].strip("`").split()[0]: row[1]
        for row in rows(LAB.read_text(encoding="utf-8"))
        if "--" in row[0]
    }
    assert set(told) == set(options)
    for option, default in options.items():
        if default not in (None, False):
            assert told[option] == f"`{default}`", option
