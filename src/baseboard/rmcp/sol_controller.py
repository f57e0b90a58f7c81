"""The BMC's end of Serial Over LAN (§15)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from baseboard.rmcp.sol import SolEnd
from baseboard.rmcp.sol_packet import NACK, Operation, SolPacket, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

BUFFER: Final = 4096
"""Characters from the baseboard that wait for the console."""

CAPACITY: Final = 1024
"""Characters from the console that wait for the baseboard."""


class ControllerNotice(enum.Enum):
    """What the console asks for besides characters."""

    BREAK = "generate a break before the next characters"
    RING = "assert RI"
    LINES = "CTS, or DCD and DSR, are to change: see `cts` and `carrier`"
    FLUSH_INBOUND = "drop characters that have not reached the baseboard yet"
    FLUSH_OUTBOUND = "drop characters from the baseboard that have not been written to this machine yet"


_ONCE: Final = ((Operation.RING, ControllerNotice.RING), (Operation.BREAK, ControllerNotice.BREAK))


class SolController(SolEnd[ControllerNotice]):
    """The end at the system's serial port.

    Characters from the baseboard are gathered until there are `threshold` of them or the first has waited for
    `accumulate` seconds (SOL parameter 3). Those from the console come as events; `consumed` says how many of
    them the port has taken, and makes room for more.

    Attributes:
        cts: assert CTS to the baseboard, else hold its output.
        carrier: assert DCD and DSR to the baseboard.
    """

    __slots__ = ("_accumulate", "_awaited", "_due_at", "_limit", "_threshold", "carrier", "cts")

    def __init__(
        self,
        payload_size: int,
        *,
        accumulate: float,
        threshold: int,
        retries: int,
        interval: float,
        handshake: bool = False,
        capacity: int | None = CAPACITY,
        limit: int = BUFFER,
    ) -> None:
        """Start with the lines asserted, or with start-up handshake deasserted.

        Args:
            payload_size: outbound payload size that Activate Payload answered.
            accumulate: seconds (SOL parameter 3).
            threshold: characters (SOL parameter 3).
            retries: 0-7 (SOL parameter 4).
            interval: seconds between retries (SOL parameter 4).
            handshake: the lines stay deasserted until the console says otherwise (§24.1).
            capacity: characters of the console taken before `consumed` must be called; None = any number.
            limit: characters of the baseboard that are kept.
        """
        super().__init__(payload_size, retries, interval, capacity)
        self._accumulate, self._limit = accumulate, limit
        self._threshold = max(min(threshold, self._sender.largest), 1)
        # When the oldest character has waited long enough; the rest of a longer piece has.
        self._due_at = 0.0
        self.cts = self.carrier = not handshake
        self._awaited = handshake

    @property
    def room(self) -> int:
        """Count the characters that can be written without loss; hold the baseboard when there is none."""
        return max(self._limit - len(self._sender), 0)

    def write(self, data: bytes, now: float) -> None:
        """Send what the baseboard printed; what does not fit is lost, and the console is told."""
        room = self.room
        if len(data) > room:
            self._sender.attach(Status.OVERRUN)
        if not self._sender:
            self._due_at = now + self._accumulate
        self._sender.write(data[:room])
        self._proceed(now)

    def break_seen(self, now: float) -> None:
        """Report a break on the baseboard's line, between what was written before and what comes after."""
        self._sender.mark(Status.BREAK)
        self._proceed(now)

    def release(self) -> None:
        """Assert the lines for a console that asked for the start-up handshake, unless it was heard since."""
        if self._awaited:
            self._awaited, self.cts, self.carrier = False, True, True
            self._happened.append(ControllerNotice.LINES)

    def set_available(self, available: bool, now: float) -> None:
        """Say whether the system can take characters; while it cannot, they are refused."""
        if available is not self._receiver.blocked or self.closed:
            return
        self._receiver.blocked = not available
        self._receiver.reopen(now)
        self._show(self._levels & ~Status.UNAVAILABLE | (0 if available else Status.UNAVAILABLE), now)

    def set_outputs(self, now: float, *, rts: bool, dtr: bool) -> None:
        """In test mode: show the console the lines that the baseboard drives (Table 15-2, bits 1 and 0)."""
        shown = (Status.RTS if rts else 0) | (Status.DTR if dtr else 0)
        if shown != self._levels & (Status.RTS | Status.DTR) and not self.closed:
            self._show(self._levels & ~(Status.RTS | Status.DTR) | shown, now)

    def _show(self, levels: int, now: float) -> None:
        """Say flags in every packet from now on, and at once unless a packet goes out anyway."""
        self._levels = int(levels)
        said = len(self._outbox)
        self._proceed(now)
        if len(self._outbox) == said:
            self._emit(0, 0, b"", now)

    def deactivate(self, now: float) -> None:
        """End the payload and tell the console (Table 15-2, note 2)."""
        if not self.closed:
            self._close(now)
            self._emit(0, Status.DEACTIVATED, b"", now)

    def _due(self, now: float) -> bool:
        waiting = len(self._sender)
        return self._sender.marked or waiting >= self._threshold or (waiting > 0 and now >= self._due_at)

    def _timers(self) -> Iterator[float | None]:
        yield from super()._timers()
        # While a packet is under way its acknowledgement lets the next one go.
        if self._sender and self._sender.timer is None:
            yield self._due_at

    def _look_at_levels(self, packet: SolPacket, now: float) -> None:
        self._awaited = False
        cts, carrier = not packet.flags & Operation.PAUSE, not packet.flags & Operation.DROP_CARRIER
        if (cts, carrier) != (self.cts, self.carrier):
            self.cts, self.carrier = cts, carrier
            self._happened.append(ControllerNotice.LINES)

    def _obey(self, flags: int, now: float) -> None:
        self._obey_unnumbered(flags, now)
        self._happened += [notice for bit, notice in _ONCE if flags & bit]

    def _obey_unnumbered(self, flags: int, now: float) -> None:
        if flags & Operation.FLUSH_INBOUND:
            self._receiver.consumed(None)
            self._happened.append(ControllerNotice.FLUSH_INBOUND)
        if flags & Operation.FLUSH_OUTBOUND:
            self._sender.flush(now)
            self._happened.append(ControllerNotice.FLUSH_OUTBOUND)

    def _gave_up(self) -> None:
        self._sender.attach(Status.OVERRUN)

    def _after_the_end(self, packet: SolPacket, now: float) -> None:
        """The notice of the end may have been lost: say it again to a console that still sends."""
        if packet.sequence:
            answer = SolPacket(acknowledged=packet.sequence, flags=NACK | Status.DEACTIVATED)
            self._outbox.append(answer.encode())
