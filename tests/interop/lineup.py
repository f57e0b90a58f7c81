"""What the lab's make-ups have, counted where it is described."""

from __future__ import annotations

from baseboard.bmc.makeups import MAKEUPS

FULL, EVENT_ONLY = 1, 3
"""Types of sensor records: an event-only sensor has no reading (§43.3)."""


def readable(number: int) -> int:
    """How many sensors of a make-up can be read."""
    return sum(sensor.record != EVENT_ONLY for sensor in MAKEUPS[number].sensors)


def analog(number: int) -> int:
    """How many sensors of a make-up have a full record."""
    return sum(sensor.record == FULL for sensor in MAKEUPS[number].sensors)
