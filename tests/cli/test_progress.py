"""How far a call with several hosts is."""

from __future__ import annotations

import io
import sys

import pytest

from baseboard.cli.progress import Progress
from tests.interop.terminal import terminal

BAR = """
from baseboard.cli.progress import Progress
with Progress(3) as progress:
    progress.advance(failed=False)
    progress.write("a line\\n")
    progress.advance(failed=True)
    input()
print("over")
"""


def test_without_a_terminal_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(2) as progress:
        progress.advance(failed=False)
        progress.write("out\n")
        progress.write("err\n", error=True)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("out\n", "err\n")


def test_on_a_terminal_the_bar_counts() -> None:
    with terminal([sys.executable, "-c", BAR], {"TERM": "xterm"}) as shown:
        shown.wait_for("a line")
        shown.wait_for("2/3")
        shown.wait_for("1 failed")
        shown.type("\n")
        shown.wait_for("over")
        assert shown.ended() == 0


def test_without_rich_there_is_no_bar() -> None:
    hidden = "import sys; sys.modules['rich.console'] = None\n"
    with terminal([sys.executable, "-c", hidden + BAR], {"TERM": "xterm"}) as shown:
        shown.wait_for("a line")
        shown.type("\n")
        shown.wait_for("over")
        assert shown.ended() == 0
    assert "2/3" not in shown.shown


def test_on_a_terminal_that_cannot_move_its_cursor_there_is_no_bar() -> None:
    with terminal([sys.executable, "-c", BAR], {"TERM": "dumb"}) as shown:
        shown.wait_for("a line")
        shown.type("\n")
        shown.wait_for("over")
        assert shown.ended() == 0
    assert shown.shown.startswith("a line")
    assert "2/3" not in shown.shown


def test_long_lines_are_written_as_they_are() -> None:
    long = BAR.replace("a line", "word " * 60 + "a line")
    with terminal([sys.executable, "-c", long], {"TERM": "xterm"}) as shown:
        shown.wait_for("word " * 60 + "a line")
        shown.type("\n")
        assert shown.ended() == 0


class Terminal(io.StringIO):
    """A stream that says that it is one."""

    def isatty(self) -> bool:
        return True


def screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal; capturing puts its own there before each test begins."""
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", stream)
    return stream


def test_the_bar_is_drawn_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stderr = screen(monkeypatch)
    with Progress(2) as progress:
        progress.advance(failed=False)
        progress.write("out\n")
        progress.write("err\n", error=True)
        progress.advance(failed=True)
    assert capsys.readouterr().out == "out\n"
    drawn = stderr.getvalue()
    assert "err\n" in drawn
    assert "2/2" in drawn
    assert "hosts, 1 failed" in drawn


def test_a_bar_that_nobody_wants_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = screen(monkeypatch)
    with Progress(2, shown=False) as progress:
        progress.advance(failed=True)
    assert not stderr.getvalue()


def test_without_rich_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = screen(monkeypatch)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with Progress(2) as progress:
        progress.advance(failed=False)
    assert not stderr.getvalue()
