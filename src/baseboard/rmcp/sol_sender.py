"""The sending half of a SOL end: one packet at a time, acknowledged or given up (§15.11, Table 15-3)."""

from __future__ import annotations

import enum
from collections import deque
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from baseboard.rmcp.sol_packet import NACK, following, most_characters

if TYPE_CHECKING:
    from collections.abc import Callable

    from baseboard.rmcp.sol_packet import SolPacket

PROBE: Final = 5.0
"""Seconds between attempts in a suspended transfer. The specification waits for the resume ACK for ever, and
a lost one would end the console."""

_SHORTEST_INTERVAL: Final = 0.01


class Sending(enum.Enum):
    """What becomes of our packets."""

    IDLE = "nothing is under way"
    WAITING = "a packet is under way, its acknowledgement is due"
    SUSPENDED = "the other end does not take the packet now"
    CLOSED = "the payload is deactivated"


class Seen(enum.Enum):
    """What happened to our packets."""

    READY = "there is something to be sent"
    COMPLETION_ACK = "all of the packet was accepted"
    PARTIAL_ACK = "some of the packet was accepted"
    RESUME_ACK = "the packet is wanted again"
    SUSPEND_NACK = "none of the packet was accepted; stop"
    TIMER = "the retry interval passed without an acknowledgement"
    RETRIES_OVER = "it passed after the last retry"
    FLUSH = "what is not delivered yet is to be dropped"
    CLOSE = "the payload is deactivated"


class Step(NamedTuple):
    """A row of the table: what is done, and what then becomes of our packets."""

    action: Callable[[Sender, float], None]
    then: Sending


