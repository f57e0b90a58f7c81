"""The smallest KCS, SMIC, BT and SSIF hardware that Linux accepts, in front of a BMC that others wrote.

It stands beside our own models, to compare rates: what a guest does to these registers becomes whole messages
of the VM protocol. Nothing of ours is in it; each request is waited for, one machine after another.

    python -m tests.vm.register_peer kcs|smic|bt|ssif|ssif-pec SOCKET PORT
"""

from __future__ import annotations

import array
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import Protocol

MESSAGE, CONTROL, ESCAPE = 0xA0, 0xA1, 0xAA


class Bmc:
    """The host's end of the VM protocol, one request at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._seq, self.attention = 0, False
        self._socket.sendall(bytes((0xFF, 1, CONTROL, 0x08, 0x1F, CONTROL)))

    def _frame(self) -> tuple[int, bytes]:
        data, escaped = bytearray(), False
        while True:
            byte = self._socket.recv(1)[0]
            if byte in (MESSAGE, CONTROL):
                return byte, bytes(data)
            if byte == ESCAPE:
                escaped = True
            else:
                data.append(byte & 0xEF if escaped else byte)
                escaped = False

    def ask(self, message: bytes) -> bytes:
        """Send NetFn/LUN, Cmd and data; get NetFn/LUN, Cmd, completion code and data."""
        self._seq = (self._seq + 1) & 0xFF
        frame = bytes((self._seq,)) + message
        frame += bytes((-sum(frame) & 0xFF,))
        special = (MESSAGE, CONTROL, ESCAPE)
        escaped = b"".join(bytes((ESCAPE, b | 0x10)) if b in special else bytes((b,)) for b in frame)
        self._socket.sendall(escaped + bytes((MESSAGE,)))
        while True:
            mark, data = self._frame()
            if mark == MESSAGE and data[0] == self._seq:
                return data[1:-1]
            if mark == CONTROL and data[0] <= 2:
                self.attention = data[0] > 0

    def close(self) -> None:
        self._socket.close()


class Device(Protocol):
    """What is served: a PCI device with registers behind one base address."""

    identity: tuple[int, int, int]
    bar: int
    size: int

    def read(self, register: int) -> int: ...

    def write(self, register: int, value: int) -> None: ...


class Kcs:
    identity, bar, size = (0x1B36, 0x11FF, 0x0C0701), 0, 16
    IDLE, READ, WRITE, ERROR = range(4)

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._state, self._full, self._out, self._command = self.IDLE, False, 0, 0
        self._request, self._response, self._at, self._last = bytearray(), b"", 0, False

    def _put(self, byte: int = 0) -> None:
        self._out, self._full = byte, True

    def read(self, register: int) -> int:
        if register == 0:
            self._full = False
            return self._out
        return self._state << 6 | self._command << 3 | self._bmc.attention << 2 | self._full

    def write(self, register: int, value: int) -> None:
        self._command = register
        if register == 1:
            if value == 0x61:
                self._state, self._request, self._last = self.WRITE, bytearray(), False
            elif value == 0x62:
                self._last = True
            else:
                self._state, self._at = self.ERROR, 0
                self._response = b"\x01" if value == 0x60 else b"\x02"
            self._put()
        elif self._state == self.WRITE:
            self._request.append(value)
            if self._last:
                self._response, self._at = self._bmc.ask(bytes(self._request)), 0
                self._next()
            else:
                self._put()
        else:
            self._next()

    def _next(self) -> None:
        self._state = self.READ if self._at < len(self._response) else self.IDLE
        self._put(self._response[self._at] if self._state == self.READ else 0)
        self._at += 1


class Smic:
    identity, bar, size = (0x1B36, 0x11FF, 0x0C0700), 0, 16

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._data = self._control = self._at = 0
        self._status = 0xC0
        self._request, self._response = bytearray(), b""

    def read(self, register: int) -> int:
        if register == 2:
            return (0x04 if self._bmc.attention else 0) | (0x80 if self._response else 0x40)
        return (self._data, self._status)[register]

    def write(self, register: int, value: int) -> None:
        if register == 0:
            self._data = value
        elif register == 1:
            self._control = value
        elif value & 1:
            self._step(self._control)

    def _step(self, code: int) -> None:
        self._status = code | 0x80
        if code == 0x40:
            self._status, self._response = 0xC0, b""
        elif code in (0x41, 0x42, 0x43):
            if code == 0x41:
                self._request, self._response = bytearray(), b""
            self._request.append(self._data)
            if code == 0x43:
                self._response, self._at, self._data = self._bmc.ask(bytes(self._request)), 0, 0
        elif code in (0x44, 0x45):
            self._data = self._response[self._at]
            self._at += 1
            if self._at == len(self._response):
                self._status = 0xC6
        elif code == 0x46:
            self._status, self._data, self._response = 0xC0, 0, b""


class Bt:
    identity, bar, size = (0x1B36, 0x11FF, 0x0C0702), 0, 16

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._control = self._mask = self._at = 0
        self._request, self._response = bytearray(), b""

    def read(self, register: int) -> int:
        if register == 0:
            return self._control | self._bmc.attention << 4
        if register == 1:
            self._at += 1
            return self._response[self._at - 1] if self._at <= len(self._response) else 0xFF
        return self._mask

    def write(self, register: int, value: int) -> None:
        if register == 1:
            self._request.append(value)
        elif register == 2:
            self._mask = value & 1
        else:
            self._write_control(value)

    def _write_control(self, value: int) -> None:
        if value & 0x01:
            self._request = bytearray()
        if value & 0x02:
            self._at = 0
        if value & 0x08:
            self._control &= ~0x08
        if value & 0x10:
            self._bmc.attention = False
        if value & 0x40:
            self._control ^= 0x40
        if value & 0x04:
            _, netfn, seq, cmd, *data = self._request
            if (netfn, cmd) == (0x18, 0x36):
                answer = bytes((0x1C, 0x36, 0, 1, 255, 255, 10, 0))
            else:
                answer = self._bmc.ask(bytes((netfn, cmd, *data)))
            self._response = bytes((len(answer) + 1, answer[0], seq)) + answer[1:]
            self._at, self._control = 0, self._control | 0x08


def crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return crc


class Smbus:
    """An ICH9's controller, blocks through its buffer alone, with an SSIF at 10h."""

    identity, bar, size = (0x8086, 0x2930, 0x0C0500), 4, 32

    def __init__(self, bmc: Bmc, *, pec: bool = False) -> None:
        self._bmc, self._pec = bmc, pec
        self._registers, self._buffer, self._at = bytearray(32), bytearray(32), 0
        self._request, self._blocks = b"", list[bytes]()

    def read(self, register: int) -> int:
        if register == 2:
            self._at = 0
        if register == 7:
            self._at += 1
            return self._buffer[self._at - 1 & 31]
        return self._registers[register]

    def write(self, register: int, value: int) -> None:
        if register in (0, 12):
            self._registers[register] &= ~value
        elif register == 7:
            self._buffer[self._at & 31] = value
            self._at += 1
        elif register == 2:
            self._registers[2] = value & 0xBF
            if value & 0x40:
                self._registers[0] = 0x02 if self._transfer(value >> 2 & 7) else 0x04
        else:
            self._registers[register] = value

    def _transfer(self, protocol: int) -> bool:
        address, command = self._registers[4], self._registers[3]
        if address >> 1 != 0x10 or protocol != 5:
            return False
        if not address & 1:
            return self._take(command, bytes(self._buffer[: self._registers[5]]))
        if command not in (0x03, 0x09) or not self._blocks:
            return False
        block = self._blocks.pop(0)
        if self._pec:  # both ends would work it out
            crc8(bytes((0x20, command, 0x21, len(block))) + block)
        self._registers[5], self._buffer[: len(block)] = len(block), block
        return True

    def _take(self, command: int, block: bytes) -> bool:
        if command in (0x02, 0x06):
            self._request = block
        elif command in (0x07, 0x08):
            self._request += block
        else:
            return False
        if command in (0x02, 0x08) or (command == 0x07 and len(block) < 32):
            self._answer()
        return True

    def _answer(self) -> None:
        if self._request[:2] == b"\x18\x57":
            answer = bytes((0x1C, 0x57, 0, 0, 0x80 | self._pec << 3, 255, 255))
        else:
            answer = self._bmc.ask(self._request)
        self._blocks = [answer]
        if len(answer) > 32:
            rest = [answer[at : at + 31] for at in range(30, len(answer), 31)]
            self._blocks = [b"\x00\x01" + answer[:30]]
            self._blocks += [bytes((number,)) + part for number, part in enumerate(rest[:-1])]
            self._blocks.append(b"\xff" + rest[-1])


