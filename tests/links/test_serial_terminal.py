"""Terminal Mode in both roles: lines, editing, echo, continuation, handshakes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.serial_terminal import (
    LINE,
    NEWLINES,
    Phase,
    Seen,
    TerminalConsole,
    TerminalController,
    TerminalMode,
    TerminalSettings,
)

QUIET = {"editing": False, "echo": False}


def controller(longest: int = 900, **settings: Any) -> TerminalController:
    return TerminalController(TerminalSettings(**settings), longest)


def typed(text: bytes, **settings: Any) -> tuple[list[bytes], bytes, int]:
    """What a controller makes of typed characters: lines, what it shows, what it dropped."""
    end = controller(**settings)
    end.receive(text, 0.0)
    return end.events(), b"".join(end.outgoing()), end.dropped


@pytest.mark.parametrize("end", [TerminalConsole, TerminalController])
def test_every_pair_of_phase_and_character_has_a_row(end: type[TerminalMode]) -> None:
    """Only between brackets is there ever too much; a console's line is over with its bracket."""
    phases = set(Phase) if end is TerminalController else set(Phase) - {Phase.CLOSED}
    impossible = {(phase, Seen.TOO_MUCH) for phase in (Phase.BROKEN_OFF, Phase.CLOSED)}
    wanted = set(itertools.product(phases, Seen)) - impossible
    assert set(end.TABLE) == wanted


printable = st.binary(max_size=200).map(
    lambda raw: bytes(0x20 + byte % 0x5F for byte in raw).translate(None, b"[]\\")
)


@given(
    lines=st.lists(printable, max_size=4),
    settings=st.fixed_dictionaries(
        {
            "editing": st.booleans(),
            "echo": st.booleans(),
            "handshake": st.booleans(),
            "output_newline": st.sampled_from(sorted(NEWLINES)),
        }
    ),
)
def test_what_one_end_sends_the_other_takes(lines: list[bytes], settings: dict[str, Any]) -> None:
    """And the answers come back, between echoes and handshakes."""
    console, end = TerminalConsole(), controller(**settings)
    for line in lines:
        console.send(line, 0.0)
        for out in console.outgoing():
            end.receive(out, 0.0)
        assert end.events() == [line]
        end.send(b"1C 00 22 00")
        for out in end.outgoing():
            console.receive(out, 0.0)
        # An echoed backslash and newline are a continuation to the console as well.
        assert console.events()[-1] == b"1C 00 22 00"
    assert (console.dropped, end.dropped) == (0, 0)


def test_a_line_ends_with_its_newline() -> None:
    end = controller(**QUIET)
    end.receive(b"noise[18 00 22]", 0.0)
    assert end.events() == []
    assert end.phase is Phase.CLOSED
    end.receive(b"\r\n", 0.0)
    assert end.events() == [b"18 00 22"]
    assert end.events() == []


def test_an_input_newline_may_be_a_zero() -> None:
    assert typed(b"[a]\0[b]\r[c]\0", **QUIET, input_newline=2)[0] == [b"a", b"c"]


@pytest.mark.parametrize(
    ("text", "lines", "shown", "dropped"),
    [
        pytest.param(b"x[ab]\r", [b"ab"], b"x[ab]\r\n", 0, id="what is typed is shown"),
        pytest.param(b"[ax\x08b]\r", [b"ab"], b"[ax\b \bb]\r\n", 0, id="backspace"),
        pytest.param(b"[\x7fab]\r", [b"ab"], b"[ab]\r\n", 0, id="nothing to take back"),
        pytest.param(b"[ab]\x08c]\r", [b"abc"], b"[ab]\b \bc]\r\n", 0, id="back behind the bracket"),
        pytest.param(b"[a\\\x7fb]\r", [b"ab"], b"[a\\\b \bb]\r\n", 0, id="back behind a backslash"),
        pytest.param(b"[ab\x1b[c]\r", [b"c"], b"[ab\r\n[c]\r\n", 1, id="escape"),
        pytest.param(b"[ab]\x1b[c]\r", [b"c"], b"[ab]\r\n[c]\r\n", 1, id="escape behind the bracket"),
        pytest.param(b"[ab\\\x1b[c]\r", [b"c"], b"[ab\\\r\n[c]\r\n", 1, id="escape behind a backslash"),
        pytest.param(b"[a\\\rb]\r", [b"ab"], b"[a\\\r\nb]\r\n", 0, id="a line that goes on"),
        pytest.param(b"\r\x08\x1b[a]\r", [b"a"], b"\r\n[a]\r\n", 0, id="nothing outside"),
    ],
)
def test_lines_are_edited(text: bytes, lines: list[bytes], shown: bytes, dropped: int) -> None:
    assert typed(text) == (lines, shown, dropped)


def test_what_is_taken_back_is_wiped_out_as_the_settings_say() -> None:
    assert typed(b"[ab\x08]\r", erase=False) == ([b"a"], b"[ab\x7f]\r\n", 0)
    assert typed(b"[ab\x08\x1b", echo=False) == ([], b"", 1)
    assert typed(b"[ab\x08]\r", editing=False, echo=True) == ([], b"[ab]\r\n", 1)
    assert typed(b"[ab\x1b[c]\r", editing=False, echo=True) == ([b"c"], b"[ab[c]\r\n", 1)


