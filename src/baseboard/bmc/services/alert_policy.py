"""What an alert is, and which destinations of a policy get it (§17.11, Table 17-4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from baseboard.bmc.services.events import Event
from baseboard.commands.parameters.pef import AlertPolicy, AlertPolicyRule
from baseboard.commands.sensor.pef import AlertStatus


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody is told.

    Attributes:
        event: that led to it.
        severity: as an event filter gives it.
        time: when it happened, by the event log's clock.
        text: the alert string; empty = none.
    """

    event: Event
    severity: int
    time: int
    text: bytes = b""


Done = Callable[[AlertStatus], None]
"""Told once how an alert ended: normally, without an acknowledge, or not at all."""


class AlertSender(Protocol):
    """What sends the alerts of one channel; a serial line puts its own into ``services.alerts.senders``."""

    @property
    def at_once(self) -> int:
        """How many alerts can be under way at the same time."""
        ...

    def kind(self, destination: int) -> int:
        """What a destination is: PET, dial page, TAP ...; only compared with those of the same channel.

        Raises:
            CompletionError: there is no such destination.
        """
        ...

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        """Send an alert; ``done`` is called when it is known how that ended, maybe at once."""
        ...


KindOf = Callable[[int, int], object]
"""What kind a destination is, by channel and destination: something that compares."""


class PolicyRun:
    """One alert on its way through the entries of a policy.

    Args:
        entries: the enabled ones of the policy, in the order of the table.
        kind: says what kind a destination is.
    """

    __slots__ = ("_entries", "_kind", "_next", "_succeeded")

    def __init__(self, entries: Sequence[AlertPolicy], kind: KindOf) -> None:
        self._entries, self._kind = entries, kind
        self._next = 0
        self._succeeded = False

    def attempted(self, *, succeeded: bool) -> None:
        """Tell how the alert to the last entry ended; one that was not attempted is not told."""
        self._succeeded = succeeded

    def end(self) -> None:
        """Send to no further entry."""
        self._next = len(self._entries)

    def next(self) -> AlertPolicy | None:
        """Give the entry that the alert goes to next; None = there is none."""
        while self._next < len(self._entries):
            entry = self._entries[self._next]
            self._next += 1
            if not self._succeeded or entry.rule == AlertPolicyRule.ALWAYS:
                return entry
            match entry.rule:
                case AlertPolicyRule.STOP:
                    self.end()
                case AlertPolicyRule.OTHER_CHANNEL:
                    self._skip(entry, lambda one: one.channel)
                case AlertPolicyRule.OTHER_DESTINATION_TYPE:
                    self._skip(entry, lambda one: self._kind(one.channel, one.destination_selector))
                case _:
                    continue
        return None

    def _skip(self, passed: AlertPolicy, what: Callable[[AlertPolicy], object]) -> None:
        """Pass over the entries that are no other than the one that gets no alert.

        "... that is to a different channel" is read as different from this entry's (unverified).
        """
        while self._next < len(self._entries) and what(self._entries[self._next]) == what(passed):
            self._next += 1
