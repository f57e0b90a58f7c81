"""Colours."""

from __future__ import annotations

import re

from baseboard.cli.color import error, paint

TABLE = """\
CPU1 Temp        | 52.5       | degrees C  | ok    | na        | 5.0
CPU1 Temp        | 30h | ok  |  3.1 | 52 degrees C
Fan | 0x00 | ns
PSU | 61h | ucr
a note that is ok | not ok here
"""


def test_states_have_colours_and_nothing_else_changes() -> None:
    painted = paint(TABLE)
    assert re.sub(r"\x1b\[\d+m", "", painted) == TABLE
    assert painted.count("\x1b[32mok\x1b[0m") == 2
    assert "\x1b[31mucr\x1b[0m" in painted
    assert "\x1b[2mns\x1b[0m" in painted
    assert painted.splitlines()[-1] == TABLE.splitlines()[-1]


def test_an_error_is_red() -> None:
    assert error("it failed") == "\x1b[31mit failed\x1b[0m"
