"""``channel`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "channel info",
    "channel info 1",
    "channel info 15",
    "channel info 0",
    "channel info 9",
    "channel authcap 1 4",
    "channel authcap 14 2",
    "channel getaccess 1 2",
    "channel getaccess 1",
    "channel getciphers ipmi 1",
    "-c channel getciphers ipmi 1",
    "channel getciphers sol 1",
    "channel nonsense",
]
WRITES = [
    "channel setaccess 1 4 callin=on ipmi=on link=on privilege=3",
    "channel getaccess 1 4",
    "channel setaccess 1 63 ipmi=on",
    "channel setaccess 1 4 nonsense",
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
