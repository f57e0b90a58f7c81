"""Tables for people."""

from __future__ import annotations

import sys

import pytest

from baseboard.cli import tables

HEADS, ROWS = ("name", "port"), [("rack-1", "6230"), ("[b]", "-")]


def test_columns_are_aligned() -> None:
    assert tables.plain(HEADS, ROWS) == "NAME    PORT\nrack-1  6230\n[b]     -"


def test_what_is_no_terminal_gets_columns(capsys: pytest.CaptureFixture[str]) -> None:
    tables.show(HEADS, ROWS)
    assert capsys.readouterr().out == "NAME    PORT\nrack-1  6230\n[b]     -\n"


def test_a_terminal_gets_a_drawn_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    tables.show(HEADS, ROWS)
    out = capsys.readouterr().out
    assert "─" in out
    assert "[b]" in out, "text, no markup"
    assert [word in out for word in ("rack-1", "6230")] == [True, True]


def test_a_terminal_that_is_too_narrow_gets_columns_that_can_be_copied(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "9")
    tables.show(HEADS, ROWS)
    assert capsys.readouterr().out == "NAME    PORT\nrack-1  6230\n[b]     -\n"


def test_a_terminal_that_is_too_narrow_gets_columns_so_that_no_cell_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "12")
    tables.show(HEADS, [("rack-1", "a-password-to-copy")])
    assert capsys.readouterr().out == "NAME    PORT\nrack-1  a-password-to-copy\n"


def test_without_rich_a_terminal_gets_columns_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    tables.show(HEADS, ROWS)
    assert capsys.readouterr().out.startswith("NAME    PORT\n")
