"""Memory chips on the private buses behind a management controller."""

from __future__ import annotations

from dataclasses import dataclass

CHIP_TYPES = {128: 0x08, 256: 0x09, 512: 0x0A, 1024: 0x0B, 2048: 0x0C, 4096: 0x0E, 8192: 0x0F}
"""IPMB/I2C device type codes of the 24C01 to 24C16, 24C32 and 24C64, by their bytes (Table 43-12)."""


@dataclass(frozen=True, slots=True)
class Eeprom:
    """Where the chip sits that keeps an inventory (§38, Table 43-7).

    Its kind follows from the size of its contents: to 2 KiB a chip of the 24C01 to 24C16 family, which takes
    one byte of address and, above 256 bytes, further bits in its slave address; beyond that a 24C32 or
    larger, which takes two bytes.

    Attributes:
        bus: private bus, 0-7.
        address: slave address of 7 bits, such as 50h.
    """

    bus: int = 0
    address: int = 0x50
