"""What SMBus transfers have in common: packet error codes, and blocks of up to 32 bytes (SMBus 2.0 §5.4)."""

from __future__ import annotations

from typing import Final, Protocol

BLOCK: Final = 32
"""Bytes of a block at most."""


def _step(crc: int) -> int:
    for _ in range(8):
        crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return crc


_STEPS: Final = bytes(map(_step, range(256)))


def pec(transfer: bytes) -> int:
    """The packet error code of a transfer, of all of its bytes with the addresses (SMBus 2.0 §5.4.1.1).

    The polynomial is x^8 + x^2 + x + 1; over a transfer with its right code behind it, the result is 0.
    """
    crc = 0
    for byte in transfer:
        crc = _STEPS[crc ^ byte]
    return crc


def write_head(address: int) -> bytes:
    """What stands before a write on the bus: the address, for writing.

    Args:
        address: of the target, 7 bits.
    """
    return bytes((address << 1,))


def read_head(address: int, command: int) -> bytes:
    """What stands before a block that is read: the address, the command, the address for reading."""
    return bytes((address << 1, command, address << 1 | 1))


class SmbusTarget(Protocol):
    """A device on the bus."""

    @property
    def address(self) -> int:
        """Where it is, 7 bits."""
        ...

    @property
    def alert(self) -> bool:
        """Whether it pulls SMBALERT#."""
        ...

    def write(self, wire: bytes) -> bool:
        """The controller writes these bytes behind the address; whether they are acknowledged."""
        ...

    def read(self, command: int) -> bytes | None:
        """The controller reads a block: count, bytes, perhaps a PEC; None = not acknowledged."""
        ...

    def respond_to_alert(self) -> int | None:
        """The controller asks who pulls SMBALERT#: the address in the upper 7 bits; None = not this one."""
        ...
