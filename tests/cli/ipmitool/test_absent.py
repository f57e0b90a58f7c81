"""Nouns without commands of ours."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.absent import NOT_HERE
from baseboard.cli.ipmitool.main import NOUNS
from tests.cli.ipmitool.typed import Typed

SAID = {
    "spd": (0, "usage: spd <i2cbus> "),
    "spd 0 0xa0": (1, NOT_HERE.format("spd")),
    "gendev": (0, "Rx gendev command: (null)\nSDR Commands:  list read write\n"),
    "gendev help": (0, "Rx gendev command: help\nSDR Commands:  list read write\n"),
    "gendev read": (0, "Rx gendev command: read\nusage: gendev read <gendev> <filename>\n"),
    "gendev write a b": (1, f"Rx gendev command: write\n{NOT_HERE.format('gendev')}\n"),
    "gendev foo": (1, "Rx gendev command: foo\nInvalid gendev command: foo\n"),
    "gendev list": (1, "Rx gendev command: list\nGet Device ID command failed"),
    "tsol": (1, "Error: Tyan SOL is only available over lan interface\n"),
    "isol": (0, "ISOL Commands: info\n"),
    "isol foo": (1, "ISOL Commands: info\n"),
    "isol set": (1, "\nISOL set parameters and values: \n"),
    "isol activate": (1, "IPMI v1.5 Serial Over Lan (ISOL) not supported!\n"),
}


@pytest.mark.parametrize("words", SAID)
async def test_what_is_said(words: str) -> None:
    command = Typed()
    code, err = SAID[words]
    assert await command(*words.split()) == code
    assert command.err.startswith(err)
    assert not command.out


async def test_tyans_console_over_lan_is_not_here() -> None:
    command = Typed(interface="lan")
    assert await command("tsol") == 1
    assert command.err == NOT_HERE.format("tsol") + "\n"


@pytest.mark.parametrize(
    "noun", [noun for noun in NOUNS if not NOUNS[noun] and noun not in {"spd", "gendev", "tsol", "isol"}]
)
async def test_makers_commands_are_not_here(noun: str) -> None:
    command = Typed()
    assert await command(noun, "help") == 1
    assert command.err == NOT_HERE.format(noun) + "\n"
    assert not command.asked
