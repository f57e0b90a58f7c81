"""``sol`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "sol info 1",
    "-c sol info 1",
    "sol info",
    "sol info 9",
    "sol payload status 1 2",
    "sol deactivate",
    "sol nonsense",
]
WRITES = [
    "sol set enabled true 1",
    "sol set retry-count 5 1",
    "sol set retry-interval 20 1",
    "sol set character-accumulate-level 10 1",
    "sol set character-send-threshold 64 1",
    "sol set privilege-level operator 1",
    "sol set force-encryption true 1",
    "sol set volatile-bit-rate 57.6 1",
    "sol info 1",
    "sol payload enable 1 4",
    "sol payload disable 1 4",
    "sol looptest 2 0",
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
