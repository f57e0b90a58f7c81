"""What answers usually take."""

from __future__ import annotations

import pytest

from baseboard.rmcp.round_trip import FIRST, LEAST, RoundTrip


def test_nothing_is_known_at_first() -> None:
    assert RoundTrip().wait == FIRST


def test_the_first_answer_tells_most() -> None:
    trip = RoundTrip()
    trip.took(0.5)
    assert trip.wait == pytest.approx(0.5 + 4 * 0.25)


def test_rfc_6298_with_its_factors() -> None:
    trip = RoundTrip()
    trip.took(0.4)
    trip.took(0.8)
    # The spread 0.2 goes a quarter of the way to 0.4, the mean an eighth of the way to 0.8.
    assert trip.wait == pytest.approx(0.45 + 4 * 0.25)


def test_a_quick_bmc_is_not_hurried() -> None:
    trip = RoundTrip()
    for _ in range(10):
        trip.took(0.001)
    assert trip.wait == LEAST


def test_after_a_loss_it_waits_longer_once() -> None:
    trip = RoundTrip()
    trip.took(0.002)
    trip.took_at_most(0.102)
    assert trip.wait == pytest.approx(0.1275)
    trip.took(0.002)
    assert trip.wait == LEAST


def test_a_bmc_that_is_always_slow_is_known_after_two_answers() -> None:
    trip = RoundTrip()
    for _ in range(10):
        trip.took(0.002)
    trip.took_at_most(0.3)
    assert trip.wait > 0.3
    trip.took(0.3)
    assert trip.wait > 0.3
