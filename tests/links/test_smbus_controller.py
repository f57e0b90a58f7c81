"""The SMBus controller: as a driver works it, through its buffer and byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.smbus import pec, write_head
from baseboard.links.smbus_controller import (
    ALERT,
    ALERT_RESPONSE,
    AUTO_PEC,
    AUX_CTL,
    AUX_STS,
    BUSY,
    BYTE_DONE,
    CRC_ERROR,
    DEV_ERR,
    E32B,
    FAILED,
    HOST_BLOCK_DB,
    HST_CMD,
    HST_CNT,
    HST_D0,
    HST_D1,
    HST_STS,
    IDENTITY,
    INTR,
    INTREN,
    INUSE,
    KILL,
    LAST_BYTE,
    PEC,
    PEC_EN,
    START,
    XMIT_SLVA,
    Phase,
    Protocol,
    Seen,
    SmbusController,
)
from baseboard.links.ssif import ADDRESS, SsifTarget

REQUEST, ANSWER = b"\x18\x01", b"\x1c\x01\x00\x20"
LONG = b"\x1c\x01" + bytes(range(98))


class Target:
    """A device that keeps what is written, and has one block."""

    def __init__(self, address: int = 0x30) -> None:
        self.address, self.alert = address, False
        self.written: list[bytes] = []
        self.wire: bytes | None = b"\x03abc"
        self.acknowledges = True

    def write(self, wire: bytes) -> bool:
        self.written.append(wire)
        return self.acknowledges

    def read(self, command: int) -> bytes | None:
        return self.wire

    def respond_to_alert(self) -> int | None:
        pulled, self.alert = self.alert, False
        return self.address << 1 if pulled else None


class Driver:
    """What a driver does."""

    def __init__(self, *targets: Target) -> None:
        self.requests: list[bytes] = []
        self.response = ANSWER
        self.ssif = SsifTarget(self._take)
        self.controller = SmbusController([self.ssif, *targets])
        self.address = ADDRESS

    def _take(self, request: bytes) -> None:
        self.requests.append(request)
        self.ssif.answer(self.response)

    def status(self) -> int:
        return self.controller.read(HST_STS) & ~INUSE

    def start(self, protocol: int, command: int = 0, *, read: bool = False, bits: int = 0) -> int:
        self.controller.write(HST_STS, 0xFF)
        self.controller.write(XMIT_SLVA, self.address << 1 | read)
        self.controller.write(HST_CMD, command)
        self.controller.write(HST_CNT, protocol << 2 | START | bits)
        return self.status()

    def write_block(self, command: int, block: bytes, *, buffered: bool = True, bits: int = 0) -> int:
        control = self.controller.read(AUX_CTL) & ~E32B | E32B * buffered
        self.controller.write(AUX_CTL, control)
        self.controller.read(HST_CNT)
        self.controller.write(HST_D0, len(block))
        for byte in block if buffered else block[:1]:
            self.controller.write(HOST_BLOCK_DB, byte)
        status = self.start(Protocol.BLOCK, command, bits=bits)
        if buffered:
            return status
        for byte in (*block[1:], 0):
            assert status == BYTE_DONE | BUSY
            self.controller.write(HOST_BLOCK_DB, byte)
            self.controller.write(HST_STS, BYTE_DONE)
            status = self.status()
        return status

    def read_block(self, command: int, *, buffered: bool = True, bits: int = 0) -> tuple[int, bytes]:
        control = self.controller.read(AUX_CTL) & ~E32B | E32B * buffered
        self.controller.write(AUX_CTL, control)
        status = self.start(Protocol.BLOCK, command, read=True, bits=bits)
        if buffered:
            self.controller.read(HST_CNT)
            block = bytes(self.controller.read(HOST_BLOCK_DB) for _ in range(self.controller.read(HST_D0)))
            return status, block if status == INTR else b""
        block = b""
        while status & BYTE_DONE:
            assert status == BYTE_DONE | BUSY
            block += bytes((self.controller.read(HOST_BLOCK_DB),))
            self.controller.write(HST_CNT, Protocol.BLOCK << 2 | LAST_BYTE | bits)
            self.controller.write(HST_STS, BYTE_DONE)
            status = self.status()
        return status, block


def test_the_pci_device_is_an_ich9s() -> None:
    assert IDENTITY[:5] == (0x8086, 0x2930, 0x0C0500, 4, 32)
    assert SmbusController([]).size == 32


@pytest.mark.parametrize("bits", [0, PEC_EN])
@pytest.mark.parametrize("buffered", [True, False])
def test_an_ssif_behind_it(buffered: bool, bits: int) -> None:
    driver = Driver()
    assert driver.write_block(2, REQUEST, buffered=buffered, bits=bits) == INTR
    assert driver.requests == [REQUEST]
    assert driver.read_block(3, buffered=buffered, bits=bits) == (INTR, ANSWER)
    assert driver.controller.phase is Phase.IDLE
    assert driver.controller.read(AUX_STS) == 0


@pytest.mark.parametrize("buffered", [True, False])
def test_long_messages(buffered: bool) -> None:
    driver = Driver()
    driver.response = LONG
    driver.controller.write(AUX_CTL, AUTO_PEC)
    assert driver.write_block(6, REQUEST.ljust(32, b"\0"), buffered=buffered) == INTR
    assert driver.write_block(8, b"\x07", buffered=buffered) == INTR
    assert driver.requests == [REQUEST.ljust(32, b"\0") + b"\x07"]
    blocks = [driver.read_block(command, buffered=buffered) for command in (3, 9, 9, 9)]
    assert all(status == INTR for status, _ in blocks)
    assert [len(block) for _, block in blocks] == [32, 32, 32, 9]
    assert driver.read_block(9, buffered=buffered)[0] == DEV_ERR


@pytest.mark.parametrize("buffered", [True, False])
def test_nobody_at_an_address_does_not_acknowledge(buffered: bool) -> None:
    driver = Driver()
    driver.address = 0x55
    assert driver.write_block(2, REQUEST, buffered=buffered) == DEV_ERR
    assert driver.read_block(3, buffered=buffered)[0] == DEV_ERR
    assert driver.start(Protocol.QUICK) == DEV_ERR


def test_the_code_is_appended_to_what_is_written() -> None:
    target = Target()
    driver = Driver(target)
    driver.address = target.address
    driver.write_block(5, b"x", bits=PEC_EN)
    driver.write_block(5, b"x")
    wire = b"\x05\x01x"
    assert target.written == [wire + bytes((pec(write_head(0x30) + wire),)), wire]
    target.acknowledges = False
    assert driver.write_block(5, b"x") == DEV_ERR


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("wire", [b"\x03abc", b"\x03abc\x00"])
def test_a_bad_code_and_none_are_errors_of_the_transfer(wire: bytes, buffered: bool) -> None:
    target = Target()
    target.wire = wire
    driver = Driver(target)
    driver.address = target.address
    assert driver.read_block(3, buffered=buffered) == (INTR, b"abc")
    status, _ = driver.read_block(3, buffered=buffered, bits=PEC_EN)
    assert status == DEV_ERR
    assert driver.controller.read(AUX_STS) == CRC_ERROR
    assert driver.controller.read(PEC) == (wire[4:] or b"\xff")[0]
    driver.controller.write(AUX_STS, CRC_ERROR)
    assert driver.controller.read(AUX_STS) == 0


@pytest.mark.parametrize("wire", [None, b"", b"\x00", b"\x21" + bytes(33), b"\x03ab"])
def test_a_block_that_cannot_be_is_none(wire: bytes | None) -> None:
    target = Target()
    target.wire = wire
    driver = Driver(target)
    driver.address = target.address
    assert driver.read_block(3)[0] == DEV_ERR


@pytest.mark.parametrize(
    ("protocol", "wire"),
    [
        (Protocol.QUICK, ""),
        (Protocol.BYTE, "0A"),
        (Protocol.BYTE_DATA, "0A 01"),
        (Protocol.WORD_DATA, "0A 01 02"),
    ],
)
def test_other_writes(protocol: Protocol, wire: str) -> None:
    target = Target()
    driver = Driver(target)
    driver.address = target.address
    driver.controller.write(HST_D0, 1)
    driver.controller.write(HST_D1, 2)
    assert driver.start(protocol, 0x0A) == INTR
    assert target.written == [bytes.fromhex(wire)]


@pytest.mark.parametrize("protocol", [*(set(range(8)) - {0, 5})])
def test_other_reads_are_not_acknowledged(protocol: int) -> None:
    assert Driver().start(protocol, read=True) == DEV_ERR


@pytest.mark.parametrize("protocol", [4, 6, 7])
def test_other_commands_are_not_carried_out(protocol: int) -> None:
    assert Driver().start(protocol) == DEV_ERR


def test_who_pulls_the_alert_line_is_found() -> None:
    first, second = Target(0x30), Target(0x31)
    driver = Driver(first, second)
    first.alert = second.alert = True
    assert driver.status() == ALERT
    driver.address = ALERT_RESPONSE
    found: list[int] = []
    while driver.start(Protocol.BYTE, read=True) & INTR:
        found.append(driver.controller.read(HST_D0))
    assert found == [0x60, 0x62]
    assert driver.status() == DEV_ERR


def test_the_semaphore_is_taken_by_looking() -> None:
    controller = SmbusController([])
    assert controller.read(HST_STS) == 0
    assert controller.read(HST_STS) == INUSE
    controller.write(HST_STS, INUSE)
    assert controller.read(HST_STS) == 0


def test_a_transfer_that_is_over_interrupts_if_that_is_wanted() -> None:
    driver = Driver()
    driver.write_block(2, REQUEST)
    assert not driver.controller.interrupt
    driver.write_block(2, REQUEST, bits=INTREN)
    assert driver.controller.interrupt
    driver.controller.write(HST_STS, INTR)
    assert not driver.controller.interrupt


def test_the_buffer_is_rewound_by_reading_the_control_register() -> None:
    driver = Driver()
    controller = driver.controller
    controller.write(AUX_CTL, E32B)
    for byte in range(33):
        controller.write(HOST_BLOCK_DB, byte)
    controller.read(HST_CNT)
    assert [controller.read(HOST_BLOCK_DB) for _ in range(33)] == [32, *range(1, 32), 32]


def test_clearing_the_bytes_flag_without_a_transfer_does_nothing() -> None:
    driver = Driver()
    driver.controller.write(HST_STS, BYTE_DONE)
    assert driver.status() == 0


# ---- the table, pair by pair


def in_phase(phase: Phase, left: int = 2) -> Driver:
    target = Target()
    target.wire = b"\x02ab" if left == 2 else b"\x01a"
    driver = Driver(target)
    driver.address = target.address
    if phase is not Phase.IDLE:
        driver.controller.write(HST_D0, left)
        driver.start(Protocol.BLOCK, 2, read=phase is Phase.RECEIVING)
    assert driver.controller.phase is phase
    return driver


@pytest.mark.parametrize(("phase", "seen"), SmbusController.TABLE, ids=lambda one: one.name)
def test_every_row_leads_where_it_says(phase: Phase, seen: Seen) -> None:
    driver = in_phase(phase, 1 if seen is Seen.LAST else 2)
    match seen:
        case Seen.WRITE:
            driver.start(Protocol.QUICK)
        case Seen.WRITE_BYTES:
            driver.start(Protocol.BLOCK)
        case Seen.READ_BYTES:
            driver.start(Protocol.BLOCK, read=True)
        case Seen.BYTE | Seen.LAST:
            driver.controller.write(HST_STS, BYTE_DONE)
        case Seen.KILL:
            driver.controller.write(HST_CNT, KILL)
            assert driver.status() & ~BYTE_DONE == FAILED
    assert driver.controller.phase is SmbusController.TABLE[phase, seen].phase


@pytest.mark.parametrize("phase", [Phase.SENDING, Phase.RECEIVING])
def test_a_start_meanwhile_is_ignored(phase: Phase) -> None:
    driver = in_phase(phase)
    driver.controller.write(HST_CNT, Protocol.QUICK << 2 | START)
    assert driver.controller.phase is phase


@given(st.lists(st.tuples(st.integers(0, 31), st.integers(0, 255), st.booleans()), max_size=200))
def test_random_drivers_find_a_controller_that_works_in_the_end(steps: list[tuple[int, int, bool]]) -> None:
    driver = Driver()
    for register, value, write in steps:
        if write:
            driver.controller.write(register, value)
        assert 0 <= driver.controller.read(register) <= 0xFF
    driver.controller.write(HST_CNT, KILL)
    driver.controller.write(HST_CNT, 0)
    driver.controller.write(AUX_CTL, 0)
    assert driver.write_block(2, REQUEST) == INTR
    assert driver.read_block(3) == (INTR, ANSWER)
    driver.controller.reset()
    assert driver.controller.read(HST_STS) == 0
