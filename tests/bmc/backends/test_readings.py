"""Numbers and states in texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.backends.readings import number_of, states_of
from baseboard.errors import TransportError


@pytest.mark.parametrize(
    ("text", "number"),
    [("45.5 C\n", 45.5), (" -3", -3.0), ("+7.", 7.0), (".5V", 0.5), ("1e3", 1000.0), ("12,5", 12.0)],
)
def test_numbers(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "C 45", "nan", "inf", "1e999", "--1", "."])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(TransportError, match="is no number"):
        number_of(text)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("0", 1),
        ("0 3\n", 9),
        ("0, 3", 9),
        ("0x09", 9),
        ("none", 0),
        ("-", 0),
        ("14", 0x4000),
        ("0xffff", 0x7FFF),
    ],
)
def test_states(text: str, states: int) -> None:
    assert states_of(text, {}) == states


@pytest.mark.parametrize("text", ["", "15", "on", "-1", "0x10000", "1\n\x1b[31mred"])
def test_what_is_no_state(text: str) -> None:
    with pytest.raises(TransportError, match="is no list of states") as caught:
        states_of(text, {})
    assert "\x1b" not in str(caught.value)


def test_words_for_states() -> None:
    words = {"open": 0x11, "closed": 0}
    assert states_of(" Open\n", words) == 0x11
    assert states_of("closed", words) == 0
    with pytest.raises(TransportError, match='"0" is none of open, closed'):
        states_of("0", words)


@given(st.text(max_size=100))
def test_no_text_does_harm(text: str) -> None:
    for read in (number_of, lambda one: states_of(one, {}), lambda one: states_of(one, {"a": 1})):
        try:
            read(text)
        except TransportError as error:
            assert str(error).isprintable()  # noqa: PT017 - most texts are none
