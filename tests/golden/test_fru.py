"""``fru`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "fru",
    "fru print",
    "-v fru",
    "fru print 0",
    "-v fru print 0",
    "fru print 1",
    "fru print 77",
    "fru internaluse 0 info",
    "fru internaluse 0 print",
    "fru nonsense",
]
WRITES = [
    "fru edit 0 field p 0 Maker",
    "fru edit 0 field p 0 Another_maker",
    "fru edit 0 field b 9 x",
    "fru print 0",
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
