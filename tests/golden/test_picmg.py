"""``picmg`` beside ipmitool's: on a board in a shelf, and on BMCs that are in none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.golden.beside import beside
from tests.golden.shelf import shelf_and_chassis
from tests.interop.lab import Bmc, Lab

# In this order: what one changes the next ones look at.
VERBS = [
    "picmg",
    "picmg help",
    "picmg bogus",
    "picmg properties",
    "picmg addrinfo",
    "picmg addrinfo 1",
    "picmg addrinfo 9",
    "picmg addrinfo x",
    "picmg frucontrol",
    "picmg frucontrol 0 7",
    "picmg frucontrol 0 3",
    "picmg frucontrol 9 3",
    "picmg activate",
    "picmg deactivate",
    "picmg activate 1",
    "picmg activate 9",
    "picmg deactivate 1",
    "picmg policy",
    "picmg policy x",
    "picmg policy get",
    "picmg policy get 1",
    "picmg policy set",
    "picmg policy set 1 3 2",
    "picmg policy set 1 9 2",
    "picmg policy set 1 3 9",
    "picmg policy set 1 3 0",
    "picmg portstate",
    "picmg portstate get",
    "picmg portstate getall",
    "picmg portstate get 0 1",
    "picmg portstate get 1 2",
    "picmg portstate get 1 9",
    "picmg portstate get x 9",
    "picmg portstate get 1 x",
    "picmg portstate set",
    "picmg portstate set 0 1 1 1 0 0 1",
    "picmg portstate set 0 1 1 1 99 0 1",
    "picmg portstate set 0 1 1 1 0 0 5",
    "picmg portstate set 0 1 1 7 0 0 1",
    "picmg amcportstate",
    "picmg amcportstate get",
    "picmg amcportstate get 4",
    "picmg amcportstate get 4 0",
    "picmg amcportstate get 4 3",
    "picmg amcportstate get 9",
    "picmg amcportstate set 4 1 5 0 0 1",
    "picmg amcportstate set 4 1 5 0 0 1 0",
    "picmg amcportstate set 4 1",
    "picmg led",
    "picmg led x",
    "picmg led prop",
    "picmg led prop 0",
    "picmg led prop 7",
    "picmg led cap",
    "picmg led cap 0 1",
    "picmg led cap 0 9",
    "picmg led get 0",
    "picmg led get 0 0",
    "picmg led get 0 1",
    "picmg led set 0 1",
    "picmg led set 0 1 255 0 2",
    "picmg led set 0 1 20 10 4",
    "picmg led set 0 1 251 127 2",
    "picmg led set 0 1 255 9 2",
    "picmg led set 0 1 253 9 2",
    "picmg led set 0 1 255 9 8",
    "picmg led set 0 1 255 x 2",
    "picmg led set 0 1 251 200 2",
    "picmg led set 0 x 251 200 2",
    "picmg led set 0 1 252 0 15",
    "picmg power",
    "picmg power get",
    "picmg power get 0 0",
    "picmg power get 1 1",
    "picmg power get 1 4",
    "picmg power set",
    "picmg power set 1 2 0",
    "picmg power get 1 0",
    "picmg power set 1 99 0",
    "picmg power set 1 2 3",
    "picmg power set 1 12 0",
    "picmg clk",
    "picmg clk get",
    "picmg clk get 1",
    "picmg clk get 1 0",
    "picmg clk get 1 2",
    "picmg clk get 9",
    "picmg clk getall",
    "picmg clk set",
    "picmg clk set 1 0 12 1 10 8000",
    "picmg clk set 1 0 12 1 10 8000 0",
    "picmg clk get 1 65",
    "picmg clk set x 0 12 1 10 8000 0",
    "picmg clk set 1 0 12 1 10 x 0",
    "picmg busres",
    "picmg busres x",
    "picmg busres summary",
]
ELSEWHERE = ["picmg properties", "picmg addrinfo", "picmg led get 0 0", "picmg help"]


@pytest.fixture(scope="module")
def board() -> Iterator[Bmc]:
    """The one that says so."""
    with shelf_and_chassis() as running:
        yield running[0]


@pytest.mark.parametrize("words", VERBS)
def test_every_verb(board: Bmc, words: str) -> None:
    beside(board, *words.split())


@pytest.mark.parametrize("words", ELSEWHERE)
def test_where_there_is_none(golden_lab: Lab, words: str) -> None:
    for bmc in golden_lab:
        beside(bmc, *words.split())
