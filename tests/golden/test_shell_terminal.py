"""``shell`` at a real terminal: both programs show the same, keep a history, and leave it as it was."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import peers
from tests.golden.side_by_side import OURS
from tests.interop.lab import Bmc
from tests.interop.terminal import Terminal, terminal

PROMPT = "ipmitool> "
CTRL_A, CTRL_C, CTRL_D, CTRL_E, UP = "\x01", "\x03", "\x04", "\x05", "\x1b[A"
# Readline tells some terminals that pasted text is to be marked, and moves the cursor back in its own ways.
CONTROL = re.compile(r"\x1b\[\?2004[hl]\r?|\r+")


def programs() -> list[list[str]]:
    return [[peers.require("ipmitool")], OURS]


@contextmanager
def shell(program: list[str], bmc: Bmc) -> Iterator[Terminal]:
    """A shell on a BMC, at its first prompt."""
    login = ["-I", "lanplus", "-C", "3", "-H", bmc.address, "-p", str(bmc.port), "-U", bmc.username, "-E"]
    environment = {"IPMITOOL_PASSWORD": bmc.password, "HOME": str(bmc.folder)}
    with terminal([*program, *login, "shell"], environment, controlling=True) as running:
        running.wait_for(PROMPT)
        yield running


def shown(running: Terminal) -> list[str]:
    # With marks for pasted text readline ends the line once more when the input ends.
    return CONTROL.sub("", running.shown).rstrip("\n").split("\n")


def typed(bmc: Bmc, *lines: str) -> tuple[list[str], int]:
    """What both programs show while lines are typed, each at a prompt; the last one ends the shell."""
    seen: list[tuple[list[str], int]] = []
    for program in programs():
        with shell(program, bmc) as running:
            for line in lines[:-1]:
                running.type(line)
                running.wait_for(PROMPT)
            running.type(lines[-1])
            code = running.ended()
            assert running.echoes
            seen.append((shown(running), code))
    assert seen[0] == seen[1]
    return seen[1]


@pytest.mark.parametrize("end", ["quit\r", "exit\r"])
def test_commands_quotes_and_wrong_words(end: str, rack: Bmc) -> None:
    lines, code = typed(
        rack,
        "power status\r",
        "echo 'a b' \"c d\" e\r",
        "foo\r",
        "raw 6 0x7f\r",
        "\r",
        "set csv\r",
        "-c power status\r",
        "?\r",
        end,
    )
    assert code == 0
    assert "a b c d e " in lines
    assert "Invalid command: foo" in lines


@pytest.mark.parametrize("last", ["power status\r", "raw 6 0x7f\r"])
def test_ctrl_d_ends_it(last: str, rack: Bmc) -> None:
    typed(rack, last, CTRL_D)


def test_lines_come_back_and_can_be_edited(rack: Bmc) -> None:
    for program in programs():
        with shell(program, rack) as running:
            running.type("power status\r")
            running.wait_for("Chassis Power is", PROMPT)
            running.wait_for(PROMPT)
            running.type(f"{UP}\r")
            running.wait_for("Chassis Power is")
            running.wait_for(PROMPT)
            running.type(f"statu{CTRL_A}power {CTRL_E}s\r")
            running.wait_for("Chassis Power is")
            running.wait_for(PROMPT)
            running.type("quit\r")
            assert running.ended() == 0


@pytest.mark.parametrize("begun", ["", "power sta"])
def test_ctrl_c_closes_the_session_and_leaves_the_terminal_alone(begun: str, rack: Bmc) -> None:
    for program in programs():
        with shell(program, rack) as running:
            if begun:
                running.type(begun)
                running.wait_for(begun)
            running.type(CTRL_C)
            assert running.ended() == 255
            assert running.echoes
            assert shown(running)[-1] == "SIGN INT: Close Interface IPMI v2.0 RMCP+ LAN Interface"


def test_it_needs_no_readline(rack: Bmc) -> None:
    hidden = (
        "import sys; sys.modules['readline'] = None; import baseboard.cli.program as p; sys.exit(p.main())"
    )
    with shell([sys.executable, "-P", "-c", hidden, "ipmitool"], rack) as running:
        running.type("power status\r")
        running.wait_for("Chassis Power is")
        running.wait_for(PROMPT)
        running.type("quit\r")
        assert running.ended() == 0
