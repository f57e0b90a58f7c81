"""The program: verbs, exit codes, what it prints where."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import types

import pytest

from baseboard import __version__
from baseboard.cli import program
from baseboard.errors import BaseboardError, ConfigurationError


class FakeVerb(types.ModuleType):
    """A verb's module that answers as it is told."""

    def __init__(self, result: int | BaseException) -> None:
        super().__init__("fake_verb")
        self.result = result

    def configure(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=3)

    def run(self, arguments: argparse.Namespace) -> int:
        print(f"count is {arguments.count}")
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> FakeVerb:
    fake = FakeVerb(0)
    monkeypatch.setitem(sys.modules, "fake_verb", fake)
    monkeypatch.setattr(program, "VERBS", {"fake": program.Verb("fake_verb", "does as it is told")})
    return fake


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--version"]) == 0
    assert capsys.readouterr().out == f"baseboard {__version__}\n"


def test_help_lists_every_verb_and_loads_none(capsys: pytest.CaptureFixture[str]) -> None:
    loaded = set(sys.modules)
    assert program.main(["--help"]) == 0
    text = capsys.readouterr().out
    for name, verb in program.VERBS.items():
        assert name in text
        assert verb.module not in set(sys.modules) - loaded
    for name in program.PERSONALITIES:
        assert name in text


def test_under_another_name_it_is_that_program(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = types.ModuleType("fake_personality")
    seen: list[list[str]] = []

    def be(words: list[str]) -> int:
        seen.append(words)
        return 7

    vars(fake)["main"] = be
    monkeypatch.setitem(sys.modules, "fake_personality", fake)
    monkeypatch.setattr(program, "PERSONALITIES", {"ipmitool": "fake_personality"})
    assert program.main(["mc", "info"], called="ipmitool") == 7
    assert program.main(["ipmitool", "-V"]) == 7
    monkeypatch.setattr(sys, "argv", ["/usr/bin/ipmitool", "sel", "list"])
    assert program.main() == 7
    assert seen == [["mc", "info"], ["-V"], ["sel", "list"]]


def test_bmc_is_ours_and_ipmitools(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["bmc", "--help"]) == 0
    assert "init" in capsys.readouterr().out
    assert program.main(["help", "bmc"]) == 0
    assert "mc info" in capsys.readouterr().out


def test_no_verb_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: baseboard" in captured.err


@pytest.mark.parametrize(
    "words", [["nonsense"], ["--nonsense"], ["fake", "--nonsense"], ["fake", "--count", "x"]]
)
def test_a_mistake_is_wrong_usage(
    words: list[str], verb: FakeVerb, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: baseboard" in captured.err


def test_a_verb_gets_its_arguments_and_gives_the_exit_code(
    verb: FakeVerb, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.result = 7
    assert program.main(["fake", "--count", "5"]) == 7
    assert capsys.readouterr().out == "count is 5\n"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BaseboardError("it did not work"), "baseboard: it did not work\n"),
        (
            ConfigurationError("a.toml", 3, "bmc.name", "is empty"),
            "baseboard: a.toml:3: bmc.name: is empty\n",
        ),
    ],
)
def test_an_error_is_one_line(
    error: BaseboardError, text: str, verb: FakeVerb, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.result = error
    assert program.main(["fake"]) == 1
    assert capsys.readouterr().err == text


def test_an_interrupt_is_quiet(verb: FakeVerb, capsys: pytest.CaptureFixture[str]) -> None:
    verb.result = KeyboardInterrupt()
    assert program.main(["fake"]) == 130
    assert capsys.readouterr().err == ""


TALKER = """
import sys, types
from baseboard.cli import program
verb = types.ModuleType("talker")
verb.configure = lambda parser: None
verb.run = lambda arguments: print("a line") or 0
sys.modules["talker"] = verb
program.VERBS["talker"] = program.Verb("talker", "says a line")
sys.exit(program.main(["talker"]))
"""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_left_is_no_traceback(unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", TALKER],
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_python_m_baseboard_is_the_program() -> None:
    command = [sys.executable, "-m", "baseboard", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"baseboard {__version__}\n", "")


def test_starting_imports_four_modules_and_no_library() -> None:
    """One command must not pay for what it does not use: see the import list, not a clock."""
    code = (
        "import sys; from baseboard.cli import main; main(['--version']); "
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = done.stderr.split()
    assert [name for name in loaded if name.partition(".")[0] == "baseboard"] == [
        "baseboard",
        "baseboard.cli",
        "baseboard.cli.program",
        "baseboard.errors",
    ]
    assert not {name.partition(".")[0] for name in loaded} & {
        "asyncio",
        "cryptography",
        "dataclasses",
        "inspect",
        "logging",
        "msgspec",
        "rich",
        "sqlite3",
        "tomlkit",
        "uvloop",
    }
