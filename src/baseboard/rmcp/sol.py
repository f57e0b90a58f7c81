"""What both ends of Serial Over LAN have in common: two halves, an outbox, events (§15).

`SolConsole` and `SolController` add what only their end can do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from baseboard.rmcp.sol_packet import HEADER, SolPacket
from baseboard.rmcp.sol_receiver import Acknowledgement, Receiver
from baseboard.rmcp.sol_sender import Seen, Sender, Sending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baseboard.rmcp.machine import Buffer

N = TypeVar("N")

_NOTHING = Acknowledgement()


class Characters:
    """Characters from the other end, in order."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        # What is typed on a console may be a password.
        return f"<{len(self.data)} characters>"


class SolEnd(Generic[N]):
    """One end of a SOL payload: a `Machine` whose data are payloads of type 01h."""

    __slots__ = ("_happened", "_levels", "_outbox", "_receiver", "_sender")

    def __init__(self, payload_size: int, retries: int, interval: float, capacity: int | None) -> None:
        self._sender = Sender(self._emit, self._gave_up, payload_size, retries, interval)
        self._receiver = Receiver(capacity, interval)
        self._outbox: list[bytes] = []
        self._happened: list[Characters | N] = []
        # Flags that every packet says, whatever it is sent for.
        self._levels = 0

    @property
    def closed(self) -> bool:
        """Tell whether the payload is deactivated."""
        return self._sender.state is Sending.CLOSED

    @property
    def waiting(self) -> int:
        """Count the characters that were written and are not under way yet."""
        return len(self._sender)

    def outgoing(self) -> list[bytes]:
        """Hand over the payloads to be sent."""
        outbox, self._outbox = self._outbox, []
        return outbox

    def events(self) -> list[Characters | N]:
        """Hand over what happened."""
        happened, self._happened = self._happened, []
        return happened

    def deadline(self) -> float | None:
        """Tell when `expire` is due."""
        return min((when for when in self._timers() if when is not None), default=None)

    def expire(self, now: float) -> None:
        """Send what is due: retries, resume ACKs, characters that have waited."""
        self._sender.expire(now)
        self._receiver.expire(now)
        self._proceed(now)

    def receive(self, data: Buffer, now: float) -> None:
        """Take a payload; one too short to be a SOL packet is dropped."""
        if len(data) < HEADER:
            return
        packet = SolPacket.decode(bytes(data))
        if not self.closed:
            self._look_at_levels(packet, now)
        if self.closed:
            self._after_the_end(packet, now)
            return
        self._sender.acknowledge(packet, now)
        if packet.sequence:
            self._take(packet, now)
        else:
            self._obey_unnumbered(packet.flags, now)
        self._proceed(now)

    def consumed(self, count: int, now: float) -> None:
        """Say that this many received characters have gone where they belong and left room for others.

        Needed only by an end with a capacity.
        """
        self._receiver.consumed(count)
        self._receiver.reopen(now)
        self._proceed(now)

    def _take(self, packet: SolPacket, now: float) -> None:
        new = self._receiver.recognize(packet, now)
        if new is None:
            return
        if new:
            self._obey(packet.flags, now)
        characters = self._receiver.take(packet)
        if characters:
            self._happened.append(Characters(characters))

    def _proceed(self, now: float) -> None:
        """Send what is due; an acknowledgement waits for nothing, but travels with characters if it can."""
        if self._due(now):
            self._sender.proceed(now)
        if self._receiver.owed.acknowledged:
            self._emit(0, 0, b"", now)

    def _emit(self, sequence: int, flags: int, data: bytes, now: float) -> None:
        """Put a packet into the outbox, together with the acknowledgement that is owed.

        An acknowledgement is said once: said again it would read as another one (§15.11).
        """
        owed, self._receiver.owed = self._receiver.owed, _NOTHING
        packet = SolPacket(
            sequence=sequence,
            acknowledged=owed.acknowledged,
            accepted=owed.accepted,
            flags=flags | self._levels | owed.nack,
            data=data,
        )
        self._outbox.append(packet.encode())

    def _close(self, now: float) -> None:
        self._sender.step(Seen.CLOSE, now)
        self._receiver.close()

    # What the two ends do differently.

    def _timers(self) -> Iterator[float | None]:
        yield self._sender.timer
        yield self._receiver.timer

    def _due(self, now: float) -> bool:
        """Tell whether what waits should be sent now."""
        return bool(self._sender) or self._sender.marked

    def _look_at_levels(self, packet: SolPacket, now: float) -> None:
        """Follow the flags that are said in every packet, new or not."""

    def _obey(self, flags: int, now: float) -> None:
        """Do what the flags of a new packet say, before its characters."""

    def _obey_unnumbered(self, flags: int, now: float) -> None:
        """Do what the flags of a packet without number say."""

    def _gave_up(self) -> None:
        """A packet was never acknowledged."""

    def _after_the_end(self, packet: SolPacket, now: float) -> None:
        """Something came after the payload was deactivated."""
