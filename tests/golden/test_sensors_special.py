"""Sensors that follow a curve, share a record or sit on other LUNs, beside ipmitool's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc
from tests.interop.test_sensors_special import SPECIAL, serving

LINES = [
    ("sdr", "elist", "all"),
    ("sdr", "get", "Thermistor", "Bay", "Link", "Far Temp"),
    ("sdr", "entity", "26.1"),
    ("sdr", "info"),
    ("sensor", "list"),
    ("sensor", "get", "Thermistor", "Root", "Far Temp", "Near Power"),
    ("sensor", "reading", "Thermistor", "Root"),
    ("sensor", "thresh", "Far Temp", "ucr", "55"),
]


@pytest.fixture(scope="module")
def bmc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bmc]:
    with serving(tmp_path_factory.mktemp("special"), SPECIAL) as running:
        yield running


@pytest.mark.parametrize("options", [(), ("-c",), ("-v",)], ids=" ".join)
@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_what_is_out_of_the_ordinary(bmc: Bmc, words: tuple[str, ...], options: tuple[str, ...]) -> None:
    beside(bmc, *words, options=options)
