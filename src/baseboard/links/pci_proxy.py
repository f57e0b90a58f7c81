"""QEMU's ``x-pci-proxy-dev``: a PCI device of the guest whose registers another process serves.

Every access of the guest to the device's configuration space and registers becomes a message; QEMU waits for
the answer, and the guest's processor with it::

    header   int32 command, 4 bytes unused, uint64 size of what follows
    configuration   uint32 address, uint32 value, int32 length
    registers       uint64 address, uint64 value, uint32 width, bool memory, 3 bytes unused

An answer is a message of its own, ``RET``, with a uint64. The guest's memory and its interrupts are passed as
file descriptors beside two messages of other kinds; these need no answer, and the device has no use for them.
"""

from __future__ import annotations

import enum
from struct import Struct
from typing import Final, NamedTuple, Protocol

from baseboard.errors import RemoteProtocolError

_HEADER: Final = Struct("<i4xQ")
_CONFIGURATION: Final = Struct("<IIi")
_ACCESS: Final = Struct("<QQI?3x")
_RETURN: Final = Struct("<i4xQQ")

LONGEST: Final = 4096
"""Bytes of a message's body; real ones have 200 at most."""

_SPACE: Final = 256
_WIDTHS: Final = (1, 2, 4, 8)
_BAR_AT: Final = 0x10
_OWN_AT, _OWN_SIZE = 0x40, 16
_IO_SPACE: Final = 0x01
_NOTHING_THERE: Final = 0xFF
_ALL_ONES: Final = 0xFFFFFFFFFFFFFFFF


class Command(enum.IntEnum):
    """What a message is."""

    SYNC_SYSMEM = 0
    RET = 1
    CONFIG_WRITE = 2
    CONFIG_READ = 3
    BAR_WRITE = 4
    BAR_READ = 5
    SET_IRQFD = 6
    DEVICE_RESET = 7


_UNANSWERED: Final = (Command.SYNC_SYSMEM, Command.SET_IRQFD)
_COMMANDS: Final = {int(command): command for command in Command if command is not Command.RET}


class PciIdentity(NamedTuple):
    """What a PCI device tells of itself.

    Attributes:
        vendor: vendor ID.
        device: device ID.
        class_code: class, subclass and programming interface, 24 bits.
        bar: number of the base address register, 0-5.
        size: registers behind it, a power of two, 4 at least.
        own: what firmware left in the device's own part of the configuration space, from 40h on.
    """

    vendor: int
    device: int
    class_code: int
    bar: int
    size: int
    own: bytes = b""


class RegisterDevice(Protocol):
    """What is behind the base address: registers of a byte each, such as a `RegisterModel`."""

    @property
    def size(self) -> int:
        """How many there are; the others read FFh."""
        ...

    def read(self, register: int) -> int:
        """The guest reads a register."""
        ...

    def write(self, register: int, value: int) -> None:
        """The guest writes a register."""
        ...

    def reset(self) -> None:
        """The guest's machine was reset."""
        ...


class ConfigurationSpace:
    """256 bytes of PCI configuration space, with one base address in I/O space."""

    def __init__(self, identity: PciIdentity) -> None:
        self._bar_at = _BAR_AT + 4 * identity.bar
        self._size = identity.size
        self._data, self._writable = bytearray(_SPACE), bytearray(_SPACE)
        self._data[0:4] = identity.vendor.to_bytes(2, "little") + identity.device.to_bytes(2, "little")
        self._data[0x09:0x0C] = identity.class_code.to_bytes(3, "little")
        self._data[self._bar_at] = _IO_SPACE
        self._data[_OWN_AT : _OWN_AT + len(identity.own)] = identity.own
        self._writable[0x04] = 0x05  # I/O space and bus master enable
        self._writable[0x0D] = self._writable[0x3C] = 0xFF  # latency timer, interrupt line
        self._writable[_OWN_AT : _OWN_AT + _OWN_SIZE] = b"\xff" * _OWN_SIZE
        # QUIRK QEMU works out the size of a base address in 32 bits, in I/O space too.
        self._writable[self._bar_at : self._bar_at + 4] = (2**32 - identity.size).to_bytes(4, "little")

    def read(self, address: int, length: int) -> int:
        """A number of that many bytes; all ones beyond the end."""
        if not (0 < length <= 4 and address + length <= _SPACE):
            return _ALL_ONES >> 32
        return int.from_bytes(self._data[address : address + length], "little")

    def write(self, address: int, value: int, length: int) -> None:
        """Write the bits that can be written."""
        if not (0 < length <= 4 and address + length <= _SPACE):
            return
        for at in range(address, address + length):
            mask = self._writable[at]
            self._data[at] = self._data[at] & ~mask | value & mask
            value >>= 8

    def base(self) -> int:
        """The address where the guest put the registers."""
        return int.from_bytes(self._data[self._bar_at : self._bar_at + 4], "little") & -self._size


class PciProxy:
    """One connection of QEMU's: bytes in, bytes out.

    Args:
        identity: what the device tells of itself.
        device: what is behind the base address.
    """

    def __init__(self, identity: PciIdentity, device: RegisterDevice) -> None:
        self.configuration = ConfigurationSpace(identity)
        self._device = device
        self._pending = bytearray()

    def receive(self, data: bytes) -> bytes:
        """Do what QEMU asks for; the answers to it.

        Raises:
            RemoteProtocolError: it is not this protocol.
        """
        self._pending += data
        answers = b""
        while len(self._pending) >= _HEADER.size:
            code, size = _HEADER.unpack_from(self._pending)
            command = _COMMANDS.get(code)
            if command is None or size > LONGEST:
                raise RemoteProtocolError(f"no message of x-pci-proxy-dev: command {code}, {size} bytes")
            end = _HEADER.size + size
            if len(self._pending) < end:
                break
            body = bytes(self._pending[_HEADER.size : end])
            del self._pending[:end]
            result = self._do(command, body)
            if command not in _UNANSWERED:
                answers += _RETURN.pack(Command.RET, 8, result)
        return answers

    def _do(self, command: Command, body: bytes) -> int:
        """Do what one message asks for; the number to answer."""
        match command:
            case Command.CONFIG_READ | Command.CONFIG_WRITE:
                address, value, length = _fields(_CONFIGURATION, body)
                if command is Command.CONFIG_READ:
                    return self.configuration.read(address, length)
                self.configuration.write(address, value, length)
            case Command.BAR_READ | Command.BAR_WRITE:
                address, value, width, _ = _fields(_ACCESS, body)
                if width not in _WIDTHS:
                    raise RemoteProtocolError(f"an access of {width} bytes")
                first = address - self.configuration.base()
                if command is Command.BAR_READ:
                    return self._read(first, width)
                self._write(first, value, width)
            case Command.DEVICE_RESET:
                self._device.reset()
            case _:
                # The guest's memory and interrupts; the descriptors were closed on the way.
                return 0
        return 0

    def _read(self, first: int, width: int) -> int:
        value = 0
        for n in range(width):
            there = 0 <= first + n < self._device.size
            value |= (self._device.read(first + n) if there else _NOTHING_THERE) << 8 * n
        return value

    def _write(self, first: int, value: int, width: int) -> None:
        for n in range(width):
            if 0 <= first + n < self._device.size:
                self._device.write(first + n, value >> 8 * n & 0xFF)


def _fields(layout: Struct, body: bytes) -> tuple[int, ...]:
    if len(body) != layout.size:
        raise RemoteProtocolError(f"a message of {len(body)} bytes; {layout.size} belong into it")
    return layout.unpack(body)
