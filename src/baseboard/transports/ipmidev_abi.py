"""How Linux's IPMI device file talks: ioctl numbers, structures, addresses (``linux/ipmi.h``).

Nothing here touches a device. Both layouts of the interface are known, that of 64-bit programs (LP64) and
that of 32-bit ones (ILP32); pointers are plain numbers, which the caller vouches for.
"""

from __future__ import annotations

import enum
import struct
from typing import Final, NamedTuple

from baseboard.errors import EncodeError, TruncatedError

_MAGIC: Final = ord("i")
_WRITE, _READ = 1, 2
"""The direction bits as ``linux/ipmi.h`` has them: sending is declared as reading there."""

BMC_CHANNEL: Final = 0xF
"""The channel of the system interface address: the BMC itself."""

LARGEST_ADDRESS: Final = 40
"""Bytes that any address may take."""


class ReceiveType(enum.IntEnum):
    """What a received message is."""

    RESPONSE = 1
    ASYNC_EVENT = 2
    COMMAND = 3
    RESPONSE_RESPONSE = 4
    OEM = 5


class AddressType(enum.IntEnum):
    """What an address names."""

    IPMB = 0x01
    LAN = 0x04
    SYSTEM_INTERFACE = 0x0C
    IPMB_BROADCAST = 0x41
    IPMB_DIRECT = 0x81


class DeviceAddress(NamedTuple):
    """Who is spoken with through the device.

    Attributes:
        type: an `AddressType`.
        channel: of the controller; Fh with the system interface.
        lun: the responder's logical unit, 0-3.
        slave_address: 8 bits with bit 0 clear; 0 with the system interface.
    """

    type: int
    channel: int
    lun: int
    slave_address: int = 0


class Received(NamedTuple):
    """What the driver wrote into a structure of receiving.

    Attributes:
        type: a `ReceiveType`.
        address_size: bytes of the address that was written.
        msgid: as it was sent.
        netfn: odd in a response.
        cmd: command number.
        size: bytes of data that were written.
    """

    type: int
    address_size: int
    msgid: int
    netfn: int
    cmd: int
    size: int


_SYSTEM_INTERFACE = struct.Struct("=ihBx")
_IPMB = struct.Struct("=ihBB")
_HEAD = struct.Struct("=ih")
_CHANNEL_VALUE = struct.Struct("=HBx")
_COMMAND = struct.Struct("=BB")
_COMMAND_CHANNELS = struct.Struct("=III")
_SWITCH = struct.Struct("=i")


class Abi:
    """The interface as programs of one word size see it.

    Args:
        word: bytes of a pointer and of a ``long``, 4 or 8.
    """

    def __init__(self, word: int) -> None:
        # struct ipmi_msg { unsigned char netfn, cmd; unsigned short data_len; unsigned char *data; }
        if word == 8:
            pointer, long, gap = "Q", "q", "4x"
        else:
            pointer, long, gap = "I", "i", ""
        message = f"BBH{gap}{pointer}"
        self.message = struct.Struct("=" + message)
        self.request = struct.Struct(f"={pointer}I{gap}{long}{message}")
        self.timed_request = struct.Struct(f"={pointer}I{gap}{long}{message}iI")
        self.received = struct.Struct(f"=i{gap}{pointer}I{gap}{long}{message}")
        sizes = {
            "RECEIVE_MSG_TRUNC": (11, _READ | _WRITE, self.received.size),
            "RECEIVE_MSG": (12, _READ | _WRITE, self.received.size),
            "SEND_COMMAND": (13, _READ, self.request.size),
            "REGISTER_FOR_CMD": (14, _READ, 2),
            "UNREGISTER_FOR_CMD": (15, _READ, 2),
            "SET_GETS_EVENTS_CMD": (16, _READ, 4),
            "SET_MY_ADDRESS": (17, _READ, 4),
            "GET_MY_ADDRESS": (18, _READ, 4),
            "SET_MY_LUN": (19, _READ, 4),
            "GET_MY_LUN": (20, _READ, 4),
            "SEND_COMMAND_SETTIME": (21, _READ, self.timed_request.size),
            "SET_TIMING_PARMS": (22, _READ, 8),
            "GET_TIMING_PARMS": (23, _READ, 8),
            "SET_MY_CHANNEL_ADDRESS": (24, _READ, _CHANNEL_VALUE.size),
            "GET_MY_CHANNEL_ADDRESS": (25, _READ, _CHANNEL_VALUE.size),
            "SET_MY_CHANNEL_LUN": (26, _READ, _CHANNEL_VALUE.size),
            "GET_MY_CHANNEL_LUN": (27, _READ, _CHANNEL_VALUE.size),
            "REGISTER_FOR_CMD_CHANS": (28, _READ, 12),
            "UNREGISTER_FOR_CMD_CHANS": (29, _READ, 12),
            "GET_MAINT_MODE": (30, _READ, 4),
            "SET_MAINT_MODE": (31, _WRITE, 4),
        }
        self.numbers: dict[str, int] = {
            name: direction << 30 | size << 16 | _MAGIC << 8 | number
            for name, (number, direction, size) in sizes.items()
        }

    def pack_request(
        self,
        address: int,
        address_size: int,
        msgid: int,
        netfn: int,
        cmd: int,
        data: int,
        size: int,
        retries: int,
        retry_ms: int,
    ) -> bytes:
        """Make a ``struct ipmi_req_settime``.

        Retries are the driver's own, of what goes over an IPMB.

        Args:
            address: where the packed address lies in memory.
            data: where the request's data lie.
            size: their number.
            retries: how often an unanswered request is sent again.
            retry_ms: after how many milliseconds.

        Raises:
            EncodeError: a number does not fit its field.
        """
        try:
            return self.timed_request.pack(
                address, address_size, msgid, netfn, cmd, size, data, retries, retry_ms
            )
        except struct.error as error:
            raise EncodeError(f"struct ipmi_req_settime: {error}") from error

    def pack_receive(self, address: int, address_size: int, data: int, size: int) -> bytearray:
        """Make a ``struct ipmi_recv`` that tells the driver where to write, and how much at most."""
        return bytearray(self.received.pack(0, address, address_size, 0, 0, 0, size, data))

    def unpack_receive(self, raw: bytes | bytearray) -> Received:
        """Read what the driver wrote into it."""
        kind, _, address_size, msgid, netfn, cmd, size, _ = self.received.unpack(raw)
        return Received(kind, address_size, msgid, netfn, cmd, size)


