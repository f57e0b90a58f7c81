"""The remote console's end of Serial Over LAN (§15)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from baseboard.rmcp.sol import SolEnd
from baseboard.rmcp.sol_packet import Operation, SolPacket, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

RETRIES: Final = 6
RETRY_INTERVAL: Final = 0.5
KEEP_ALIVE: Final = 30.0


class ConsoleNotice(enum.Enum):
    """What the BMC reports besides characters."""

    BREAK = "the baseboard sent a break"
    OVERRUN = "characters from the baseboard were lost"
    UNAVAILABLE = "the system takes no characters now"
    AVAILABLE = "the system takes characters again"
    DEACTIVATED = "the BMC ended the payload"
    UNACKNOWLEDGED = "characters were sent again and again and never acknowledged"


_ONCE: Final = ((Status.OVERRUN, ConsoleNotice.OVERRUN), (Status.BREAK, ConsoleNotice.BREAK))


class SolConsole(SolEnd[ConsoleNotice]):
    """The end where a person types.

    What is written goes out at once while nothing is under way. After `UNACKNOWLEDGED` it goes on with the
    next packet, since some BMCs drop retries of what they have already taken.
    """

    __slots__ = ("_keep_alive", "_last_said", "_unavailable")

    def __init__(
        self,
        payload_size: int,
        now: float,
        *,
        handshake: bool = True,
        retries: int = RETRIES,
        interval: float = RETRY_INTERVAL,
        keep_alive: float | None = KEEP_ALIVE,
        capacity: int | None = None,
    ) -> None:
        """Start with CTS, DCD and DSR asserted.

        Args:
            payload_size: inbound payload size that Activate Payload answered; what cannot be means 259.
            handshake: the payload was activated with start-up handshake, so a first packet must say that the
                console is ready.
            retries: how often a packet is sent again.
            interval: seconds between retries.
            keep_alive: seconds of silence after which an empty packet is sent; None = never.
            capacity: characters received before `consumed` must be called; None = any number.
        """
        super().__init__(payload_size, retries, interval, capacity)
        self._keep_alive, self._last_said = keep_alive, now
        self._unavailable = False
        if handshake:
            self._sender.mark(0)
            self._proceed(now)

    def write(self, data: bytes, now: float) -> None:
        """Type characters."""
        self._sender.write(data)
        self._proceed(now)

    def send_break(self, now: float) -> None:
        """Have a break on the baseboard's line, between what was written before and what comes after."""
        self._sender.mark(Operation.BREAK)
        self._proceed(now)

    def ring(self, now: float) -> None:
        """Assert RI to the baseboard, which may wake it."""
        self._sender.mark(Operation.RING)
        self._proceed(now)

    def flush(self, now: float, *, inbound: bool = False, outbound: bool = False) -> None:
        """Drop what is not delivered yet.

        Args:
            inbound: characters on their way to the baseboard, here and in the BMC.
            outbound: characters from the baseboard that the BMC holds.
        """
        if inbound:
            self._sender.forget_waiting()
        flags = (Operation.FLUSH_INBOUND if inbound else 0) | (Operation.FLUSH_OUTBOUND if outbound else 0)
        self._sender.mark(flags)
        self._proceed(now)

    def set_lines(self, now: float, *, cts: bool, carrier: bool) -> None:
        """Assert or deassert CTS (the system's output flows or is held), and DCD and DSR together."""
        levels = (0 if cts else Operation.PAUSE) | (0 if carrier else Operation.DROP_CARRIER)
        if levels != self._levels:
            self._levels = int(levels)
            self._sender.mark(0)
            self._proceed(now)

    def expire(self, now: float) -> None:
        """Send what is due, and a word if none was said for too long."""
        if self._keep_alive is not None and now >= self._last_said + self._keep_alive and not self.closed:
            self._last_said = now
            self._sender.mark(0)
        super().expire(now)

    def _timers(self) -> Iterator[float | None]:
        yield from super()._timers()
        if self._keep_alive is not None and not self.closed:
            yield self._last_said + self._keep_alive

    def _emit(self, sequence: int, flags: int, data: bytes, now: float) -> None:
        super()._emit(sequence, flags, data, now)
        self._last_said = now

    def _look_at_levels(self, packet: SolPacket, now: float) -> None:
        unavailable = bool(packet.flags & Status.UNAVAILABLE)
        if unavailable != self._unavailable:
            self._unavailable = unavailable
            self._happened.append(ConsoleNotice.UNAVAILABLE if unavailable else ConsoleNotice.AVAILABLE)
        if packet.flags & Status.DEACTIVATED:
            self._close(now)
            self._happened.append(ConsoleNotice.DEACTIVATED)

    def _obey(self, flags: int, now: float) -> None:
        self._happened += [notice for bit, notice in _ONCE if flags & bit]

    def _obey_unnumbered(self, flags: int, now: float) -> None:
        self._obey(flags, now)

    def _gave_up(self) -> None:
        self._happened.append(ConsoleNotice.UNACKNOWLEDGED)
