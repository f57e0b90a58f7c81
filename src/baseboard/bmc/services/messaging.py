"""The BMC as a mailbox: enables, flags, the event buffer, the Receive Message Queue (§22.1-22.8)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.services.home import Home

RECEIVE_MESSAGE = 0x01
EVENT_BUFFER_FULL = 0x02
WATCHDOG_PRETIMEOUT = 0x08

IPMB_CHANNEL = 0
"""Taken from by default: drivers bridge from the host to the IPMB without enabling anything (§6.13.3)."""

QUEUE_LENGTH = 16
"""Messages that wait for system software at most."""

_LOGGING, _BUFFER, _INTERRUPTS = 0x08, 0x04, 0x03
DEFAULT_ENABLES = _LOGGING
"""After power-up and cold reset the BMC logs events and nothing else is on (§22.1)."""

SUPPORTED_ENABLES = 0x0F


class Messaging:
    """Messages and events on their way to the host's software.

    Attributes:
        channels: channels whose messages are taken into the queue (Enable Message Channel Receive).
        on_attention: called when the flags, or what is enabled, may have changed.
    """

    __slots__ = ("_buffer", "_enables", "_pretimeout", "_queue", "channels", "on_attention")

    def __init__(self, home: Home) -> None:
        self._enables = DEFAULT_ENABLES
        self.channels = {IPMB_CHANNEL, home.blueprint.lan.channel}
        # At most sixteen: copied where something comes, and nothing as long as nothing does.
        self._queue: tuple[tuple[int, int, bytes], ...] = ()
        self._buffer: bytes | None = None
        self._pretimeout = False
        self.on_attention: list[Callable[[], None]] = []

    @property
    def enables(self) -> int:
        """BMC global enables, as in Table 22-2."""
        return self._enables

    @enables.setter
    def enables(self, enables: int) -> None:
        self._enables = enables
        self._tell()

    @property
    def interrupts(self) -> bool:
        """Whether system software wants an interrupt for a message, or for an event in the buffer."""
        return bool(self._enables & _INTERRUPTS)

    @property
    def event_logging(self) -> bool:
        """Whether events are logged in the SEL."""
        return bool(self.enables & _LOGGING)

    def flags(self) -> int:
        """Message flags, as in Table 22-5."""
        full = EVENT_BUFFER_FULL if self._buffer is not None and self.enables & _BUFFER else 0
        return (
            (RECEIVE_MESSAGE if self._queue else 0) | full | (WATCHDOG_PRETIMEOUT if self._pretimeout else 0)
        )

    def clear_flags(self, flags: int) -> None:
        """Clear flags and what they tell of: the whole queue, the event in the buffer."""
        if flags & RECEIVE_MESSAGE:
            self._queue = ()
        if flags & EVENT_BUFFER_FULL:
            self._buffer = None
        if flags & WATCHDOG_PRETIMEOUT:
            self._pretimeout = False
        self._tell()

    def watchdog_pretimeout(self) -> None:
        """The watchdog's pre-timeout was reached, and it wants a messaging interrupt."""
        self._pretimeout = True
        self._tell()

    def put_event(self, record: bytes) -> None:
        """Offer an event to the buffer; one that is full keeps what it has (§22.8)."""
        if self.enables & _BUFFER and self._buffer is None:
            self._buffer = record
            self._tell()

    def take_event(self) -> bytes | None:
        """Take the event out of the buffer; None = it is empty."""
        record, self._buffer = self._buffer, None
        self._tell()
        return record

    def takes(self, channel: int) -> bool:
        """Whether messages of a channel are taken at all (§22.5)."""
        return channel in self.channels

    def put_message(self, channel: int, privilege: int, message: bytes) -> bool:
        """Queue a message for system software.

        Args:
            privilege: inferred level of its sender, 0 for session-less channels.
            message: as Get Message gives it, laid out by the channel's protocol.

        Returns: whether there was room, and the channel is taken from.
        """
        if len(self._queue) >= QUEUE_LENGTH or not self.takes(channel):
            return False
        self._queue += ((channel, privilege, message),)
        self._tell()
        return True

    def take_message(self) -> tuple[int, int, bytes] | None:
        """Take the oldest message: channel, privilege, message; None = the queue is empty."""
        message = self._queue[0] if self._queue else None
        self._queue = self._queue[1:]
        self._tell()
        return message

    def reset(self) -> None:
        """Cold reset: what waited is lost, the enables are the defaults."""
        self.enables = DEFAULT_ENABLES
        self.clear_flags(RECEIVE_MESSAGE | EVENT_BUFFER_FULL | WATCHDOG_PRETIMEOUT)

    def _tell(self) -> None:
        for listener in self.on_attention:
            listener()
