#!/usr/bin/env python3
"""Write src/baseboard/cli/command_tests.json: which conformance tests show what a command does.

It is made of the marks ``@exercises(GetDeviceId)`` in tests/conformance, which the tests' run
holds to what was answered in them. Run it after a change of a mark; a test compares what it would write with
what is committed. The tests are not part of an installed Baseboard, and `baseboard commands --json` lists
them.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from baseboard.commands import commands

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "conformance"
TARGET = ROOT / "src" / "baseboard" / "cli" / "command_tests.json"
OEM_NETFN = 0x2E


def marks(path: Path) -> Iterator[tuple[str, str]]:
    """Names of commands in a file's marks, each with the id of the test that has it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    named = {
        target.id: node.value
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            mark = named.get(decorator.id) if isinstance(decorator, ast.Name) else decorator
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "exercises":
                for argument in mark.args:
                    name = argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
                    yield str(name), f"{path.relative_to(ROOT)}::{node.name}"


def found() -> dict[str, list[str]]:
    """Ids of tests by command: ``netfn/cmd/group``, or the name of a row that shares its number."""
    keys: dict[str, str] = {}
    for known in commands():
        digits = 6 if known.netfn == OEM_NETFN else 2
        group = "" if known.group is None else f"{known.group:0{digits}X}"
        keys[known.request.__name__] = f"{known.netfn:02X}/{known.cmd:02X}/{group}"
    tests: dict[str, set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for name, test in marks(path):
            tests.setdefault(name if " " in name else keys[name.rpartition(".")[2]], set()).add(test)
    return {key: sorted(names) for key, names in sorted(tests.items())}


def text() -> str:
    """The file."""
    return json.dumps(found(), indent=0) + "\n"


def main() -> int:
    """Write the file if it differs."""
    if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text():
        TARGET.write_text(text(), encoding="utf-8")
        print(f"wrote {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
