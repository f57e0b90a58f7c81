"""A bridge's way over the ICMB: each request is answered once, and everything is counted (ICMB v1.0)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.links.icmb import (
    BROADCAST,
    LONGEST_DATA,
    NO_ADDRESS,
    REQUEST,
    RESPONSE,
    UNANSWERED,
    Broken,
    Packet,
    decode,
)

TRIES: Final = 6
"""How often a packet is sent (a maker's limit)."""

ARBITRATIONS: Final = 16
"""How often one that lost contends again."""

REPLY_S: Final = 0.2
"""How long a response may take before the request is sent again."""

KEPT_S: Final = 5.0
_KEPT: Final = 16
_MOST: Final = 16
_LAST_SEQUENCE: Final = 0xFF
_FULL: Final = 0xFFFF
_BACKOFF_S: Final = 0.000_05

COMMAND_COUNTERS: Final = ("runt_commands", "bad_commands", "spurious_responses")
PACKET_COUNTERS: Final = (
    "sent", "received", "other_addresses", "runt_packets", "bad_checksums", "unknown_types", "not_start",
    "restarts", "arbitration_wins", "arbitration_losses",
)  # fmt: skip
"""The counters of Get Bridge Statistics, in its order."""

Answered = Callable[[bytes], None]
Reply = Callable[[bytes], None]
Handle = Callable[[Packet, Reply], None]


class _Asked:
    __slots__ = ("answered", "packet", "timer", "tries")

    def __init__(self, packet: Packet, answered: Answered, tries: int) -> None:
        self.packet, self.answered, self.tries = packet, answered, tries
        self.timer: Timer | None = None


class IcmbLink:
    """One bridge on a line.

    Args:
        handle: carries out a request of another bridge; its reply takes completion code and data.

    Attributes:
        line: None = the bridge is on none.
        address: by which packets find it; 0 = by none.
        claim: the address that it is about to take; 0 = none.
        proxy: a second address; 0 = none.
        open: packets are taken and sent.
        counters: by name.
    """

    __slots__ = (
        "_asked",
        "_handle",
        "_home",
        "_kept",
        "_sequence",
        "address",
        "claim",
        "counters",
        "line",
        "open",
        "proxy",
    )

    def __init__(self, home: Home, handle: Handle) -> None:
        self._home, self._handle = home, handle
        self.line: IcmbLine | None = None
        self.address = self.claim = self.proxy = NO_ADDRESS
        self.open = False
        self.counters: dict[str, int] = {}
        self._sequence = UNANSWERED
        self._asked: dict[int, _Asked] = {}
        # source and number of a request -> until when, and the response once there is one
        self._kept: dict[tuple[int, int], tuple[float, Packet | None]] = {}

    def count(self, counter: str) -> None:
        """Count one more; a counter that is full stays so."""
        self.counters[counter] = min(self.counters.get(counter, 0) + 1, _FULL)

    def close(self) -> None:
        """Wait for nothing any more."""
        self.open = False
        asked, self._asked = self._asked, {}
        for one in asked.values():
            self._settle(one, bytes((Cc.NOT_SUPPORTED_IN_STATE,)))

    # ---- out

    def ask(self, destination: int, cmd: int, data: bytes, answered: Answered, tries: int = TRIES) -> None:
        """Send a request and wait for its response.

        Args:
            answered: gets the other bridge's completion code and data; nothing if there was no response.

        Raises:
            CompletionError: C8h, the data is too long; C0h, too much is under way.
        """
        if len(data) > LONGEST_DATA:
            raise CompletionError(Cc.LENGTH_LIMIT_EXCEEDED)
        if len(self._asked) >= _MOST:
            raise CompletionError(Cc.NODE_BUSY)
        asked = _Asked(Packet(destination, self.address, REQUEST, self._number(), cmd, data), answered, tries)
        self._asked[asked.packet.sequence] = asked
        self._attempt(asked)

    def tell(self, destination: int, cmd: int, data: bytes) -> None:
        """Send a request that nobody answers.

        Raises:
            CompletionError: C8h, the data is too long.
        """
        if len(data) > LONGEST_DATA:
            raise CompletionError(Cc.LENGTH_LIMIT_EXCEEDED)
        self._send(Packet(destination, self.address, REQUEST, UNANSWERED, cmd, data))

    def collect(self, cmd: int, seconds: float, heard: Answered, done: Callable[[], None]) -> None:
        """Ask all others, and take every response that comes in that time.

        Raises:
            CompletionError: C0h, too much is under way.
        """
        if len(self._asked) >= _MOST:
            raise CompletionError(Cc.NODE_BUSY)
        asked = _Asked(Packet(BROADCAST, self.address, REQUEST, self._number(), cmd, b""), heard, 0)
        self._asked[asked.packet.sequence] = asked
        self._send(asked.packet)

        def end() -> None:
            self._asked.pop(asked.packet.sequence, None)
            done()

        self._home.clock.call_at(self._home.clock.now() + seconds, end)

    def _number(self) -> int:
        while True:
            self._sequence = self._sequence % _LAST_SEQUENCE + 1
            if self._sequence not in self._asked:
                return self._sequence

    def _attempt(self, asked: _Asked) -> None:
        if asked.packet.sequence not in self._asked:
            return
        if not asked.tries:
            del self._asked[asked.packet.sequence]
            asked.answered(b"")
            return
        asked.tries -= 1
        self._send(asked.packet)
        asked.timer = self._home.clock.call_at(
            self._home.clock.now() + REPLY_S, partial(self._attempt, asked)
        )

    def _send(self, packet: Packet, tries: int = ARBITRATIONS) -> None:
        """Contend for the line; after the last arbitration that was lost the packet is gone."""
        line = self.line
        if line is None or not self.open:
            return
        if line.send(packet.encode(), self):
            self.count("sent")
            self.count("arbitration_wins")
            return
        self.count("arbitration_losses")
        if tries > 1:
            # Two that waited for the same packet must not begin at the same moment again.
            pause = self._home.random(1)[0] * _BACKOFF_S
            self._home.clock.call_at(line.free_at + pause, partial(self._send, packet, tries - 1))

    # ---- in

    def receive(self, data: bytes) -> None:
        """Take what went over the line."""
        if not self.open:
            return
        try:
            packet, restarted = decode(data)
        except Broken as error:
            self.count(error.counter)
            return
        if restarted:
            self.count("restarts")
        if not self._is_mine(packet):
            self.count("other_addresses")
            return
        self.count("received")
        if packet.kind == RESPONSE:
            self._response(packet)
        else:
            self._request(packet)

    def _is_mine(self, packet: Packet) -> bool:
        """A bridge without an address answers for the one it is about to take, and hears what it asked."""
        if packet.destination == NO_ADDRESS:
            return self.address == NO_ADDRESS and packet.kind == RESPONSE
        return packet.destination in (BROADCAST, self.address or self.claim, self.proxy)

    def _response(self, packet: Packet) -> None:
        asked = self._asked.get(packet.sequence)
        if asked is None or packet.cmd != asked.packet.cmd or not packet.data:
            self.count("spurious_responses")
        elif asked.packet.destination == BROADCAST:
            asked.answered(packet.data)
        elif packet.source != asked.packet.destination:
            self.count("spurious_responses")
        else:
            del self._asked[packet.sequence]
            self._settle(asked, packet.data)

    @staticmethod
    def _settle(asked: _Asked, data: bytes) -> None:
        if asked.timer is not None:
            asked.timer.cancel()
        asked.answered(data)

    def _request(self, packet: Packet) -> None:
        """A request that comes again is not carried out again."""
        if packet.sequence == UNANSWERED:
            self._handle(packet, _to_nobody)
            return
        now = self._home.clock.now()
        same = (packet.source, packet.sequence)
        until, response = self._kept.get(same, (0.0, None))
        if now < until and (response is None or response.cmd == packet.cmd):
            if response is not None:
                self._send(response)
            return
        self._kept = {key: kept for key, kept in self._kept.items() if now < kept[0]}
        if len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[same] = (now + REPLY_S * TRIES, None)

        def reply(data: bytes) -> None:
            if len(data) > LONGEST_DATA + 1:
                data = bytes((Cc.CANNOT_RETURN_SO_MANY,))
            source = packet.destination if packet.destination != BROADCAST else self.address
            made = Packet(packet.source, source, RESPONSE, packet.sequence, packet.cmd, data)
            self._kept[same] = (self._home.clock.now() + REPLY_S * TRIES, made)
            self._send(made)

        self._handle(packet, reply)


def _to_nobody(data: bytes) -> None:
    """Nobody waits for this answer."""
