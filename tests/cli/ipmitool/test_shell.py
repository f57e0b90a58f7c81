"""``shell``: lines that are typed or piped in."""

from __future__ import annotations

import builtins
import io
from collections.abc import Iterator

import pytest

from baseboard.cli.ipmitool import shell, usage
from tests.cli.ipmitool.typed import Typed

POWER = {(0, 1): b"\x00\x01\x00\x00"}


class Terminal(io.StringIO):
    """Standard input that somebody types at."""

    def isatty(self) -> bool:
        return True


async def piped(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Typed, int]:
    command = Typed(POWER)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return command, await command("shell")


async def test_lines_that_are_piped_in_are_repeated_as_readline_does(monkeypatch: pytest.MonkeyPatch) -> None:
    command, code = await piped("power status\n\nquit\nmc info\n", monkeypatch)
    assert code == 0
    assert command.out == "ipmitool> power status\nChassis Power is on\nipmitool> \nipmitool> quit\n"


async def test_at_the_end_the_last_commands_code_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    command, code = await piped("power foo\n", monkeypatch)
    assert code == 1
    assert command.out == "ipmitool> power foo\nipmitool> \n\n"
    assert command.err == "Invalid chassis power command: foo\n"


@pytest.mark.parametrize("word", ["quit", "exit"])
async def test_who_leaves_leaves_well(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = await piped(f"power foo\n{word}\n", monkeypatch)
    assert code == 0


@pytest.mark.parametrize("word", ["help", "?"])
async def test_help_lists_the_nouns(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command, _ = await piped(f"{word}\nquit\n", monkeypatch)
    assert command.err == usage.COMMANDS


async def test_on_a_terminal_lines_are_typed_at_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[str] = []
    lines: Iterator[str] = iter(("power status", "echo ' x '"))

    def typed(prompt: str) -> str:
        prompts.append(prompt)
        line = next(lines, None)
        if line is None:
            raise EOFError
        return line

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(builtins, "input", typed)
    monkeypatch.setattr("termios.tcgetattr", lambda terminal: ["as it was"])
    kept: list[object] = []
    monkeypatch.setattr("termios.tcsetattr", lambda terminal, when, attributes: kept.append(attributes))
    command = Typed(POWER)
    assert await command("shell") == 0
    assert kept == [["as it was"]]
    assert prompts == ["ipmitool> "] * 3
    assert command.out == "Chassis Power is on\n x  \n\n"


async def test_a_terminal_that_fails_ends_the_shell() -> None:
    def fail() -> str | None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await shell.converse(Typed().call, fail)
