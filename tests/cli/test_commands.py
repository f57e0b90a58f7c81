"""Every command of the specification, and who has it."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

from baseboard.cli import program

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["generate_command_rows", "generate_command_tests"])
def test_regeneration_equals_what_is_committed(name: str) -> None:
    made = tool(name)
    assert made.TARGET.read_text(encoding="utf-8") == made.text()


def table() -> list[dict[str, str]]:
    with (ROOT / "spec" / "tables" / "commands.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert program.main(["commands", "--json", *words]) == 0
    return cast("list[dict[str, Any]]", json.loads(capsys.readouterr().out))


def test_every_row_of_the_table_is_there_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys)
    names = {"name": "name", "netfn": "netfn", "cmd": "cmd", "group_ext_id": "group_ext_id",
             "section": "spec_section"}  # fmt: skip
    assert [{ours: one[ours] for ours in names} for one in found] == [
        {ours: row[theirs] for ours, theirs in names.items()} for row in table()
    ]
    assert len(found) == 198


@pytest.mark.parametrize("what", ["bmc", "console", "tests"])
def test_every_row_is_in_the_bmc_in_the_console_and_shown_by_a_test(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not [one["name"] for one in printed(capsys) if not one[what]]


def test_what_no_source_confirms_is_not_called_verified(capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["name"]: one["verified"] for one in printed(capsys)}
    assert not [row["name"] for row in table() if row["privilege_verified"] == "no" and found[row["name"]]]
    assert found["Get Device ID"]


def test_a_test_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    named = {test for one in printed(capsys, "--all") for test in one["tests"]}
    for path in {test.partition("::")[0] for test in named}:
        text = (ROOT / path).read_text(encoding="utf-8")
        missing = [
            test for test in named
            if test.startswith(f"{path}::") and f"def {test.partition('::')[2]}(" not in text
        ]  # fmt: skip
        assert not missing


def test_those_of_other_documents_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    specified, everything = printed(capsys), printed(capsys, "--all")
    assert everything[: len(specified)] == specified
    others = everything[len(specified) :]
    assert not {(one["netfn"], one["cmd"], one["group_ext_id"]) for one in specified} & {
        (one["netfn"], one["cmd"], one["group_ext_id"]) for one in others
    }


def test_words_choose_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["commands", "watchdog", "reset"]) == 0
    out = capsys.readouterr().out
    assert "06h/22h    Reset Watchdog Timer" in out
    assert "1 commands; the console has 1, the simulated BMC 1" in out
    assert program.main(["commands", "nonsense"]) == 1
    assert "no command of the specification has: nonsense" in capsys.readouterr().err


def test_json_has_the_rows_with_all_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert {one["group_ext_id"] for one in printed(capsys, "dch")} == {"DC"}
    assert program.main(["commands", "--json", "nonsense"]) == 1
    assert json.loads(capsys.readouterr().out) == []
