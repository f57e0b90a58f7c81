"""Characters to keys, keys to lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.backends.memory.keys import (
    DELETE,
    DOWN,
    END_OF_INPUT,
    ENTER,
    HISTORY_LIMIT,
    LEFT,
    LINE_LIMIT,
    RIGHT,
    TAB,
    UP,
    KeyDecoder,
    LineEditor,
)


def keys(data: bytes) -> list[str]:
    decoder = KeyDecoder()
    return [key for character in data if (key := decoder.key(character))]


class Typist:
    """An editor, and the line as a terminal would show it."""

    def __init__(self, echo: bool = True, history: list[str] | None = None) -> None:
        self.printed = ""
        self.editor = LineEditor(self.write, "> ", echo, history)
        self.decoder = KeyDecoder()
        self.lines: list[str] = []
        self.editor.begin()

    def write(self, text: str) -> None:
        self.printed += text

    def type(self, data: bytes) -> list[str]:
        for character in data:
            key = self.decoder.key(character)
            line = self.editor.key(key) if key else None
            if line is not None:
                self.lines.append(line)
                self.editor.begin()
        return self.lines

    @property
    def shown(self) -> str:
        """The last line of the screen."""
        row: list[str] = []
        column = 0
        for letter in self.printed.rpartition("\n")[2]:
            if letter == "\b":
                column -= 1
            else:
                row[column : column + 1] = [letter]
                column += 1
        return "".join(row).rstrip()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a", ["a"]),
        (b"\r", [ENTER]),
        (b"\n", [ENTER]),
        (b"\r\n", [ENTER, ENTER]),
        (b"\r\r", [ENTER, ENTER]),
        (b"\r\na\n", [ENTER, ENTER, "a", ENTER]),
        (b"\x03\x04\x15", ["^C", "^D", "^U"]),
        (b"\x08\x7f\t", ["backspace", "backspace", TAB]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D", [UP, DOWN, RIGHT, LEFT]),
        (b"\x1bOA\x1bOD", [UP, LEFT]),
        (b"\x1b[3~x", [DELETE, "x"]),
        (b"\x1b[15~x", ["x"]),
        (b"\x1b[12345678x", ["8", "x"]),
        (b"\x1bzx", ["x"]),
        (b"\xe9", ["\xe9"]),
    ],
)
def test_characters_become_keys(data: bytes, expected: list[str]) -> None:
    assert keys(data) == expected


@given(st.binary(max_size=300))
def test_any_characters_become_keys_that_the_editor_takes(data: bytes) -> None:
    typist = Typist()
    for line in typist.type(data):
        assert line == END_OF_INPUT or len(line) <= LINE_LIMIT


def test_a_line_is_echoed_and_given() -> None:
    typist = Typist()
    assert typist.type(b"ls -l\r") == ["ls -l"]
    assert typist.printed == "> ls -l\n> "


def test_backspace_wipes_out_the_last_character_and_not_the_prompt() -> None:
    typist = Typist()
    typist.type(b"abc\x7f\x7f")
    assert typist.shown == "> a"
    typist.type(b"\x08\x08\x08")
    assert typist.shown == ">"
    assert typist.type(b"x\r") == ["x"]


def test_kill_line_and_kill_word() -> None:
    typist = Typist()
    typist.type(b"one two three\x17")
    assert typist.shown == "> one two"
    typist.type(b"\x15")
    assert typist.shown == ">"
    assert typist.type(b"four\r") == ["four"]


def test_interrupt_gives_a_new_prompt() -> None:
    typist = Typist()
    assert typist.type(b"abc\x03d\r") == ["d"]
    assert typist.printed == "> abc^C\n> d\n> "


def test_end_of_input_only_on_an_empty_line() -> None:
    typist = Typist()
    assert typist.type(b"a\x04\x7f\x04") == [END_OF_INPUT]


def test_redraw() -> None:
    typist = Typist()
    typist.type(b"abc\x0c")
    assert typist.printed.endswith("\x1b[2J\x1b[H> abc")


def test_what_is_secret_is_never_shown() -> None:
    typist = Typist(echo=False)
    assert typist.type(b"pa\x7fass\x0cword\r") == ["password"]
    assert "a" not in typist.printed.replace("> ", "")


def test_what_is_secret_is_not_remembered() -> None:
    history: list[str] = []
    typist = Typist(echo=False, history=history)
    typist.type(b"secret\r\x1b[A\r")
    assert history == []
    assert typist.lines == ["secret", ""]


def test_lines_before_come_back() -> None:
    typist = Typist()
    typist.type(b"first\rsecond\rsecond\r  \r")
    assert typist.type(b"\x1b[A\x1b[A\r")[-1] == "first"
    typist.type(b"\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[B")
    assert typist.shown == "> second"
    typist.type(b"\x1b[B")
    assert typist.shown == "> first"
    typist.type(b"\x1b[B\x1b[B\x1b[B")
    assert typist.shown == ">"


def test_the_history_is_bounded() -> None:
    history: list[str] = []
    typist = Typist(history=history)
    for n in range(3 * HISTORY_LIMIT):
        typist.type(b"%d\r" % n)
    assert len(history) == HISTORY_LIMIT
    assert history[-1] == str(3 * HISTORY_LIMIT - 1)


def test_a_line_is_bounded_and_rings_the_bell() -> None:
    typist = Typist()
    typist.type(b"x" * (LINE_LIMIT + 5))
    assert typist.printed.endswith("x\a\a\a\a\a")
    assert typist.type(b"\r") == ["x" * LINE_LIMIT]


def test_a_prompt_can_change() -> None:
    typist = Typist()
    typist.editor.begin("# ")
    typist.type(b"a\x03")
    assert typist.printed == "> # a^C\n# "
