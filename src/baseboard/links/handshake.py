"""One message at a time: the next is held until the controller says that it has room (§14.4, §14.7)."""

from __future__ import annotations

from collections import deque

PATIENCE = 0.5
"""Seconds after which a handshake that did not come counts as come."""


class Handshake:
    """The console's messages on their way out.

    Args:
        expected: whether the controller is known to send handshakes; otherwise the first one tells.
        patience: seconds to wait for one.
    """

    def __init__(self, *, expected: bool, patience: float = PATIENCE) -> None:
        self.expected = expected
        self._patience = patience
        self._held: deque[bytes] = deque()
        self._out: list[bytes] = []
        self._busy_until: float | None = None

    def send(self, frame: bytes, now: float) -> None:
        """Send, or hold until there is room."""
        self._held.append(frame)
        self.expire(now)

    def seen(self, now: float) -> None:
        """The controller has room."""
        self.expected = True
        self.room(now)

    def room(self, now: float) -> None:
        """It must have: it answered."""
        self._busy_until = None
        self.expire(now)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent now."""
        out, self._out = self._out, []
        return out

    def deadline(self) -> float | None:
        """Tell until when something is held."""
        return self._busy_until if self._held else None

    def expire(self, now: float) -> None:
        """Send what may go out by now."""
        while self._held and (self._busy_until is None or now >= self._busy_until):
            self._out.append(self._held.popleft())
            self._busy_until = now + self._patience if self.expected else None
