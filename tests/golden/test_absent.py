"""Nouns without commands of ours beside ipmitool's: what needs no controller is the same."""

from __future__ import annotations

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc, Lab

SAME = [
    "spd",
    "spd help",
    "spd 0",
    "gendev",
    "gendev help",
    "gendev list",
    "gendev foo",
    "gendev read",
    "gendev write a",
    "tsol",
    "tsol help",
    "isol",
    "isol help",
    "isol foo",
    "isol set",
    "isol set a b",
    "isol info",
    "isol activate",
]
# Of these ipmitool has commands; ours says that it has none, and fails.
MAKERS = ["nm", "sunoem", "kontronoem", "fwum", "delloem", "ekanalyzer", "ime"]


@pytest.mark.parametrize("words", SAME)
def test_words_without_a_controller(words: str, golden_lab: Lab) -> None:
    side_by_side(golden_lab[0], *words.split())
    if not words.startswith("tsol"):
        side_by_side(golden_lab[2], *words.split())


@pytest.mark.parametrize("words", [*MAKERS, *(f"{noun} help" for noun in MAKERS), "spd 0 0xa0"])
def test_makers_commands_are_honestly_not_here(words: str, rack: Bmc) -> None:
    done = side_by_side(rack, *words.split())
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{words.split()[0]}: Baseboard does not have these commands; `raw` sends any bytes\n"


def test_neither_is_tyans_console_over_lan(golden_lab: Lab) -> None:
    side_by_side(golden_lab.weak, "tsol", "help", interface="lan")
