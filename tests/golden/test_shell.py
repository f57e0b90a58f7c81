"""``exec``, ``shell``, ``set`` and ``echo`` beside ipmitool's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

# Every script ends by quit: ipmitool waits for ever at the end of what is piped into it.
SCRIPTS = [
    "power status\nquit\n",
    "power status\n\nraw 6 0x7f\nraw 6 1\nexit\n",
    "help\n?\nfoo\nquit\n",
    "set csv\nset verbose 0\nmc info\necho a  'b c' \"d e\"\nquit\n",
    "set\nset foo bar\nset port 99\nset targetaddr 0x20\nset csv x\nquit\n",
    'event "CPU1 Temp" list\nquit\n',
]

LINES = """\
# a comment
power status # another
  echo "hello  world" x 'a b'

foo
set csv
set verbose 0
set hostname h
set user u
set password p
set privlvl operator
set privlvl foo
set authtype md5
set authtype foo
set port 99
set port 99999
set localaddr 0x20
set localaddr foo
set targetaddr 0x20
set foo bar
set csv foo
set verbose foo
set help
set
set host
chassis status
raw 6 1
"""


@pytest.mark.parametrize("script", SCRIPTS)
def test_lines_piped_into_the_shell(script: str, rack: Bmc) -> None:
    side_by_side(rack, "shell", stdin=script)


def test_the_lines_of_a_file(rack: Bmc, tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text(LINES)
    side_by_side(rack, "exec", str(path))


def test_a_file_that_is_fine_succeeds(rack: Bmc, tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text("power status\nchassis policy list\n")
    assert side_by_side(rack, "exec", str(path)).code == 0


@pytest.mark.parametrize(
    "words", ["exec", "exec /nowhere/at/all", "set", "set csv", "echo", "echo a b", "foo", ""]
)
def test_single_words(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split())
