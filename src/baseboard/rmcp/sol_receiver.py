"""The receiving half of a SOL end: what is new in a packet, how much fits, what is acknowledged (§15.11).

Consoles and BMCs in the field append to a retry, or jump in their numbering. So what is new is told by
counts, and a number that insists is believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.rmcp.sol_packet import LAST_SEQUENCE, LONGEST, NACK

if TYPE_CHECKING:
    from baseboard.rmcp.sol_packet import SolPacket

INSISTENCE: Final = 1.0
"""Seconds after which an old packet that still comes is no echo of the network: its sender means it."""

RESUMES: Final = 10
"""How often a resume ACK is sent when the packet that it asks for does not come."""

_AHEAD: Final = 7
"""Numbers in front of the last one are the sender's way forward, the other half of the circle lies behind."""


class Acknowledgement(NamedTuple):
    """Bytes 2 and 3 of a packet, and the NACK bit that goes with them (Table 15-2)."""

    acknowledged: int = 0
    accepted: int = 0
    nack: int = 0


class Receiver:
    """Packets in, characters and acknowledgements out.

    Attributes:
        blocked: nothing can be taken now, whatever room there is.
        owed: the acknowledgement to be sent; all zero = none.
        timer: when a resume ACK is due again, None while none is.
    """

    __slots__ = (
        "_accepted", "_capacity", "_held", "_interval", "_last", "_resumes", "_size", "_stray",
        "_stray_since", "blocked", "owed", "timer",
    )  # fmt: skip

    def __init__(self, capacity: int | None, interval: float) -> None:
        """Start ready for any number.

        Args:
            capacity: characters taken before `consumed` must be called; None = any number.
            interval: seconds between resume ACKs.
        """
        self._capacity, self._held, self._interval = capacity, 0, interval
        self.blocked = False
        self.owed = Acknowledgement()
        self.timer: float | None = None
        # The last packet: its number, characters accepted of how many.
        self._last: int = 0
        self._accepted: int = 0
        self._size: int = 0
        self._stray: int = 0
        self._stray_since = 0.0
        self._resumes = 0

    def recognize(self, packet: SolPacket, now: float) -> bool | None:
        """Look at the number of a packet that has one.

        Returns: whether it is a new packet; None if it is an echo of the past and gets no acknowledgement.
        """
        sequence = packet.sequence
        if sequence == self._last:
            return False
        if not self._believable(sequence, now):
            return None
        self._last, self._accepted, self._size = sequence, 0, 0
        return True

    def take(self, packet: SolPacket) -> bytes:
        """Take the new characters of a recognized packet as far as there is room; owe the acknowledgement."""
        data = packet.data[:LONGEST]
        taken = self._fresh(data)[: self.room]
        self._held += len(taken)
        self._accepted += len(taken)
        self._size = max(self._size, len(data))
        nack = NACK if self._accepted < len(data) else 0
        self.owed = Acknowledgement(self._last, self._accepted, nack)
        self.timer, self._stray = None, 0
        return taken

    @property
    def room(self) -> int:
        """Count the characters that can be taken now."""
        if self.blocked:
            return 0
        return LONGEST if self._capacity is None else max(self._capacity - self._held, 0)

    def _fresh(self, data: bytes) -> bytes:
        """Cut away what was accepted before; a retry that grew has something new.

        After a partial acknowledgement there is nothing new: the rest travels under the next number. A sender
        that repeats the whole packet instead loses the rest; an end without capacity never makes it do so.
        """
        return b"" if 0 < self._accepted < self._size else data[self._accepted :]

    def _believable(self, sequence: int, now: float) -> bool:
        """Tell a number that the sender has reached from one that the network brings late.

        Some BMCs begin anew after a reset of the host, so an old number counts once it insists.
        """
        if not self._last or (sequence - self._last) % LAST_SEQUENCE <= _AHEAD:
            return True
        if sequence != self._stray:
            self._stray, self._stray_since = sequence, now
            return False
        return now >= self._stray_since + INSISTENCE

    def consumed(self, count: int | None) -> None:
        """Make room: so many of the characters taken have gone where they belong; None = all of them."""
        self._held = 0 if count is None else max(self._held - count, 0)

    def reopen(self, now: float) -> None:
        """Send a resume ACK if a packet was refused as a whole and would be taken now (Table 15-3)."""
        if self.room and not self._accepted and self._size and self.timer is None:
            self._resumes = 0
            self.timer = now
            self.expire(now)

    def expire(self, now: float) -> None:
        """Say the resume ACK again: it is never acknowledged itself."""
        if self.timer is None or now < self.timer:
            return
        self._resumes += 1
        self.owed = Acknowledgement(self._last)
        self.timer = now + self._interval if self._resumes < RESUMES else None

    def close(self) -> None:
        """Owe nothing any more."""
        self.owed, self.timer = Acknowledgement(), None
