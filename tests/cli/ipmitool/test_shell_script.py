"""``exec``: the lines of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.ipmitool.typed import Typed

POWER = {(0, 1): b"\x00\x01\x00\x00"}


Script = Callable[[str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Writes a script and gives its name."""

    def write(text: str) -> str:
        path = tmp_path / "script"
        path.write_text(text)
        return str(path)

    return write


async def test_lines_are_done_in_order(script: Script) -> None:
    name = script("# first\n\n  echo 'a b' c # end\npower status\r\necho last")
    command = Typed(POWER)
    assert await command("exec", name) == 0
    assert command.out == "a b c \nChassis Power is on\nlast \n"


async def test_one_failure_fails_all_but_stops_nothing(script: Script) -> None:
    name = script("power foo\necho on\n")
    command = Typed(POWER)
    assert await command("exec", name) == 1
    assert command.out == "on \n"
    assert command.err == "Invalid chassis power command: foo\n"


async def test_options_that_are_set_hold_for_what_follows(script: Script) -> None:
    name = script("set csv\nsession info active\n")
    command = Typed({(6, 0x3D): b"\x00\x00\x04\x00"})
    assert await command("exec", name) == 0
    assert command.out == "0,4,0\n"


async def test_without_a_file_the_usage_is_told() -> None:
    command = Typed()
    assert await command("exec") == 1
    assert command.err == "Usage: exec <filename>\n"


async def test_a_file_that_is_not_there_is_told() -> None:
    command = Typed()
    assert await command("exec", "/nowhere/at/all") == 1
    assert command.err == "File /nowhere/at/all does not exist\n"
