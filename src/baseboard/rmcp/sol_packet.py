"""The packets of Serial Over LAN, payload type 01h (§15.9, Table 15-2)."""

from __future__ import annotations

from enum import IntFlag
from typing import Final

from baseboard.wire import Record, at

HEADER: Final = 4
LONGEST: Final = 255
"""Most characters in a packet: the accepted count has one byte."""

LAST_SEQUENCE: Final = 15

NACK: Final = 0x40
"""In both directions: the packet named in byte 2 was not accepted, or not wholly."""


class Operation(IntFlag):
    """Byte 4 from the console to the BMC."""

    NACK = 0x40
    RING = 0x20
    BREAK = 0x10
    PAUSE = 0x08
    """Deassert CTS to the baseboard: a level, said in every packet."""
    DROP_CARRIER = 0x04
    """Deassert DCD and DSR to the baseboard: a level, said in every packet."""
    FLUSH_INBOUND = 0x02
    FLUSH_OUTBOUND = 0x01


class Status(IntFlag):
    """Byte 4 from the BMC to the console."""

    NACK = 0x40
    UNAVAILABLE = 0x20
    """Characters cannot be transferred: the system is off or its serial port is taken away."""
    DEACTIVATED = 0x10
    OVERRUN = 0x08
    """Characters from the baseboard were dropped since the previous packet."""
    BREAK = 0x04
    RTS = 0x02
    """In test mode this bit and the next show what the baseboard drives; which is which is unverified."""
    DTR = 0x01


class SolPacket(Record):
    """A packet of either direction (Table 15-2)."""

    sequence: int = at("1[3:0]", "1-15; 0 = says something, but is not acknowledged", default=0)
    acknowledged: int = at("2[3:0]", "packet that is acknowledged; 0 = none", default=0)
    accepted: int = at("3", "characters of that packet that were accepted", default=0)
    flags: int = at("4", "an Operation from the console, a Status from the BMC", default=0)
    data: bytes = at("5:", "characters, at most 255", default=b"")


def most_characters(payload_size: int) -> int:
    """How many characters fit a payload of a negotiated size, counted with its header of 4 bytes.

    Many BMCs report 0, swap the bytes or leave the header out (§24.1): what cannot be means the maximum.
    """
    size = payload_size - HEADER
    return size if 1 <= size <= LONGEST else LONGEST


def following(sequence: int) -> int:
    """The sequence number after this one: 15 is followed by 1."""
    return sequence % LAST_SEQUENCE + 1
