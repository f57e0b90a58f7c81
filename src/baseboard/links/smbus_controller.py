"""The SMBus host controller of Intel's ICH9, as far as software uses it: what stands in front of an SSIF.

Its registers are those of the data sheet (section "SMBus Controller Registers"), of which a driver needs::

    00h HST_STS   02h HST_CNT   03h HST_CMD   04h XMIT_SLVA   05h HST_D0   06h HST_D1
    07h HOST_BLOCK_DB   08h PEC   0Ch AUX_STS   0Dh AUX_CTL

A block goes through a buffer of 32 bytes (E32B), or byte by byte: then the transfer stands still after each
until DS, the byte's flag, is cleared. Transfers take no time; there is no arbitration to be lost.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import ClassVar, Final, NamedTuple

from baseboard.links.pci_proxy import PciIdentity
from baseboard.links.smbus import BLOCK, SmbusTarget, pec, read_head, write_head

IDENTITY: Final = PciIdentity(0x8086, 0x2930, 0x0C0500, bar=4, size=32, own=b"\x01")
"""What the PCI device tells of itself; its own register says that firmware has enabled it (HST_EN)."""

HST_STS, HST_CNT, HST_CMD, XMIT_SLVA, HST_D0, HST_D1, HOST_BLOCK_DB, PEC = 0, 2, 3, 4, 5, 6, 7, 8
AUX_STS, AUX_CTL = 12, 13

BUSY, INTR, DEV_ERR, BUS_ERR, FAILED, ALERT, INUSE, BYTE_DONE = (1 << bit for bit in range(8))
"""Bits of HST_STS."""

INTREN, KILL, LAST_BYTE, START, PEC_EN = 0x01, 0x02, 0x20, 0x40, 0x80
"""Bits of HST_CNT; the protocol is between them."""

CRC_ERROR: Final = 0x01
"""Bit of AUX_STS: the block that was read had a bad PEC."""

AUTO_PEC, E32B = 0x01, 0x02
"""Bits of AUX_CTL: append and check PECs; blocks go through the buffer."""

ALERT_RESPONSE: Final = 0x0C
"""The address from which whoever pulls SMBALERT# is read (SMBus 2.0, appendix A)."""

_INTERRUPTS: Final = INTR | DEV_ERR | BUS_ERR | FAILED | BYTE_DONE
_OPEN_BUS: Final = 0xFF
_REGISTERS: Final = 32


class Protocol(enum.IntEnum):
    """The commands of HST_CNT[4:2] that are carried out; others are not acknowledged."""

    QUICK = 0
    BYTE = 1
    BYTE_DATA = 2
    WORD_DATA = 3
    BLOCK = 5


class Phase(enum.Enum):
    """How far a transfer is."""

    IDLE = "none is under way"
    SENDING = "bytes of a block are written, one by one"
    RECEIVING = "bytes of a block are read, one by one"


class Seen(enum.Enum):
    """What the host did."""

    WRITE = "START, for a transfer that is done at once"
    WRITE_BYTES = "START, for a block that is written byte by byte"
    READ_BYTES = "START, for a block that is read byte by byte"
    BYTE = "it cleared the byte's flag, and that was not the last byte"
    LAST = "it cleared the byte's flag of the last byte"
    KILL = "it kills the transfer"


class Step(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[SmbusController], None]
    phase: Phase


