"""BT's registers: what each bit does, by who writes it."""

from __future__ import annotations

import re

import pytest

from baseboard.links.bt_registers import (
    B2H_ATN,
    B2H_IRQ,
    B2H_IRQ_EN,
    B_BUSY,
    BUFFER,
    CLR_RD_PTR,
    CLR_WR_PTR,
    CONTROL,
    H2B_ATN,
    H_BUSY,
    INTMASK,
    OEM0,
    SMS_ATN,
    BtRegisters,
)
from tests.records.vectors import entry, vector


def made(control: int = 0) -> BtRegisters:
    """Registers with these bits set."""
    registers = BtRegisters(64, 64)
    registers.control = control
    return registers


def test_after_power_up_the_controller_is_busy_and_nothing_else_is_set() -> None:
    registers = BtRegisters(64, 64)
    assert [registers.host_reads(number) for number in (CONTROL, BUFFER, INTMASK, 3)] == [B_BUSY, 0, 0, 0xFF]
    registers.host_writes_control(0xFF)
    registers.host_writes_intmask(0xFF)
    registers.host_fills(1)
    registers.reset()
    assert (registers.control, registers.intmask, registers.bmc_takes()) == (B_BUSY, 0, b"")


@pytest.mark.parametrize(
    ("bit", "host", "bmc"),
    [
        (H2B_ATN, "sets", "clears"),
        (B2H_ATN, "clears", "sets"),
        (SMS_ATN, "clears", "sets"),
        (OEM0, "sets", "clears"),
        (H_BUSY, "toggles", "leaves"),
        (B_BUSY, "leaves", "toggles"),
        (CLR_WR_PTR, "leaves", "leaves"),
        (CLR_RD_PTR, "leaves", "leaves"),
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_what_a_one_does_to_a_bit(bit: int, host: str, bmc: str, before: int) -> None:
    after = {"sets": 1, "clears": 0, "toggles": 1 - before, "leaves": before}
    if bit in (CLR_WR_PTR, CLR_RD_PTR) and before:
        before, after = 0, dict.fromkeys(after, 0)  # these never read 1
    for effect, side in ((host, BtRegisters.host_writes_control), (bmc, BtRegisters.bmc_writes_control)):
        registers = made(bit * before)
        side(registers, bit)
        assert registers.control == bit * after[effect]


@pytest.mark.parametrize("before", range(0, 0x100, 4))
def test_a_zero_does_nothing(before: int) -> None:
    registers = made(before)
    registers.host_writes_control(0)
    registers.bmc_writes_control(0)
    assert registers.control == before


def test_the_sequence_of_one_exchange() -> None:
    """Each step of the worked vector; what the host reads in between is what it says."""
    request, _ = vector("bt", "get_device_id")
    request, response = request[:4], request[4:]
    registers = made()
    looks = 0
    for step in entry("bt", "ctrl_sequence")["steps"]:
        side, words = step[0], step[2:]
        for number in re.findall(r"\b[0-9A-F]{2}\b", words):
            if side == "R":
                looks += 1
                assert registers.host_reads(CONTROL) == int(number, 16), step
            elif side == "W":
                registers.host_writes_control(int(number, 16))
            else:
                registers.bmc_writes_control(int(number, 16))
        if side == "W" and "reads buffer" in words:
            assert bytes(registers.host_reads(BUFFER) for _ in response) == response
        elif side == "W" and "buffer" in words:
            for byte in request:
                registers.host_fills(byte)
        elif side == "B" and "reads buffer" in words:
            registers.bmc_writes_control(CLR_RD_PTR)
            assert registers.bmc_takes() == request
        elif side == "B" and "buffer" in words:
            registers.bmc_writes_control(CLR_WR_PTR)
            registers.bmc_fills(response)
    assert looks == 9


def test_buffers_end_where_they_end() -> None:
    registers = made()
    for n in range(65):
        registers.host_fills(n)
    assert registers.overrun
    assert registers.bmc_takes() == bytes(range(64))
    registers.host_writes_control(CLR_WR_PTR)
    assert not registers.overrun
    assert registers.bmc_takes() == b""
    registers.bmc_fills(bytes(range(64)))
    assert [registers.host_reads(BUFFER) for _ in range(66)] == [*range(64), 0, 0]
    registers.host_writes_control(CLR_RD_PTR)
    assert registers.host_reads(BUFFER) == 0
    assert registers.host_reads(BUFFER) == 1


@pytest.mark.parametrize("bit", [B2H_ATN, SMS_ATN])
def test_an_attention_that_rises_interrupts(bit: int) -> None:
    registers = made()
    registers.bmc_writes_control(bit)
    assert registers.host_reads(INTMASK) == B2H_IRQ
    assert not registers.interrupt
    registers.host_writes_intmask(B2H_IRQ_EN)
    assert registers.interrupt
    registers.host_writes_intmask(B2H_IRQ | B2H_IRQ_EN)
    assert registers.host_reads(INTMASK) == B2H_IRQ_EN
    registers.bmc_writes_control(bit)  # it stands already
    assert not registers.interrupt
    registers.host_writes_control(bit)
    registers.bmc_writes_control(bit)
    assert registers.interrupt


def test_the_mask_keeps_what_it_is_told_but_not_the_reset() -> None:
    registers = made()
    registers.host_writes_intmask(0xFF)
    assert registers.host_reads(INTMASK) == 0x1D