class Sender:
    """Characters and flags out, a packet at a time.

    Attributes:
        state: what becomes of our packets.
        timer: when `expire` is due, None while no timer runs.
    """

    __slots__ = (
        "_accepted", "_attached", "_buffer", "_data", "_emit", "_flags", "_gave_up", "_interval", "_largest",
        "_marks", "_number", "_retries", "_start", "_tries", "state", "timer",
    )  # fmt: skip

    def __init__(
        self,
        emit: Callable[[int, int, bytes, float], None],
        gave_up: Callable[[], None],
        payload_size: int,
        retries: int,
        interval: float,
    ) -> None:
        """Start before sequence number 1.

        Args:
            emit: sends a packet: its number, flags, characters, and the time.
            gave_up: told that a packet was never acknowledged.
            payload_size: largest payload that the other end accepts, its header of 4 bytes included.
            retries: how often a packet is sent again.
            interval: seconds between retries.
        """
        self._emit, self._gave_up = emit, gave_up
        self._largest, self._retries = most_characters(payload_size), retries
        self._interval = max(interval, _SHORTEST_INTERVAL)
        self.state = Sending.IDLE
        self.timer: float | None = None
        # Waiting: characters from place `_start` of the stream on; flags, each with its place in it.
        self._buffer, self._start = bytearray(), 0
        self._marks: deque[tuple[int, int]] = deque()
        self._attached = 0
        # Under way, or last sent.
        self._number, self._flags, self._data = 0, 0, b""
        self._tries = self._accepted = 0

    def __len__(self) -> int:
        """Count the characters that wait, those under way left out."""
        return len(self._buffer)

    @property
    def largest(self) -> int:
        """Most characters in a packet."""
        return self._largest

    @property
    def marked(self) -> bool:
        """Tell whether a flag waits to be sent."""
        return bool(self._marks)

    def write(self, data: bytes) -> None:
        """Have characters sent."""
        self._buffer += data

    def mark(self, flags: int) -> None:
        """Have flags sent between the characters written so far and those to come.

        If there are no characters the packet is empty; it may even be without flags, and gets acknowledged.
        """
        self._marks.append((self._start + len(self._buffer), flags))

    def attach(self, flags: int) -> None:
        """Have flags sent with the next new packet, whenever there is one."""
        self._attached |= flags

    def flush(self, now: float) -> None:
        """Drop the characters that wait and the packet under way."""
        self.step(Seen.FLUSH, now)

    def forget_waiting(self) -> None:
        """Drop the characters that wait, but not the packet under way."""
        self._start += len(self._buffer)
        self._buffer.clear()

    def proceed(self, now: float) -> None:
        """Send the next packet, unless one is under way."""
        if self.state is Sending.IDLE:
            self.step(Seen.READY, now)

    def acknowledge(self, packet: SolPacket, now: float) -> None:
        """Read what a packet says about ours (Table 15-3); about another number it says nothing."""
        if packet.acknowledged != self._number or not self._number:
            return
        size, self._accepted = len(self._data), packet.accepted
        if self._accepted >= size:
            self.step(Seen.COMPLETION_ACK, now)
        elif self._accepted:
            self.step(Seen.PARTIAL_ACK, now)
        else:
            self.step(Seen.SUSPEND_NACK if packet.flags & NACK else Seen.RESUME_ACK, now)

    def expire(self, now: float) -> None:
        """Send again what was not acknowledged in time, or give it up."""
        if self.timer is not None and now >= self.timer:
            over = self.state is Sending.WAITING and self._tries >= self._retries
            self.step(Seen.RETRIES_OVER if over else Seen.TIMER, now)

    def step(self, seen: Seen, now: float) -> None:
        """Go where the table says; a pair without a row has no meaning now and changes nothing."""
        step = self.TABLE.get((self.state, seen))
        if step is not None:
            self.state = step.then
            step.action(self, now)

    def _send_new(self, now: float) -> None:
        """Take the next characters, up to the next flag, under the next number."""
        self._flags, self._attached = self._attached, 0
        while self._marks and self._marks[0][0] <= self._start:
            self._flags |= self._marks.popleft()[1]
        room = self._largest
        if self._marks:
            room = min(room, self._marks[0][0] - self._start)
        self._data = bytes(self._buffer[:room])
        del self._buffer[:room]
        self._start += len(self._data)
        self._number = following(self._number)
        self._send(now)

    def _send(self, now: float) -> None:
        self._tries = 0
        self._repeat(now)

    def _repeat(self, now: float) -> None:
        self._emit(self._number, self._flags, self._data, now)
        self.timer = now + self._interval

    def _retry(self, now: float) -> None:
        """Send again while retries are left; the timer ends it, so that no peer can make us spin."""
        if self._tries < self._retries:
            self._tries += 1
            self._repeat(now)

    def _done(self, now: float) -> None:
        self.timer, self._data = None, b""

    def _put_back(self, now: float) -> None:
        """Begin the next packet with what was not accepted of this one."""
        rest = self._data[self._accepted :]
        self._buffer[:0] = rest
        self._start -= len(rest)
        self._done(now)

    def _pause(self, now: float) -> None:
        self.timer = now + max(PROBE, self._interval)

    def _probe(self, now: float) -> None:
        self._repeat(now)
        self._pause(now)

    def _give_up(self, now: float) -> None:
        """Lose the packet; the next one has the next number."""
        self._done(now)
        self._gave_up()

    def _drop(self, now: float) -> None:
        self.forget_waiting()
        self._done(now)

    def _close(self, now: float) -> None:
        self._drop(now)
        self._marks.clear()

    # What became of our packets, what happened -> what we do, what becomes of them (Table 15-3).
    TABLE: ClassVar[dict[tuple[Sending, Seen], Step]] = {
        (Sending.IDLE, Seen.READY): Step(_send_new, Sending.WAITING),
        (Sending.IDLE, Seen.FLUSH): Step(_drop, Sending.IDLE),
        (Sending.IDLE, Seen.CLOSE): Step(_close, Sending.CLOSED),
        (Sending.WAITING, Seen.COMPLETION_ACK): Step(_done, Sending.IDLE),
        (Sending.WAITING, Seen.PARTIAL_ACK): Step(_put_back, Sending.IDLE),
        (Sending.WAITING, Seen.RESUME_ACK): Step(_retry, Sending.WAITING),
        (Sending.WAITING, Seen.SUSPEND_NACK): Step(_pause, Sending.SUSPENDED),
        (Sending.WAITING, Seen.TIMER): Step(_retry, Sending.WAITING),
        (Sending.WAITING, Seen.RETRIES_OVER): Step(_give_up, Sending.IDLE),
        (Sending.WAITING, Seen.FLUSH): Step(_drop, Sending.IDLE),
        (Sending.WAITING, Seen.CLOSE): Step(_close, Sending.CLOSED),
        (Sending.SUSPENDED, Seen.COMPLETION_ACK): Step(_done, Sending.IDLE),
        (Sending.SUSPENDED, Seen.PARTIAL_ACK): Step(_put_back, Sending.IDLE),
        (Sending.SUSPENDED, Seen.RESUME_ACK): Step(_send, Sending.WAITING),
        (Sending.SUSPENDED, Seen.SUSPEND_NACK): Step(_pause, Sending.SUSPENDED),
        # The specification stops all retries here; a probe finds out whether the resume ACK was lost.
        (Sending.SUSPENDED, Seen.TIMER): Step(_probe, Sending.SUSPENDED),
        (Sending.SUSPENDED, Seen.FLUSH): Step(_drop, Sending.IDLE),
        (Sending.SUSPENDED, Seen.CLOSE): Step(_close, Sending.CLOSED),
    }
