"""An ICMB in the process: bridges that share one line, and ways to where it goes on (ICMB v1.0)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from baseboard.bmc.clock import Clock

BYTE_S: Final = 10 / 19_200
"""Seconds that a byte takes with its start and stop bits."""


class Listener(Protocol):
    """A bridge on the line, or a way to others."""

    def receive(self, data: bytes) -> None:
        """Take what went over the line; it may be anything."""
        ...


class IcmbLine:
    """The line.

    Attributes:
        free_at: until when somebody sends.
    """

    __slots__ = ("_clock", "_listeners", "free_at")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Listener] = []
        self.free_at = 0.0

    def attach(self, listener: Listener) -> None:
        """Connect a bridge."""
        self._listeners.append(listener)

    def detach(self, listener: Listener) -> None:
        """Disconnect it."""
        self._listeners.remove(listener)

    def send(self, data: bytes, sender: Listener | None = None) -> bool:
        """Send to all others.

        Returns: whether the arbitration was won; it is lost while somebody else sends.
        """
        now = self._clock.now()
        if now < self.free_at:
            return False
        self.free_at = now + len(data) * BYTE_S
        for listener in self._listeners:
            if listener is not sender:
                self._clock.call_at(self.free_at, _delivery(self, listener, data))
        return True

    def has(self, listener: Listener) -> bool:
        """Whether a bridge is on the line."""
        return listener in self._listeners


def _delivery(line: IcmbLine, listener: Listener, data: bytes) -> Callable[[], None]:
    def deliver() -> None:
        if line.has(listener):
            listener.receive(data)

    return deliver
