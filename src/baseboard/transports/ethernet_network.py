"""A LAN channel's own network on a piece of Ethernet: no network stack of an operating system (§23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from baseboard.links.ethernet_host import EthernetHost
from baseboard.links.ethernet_wire import Peer
from baseboard.links.network import Abilities, Counters, NetworkReport, NetworkSettings, Via
from baseboard.transports.frames import FrameLink, Receive

ABILITIES: Final = Abilities(arp=True, addresses=True, static_addresses=4, dynamic_addresses=5, dhcp=False)


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None:
        """Make it not happen; harmless when it has."""
        ...


class Clock(Protocol):
    """Monotonic time, and a way to be called later."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def call_at(self, when: float, action: Callable[[], None]) -> Timer:
        """Call ``action`` when ``now()`` reaches ``when``."""
        ...


class EthernetNetwork:
    """A host of its own at a link for frames.

    Args:
        plug: makes the link, given what takes its frames.
        receive: called with each datagram and its sender.
        clock: time.
    """

    __slots__ = ("_clock", "_due", "_host", "_link", "_receive", "_timer")
    abilities = ABILITIES

    def __init__(
        self, plug: Callable[[Receive], FrameLink], receive: Callable[[bytes, Peer], None], clock: Clock
    ) -> None:
        self._clock, self._receive = clock, receive
        self._host: EthernetHost | None = None
        self._timer: Timer | None = None
        self._due = 0.0
        self._link = plug(self._frame)

    def apply(self, settings: NetworkSettings) -> None:
        """Have these settings count on the wire."""
        now = self._clock.now()
        if self._host is None:
            self._host = EthernetHost(settings, now)
        else:
            self._host.configure(settings, now)
        self._settle(self._host)

    def send(self, data: bytes, address: Peer, via: Via | None = None) -> None:
        """Send one datagram from the channel's own address and port."""
        if self._host is not None:
            self._host.send(data, address, self._clock.now(), via)
            self._settle(self._host)

    def report(self) -> NetworkReport:
        """What it found out by itself."""
        return NetworkReport() if self._host is None else self._host.report()

    def counters(self) -> Counters | None:
        """What it counted since it began."""
        return None if self._host is None else self._host.counters()

    def close(self) -> None:
        """Pull the plug."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._link.close()
        self._host = None

    def _frame(self, frame: bytes) -> None:
        if self._host is not None:
            self._host.receive(frame, self._clock.now())
            self._settle(self._host)

    def _settle(self, host: EthernetHost) -> None:
        """Send what is to be sent, hand over what came, and see to the next deadline."""
        for frame in host.frames():
            self._link.send(frame)
        for data, peer in host.datagrams():
            self._receive(data, peer)
        due = host.deadline()
        if due is None or (self._timer is not None and self._due <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = self._clock.call_at(due, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self._host is not None:
            self._host.expire(self._clock.now())
            self._settle(self._host)
