"""Escape sequences and logins among the characters of a shared line (Table 14-3)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.serial_basic import frame
from baseboard.links.serial_patterns import PATIENCE, Pattern, PatternWatch, Piece
from baseboard.rmcp.lan_message import wrap_request

SEQUENCES = {
    b"\x1b(": Pattern.TO_BMC,
    b"\x1bQ": Pattern.TO_SYSTEM,
    b"\x1b^": Pattern.POWER_UP,
    b"\x1bR\x1br\x1bR": Pattern.RESET,
}
LOGIN = wrap_request(6, 0x38, b"\x0e\x04", 1)


@pytest.mark.parametrize(("sequence", "pattern"), SEQUENCES.items())
def test_14_3_a_sequence_is_told_at_its_last_character(sequence: bytes, pattern: Pattern) -> None:
    watch = PatternWatch()
    assert watch.receive(b"ls" + sequence + b"after", 0.0) == [
        Piece(b"ls" + sequence, pattern),
        Piece(b"after", None),
    ]


@given(st.lists(st.integers(0, 30), max_size=6))
def test_14_3_it_may_come_in_pieces(cuts: list[int]) -> None:
    text = b"x\x1b(\x1bR\x1br\x1bR" + frame(LOGIN) + b"\x1bQy"
    watch, found = PatternWatch(), []
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    for start, end in itertools.pairwise(places):
        found += [one.pattern for one in watch.receive(text[start:end], 0.0) if one.pattern]
    assert found == [Pattern.TO_BMC, Pattern.RESET, Pattern.LOGIN, Pattern.TO_SYSTEM]
    assert watch.message == LOGIN


@pytest.mark.parametrize(
    "text", [b"\x1bX", b"(", b"\x1bR\x1bR", b"\x1bR\x1br\x1bX", b"\x1bRx\x1br\x1bR", b"\x1b\x1b", b""]
)
def test_14_3_what_is_no_sequence_is_none(text: bytes) -> None:
    pieces = PatternWatch().receive(text, 0.0)
    assert [one.pattern for one in pieces] == ([None] if text else [])


def test_14_3_a_sequence_times_out() -> None:
    watch = PatternWatch()
    watch.receive(b"\x1bR\x1br", 0.0)
    assert watch.receive(b"\x1bR", PATIENCE + 0.1)[0].pattern is None
    watch.receive(b"\x1br", PATIENCE + 0.1)
    assert watch.receive(b"\x1bR", PATIENCE + 0.2)[0].pattern is Pattern.RESET
    watch.receive(b"\x1b", 100.0)
    assert watch.receive(b"(", 100.0 + PATIENCE + 0.1)[0].pattern is None


def test_14_3_only_a_sound_request_for_the_login_is_one() -> None:
    watch = PatternWatch()
    other = wrap_request(6, 0x01, b"", 1)
    for message in (other, LOGIN[:-1] + b"\0", b"\x20" + LOGIN[1:2] + b"\0" + LOGIN[3:], b"\x20"):
        assert [one.pattern for one in watch.receive(frame(message), 0.0)] == [None]
    assert watch.receive(frame(LOGIN), 0.0)[-1].pattern is Pattern.LOGIN


def test_what_was_begun_is_forgotten() -> None:
    watch = PatternWatch()
    watch.receive(b"\x1b" + frame(LOGIN)[:5], 0.0)
    watch.forget()
    assert watch.receive(b"(" + frame(LOGIN)[5:], 0.0) == [Piece(b"(" + frame(LOGIN)[5:], None)]
