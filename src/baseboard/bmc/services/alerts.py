"""Alerts on their way: those of policies, entry by entry, and immediate ones (§17.12, §30.7)."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from baseboard.bmc.services.alert_policy import Alert, AlertSender, Done, PolicyRun
from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.home import Home
from baseboard.bmc.shared import Sparse
from baseboard.codes import Cc
from baseboard.commands.parameters.pef import AlertPolicy
from baseboard.commands.sensor.pef import AlertImmediate, AlertStatus
from baseboard.errors import CompletionError

log = logging.getLogger(__name__)

MOST_DEFERRED = 32
"""Alerts that may be under way or wait; the specification wants at least 8. Further ones are dropped."""

StringOf = Callable[[AlertPolicy], bytes]


class _Path:
    """The way out of one channel.

    Attributes:
        active: alerts that are being sent.
        waiting: what is to be begun when there is room.
        held: a session has the line.
        immediate: destination of the immediate alert that is being sent; None = there is none.
        status: how immediate alerts ended, by destination.
    """

    __slots__ = ("active", "held", "immediate", "status", "waiting")

    def __init__(self) -> None:
        self.active = 0
        self.waiting: deque[Callable[[], None]] = deque()
        self.held = False
        self.immediate: int | None = None
        self.status: dict[int, AlertStatus] = {}


class Alerts(Sparse):
    """Sends alerts over whichever channels can carry them.

    Args:
        home: surroundings.
        channels: whether a channel takes part.

    Attributes:
        senders: what sends the alerts of each channel; a channel that is not there cannot alert.
        dropped: alerts that were given up because too many waited.
    """

    __slots__ = ("_beginning", "_channels", "_home", "_paths", "_runs", "dropped", "senders")
    PARTS = (("_paths", dict), ("_runs", dict))

    _paths: dict[int, _Path]
    _runs: dict[PolicyRun, Callable[[], None]]

    def __init__(self, home: Home, channels: Channels) -> None:
        self._home, self._channels = home, channels
        self.senders: dict[int, AlertSender] = {}
        self._beginning = False
        self.dropped = 0

    @property
    def _name(self) -> str:
        return self._home.blueprint.identity.name

    @property
    def under_way(self) -> int:
        """Alerts of policies that are being sent or wait."""
        return len(self._runs)

    # ---- alerts of policies

    def start(
        self, entries: Sequence[AlertPolicy], alert: Alert, string_of: StringOf, finished: Callable[[], None]
    ) -> None:
        """Send an alert to the destinations of a policy.

        Args:
            entries: of the policy that are enabled.
            alert: without its string.
            string_of: the string for an entry.
            finished: called when it has been sent to all that are to get it, or was given up.
        """
        if len(self._runs) >= MOST_DEFERRED:
            self.dropped += 1
            log.warning("%s: an alert is dropped, %d others wait", self._name, len(self._runs))
            finished()
            return
        run = PolicyRun(entries, self._kind)
        self._runs[run] = finished
        self._advance(run, alert, string_of)

    def cancel(self) -> None:
        """Give up the alerts of policies that wait; what is being sent is not repeated to other entries."""
        for path in self._paths.values():
            path.waiting.clear()
        runs, self._runs = self._runs, {}
        for run, finished in runs.items():
            run.end()
            finished()

    def hold(self, channel: int) -> None:
        """A session begins on a serial channel: its alerts wait (§17.12)."""
        self._path(channel).held = True

    def release(self, channel: int) -> None:
        """The session is over."""
        self._path(channel).held = False
        self._begin_waiting()

    def held(self, channel: int) -> bool:
        """Whether a session has the channel's line."""
        path = self._paths.get(channel)
        return path is not None and path.held

    def _advance(self, run: PolicyRun, alert: Alert, string_of: StringOf) -> None:
        while (entry := run.next()) is not None:
            channel = entry.channel
            if not self._may_alert(channel):
                log.info("%s: no alert by channel %d: alerting is off there", self._name, channel)
                continue
            told = Alert(alert.event, alert.severity, alert.time, string_of(entry))
            self._path(channel).waiting.append(partial(self._attempt, run, entry, told, string_of))
            self._begin_waiting()
            return
        finished = self._runs.pop(run, None)
        if finished is not None:
            finished()

    def _attempt(self, run: PolicyRun, entry: AlertPolicy, alert: Alert, string_of: StringOf) -> None:
        channel = entry.channel

        def done(status: AlertStatus) -> None:
            run.attempted(succeeded=status == AlertStatus.NORMAL_END)
            self._path(channel).active -= 1
            self._advance(run, alert, string_of)
            self._begin_waiting()

        self._send(channel, entry.destination_selector, alert, done)

    def _may_alert(self, channel: int) -> bool:
        if channel not in self.senders:
            return False
        return not self._channels.access(channel).alerting_disabled

    def _begin_waiting(self) -> None:
        """Begin what there is room for; what ends at once goes on in the same loop, however much waits."""
        if self._beginning:
            return
        self._beginning = True
        try:
            while (attempt := self._ready()) is not None:
                attempt()
        finally:
            self._beginning = False

    def _ready(self) -> Callable[[], None] | None:
        for channel, path in self._paths.items():
            sender = self.senders.get(channel)
            if sender is not None and path.waiting and not path.held and path.active < sender.at_once:
                return path.waiting.popleft()
        return None

    def _send(self, channel: int, destination: int, alert: Alert, done: Done) -> None:
        """Hand an alert to its channel; a destination that there is not is a failure like others."""
        self._path(channel).active += 1
        try:
            sender = self.senders[channel]
            sender.kind(destination)
        except CompletionError:
            log.warning("%s: channel %d has no alert destination %d", self._name, channel, destination)
            done(AlertStatus.CALL_RETRIES_FAILED)
            return
        sender.send(destination, alert, done)

    def _kind(self, channel: int, destination: int) -> object:
        sender = self.senders.get(channel)
        try:
            return self._channels.get(channel).medium, None if sender is None else sender.kind(destination)
        except CompletionError:
            return channel, destination

    def _path(self, channel: int) -> _Path:
        path = self._paths.get(channel)
        if path is None:
            path = self._paths[channel] = _Path()
        return path

    # ---- immediate alerts

    def immediate(self, channel: int, destination: int, alert: Alert) -> None:
        """Send an alert now, without a policy; the channel's switch for PEF alerting does not count.

        Raises:
            CompletionError: CCh, the channel cannot alert; C9h, it has no such destination; 81h or 82h.
        """
        sender, path = self._sender(channel, destination), self._path(channel)
        if path.held:
            raise CompletionError(AlertImmediate.SESSION_ACTIVE)
        if path.immediate is not None or path.active >= sender.at_once:
            raise CompletionError(AlertImmediate.ALERT_IN_PROGRESS)
        path.immediate = destination

        def done(status: AlertStatus) -> None:
            path.immediate = None
            path.active -= 1
            path.status[destination] = status
            self._begin_waiting()

        self._send(channel, destination, alert, done)

    def status(self, channel: int, destination: int) -> AlertStatus:
        """How the last immediate alert ended.

        Raises:
            CompletionError: CCh or C9h.
        """
        self._sender(channel, destination)
        path = self._path(channel)
        if path.immediate == destination:
            return AlertStatus.IN_PROGRESS
        return path.status.get(destination, AlertStatus.NONE)

    def clear_status(self, channel: int, destination: int) -> None:
        """Forget how it ended.

        Raises:
            CompletionError: CCh or C9h; 81h, it has not ended.
        """
        if self.status(channel, destination) == AlertStatus.IN_PROGRESS:
            raise CompletionError(AlertImmediate.ALERT_IN_PROGRESS)
        self._path(channel).status.pop(destination, None)

    def _sender(self, channel: int, destination: int) -> AlertSender:
        sender = self.senders.get(channel)
        if sender is None:
            raise CompletionError(Cc.INVALID_DATA, "a channel that cannot alert")
        sender.kind(destination)
        return sender