class Configuration:
    """256 bytes of PCI configuration space with one I/O base address."""

    def __init__(self, device: Device) -> None:
        self._at, self._size = 0x10 + 4 * device.bar, device.size
        self._data, self._mask = bytearray(256), bytearray(256)
        vendor, number, kind = device.identity
        struct.pack_into("<HH", self._data, 0, vendor, number)
        self._data[0x09:0x0C] = kind.to_bytes(3, "little")
        self._data[self._at] = 0x01
        self._mask[0x04] = 0x05
        self._mask[0x40:0x50] = b"\xff" * 16
        struct.pack_into("<I", self._mask, self._at, 0x100000000 - self._size)

    def read(self, address: int, length: int) -> int:
        return int.from_bytes(self._data[address : address + length], "little")

    def write(self, address: int, value: int, length: int) -> None:
        for n in range(length):
            mask = self._mask[address + n]
            self._data[address + n] = self._data[address + n] & ~mask | value >> 8 * n & mask

    def base(self) -> int:
        return self.read(self._at, 4) & -self._size


def received(qemu: socket.socket, size: int) -> bytes | None:
    """So many bytes, or None at the end; file descriptors on the way are closed."""
    data = b""
    while len(data) < size:
        part, control, _, _ = qemu.recvmsg(size - len(data), 1024)
        for _, _, payload in control:
            for descriptor in array.array("i", payload[: len(payload) // 4 * 4]):
                os.close(descriptor)
        if not part:
            return None
        data += part
    return data


def serve(qemu: socket.socket, device: Device) -> None:
    """Answer QEMU until it goes away."""
    space = Configuration(device)
    while (header := received(qemu, 16)) is not None:
        command, size = struct.unpack("<i4xQ", header)
        body = received(qemu, size) or b""
        result = 0
        if command in (2, 3):
            address, value, length = struct.unpack("<IIi", body)
            if command == 3:
                result = space.read(address, length)
            else:
                space.write(address, value, length)
        elif command in (4, 5):
            address, value, _, _ = struct.unpack("<QQI?3x", body)
            if command == 5:
                result = device.read(address - space.base())
            else:
                device.write(address - space.base(), value & 0xFF)
        if command not in (0, 6):
            qemu.sendall(struct.pack("<i4xQQ", 1, 8, result))


def made(kind: str, bmc: Bmc) -> Device:
    """The hardware of a kind."""
    devices: dict[str, Callable[[Bmc], Device]] = {"kcs": Kcs, "smic": Smic, "bt": Bt, "ssif": Smbus}
    return devices[kind](bmc) if kind in devices else Smbus(bmc, pec=True)


def main(kind: str, path: str, port: int) -> None:
    """Serve one machine after another."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("ready", flush=True)
        while True:
            qemu, _ = door.accept()
            bmc = Bmc(port)
            serve(qemu, made(kind, bmc))
            qemu.close()
            bmc.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
