"""The table about other BMCs on the bus: what it may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.neighbors_layout import Neighbor
from tests.bmc.configuration.files import HERE, ONE, assert_mistake


def test_defaults() -> None:
    one = Neighbor(bmcs=["blade-1"])
    assert (one.prefix, one.sensors) == ("", None)


@pytest.mark.parametrize(
    "line",
    [
        "bmcs = []",
        'bmcs = "blade-1"',
        'prefix = "1234567890123"',
        'sensors = ["longer than a name"]',
        "sensors = 1",
    ],
)
def test_neighbors_that_cannot_be(tmp_path: Path, line: str) -> None:
    bmcs = "" if line.startswith("bmcs") else 'bmcs = ["one"]\n'
    key = f"bmc[0].neighbor[0].{line.split()[0]}"
    wrong = f"{key}[0]" if "longer" in line else key
    assert_mistake(tmp_path, f"{ONE}[[bmc.neighbor]]\n{bmcs}{line} {HERE}\n", wrong)
