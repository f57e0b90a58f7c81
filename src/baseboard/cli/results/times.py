"""Time stamps of records as ``--json`` has them: ISO 8601 with a zone, or null and the reason why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baseboard.records.timestamps import LAST_SINCE_START, to_datetime


def iso(stamp: int | None) -> str | None:
    """Date and time, as ``2026-11-22T06:15:29+00:00``; None of a stamp that is none.

    Args:
        stamp: seconds as they stand in a record; None if it has no place for them.
    """
    time = None if stamp is None else to_datetime(stamp)
    return None if time is None else time.isoformat()


def since_1970(seconds: int) -> str:
    """Any date and time, those before 1970 too."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()


def missing(stamp: int | None) -> str | None:
    """Why there is no date and time: ``pre-init 12 s``, ``unspecified`` or ``none``; None where there is one.

    ``pre-init`` counts from the controller's start, since nobody had set its clock (§37.1).
    """
    if iso(stamp) is not None:
        return None
    if stamp is None:
        return "none"
    return f"pre-init {stamp} s" if stamp <= LAST_SINCE_START else "unspecified"
