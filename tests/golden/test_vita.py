"""``vita`` beside ipmitool's: on a module in a VPX chassis, and on BMCs that are in none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.golden.beside import beside
from tests.golden.shelf import shelf_and_chassis
from tests.interop.lab import Bmc, Lab

# In this order: what one changes the next ones look at.
VERBS = [
    "vita",
    "vita help",
    "vita help activate",
    "vita help properties",
    "vita help bogus",
    "vita bogus",
    "vita policy",
    "vita properties",
    "vita addrinfo",
    "vita addrinfo 2",
    "vita addrinfo 9",
    "vita addrinfo x",
    "vita frucontrol",
    "vita frucontrol 0 3",
    "vita frucontrol 0 9",
    "vita frucontrol 0 x",
    "vita activate",
    "vita activate 1",
    "vita deactivate 1",
    "vita deactivate 9",
    "vita policy get",
    "vita policy get 1",
    "vita policy set 1",
    "vita policy set 1 15 10",
    "vita policy set 1 15 0",
    "vita led prop",
    "vita led prop 0",
    "vita led cap 0",
    "vita led cap 0 1",
    "vita led cap 0 9",
    "vita led get 0",
    "vita led get 0 1",
    "vita led set 0 1",
    "vita led set 0 1 255 0 2",
    "vita led set 0 1 251 127 2",
    "vita led set 0 1 252 0 15",
]
ELSEWHERE = ["vita properties", "vita addrinfo", "vita led get 0 0", "vita help"]


@pytest.fixture(scope="module")
def board() -> Iterator[Bmc]:
    """The one that says so."""
    with shelf_and_chassis() as running:
        yield running[1]


@pytest.mark.parametrize("words", VERBS)
def test_every_verb(board: Bmc, words: str) -> None:
    beside(board, *words.split())


@pytest.mark.parametrize("words", ELSEWHERE)
def test_where_there_is_none(golden_lab: Lab, words: str) -> None:
    for bmc in golden_lab:
        beside(bmc, *words.split())
