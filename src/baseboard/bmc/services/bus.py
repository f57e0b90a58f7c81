"""An IPMB in the process: controllers at slave addresses that write to each other (IPMB v1.0).

Every message is one write of a master, the first byte the slave address that it is for; an answer is a write
in the other direction. A write takes the time that 100 kHz give it, and two at a time wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from baseboard.bmc.clock import Clock
from baseboard.links.ipmb import BROADCAST as BROADCAST
from baseboard.links.ipmb import Written as Written
from baseboard.links.ipmb import is_address

BYTE_S: Final = 9 / 100_000
"""Seconds that a byte and its acknowledge bit take."""


BACKLOG_S: Final = 1.0
"""Seconds of writes that may wait for the bus; who comes then loses the arbitration."""


class Slave(Protocol):
    """Whoever sits at an address of the bus."""

    def receive(self, frame: bytes) -> None:
        """Take what a master wrote, slave address and all; it may be anything."""
        ...


class Bus(Protocol):
    """An IPMB, wherever it is."""

    def attach(self, address: int, slave: Slave) -> None:
        """Put somebody at an address.

        Raises:
            ValueError: the address is taken, or is none of a controller's.
        """
        ...

    def detach(self, address: int) -> None:
        """Take away whoever is at an address."""
        ...

    def write(self, frame: bytes) -> Written:
        """Write a frame as master."""
        ...


class Ipmb:
    """A bus in the process."""

    __slots__ = ("_clock", "_contended", "_free_at", "_slaves", "_stuck", "_watchers")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slaves: dict[int, Slave] = {}
        self._free_at = 0.0
        self._contended = self._stuck = False
        self._watchers: list[Callable[[], None]] = []

    @property
    def contended(self) -> bool:
        """Another master wins every arbitration, as long as this is set."""
        return self._contended

    @contended.setter
    def contended(self, contended: bool) -> None:
        self._contended = contended
        self._tell()

    @property
    def stuck(self) -> bool:
        """A line is held low, so that no write can be made."""
        return self._stuck

    @stuck.setter
    def stuck(self, stuck: bool) -> None:
        self._stuck = stuck
        self._tell()

    @property
    def state(self) -> Written:
        """What a write comes to now, if somebody is at its address."""
        if self._stuck:
            return Written.BUS_ERROR
        return Written.LOST_ARBITRATION if self._contended else Written.DONE

    def addresses(self) -> bytes:
        """The addresses that somebody is at, in their order."""
        return bytes(sorted(self._slaves))

    def watch(self, changed: Callable[[], None]) -> None:
        """Say who hears that the state or the addresses have changed."""
        self._watchers.append(changed)

    def _tell(self) -> None:
        for changed in self._watchers:
            changed()

    def attach(self, address: int, slave: Slave) -> None:
        """Put somebody at an address.

        Raises:
            ValueError: the address is taken, or is none of a controller's.
        """
        if not is_address(address) or address in self._slaves:
            raise ValueError(f"{address:02X}h cannot be somebody's slave address here")
        self._slaves[address] = slave
        self._tell()

    def detach(self, address: int) -> None:
        """Take away whoever is at an address."""
        if self._slaves.pop(address, None) is not None:
            self._tell()

    def write(self, frame: bytes) -> Written:
        """Write a frame as master; it arrives when it has crossed the bus."""
        if self.state != Written.DONE:
            return self.state
        if frame[0] == BROADCAST:
            there = list(self._slaves.values())
        else:
            # Bit 0 is the direction of the transfer.
            there = [slave for address, slave in self._slaves.items() if address == frame[0] & 0xFE]
        if not there:
            return Written.NAK
        now = self._clock.now()
        if self._free_at > now + BACKLOG_S:
            return Written.LOST_ARBITRATION
        self._free_at = max(now, self._free_at) + len(frame) * BYTE_S
        for slave in there:
            self._clock.call_at(self._free_at, partial(slave.receive, frame))
        return Written.DONE