@pytest.mark.parametrize(
    ("text", "lines", "dropped"),
    [
        pytest.param(b"[a[b]\r", [b"b"], 1, id="a bracket inside begins another"),
        pytest.param(b"[a\\[b]\r", [b"b"], 1, id="also behind a backslash"),
        pytest.param(b"[a][b]\r", [b"b"], 1, id="also before the newline"),
        pytest.param(b"[a\rb]\r[c]\r", [b"c"], 1, id="a newline between the brackets"),
        pytest.param(b"[a\tb]\r[c]\r", [b"c"], 1, id="an illegal character"),
        pytest.param(b"[a\\\tb]\r[c]\r", [b"c"], 1, id="behind a backslash"),
        pytest.param(b"[a]\t\r[c]\r", [b"c"], 1, id="behind the bracket"),
        pytest.param(b"[a\\b]\r[c]\r", [b"c"], 1, id="a backslash that is none"),
        pytest.param(b"[a\\\\b]\r[c]\r", [b"c"], 1, id="two of them"),
        pytest.param(b"[a\\]\r[c]\r", [b"c"], 1, id="a bracket behind a backslash"),
        pytest.param(b"[a]]\r[c]\r", [b"c"], 1, id="two brackets"),
        pytest.param(b"[a]b\r[c]\r", [b"c"], 1, id="text behind the bracket"),
        pytest.param(b"[a]\\\r[c]\r", [b"c"], 1, id="a backslash behind the bracket"),
        pytest.param(b"a]\\\t\xff\r[c]\r", [b"c"], 0, id="anything outside"),
    ],
)
def test_a_broken_line_is_dropped_and_the_next_one_taken(
    text: bytes, lines: list[bytes], dropped: int
) -> None:
    assert typed(text, **QUIET) == (lines, b"", dropped)


def test_too_long_a_line_is_dropped() -> None:
    end = controller(4, **QUIET)
    end.receive(b"[abcd]\r[abcde]\r[f]\r", 0.0)
    assert (end.events(), end.dropped) == ([b"abcd", b"f"], 1)
    console = TerminalConsole(4)
    console.receive(b"[abcde][f]", 0.0)
    assert (console.events(), console.dropped) == ([b"f"], 1)


@pytest.mark.parametrize(("number", "newline"), NEWLINES.items())
def test_answers_end_as_the_settings_say(number: int, newline: bytes) -> None:
    end = controller(output_newline=number, handshake=True)
    end.send(b"OK")
    assert end.outgoing() == [b"[OK]" + newline, b"[SYS]" + newline]
    assert end.outgoing() == []
    assert end.deadline() is None
    end.expire(9.0)


def test_a_controller_is_as_the_specification_wants_it_by_default() -> None:
    assert TerminalController().settings == TerminalSettings(
        editing=True, erase=True, echo=True, handshake=False, output_newline=1, input_newline=1
    )


@pytest.mark.parametrize(
    ("text", "lines", "dropped"),
    [
        pytest.param(b"login: [1C 00 22 00]\r\n", [b"1C 00 22 00"], 0, id="a line"),
        pytest.param(b"[1C 00 \\\r\n22 00]", [b"1C 00 22 00"], 0, id="that goes on"),
        pytest.param(b"[1C 00 22 00\\]", [b"1C 00 22 00"], 0, id="a backslash before the bracket"),
        pytest.param(b"[a\\\\b]", [b"ab"], 0, id="backslashes"),
        pytest.param(b"[OK\r\nHealth:OK]", [b"OK\r\nHealth:OK"], 0, id="an answer of several lines"),
        pytest.param(b"[a[b]", [b"b"], 1, id="a line cut short"),
        pytest.param(b"[a\\[b]", [b"b"], 1, id="behind a backslash"),
        pytest.param(b"[a\x08b][c]", [b"c"], 1, id="a backspace"),
        pytest.param(b"[a\\\x08b][c]", [b"c"], 1, id="behind a backslash, too"),
        pytest.param(b"[a\x1bb][c]", [b"c"], 1, id="an escape"),
        pytest.param(b"[a\\\x1bb][c]", [b"c"], 1, id="an escape behind a backslash"),
        pytest.param(b"[a\xffb][c]", [b"c"], 1, id="an illegal character"),
        pytest.param(b"[a\\\xffb][c]", [b"c"], 1, id="an illegal character behind a backslash"),
    ],
)
def test_a_console_takes_what_it_is_shown(text: bytes, lines: list[bytes], dropped: int) -> None:
    console = TerminalConsole()
    console.receive(text, 0.0)
    assert (console.events(), console.dropped) == (lines, dropped)


def test_a_console_breaks_long_lines() -> None:
    console = TerminalConsole()
    console.send(b"a" * LINE, 0.0)
    console.send(b"b" * (LINE + 1), 0.0)
    assert console.outgoing() == [
        b"[" + b"a" * LINE + b"]\r",
        b"[" + b"b" * LINE + b"\\\rb]\r",
    ]


def test_a_console_waits_for_handshakes_once_it_has_seen_one() -> None:
    console = TerminalConsole(patience=1.0)
    console.send(b"a", 0.0)
    assert console.outgoing() == [b"[a]\r"]
    console.receive(b"[OK]\r\n[SYS]\r\n", 0.1)
    assert console.events() == [b"OK"]
    console.send(b"b", 0.2)
    console.send(b"c", 0.2)
    assert (console.outgoing(), console.deadline()) == ([b"[b]\r"], 1.2)
    console.receive(b"[SYS]\r\n", 0.3)
    assert console.outgoing() == [b"[c]\r"]
    console.send(b"d", 0.4)
    console.expire(1.3)
    assert console.outgoing() == [b"[d]\r"]
