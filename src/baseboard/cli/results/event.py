"""What ``event`` sent."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("event")
class EventSent(Value, kw_only=True):
    """An event message that was accepted.

    Attributes:
        message: EvM revision, sensor type and number, event type, event data, as hexadecimal digits.
    """

    message: str
