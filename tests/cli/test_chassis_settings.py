"""Verbs of ``chassis`` that ipmitool has not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.simulated import Told

Program = Callable[..., Told]


def test_capabilities_are_read_and_told(program: Program) -> None:
    before = program("--json", "chassis", "capabilities").document["result"]
    assert (before["intrusion_sensor"], before["fru"], before["bridge"]) == (True, 0x20, 0x20)
    told = program("chassis", "capabilities", "set", "lockout=no", "sel=0x24")
    assert "sel       : 0x24\n" in told.out
    assert "lockout   : no\n" in told.out
    after = program("--json", "chassis", "capabilities", "set", "lockout=yes", "sel=0x20").document["result"]
    assert after == before


def test_the_obsolete_reset(program: Program) -> None:
    assert program("chassis", "reset").out == "Chassis Reset: done\n"


def test_buttons_are_disabled_and_enabled(program: Program) -> None:
    told = program("chassis", "buttons", "disable", "power", "diag")
    assert told.out == "power   : disabled\nreset   : enabled\ndiag    : disabled\nstandby : enabled\n"
    found = program("--json", "chassis", "buttons", "enable", "power", "diag").document["result"]
    assert found == [
        {"button": name, "may_be_disabled": True, "disabled": False}
        for name in ("power", "reset", "diag", "standby")
    ]


def test_the_interval(program: Program) -> None:
    assert program("--json", "chassis", "interval", "3").document["result"] == {"seconds": 3}


@pytest.mark.parametrize(
    "words",
    [
        "chassis capabilities get", "chassis capabilities set", "chassis capabilities set lockout=1",
        "chassis capabilities set moon=1", "chassis capabilities set sel=0x100", "chassis reset now",
        "chassis buttons disable", "chassis buttons disable volume", "chassis buttons press power",
        "chassis interval", "chassis interval 256", "chassis interval soon",
    ],
)  # fmt: skip
def test_wrong_words_are_told_and_nothing_is_sent(program: Program, words: str) -> None:
    assert program(*words.split()).code == 2
