"""Boards are of one kind each."""

from __future__ import annotations

from itertools import combinations

from baseboard.cli.ipmitool import supermicro_boards as boards


def test_no_board_is_of_two_kinds() -> None:
    kinds = (boards.ROMLEY, boards.X9, boards.BRICKLAND, boards.X10_QUAD, boards.X10_OCTO)
    assert all(not one & two for one, two in combinations(kinds, 2))
    assert 0x0841 in boards.ROMLEY
    assert 0xA111 in boards.OLD
