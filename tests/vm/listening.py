"""Run in a guest: system software that takes what the BMC has for it, and prints a line of each.

It asks for events, and answers one command of consoles: Get Device ID at the LUN of system software. It
speaks to the driver by itself (``linux/ipmi.h``), so that it can judge those who do with the library.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import sys

_KINDS = {1: "response", 2: "event", 3: "command", 4: "sent"}
_COMMAND = 3


class Message(ctypes.Structure):
    _fields_ = (
        ("netfn", ctypes.c_ubyte),
        ("cmd", ctypes.c_ubyte),
        ("size", ctypes.c_ushort),
        ("data", ctypes.c_void_p),
    )


class Request(ctypes.Structure):
    _fields_ = (
        ("address", ctypes.c_void_p),
        ("address_size", ctypes.c_uint),
        ("number", ctypes.c_long),
        ("message", Message),
    )


class Received(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_int),
        ("address", ctypes.c_void_p),
        ("address_size", ctypes.c_uint),
        ("number", ctypes.c_long),
        ("message", Message),
    )


def _ioctl(direction: int, number: int, size: int) -> int:
    return direction << 30 | size << 16 | ord("i") << 8 | number


RECEIVE = _ioctl(3, 11, ctypes.sizeof(Received))
SEND = _ioctl(2, 13, ctypes.sizeof(Request))
REGISTER = _ioctl(2, 14, 2)
EVENTS = _ioctl(2, 16, 4)


def listen(device: int) -> None:
    """Print what comes; answer commands."""
    while select.select([device], [], [])[0]:
        address, data = ctypes.create_string_buffer(64), ctypes.create_string_buffer(300)
        got = Received(0, ctypes.addressof(address), 64, 0, Message(0, 0, 300, ctypes.addressof(data)))
        fcntl.ioctl(device, RECEIVE, got)
        message = got.message
        told = data.raw[: message.size].hex(" ")
        print(f"{_KINDS[got.kind]} {message.netfn:02x}/{message.cmd:02x} {told}", flush=True)
        if got.kind == _COMMAND:
            answer = ctypes.create_string_buffer(b"\x00guest")
            body = Message(message.netfn | 1, message.cmd, 6, ctypes.addressof(answer))
            fcntl.ioctl(device, SEND, Request(ctypes.addressof(address), got.address_size, got.number, body))


def main() -> None:
    device = os.open("/dev/ipmi0", os.O_RDWR)
    fcntl.ioctl(device, EVENTS, (1).to_bytes(4, sys.byteorder))
    fcntl.ioctl(device, REGISTER, bytes((0x06, 0x01)))
    print("listening", flush=True)
    listen(device)


main()
