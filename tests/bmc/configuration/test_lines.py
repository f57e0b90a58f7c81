"""Lines of keys, however the file is written."""

from __future__ import annotations

import tomllib

import pytest

from baseboard.bmc.configuration.lines import Step, line_of

TEXT = '''\
# a comment
store = "x"
[[bmc]]
name = "one" # a comment
suites = [
  3,
  17, # a comment
  { suite = 0 }]
lan.port = 4
text = """
several
lines
"""
[bmc.host] # a comment
powered = true
[[bmc.user]]
id = 2
[[bmc.user]]
"quoted key" = { a = 1, b = 2 }
[bmc.only.headers]
x = 1
[[bmc]]
name = "two"
user = [{ id = 2 },
        { id = 3 }]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("store",), 2),
        (("bmc",), 3),
        (("bmc", 0), 3),
        (("bmc", 0, "name"), 4),
        (("bmc", 0, "suites"), 5),
        (("bmc", 0, "suites", 0), 6),
        (("bmc", 0, "suites", 1), 7),
        (("bmc", 0, "suites", 2, "suite"), 8),
        (("bmc", 0, "lan"), 9),
        (("bmc", 0, "lan", "port"), 9),
        (("bmc", 0, "text"), 10),
        (("bmc", 0, "host"), 14),
        (("bmc", 0, "host", "powered"), 15),
        (("bmc", 0, "user"), 16),
        (("bmc", 0, "user", 0, "id"), 17),
        (("bmc", 0, "user", 1), 18),
        (("bmc", 0, "user", 1, "quoted key", "b"), 19),
        (("bmc", 0, "only"), 20),
        (("bmc", 0, "only", "headers", "x"), 21),
        (("bmc", 1), 22),
        (("bmc", 1, "user", 1, "id"), 25),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_key_is_where_it_is_written(path: tuple[Step, ...], line: int, end: str) -> None:
    assert line_of(TEXT.replace("\n", end), path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("bmc", 0, "host", "missing"), 14),
        (("bmc", 0, "missing", "missing"), 3),
        (("bmc", 0, "user", 7), 16),
        (("bmc", 0, "name", 0), 4),
        (("bmc", "name"), 3),
        (("missing",), None),
        ((), None),
    ],
)
def test_a_key_that_is_missing_belongs_to_its_table(path: tuple[Step, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line


APART = """\
top = 1
[[a]]
n = 1
[[a.s]]
x = 1
y = [
  1,
]
[a.l]
text = '''
[a.l]
'''
[[a.s]]

# a comment
x = 2
y = [
  2,
]
z = 3
[[a]]
n = 2
[[a.s]]
x = 4
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("a", 0), 2),
        (("a", 0, "n"), 3),
        (("a", 0, "s", 0), 4),
        (("a", 0, "s", 0, "x"), 5),
        (("a", 0, "s", 0, "y"), 6),
        (("a", 0, "l"), 9),
        (("a", 0, "l", "text"), 10),
        (("a", 0, "s", 1), 13),
        (("a", 0, "s", 1, "x"), 16),
        (("a", 0, "s", 1, "y"), 17),
        (("a", 0, "s", 1, "z"), 20),
        (("a", 1, "n"), 22),
        (("a", 1, "s", 0, "x"), 24),
    ],
)
def test_tables_of_an_array_may_be_apart(path: tuple[Step, ...], line: int) -> None:
    assert tomllib.loads(APART)["a"][0]["s"][1]["z"] == 3
    assert line_of(APART, path) == line
