"""The Block Transfer interface's registers: one set of bits that both sides write, each with its own effect.

::

    register   host reads             host writes
    0          BT_CTRL                BT_CTRL, see below
    1          BMC2HOST buffer        HOST2BMC buffer
    2          BT_INTMASK             BT_INTMASK

A 0 that is written to BT_CTRL never does anything; what a 1 does depends on the bit and on who writes it
(§11.6, Table 11-4): it sets, clears, toggles or rewinds.
"""

from __future__ import annotations

import enum
from typing import Final

SIZE: Final = 3
"""Registers that there are."""

CONTROL, BUFFER, INTMASK = range(SIZE)

SMALLEST_BUFFER: Final = 64
"""Bytes that each buffer has at least (§11.5)."""


class Control(enum.IntFlag):
    """The bits of BT_CTRL."""

    CLR_WR_PTR = 0x01
    CLR_RD_PTR = 0x02
    H2B_ATN = 0x04
    B2H_ATN = 0x08
    SMS_ATN = 0x10
    OEM0 = 0x20
    H_BUSY = 0x40
    B_BUSY = 0x80


class IntMask(enum.IntFlag):
    """The bits of BT_INTMASK."""

    B2H_IRQ_EN = 0x01
    B2H_IRQ = 0x02
    OEM = 0x1C
    BMC_HWRST = 0x80


# Plain numbers: these are tested at each access of a register.
H2B_ATN, B2H_ATN, SMS_ATN = int(Control.H2B_ATN), int(Control.B2H_ATN), int(Control.SMS_ATN)
H_BUSY, B_BUSY, OEM0 = int(Control.H_BUSY), int(Control.B_BUSY), int(Control.OEM0)
CLR_WR_PTR, CLR_RD_PTR = int(Control.CLR_WR_PTR), int(Control.CLR_RD_PTR)
B2H_IRQ_EN, B2H_IRQ, BMC_HWRST = int(IntMask.B2H_IRQ_EN), int(IntMask.B2H_IRQ), int(IntMask.BMC_HWRST)
_OEM: Final = int(IntMask.OEM)

HOST_SETS, HOST_CLEARS, HOST_TOGGLES = H2B_ATN | OEM0, B2H_ATN | SMS_ATN, H_BUSY
"""What the host's 1 does."""

BMC_SETS, BMC_CLEARS, BMC_TOGGLES = B2H_ATN | SMS_ATN, H2B_ATN | OEM0, B_BUSY
"""What the controller's 1 does."""

_RISE_INTERRUPTS: Final = B2H_ATN | SMS_ATN


class _Buffer:
    """One of the two buffers: a write pointer of one side, a read pointer of the other."""

    __slots__ = ("_bytes", "_read", "overrun", "written")

    def __init__(self, size: int) -> None:
        self._bytes = bytearray(size)
        self._read = self.written = 0
        self.overrun = False

    def rewind_writing(self) -> None:
        self.written, self.overrun = 0, False

    def rewind_reading(self) -> None:
        self._read = 0

    def put(self, value: int) -> None:
        if self.written < len(self._bytes):
            self._bytes[self.written] = value
            self.written += 1
        else:
            self.overrun = True

    def get(self) -> int:
        if self._read >= len(self._bytes):
            return 0
        value = self._bytes[self._read]
        self._read += 1
        return value

    def content(self) -> bytes:
        return bytes(self._bytes[: self.written])


class BtRegisters:
    """The registers and buffers, as the bus has them on one side and the controller on the other.

    Args:
        input_size: bytes of the HOST2BMC buffer, with the length byte.
        output_size: bytes of the BMC2HOST buffer.

    Attributes:
        control: BT_CTRL as both sides read it; the pointer bits read 0.
        intmask: BT_INTMASK as the host reads it; BMC_HWRST reads 0.
    """

    __slots__ = ("_to_bmc", "_to_host", "control", "intmask")

    def __init__(self, input_size: int, output_size: int) -> None:
        self._to_bmc = _Buffer(max(SMALLEST_BUFFER, input_size))
        self._to_host = _Buffer(max(SMALLEST_BUFFER, output_size))
        self.control, self.intmask = B_BUSY, 0

    @property
    def interrupt(self) -> bool:
        """Whether the interrupt line is asserted: B2H_IRQ, where B2H_IRQ_EN lets it through."""
        return self.intmask & (B2H_IRQ | B2H_IRQ_EN) == B2H_IRQ | B2H_IRQ_EN

    def reset(self) -> None:
        """As after power-up: nothing but B_BUSY is set (§11.9)."""
        self.control, self.intmask = B_BUSY, 0
        for buffer in (self._to_bmc, self._to_host):
            buffer.rewind_reading()
            buffer.rewind_writing()

    # ---- the host's side

    def host_reads(self, register: int) -> int:
        """The host reads a register; there is nothing beyond the third."""
        if register == CONTROL:
            return self.control
        if register == BUFFER:
            return self._to_host.get()
        return self.intmask if register == INTMASK else 0xFF

    def host_writes_control(self, value: int) -> None:
        """The host writes BT_CTRL."""
        if value & CLR_WR_PTR:
            self._to_bmc.rewind_writing()
        if value & CLR_RD_PTR:
            self._to_host.rewind_reading()
        self.control = (self.control | value & HOST_SETS) & ~(value & HOST_CLEARS) ^ value & HOST_TOGGLES

    def host_fills(self, value: int) -> None:
        """The host writes the next byte of the HOST2BMC buffer; what does not fit is lost."""
        self._to_bmc.put(value)

    def host_writes_intmask(self, value: int) -> None:
        """The host writes BT_INTMASK: enables as they are, and a 1 clears B2H_IRQ."""
        pending = self.intmask & B2H_IRQ & ~value
        self.intmask = value & (B2H_IRQ_EN | _OEM) | pending

    # ---- the controller's side

    def bmc_writes_control(self, value: int) -> None:
        """The controller writes BT_CTRL; B2H_ATN or SMS_ATN that rises sets B2H_IRQ."""
        if value & CLR_WR_PTR:
            self._to_host.rewind_writing()
        if value & CLR_RD_PTR:
            self._to_bmc.rewind_reading()
        if value & ~self.control & _RISE_INTERRUPTS:
            self.intmask |= B2H_IRQ
        self.control = (self.control | value & BMC_SETS) & ~(value & BMC_CLEARS) ^ value & BMC_TOGGLES

    def bmc_fills(self, message: bytes) -> None:
        """The controller writes the BMC2HOST buffer."""
        for byte in message:
            self._to_host.put(byte)

    def bmc_takes(self) -> bytes:
        """What the host wrote into the HOST2BMC buffer since it rewound it."""
        return self._to_bmc.content()

    @property
    def overrun(self) -> bool:
        """Whether the host wrote more than the HOST2BMC buffer holds."""
        return self._to_bmc.overrun
