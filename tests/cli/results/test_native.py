"""The shapes of verbs that ipmitool has not."""

from __future__ import annotations

from baseboard.cli.results import native, shapes


def test_each_is_found_by_its_verb() -> None:
    known = shapes()
    assert known["sel follow"] is native.FollowedEvent
    assert known["sensor watch"] is known["sensor plot"] is native.WatchedReading