class SmbusController:
    """The controller with its bus; registers as a guest reads and writes them.

    Args:
        targets: what is on the bus.

    Attributes:
        phase: how far a transfer is.
    """

    size = _REGISTERS

    def __init__(self, targets: Iterable[SmbusTarget]) -> None:
        self._targets = {target.address: target for target in targets}
        self.reset()

    def reset(self) -> None:
        """As after power-up; what is on the bus is reset by somebody else."""
        self.phase = Phase.IDLE
        self._registers = bytearray(_REGISTERS)
        self._buffer, self._at = bytearray(BLOCK), 0
        self._block, self._whole, self._code = bytearray(), b"", b""

    @property
    def interrupt(self) -> bool:
        """Whether the interrupt line is asserted."""
        return bool(self._registers[HST_CNT] & INTREN and self._registers[HST_STS] & _INTERRUPTS)

    # ---- the host's bus

    def read(self, register: int) -> int:
        """The host reads a register."""
        value = self._registers[register]
        if register == HST_STS:
            # INUSE is a semaphore of the software's: who reads it first has the controller.
            self._registers[HST_STS] |= INUSE
            return value | any(target.alert for target in self._targets.values()) * ALERT
        if register == HST_CNT:
            self._at = 0
        elif register == HOST_BLOCK_DB and self._buffered:
            value = self._buffer[self._at]
            self._at = (self._at + 1) % BLOCK
        return value

    def write(self, register: int, value: int) -> None:
        """The host writes a register."""
        if register == HST_STS:
            done = self._registers[HST_STS] & value & BYTE_DONE
            self._registers[HST_STS] &= ~value | BUSY
            if done and self.phase is not Phase.IDLE:
                self._step(Seen.LAST if self._left() <= 0 else Seen.BYTE)
        elif register == AUX_STS:
            self._registers[AUX_STS] &= ~value
        elif register == HOST_BLOCK_DB and self._buffered:
            self._buffer[self._at] = value
            self._at = (self._at + 1) % BLOCK
        elif register == HST_CNT:
            self._registers[HST_CNT] = value & ~START
            if value & KILL:
                self._step(Seen.KILL)
            elif value & START and self.phase is Phase.IDLE:
                self._step(self._wanted())
        else:
            self._registers[register] = value

    # ---- what the host has set up

    @property
    def _buffered(self) -> bool:
        return bool(self._registers[AUX_CTL] & E32B)

    @property
    def _with_pec(self) -> bool:
        """Drivers ask for PECs by either bit."""
        return bool(self._registers[HST_CNT] & PEC_EN or self._registers[AUX_CTL] & AUTO_PEC)

    @property
    def _protocol(self) -> int:
        return self._registers[HST_CNT] >> 2 & 7

    @property
    def _reads(self) -> bool:
        return bool(self._registers[XMIT_SLVA] & 1)

    @property
    def _target(self) -> SmbusTarget | None:
        return self._targets.get(self._registers[XMIT_SLVA] >> 1)

    def _wanted(self) -> Seen:
        if self._protocol != Protocol.BLOCK or self._buffered:
            return Seen.WRITE
        return Seen.READ_BYTES if self._reads else Seen.WRITE_BYTES

    def _left(self) -> int:
        """Bytes of the block that are still to come, one by one."""
        return self._registers[HST_D0] - len(self._block) if self.phase is Phase.SENDING else len(self._block)

    # ---- actions

    def _step(self, seen: Seen) -> None:
        step = self.TABLE[self.phase, seen]
        self.phase = step.phase
        step.action(self)

    def _end(self, status: int) -> None:
        """The transfer is over, well or not."""
        self.phase = Phase.IDLE
        self._registers[HST_STS] = self._registers[HST_STS] & ~BUSY | status

    def _acknowledged(self, acknowledged: bool) -> None:
        self._end(INTR if acknowledged else DEV_ERR)

    def _transfer(self) -> None:
        """Do a whole transfer."""
        target, command = self._target, self._registers[HST_CMD]
        data = bytes(self._registers[HST_D0 : HST_D1 + 1])
        match self._protocol:
            case Protocol.BLOCK if self._reads:
                self._read_block()
            case Protocol.BLOCK:
                self._write_block(bytes(self._buffer[: self._registers[HST_D0]]))
            case Protocol.QUICK:
                self._acknowledged(target is not None and target.write(b""))
            case Protocol.BYTE if self._reads:
                self._read_byte()
            case Protocol.BYTE | Protocol.BYTE_DATA | Protocol.WORD_DATA if not self._reads:
                self._write_wire(bytes((command,)) + data[: self._protocol - Protocol.BYTE])
            case _:
                self._end(DEV_ERR)

    def _write_block(self, block: bytes) -> None:
        self._write_wire(bytes((self._registers[HST_CMD], len(block))) + block)

    def _write_wire(self, wire: bytes) -> None:
        target = self._target
        if target is not None and self._with_pec:
            wire += bytes((pec(write_head(target.address) + wire),))
        self._acknowledged(target is not None and target.write(wire))

    def _read_byte(self) -> None:
        """Receive Byte: nobody answers but who pulls SMBALERT#."""
        if self._registers[XMIT_SLVA] >> 1 == ALERT_RESPONSE:
            # The lowest address wins the arbitration; the others keep pulling.
            for address in sorted(self._targets):
                answer = self._targets[address].respond_to_alert()
                if answer is not None:
                    self._registers[HST_D0] = answer
                    self._end(INTR)
                    return
        self._end(DEV_ERR)

    def _fetch(self) -> bytes | None:
        """A block from the target, its PEC apart; None = none was acknowledged."""
        target = self._target
        wire = None if target is None else target.read(self._registers[HST_CMD])
        if not wire or not 1 <= wire[0] <= BLOCK or len(wire) <= wire[0]:
            return None
        end = 1 + wire[0]
        # Whoever sends no PEC leaves the bus alone, which reads as ones.
        self._code = wire[end : end + 1] or bytes((_OPEN_BUS,))
        self._registers[HST_D0] = wire[0]
        return wire[1:end]

    def _read_block(self) -> None:
        block = self._fetch()
        if block is None:
            self._end(DEV_ERR)
            return
        self._buffer[: len(block)] = block
        self._at = 0
        self._check_pec(block)

    def _check_pec(self, block: bytes) -> None:
        if self._with_pec:
            address, command = self._registers[XMIT_SLVA] >> 1, self._registers[HST_CMD]
            self._registers[PEC] = self._code[0]
            if pec(read_head(address, command) + bytes((len(block),)) + block + self._code):
                self._registers[AUX_STS] |= CRC_ERROR
                self._end(DEV_ERR)
                return
        self._end(INTR)

    def _send_first(self) -> None:
        self._block = bytearray()
        self._registers[HST_STS] |= BUSY
        self._send_byte()

    def _send_byte(self) -> None:
        self._block.append(self._registers[HOST_BLOCK_DB])
        self._registers[HST_STS] |= BYTE_DONE

    def _sent(self) -> None:
        self._write_block(bytes(self._block))

    def _receive_first(self) -> None:
        block = self._fetch()
        if block is None:
            self._end(DEV_ERR)
            return
        self._whole, self._block = block, bytearray(block)
        self._registers[HST_STS] |= BUSY
        self._receive_byte()

    def _receive_byte(self) -> None:
        self._registers[HOST_BLOCK_DB] = self._block.pop(0)
        self._registers[HST_STS] |= BYTE_DONE

    def _received(self) -> None:
        self._check_pec(self._whole)

    def _kill(self) -> None:
        self._end(FAILED)

    TABLE: ClassVar[dict[tuple[Phase, Seen], Step]] = {
        (Phase.IDLE, Seen.WRITE): Step(_transfer, Phase.IDLE),
        (Phase.IDLE, Seen.WRITE_BYTES): Step(_send_first, Phase.SENDING),
        (Phase.IDLE, Seen.READ_BYTES): Step(_receive_first, Phase.RECEIVING),
        (Phase.IDLE, Seen.KILL): Step(_kill, Phase.IDLE),
        (Phase.SENDING, Seen.BYTE): Step(_send_byte, Phase.SENDING),
        (Phase.SENDING, Seen.LAST): Step(_sent, Phase.IDLE),
        (Phase.SENDING, Seen.KILL): Step(_kill, Phase.IDLE),
        (Phase.RECEIVING, Seen.BYTE): Step(_receive_byte, Phase.RECEIVING),
        (Phase.RECEIVING, Seen.LAST): Step(_received, Phase.IDLE),
        (Phase.RECEIVING, Seen.KILL): Step(_kill, Phase.IDLE),
    }
    """What follows; START while a transfer is under way is ignored."""
