"""The words of a line; expected values are what ipmitool's `echo` prints for them."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.shell_words import split


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  \t ", []),
        ("power  status", ["power", "status"]),
        ("\tpower\tstatus\t", ["power", "status"]),
        ('event "CPU1 Temp" ucr', ["event", "CPU1 Temp", "ucr"]),
        ("event 'CPU1 Temp' ucr", ["event", "CPU1 Temp", "ucr"]),
        ('echo "it\'s" \'a "b"\'', ["echo", "it's", 'a "b"']),
        ('echo "" x', ["echo", "", "x"]),
        ('echo "open end', ["echo", "open end"]),
        ('echo "a b"c d', ["echo", "a b", "d"]),
        ('echo a"b c"d', ["echo", 'a"b c"d']),
        ("echo back\\slash ~", ["echo", "back\\slash", "~"]),
    ],
)
def test_quotes_hold_words_together(line: str, words: list[str]) -> None:
    assert split(line) == words
