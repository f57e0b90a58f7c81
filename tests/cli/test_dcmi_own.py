"""Verbs of ``dcmi`` that ipmitool has not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.simulated import Told

Program = Callable[..., Told]


def test_every_capability(program: Program) -> None:
    found = program("--json", "dcmi", "capabilities").document["result"]
    assert (found["power_management"], found["in_band"], found["sel_entries"]) == (True, True, 1024)
    assert (found["primary_lan"], found["secondary_lan"], found["power_controller"]) == (1, None, 0x20)
    assert found["periods"][-1] == "1 h"
    told = program("dcmi", "capabilities").out
    assert "Secondary LAN        : none\n" in told
    assert "15 min" in told


def test_the_power_limit_in_one_go(program: Program) -> None:
    told = program("dcmi", "power", "limit", "400", "action=log", "correction=5000", "sample=30", "on")
    assert (
        told.out
        == "Power limit : 400 W, active\nAction      : log after 5000 ms above it\nStatistics  : over 30 s\n"
    )
    found = program("--json", "dcmi", "power", "limit", "off").document["result"]
    assert found == {
        "active": False, "watts": 400, "action": "log", "correction_ms": 5000, "statistics_seconds": 30,
    }  # fmt: skip
    assert "not active" in program("dcmi", "power", "limit").out


def test_a_limit_that_cannot_be(program: Program) -> None:
    told = program("dcmi", "power", "limit", "5")
    assert told.code == 1
    assert "power limit out of range" in told.err


@pytest.mark.parametrize(
    "words",
    [
        "dcmi capabilities all",
        "dcmi power limit low",
        "dcmi power limit action=burn",
        "dcmi power limit correction=soon",
        "dcmi power limit 70000",
    ],
)
def test_wrong_words_are_told_and_nothing_is_sent(program: Program, words: str) -> None:
    assert program(*words.split()).code == 2
