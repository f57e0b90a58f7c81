"""``dcmi`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "dcmi discover",
    "dcmi power reading",
    "dcmi power get_limit",
    "dcmi sensors",
    "dcmi asset_tag",
    "dcmi get_mc_id_string",
    "dcmi thermalpolicy get 0x40 1",
    "dcmi get_temp_reading",
    "dcmi get_conf_param",
    "dcmi oob_discover",
    "dcmi nonsense",
]


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())
