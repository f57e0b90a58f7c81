"""Timestamps of records (§37): seconds since 1970, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

UNSPECIFIED = 0xFFFFFFFF
LAST_SINCE_START = 0x20000000
"""Up to here a timestamp counts seconds since the event log device started, because nobody set its clock."""


def to_datetime(timestamp: int) -> datetime | None:
    """Give the date and time of a timestamp.

    The specification counts in the controller's local time; most keep UTC, and that is what is said here.

    Returns:
        None for one that is unspecified or counts from the start of the device.
    """
    if timestamp <= LAST_SINCE_START or timestamp == UNSPECIFIED:
        return None
    return datetime.fromtimestamp(timestamp, UTC)


def from_datetime(time: datetime) -> int:
    """Give the timestamp of a date and time; one without a zone is taken for UTC."""
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


def timestamp_text(timestamp: int) -> str:
    """Say a timestamp: date and time, ``12 s after start`` or ``unspecified``."""
    time = to_datetime(timestamp)
    if time is not None:
        return f"{time:%Y-%m-%d %H:%M:%S}"
    return "unspecified" if timestamp == UNSPECIFIED else f"{timestamp} s after start"
