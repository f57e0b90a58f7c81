"""Every command of the specification, and who has it."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from baseboard.cli import program
from baseboard.cli.commands import every

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    path = ROOT / "tools" / "generate_command_rows.py"
    spec = importlib.util.spec_from_file_location("generate_command_rows", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_regeneration_equals_what_is_committed() -> None:
    tool = generator()
    assert tool.TARGET.read_text(encoding="utf-8") == tool.text()


def test_every_row_of_the_table_is_there() -> None:
    with (ROOT / "spec" / "tables" / "commands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(one.name, one.netfn, one.cmd) for one in every()] == [
        (row["name"], int(row["netfn"], 16), int(row["cmd"], 16)) for row in rows
    ]


def test_console_and_bmc_have_what_they_have() -> None:
    found = {one.name: one for one in every()}
    device = found["Get Device ID"]
    assert (device.console, device.bmc, device.mandatory, device.privilege) == (True, True, True, "user")
    assert not any(one.bmc and not one.console for one in found.values())


def test_words_choose_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["commands", "watchdog", "reset"]) == 0
    out = capsys.readouterr().out
    assert "06h/22h    Reset Watchdog Timer" in out
    assert "1 commands; the console has 1, the simulated BMC 1" in out
    assert program.main(["commands", "nonsense"]) == 1
    assert "no command of the specification has: nonsense" in capsys.readouterr().err


def test_json_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["commands", "--json", "dch"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {one["group"] for one in document["result"]} == {0xDC}
    assert document["command"] == "commands"
