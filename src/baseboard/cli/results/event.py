"""What ``event`` sent."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("event")
@dataclass(frozen=True, slots=True, kw_only=True)
class EventSent:
    """An event message that was accepted.

    Attributes:
        message: EvM revision, sensor type and number, event type, event data, as hexadecimal digits.
    """

    message: str
