"""Serial/Modem Connection Active: what the BMC tells a console of its own accord (§14.12, §25.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.codes import NetFn
from baseboard.commands.transport.serial import ConnectionState, SerialModemConnectionActive
from baseboard.rmcp.lan_message import BMC, REMOTE_CONSOLE, wrap_request

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer

FIRST_S: Final = 0.1
"""The first message comes at most that long after the connection."""

EVERY_S: Final = 2.0
RETRY_S: Final = 0.02
RETRIES: Final = 3
PATIENCE_S: Final = 3.0
"""A switch to the system that nobody acknowledges happens after that time."""

_SEQUENCES: Final = 64


class Pings:
    """Sends the message every two seconds, and before the line goes to the system.

    Args:
        clock: time.
        send: sends a message to the console.
        wanted: tells whether the messages of every two seconds are wanted now.
        state: what they say.
    """

    def __init__(
        self,
        clock: Clock,
        send: Callable[[bytes], None],
        wanted: Callable[[], bool],
        state: Callable[[], ConnectionState],
    ) -> None:
        self._clock, self._send, self._wanted, self._state = clock, send, wanted, state
        self._sequence = 0
        self._timer: Timer | None = None
        self._retry: Timer | None = None
        self._handing: Callable[[], None] | None = None
        self._give_up_at = 0.0
        self._left = 0

    def begin(self) -> None:
        """There is a console now, or what it is to be told has changed."""
        if self._wanted() and self._timer is None:
            self._timer = self._clock.call_at(self._clock.now() + FIRST_S, self._due)

    def end(self) -> None:
        """The console is gone."""
        for timer in (self._timer, self._retry):
            if timer is not None:
                timer.cancel()
        self._timer = self._retry = None
        self._handing = None

    def tell(self, state: ConnectionState) -> None:
        """Send one."""
        request = SerialModemConnectionActive(state=state)
        known = request.command
        self.ask(known.cmd, request.encode())

    def ask(self, cmd: int, data: bytes) -> None:
        """Send a request of function Transport to the console."""
        self._sequence = (self._sequence + 1) % _SEQUENCES
        self._send(
            wrap_request(NetFn.TRANSPORT, cmd, data, self._sequence, rs_addr=REMOTE_CONSOLE, rq_addr=BMC)
        )

    def hand_over(self, done: Callable[[], None]) -> None:
        """Tell that the line goes to the system; ``done`` when that is acknowledged, or the time is up."""
        if self._handing is not None:
            return
        self._handing, self._left = done, RETRIES
        self._give_up_at = self._clock.now() + PATIENCE_S
        self._tell_again()

    def acknowledged(self) -> None:
        """The console has noted it."""
        handing, self._handing = self._handing, None
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if handing is not None:
            handing()

    def _tell_again(self) -> None:
        self.tell(ConnectionState.SWITCHING_TO_SYSTEM)
        self._left -= 1
        when = self._clock.now() + RETRY_S if self._left >= 0 else self._give_up_at
        self._retry = self._clock.call_at(when, self._tell_again if self._left >= 0 else self.acknowledged)

    def _due(self) -> None:
        self._timer = None
        if self._wanted():
            if self._handing is None:
                self.tell(self._state())
            self._timer = self._clock.call_at(self._clock.now() + EVERY_S, self._due)
