"""``user`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "user list 1",
    "-c user list 1",
    "user summary 1",
    "-c user summary 1",
    "user summary",
    "user list 9",
    "user nonsense",
    "user test 2 20 wrong",
    "user test 63 20 wrong",
]
WRITES = [
    "user set name 4 golden",
    "user set password 4 secret12",
    "user priv 4 3 1",
    "user enable 4",
    "user list 1",
    "user test 4 16 secret12",
    "user test 4 20 secret12",
    "user disable 4",
    "user set name 99 x",
    "user set password 4 123456789012345678901",
]


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


@pytest.mark.parametrize("words", WRITES)
def test_changes(rack: Bmc, words: str) -> None:
    beside(rack, *words.split())
