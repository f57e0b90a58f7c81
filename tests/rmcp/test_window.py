"""Sequence windows of both versions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.rmcp.window import Verdict, WindowV15, WindowV20
from tests.session_vectors import vectors

TOP = 1 << 32


def window_v15(highest: int, seen: list[int]) -> WindowV15:
    """A window that has accepted these numbers and the highest, and missed the others below it."""
    window = WindowV15((highest - 9) % TOP + 1)
    window.highest = (highest - 9) % TOP
    for number in [*seen, highest]:
        window.judge(number)
    assert window.highest == highest
    return window


@vectors("seq_window_v15")
def test_v15(given: dict[str, Any], expected: dict[str, Any]) -> None:
    window = window_v15(given["highest"], given["previous_seen"])
    assert [window.judge(number).name.lower() for number in given["packets"]] == expected["verdicts"]
    assert window.highest == expected["highest"]
    below = [(window.highest - distance) % TOP for distance in range(8, 0, -1)]
    unseen = [number for number in below if number in expected["unseen_below"]]
    for number in below:
        verdict = window.judge(number)
        assert (verdict is not Verdict.DUPLICATE) == (number in unseen), number


@vectors("seq_window_v20")
def test_v20(given: dict[str, Any], expected: dict[str, Any]) -> None:
    window = WindowV20(given["ahead"], given["behind"])
    assert window.highest == given["highest"]
    assert [window.judge(number).name.lower() for number in given["packets"]] == expected["verdicts"]


@pytest.mark.parametrize("initial", [1, 2, 8, 0x80000000, 0xFFFFFFFF])
def test_6_12_9_the_first_packet_carries_the_initial_number(initial: int) -> None:
    window = WindowV15(initial)
    assert window.judge((initial - 1) % TOP) in (Verdict.DUPLICATE, Verdict.NULL_IN_SESSION)
    assert window.judge(initial) is Verdict.ACCEPT
    assert window.judge(initial) is Verdict.DUPLICATE


def test_v15_numbers_wrap_and_skip_zero() -> None:
    window = WindowV15(0xFFFFFFFE)
    numbers = [0xFFFFFFFE, 0xFFFFFFFF, 0, 1, 2]
    assert [window.judge(number) for number in numbers] == [0, 0, Verdict.NULL_IN_SESSION, 0, 0]
    assert window.highest == 2


def test_a_console_may_widen_its_windows() -> None:
    """Q-SEQSKIP."""
    assert WindowV15(100, 32).judge(131) is Verdict.ACCEPT
    assert WindowV15(100, 32).judge(132) is Verdict.OUT_OF_WINDOW
    wide = WindowV20(64, 64)
    assert [wide.judge(number) for number in (64, 1, 129, 128, 64)] == [0, 0, 2, 0, 1]


def test_v20_does_not_wrap() -> None:
    window = WindowV20()
    window.highest = 0xFFFFFFFF
    assert window.judge(1) is Verdict.OUT_OF_WINDOW
    assert window.judge(0) is Verdict.NULL_IN_SESSION


@drawn(st.lists(st.integers(0, 60), max_size=60))
def test_v20_is_the_rule_of_13_28(numbers: list[int]) -> None:
    window, highest, seen = WindowV20(), 0, set[int]()
    for number in numbers:
        inside = 0 < number <= highest + 15 and number >= highest - 16
        assert (window.judge(number) is Verdict.ACCEPT) == (inside and number not in seen)
        if inside:
            seen.add(number)
            highest = max(highest, number)
        assert window.highest == highest


@drawn(st.integers(1, TOP - 1), st.lists(st.integers(-12, 12), max_size=60))
def test_v15_is_the_rule_of_6_12(initial: int, steps: list[int]) -> None:
    window, highest = WindowV15(initial), initial - 1
    seen = {highest - distance for distance in range(9)}
    for step in steps:
        number = highest + step
        inside = abs(step) <= 8 and number % TOP != 0
        accepted = window.judge(number % TOP) is Verdict.ACCEPT
        assert accepted == (inside and number not in seen)
        if accepted:
            seen.add(number)
            highest = max(highest, number)
        assert window.highest == highest % TOP
