"""Linux's IPMI driver as a function in the place of ``ioctl``; its device file is a named pipe.

What is in the pipe only makes the device readable. The structures are read and written where the caller
says that they lie in memory, as the kernel does.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from baseboard.transports.ipmidev_abi import (
    NATIVE,
    AddressType,
    DeviceAddress,
    pack_address,
    pack_channel_value,
    unpack_address,
    unpack_channel_value,
    unpack_command,
)

SYSTEM_INTERFACE = DeviceAddress(AddressType.SYSTEM_INTERFACE, 0xF, 0)


@dataclass(frozen=True)
class Asked:
    """A request as the driver got it."""

    address: DeviceAddress
    msgid: int
    netfn: int
    cmd: int
    data: bytes
    retries: int
    retry_ms: int


Answer = Callable[[Asked], bytes | None]


class Kernel:
    """A driver whose BMC is a function.

    Attributes:
        path: the device file.
        asked: every request.
        addresses: its own slave address by channel.
        gets_events: each time events were switched on or off.
        registered: netfn, command and channels whose requests come.
        answered: every answer to a request that came.
        refuse: the error number with which any call fails next; 0 = none.
    """

    def __init__(self, folder: Path, answer: Answer = lambda asked: b"\0") -> None:
        self.path = str(folder / "ipmi0")
        os.mkfifo(self.path)
        # An end of its own keeps the pipe open and lets it be written.
        self._pipe = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self._answer = answer
        self._queue: deque[tuple[int, DeviceAddress | bytes, int, int, int, bytes]] = deque()
        self._names = {number: name for name, number in NATIVE.numbers.items()}
        self.asked: list[Asked] = []
        self.addresses = dict.fromkeys(range(16), 0x20)
        self.gets_events: list[bool] = []
        self.registered: list[tuple[int, int, int | None]] = []
        self.answered: list[Asked] = []
        self.refuse = 0

    def close(self) -> None:
        os.close(self._pipe)

    def put(
        self,
        msgid: int,
        data: bytes,
        *,
        kind: int = 1,
        sender: DeviceAddress | bytes = SYSTEM_INTERFACE,
        netfn: int = 7,
        cmd: int = 1,
    ) -> None:
        """Let a message come."""
        self._queue.append((kind, sender, msgid, netfn, cmd, data))
        os.write(self._pipe, b".")

    def ioctl(self, fd: int, request: int, arg: bytearray, mutate_flag: bool = True, /) -> int:
        assert mutate_flag
        assert os.fstat(fd)
        if self.refuse:
            number, self.refuse = self.refuse, 0
            raise OSError(number, os.strerror(number))
        match self._names[request]:
            case "SEND_COMMAND_SETTIME":
                self._send(arg)
            case "RECEIVE_MSG_TRUNC":
                self._receive(arg)
            case "GET_MY_CHANNEL_ADDRESS":
                channel, _ = unpack_channel_value(arg)
                arg[:] = pack_channel_value(channel, self.addresses[channel])
            case "SET_MY_CHANNEL_ADDRESS":
                channel, value = unpack_channel_value(arg)
                self.addresses[channel] = value
            case name:
                self._switch(name, arg)
        return 0

    def _switch(self, name: str, arg: bytearray) -> None:
        match name:
            case "SET_GETS_EVENTS_CMD":
                self.gets_events.append(bool(int.from_bytes(arg, sys.byteorder)))
            case "REGISTER_FOR_CMD" | "REGISTER_FOR_CMD_CHANS":
                if unpack_command(arg) in self.registered:
                    raise OSError(errno.EBUSY, "another program has it")
                self.registered.append(unpack_command(arg))
            case "UNREGISTER_FOR_CMD" | "UNREGISTER_FOR_CMD_CHANS":
                if unpack_command(arg) not in self.registered:
                    raise OSError(errno.ENOENT, "nobody has it")
                self.registered.remove(unpack_command(arg))
            case _:
                raise AssertionError(name)

    def _send(self, arg: bytearray) -> None:
        place, size, msgid, netfn, cmd, length, data, retries, pause = NATIVE.timed_request.unpack(arg)
        address = unpack_address(ctypes.string_at(place, size))
        asked = Asked(address, msgid, netfn, cmd, ctypes.string_at(data, length), retries, pause)
        if netfn & 1:
            self.answered.append(asked)
            return
        self.asked.append(asked)
        answer = self._answer(asked)
        if answer is not None:
            self.put(msgid, answer, sender=address, netfn=netfn | 1, cmd=cmd)

    def _receive(self, arg: bytearray) -> None:
        if not self._queue:
            raise OSError(errno.EAGAIN, "nothing is queued")
        os.read(self._pipe, 1)
        kind, sender, msgid, netfn, cmd, data = self._queue.popleft()
        place, room, buffer, most = self._places(arg)
        packed = sender if isinstance(sender, bytes) else pack_address(sender)
        assert len(packed) <= room
        ctypes.memmove(place, packed, len(packed))
        ctypes.memmove(buffer, data, min(len(data), most))
        arg[:] = NATIVE.received.pack(
            kind, place, len(packed), msgid, netfn, cmd, min(len(data), most), buffer
        )
        if len(data) > most:
            raise OSError(errno.EMSGSIZE, "cut")

    @staticmethod
    def _places(arg: bytearray) -> tuple[int, int, int, int]:
        _, place, room, _, _, _, most, buffer = NATIVE.received.unpack(arg)
        return place, room, buffer, most
