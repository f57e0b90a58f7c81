"""The distance between requests."""

from __future__ import annotations

from baseboard.client.pacing import FIRST, LONGEST, Pacing


def test_without_trouble_there_is_none() -> None:
    pacing = Pacing()
    for now in (0.0, 0.0, 1.0):
        assert pacing.wait(now) == 0
        pacing.good()
    assert not pacing.troubled


def test_requests_come_one_after_the_other() -> None:
    pacing = Pacing()
    pacing.trouble()
    assert [round(pacing.wait(5.0), 6) for _ in range(3)] == [0, FIRST, 2 * FIRST]
    assert pacing.wait(9.0) == 0


def test_it_grows_to_a_limit_and_goes_away() -> None:
    pacing = Pacing()
    grown = []
    for _ in range(6):
        pacing.trouble()
        grown.append(pacing.distance)
    assert grown == [FIRST, 2 * FIRST, 4 * FIRST, LONGEST, LONGEST, LONGEST]
    for _ in range(7):
        pacing.good()
    pacing.trouble()
    for _ in range(7):
        pacing.good()
    assert pacing.distance == LONGEST, "trouble starts the count over"
    for _ in range(4 * 8):
        pacing.good()
    assert pacing.distance == 0
    assert pacing.troubled