NATIVE: Final = Abi(struct.calcsize("P"))
"""The interface as this program sees it."""


def pack_address(address: DeviceAddress) -> bytes:
    """Make the structure of an address.

    Raises:
        EncodeError: a number does not fit, or no request is sent to such an address.
    """
    try:
        if address.type == AddressType.SYSTEM_INTERFACE:
            return _SYSTEM_INTERFACE.pack(address.type, address.channel, address.lun)
        if address.type in (AddressType.IPMB, AddressType.IPMB_BROADCAST):
            return _IPMB.pack(address.type, address.channel, address.slave_address, address.lun)
    except struct.error as error:
        raise EncodeError(f"an address of type {address.type:02X}h: {error}") from error
    raise EncodeError(f"nothing is sent to an address of type {address.type:02X}h")


def unpack_address(raw: bytes) -> DeviceAddress:
    """Read an address; of a type that is never asked only type and channel are told.

    Raises:
        TruncatedError: too few bytes.
    """
    if len(raw) < _IPMB.size:
        raise TruncatedError(f"an address of {len(raw)} bytes (linux/ipmi.h)")
    kind, channel = _HEAD.unpack_from(raw)
    if kind == AddressType.SYSTEM_INTERFACE:
        return DeviceAddress(kind, channel, raw[_HEAD.size])
    if kind in (AddressType.IPMB, AddressType.IPMB_BROADCAST):
        return DeviceAddress(kind, channel, raw[_HEAD.size + 1], raw[_HEAD.size])
    return DeviceAddress(kind, channel, 0)


def pack_channel_value(channel: int, value: int) -> bytes:
    """Make a ``struct ipmi_channel_lun_address_set``."""
    return _CHANNEL_VALUE.pack(channel, value)


def unpack_channel_value(raw: bytes | bytearray) -> tuple[int, int]:
    """Read a ``struct ipmi_channel_lun_address_set``: channel and value."""
    channel, value = _CHANNEL_VALUE.unpack(raw)
    return channel, value


def pack_command(netfn: int, cmd: int, channels: int | None = None) -> bytes:
    """Make a ``struct ipmi_cmdspec``, or with channels a ``struct ipmi_cmdspec_chans``.

    Args:
        channels: a bit each; None = all.

    Raises:
        EncodeError: a number does not fit its field.
    """
    try:
        if channels is None:
            return _COMMAND.pack(netfn, cmd)
        return _COMMAND_CHANNELS.pack(netfn, cmd, channels)
    except struct.error as error:
        raise EncodeError(f"struct ipmi_cmdspec: {error}") from error


def unpack_command(raw: bytes | bytearray) -> tuple[int, int, int | None]:
    """Read either of them: netfn, command, channels."""
    if len(raw) == _COMMAND.size:
        netfn, cmd = _COMMAND.unpack(raw)
        return netfn, cmd, None
    netfn, cmd, channels = _COMMAND_CHANNELS.unpack(raw)
    return netfn, cmd, channels


def pack_switch(on: bool) -> bytes:
    """Make the ``int`` of what is switched on or off."""
    return _SWITCH.pack(on)
