"""``sensor watch``."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest

from tests.cli.simulated import Simulated, Told
from tests.interop.terminal import terminal

Program = Callable[..., Told]


def test_lines_tell_what_changed(program: Program) -> None:
    told = program("sensor", "watch", "Inlet Temp", "--count", "3", "--interval", "0.05")
    assert told.code == 0
    first, *rest = told.out.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  Inlet Temp        [\d.]+ degrees C +ok", first)
    assert len(rest) <= 2


def test_all_sensors_are_watched_if_none_is_named(program: Program) -> None:
    told = program("sensor", "watch", "--count", "1")
    assert len(told.out.splitlines()) > 10


def test_each_reading_is_a_document(program: Program) -> None:
    told = program("--json", "sensor", "watch", "Inlet Temp", "--count", "2", "--interval", "0.05")
    assert [one["result"]["name"] for one in told.documents] == ["Inlet Temp"] * 2


def test_the_time_given_ends_it(program: Program) -> None:
    assert program("--timeout", "1", "sensor", "watch", "Inlet Temp", "--interval", "0.05").code == 0


def test_a_name_that_is_not_there_is_told(program: Program) -> None:
    told = program("sensor", "watch", "nope", "--count", "1")
    assert told.code == 1
    assert "no sensor 'nope'" in told.err


def test_on_a_terminal_it_is_a_table_that_lives(bmc: Simulated) -> None:
    words = ["sensor", "watch", "Inlet Temp", "--count", "3", "--interval", "0.1"]
    command = [sys.executable, "-m", "baseboard", *bmc.login, *words]
    environment = {"IPMITOOL_PASSWORD": bmc.password, "TERM": "xterm", "COLUMNS": "120", "LINES": "30"}
    with terminal(command, environment) as shown:
        shown.wait_for("Ctrl-C ends")
        shown.wait_for("course")
        shown.wait_for("Inlet Temp")
        assert shown.ended() == 0
    assert shown.shown.count("Inlet Temp") >= 3


def test_without_rich_a_terminal_gets_lines(bmc: Simulated) -> None:
    code = "import sys; sys.modules['rich.live'] = None; from baseboard.cli import main; sys.exit(main())"
    words = ["sensor", "watch", "Inlet Temp", "--count", "1"]
    command = [sys.executable, "-c", code, *bmc.login, *words]
    with terminal(command, {"IPMITOOL_PASSWORD": bmc.password, "TERM": "xterm"}) as shown:
        shown.wait_for("Inlet Temp")
        assert shown.ended() == 0
    assert "course" not in shown.shown


class Screen(io.StringIO):
    """Standard output on a terminal."""

    def isatty(self) -> bool:
        return True


def test_in_this_process_the_table_has_a_row_for_each_sensor(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    for name, value in {"TERM": "xterm", "COLUMNS": "120", "LINES": "60"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", screen)
    words = ("sensor", "watch", "Inlet Temp", "PSU1 Status", "--count", "2", "--interval", "0.05")
    assert program(*words).code == 0
    for text in ("sensor", "reading", "status", "course", "Inlet Temp", "PSU1 Status", "Ctrl-C ends"):
        assert text in screen.getvalue()


def test_in_this_process_without_rich_there_are_lines(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setitem(sys.modules, "rich.live", None)
    assert program("sensor", "watch", "Inlet Temp", "--count", "1").code == 0
    assert re.fullmatch(r"\d\d:\d\d:\d\d  Inlet Temp .*\n", screen.getvalue())
