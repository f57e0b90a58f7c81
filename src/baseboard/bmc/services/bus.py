"""An IPMB in the process: controllers at slave addresses that write to each other (IPMB v1.0).

Every message is one write of a master, the first byte the slave address that it is for; an answer is a write
in the other direction. A write takes the time that 100 kHz give it, and two at a time wait for each other.
"""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from typing import Final, Protocol

from baseboard.bmc.clock import Clock

BROADCAST: Final = 0x00
"""The general call address: Broadcast Get Device ID goes there (§20.9)."""

BYTE_S: Final = 9 / 100_000
"""Seconds that a byte and its acknowledge bit take."""


class Written(IntEnum):
    """What a master learns of its write, in the completion codes of Send Message (Table 22-9)."""

    DONE = 0x00
    LOST_ARBITRATION = 0x81
    BUS_ERROR = 0x82
    NAK = 0x83


class Slave(Protocol):
    """Whoever sits at an address of the bus."""

    def receive(self, frame: bytes) -> None:
        """Take what a master wrote, slave address and all; it may be anything."""
        ...


class Ipmb:
    """One bus.

    Attributes:
        contended: another master wins every arbitration, as long as this is set.
        stuck: a line is held low, so that no write can be made.
    """

    __slots__ = ("_clock", "_free_at", "_slaves", "contended", "stuck")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slaves: dict[int, Slave] = {}
        self._free_at = 0.0
        self.contended = False
        self.stuck = False

    def attach(self, address: int, slave: Slave) -> None:
        """Put somebody at an address.

        Raises:
            ValueError: the address is taken, or is none of a controller's.
        """
        if address & 1 or not 0x10 <= address < 0xF0 or address in self._slaves:
            raise ValueError(f"{address:02X}h cannot be somebody's slave address here")
        self._slaves[address] = slave

    def detach(self, address: int) -> None:
        """Take away whoever is at an address."""
        self._slaves.pop(address, None)

    def write(self, frame: bytes) -> Written:
        """Write a frame as master; it arrives when it has crossed the bus."""
        if self.stuck:
            return Written.BUS_ERROR
        if self.contended:
            return Written.LOST_ARBITRATION
        if frame[0] == BROADCAST:
            there = list(self._slaves.values())
        else:
            # Bit 0 is the direction of the transfer.
            there = [slave for address, slave in self._slaves.items() if address == frame[0] & 0xFE]
        if not there:
            return Written.NAK
        self._free_at = max(self._clock.now(), self._free_at) + len(frame) * BYTE_S
        for slave in there:
            self._clock.call_at(self._free_at, partial(slave.receive, frame))
        return Written.DONE
