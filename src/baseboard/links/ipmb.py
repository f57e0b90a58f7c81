"""Frames of an IPMB, and of IPMI over SMBus: what a master writes, from the slave address on (IPMB v1.0).

A request and its response are both writes, in opposite directions. On an IPMB two additive checksums guard a
frame; IPMI over SMBus has 00h for the first and the bus's own PEC for the second (Table 22-8).
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Final

from baseboard.codes import NetFn
from baseboard.commands import ipmi_message
from baseboard.commands.app.device_id import GetDeviceId
from baseboard.commands.app.messaging import SendMessage
from baseboard.commands.ipmi_message import LanMessage
from baseboard.errors import ChecksumError, DecodeError, TruncatedError
from baseboard.links.smbus import pec

BROADCAST: Final = 0x00
"""The general call address: Broadcast Get Device ID goes there (§20.9)."""

LONGEST: Final = 32
"""Bytes of an ordinary frame, its slave address included; Send Message alone may be longer."""

FIRST_ADDRESS, LAST_ADDRESS = 0x10, 0xEE
"""Slave addresses below and above are I2C's own."""

EXPIRES_S: Final = 5.0
"""After that long a sequence number means another message, seconds (§6.13)."""

SEQUENCES: Final = 64

Step = tuple[int, int]
"""Network function of a response, and its command."""

_CHECKSUM: Final = 2
_TRACKED: Final = 1
_SEND_MESSAGE: Final = (NetFn.APP, SendMessage.command.cmd)
_GET_DEVICE_ID: Final = (NetFn.APP, GetDeviceId.command.cmd)


class Written(IntEnum):
    """What a master learns of its write, in the completion codes of Send Message (Table 22-9)."""

    DONE = 0x00
    LOST_ARBITRATION = 0x81
    BUS_ERROR = 0x82
    NAK = 0x83


class Form(Enum):
    """How frames are guarded."""

    IPMB = "two checksums"
    SMBUS = "00h and a PEC"


def is_address(address: int) -> bool:
    """Whether a controller can have this slave address."""
    return not address & 1 and FIRST_ADDRESS <= address <= LAST_ADDRESS


def sealed(frame: bytes, form: Form) -> bytes:
    """A frame with checksums, as a bus of this form has it."""
    if form is Form.IPMB:
        return frame
    body = frame[:_CHECKSUM] + b"\0" + frame[_CHECKSUM + 1 : -1]
    return body + bytes((pec(body),))


def opened(frame: bytes, form: Form = Form.IPMB) -> LanMessage:
    """Read a frame; a broadcast one without its 00h.

    Raises:
        TruncatedError: it is too short.
        ChecksumError: what guards it is wrong.
    """
    if form is Form.IPMB:
        return ipmi_message.unwrap(frame)
    if len(frame) < ipmi_message.SMALLEST:
        raise TruncatedError(f"IPMI message of {len(frame)} bytes (§13.8)")
    if frame[_CHECKSUM] or pec(frame):
        raise ChecksumError("PEC of an IPMI message over SMBus (Table 22-8)")
    return ipmi_message.unwrap(frame, tolerate_checksums=True)


def is_broadcast(frame: bytes) -> bool:
    """Whether it goes to everybody."""
    return frame[:1] == bytes((BROADCAST,))


def may_be_broadcast(message: LanMessage) -> bool:
    """§20.9: nothing but Get Device ID ever is."""
    return (message.netfn, message.cmd) == _GET_DEVICE_ID and not message.rs_lun


def steps_of(netfn: int, cmd: int, data: bytes) -> list[Step]:
    """The responses that a request will have: a tracked Send Message its own and those of what it carries."""
    steps = [(netfn | 1, cmd)]
    while (netfn, cmd) == _SEND_MESSAGE and data and data[0] >> 6 == _TRACKED:
        try:
            inner = ipmi_message.unwrap(data[1:], tolerate_checksums=True)
        except DecodeError:
            break
        netfn, cmd, data = inner.netfn, inner.cmd, inner.data
        steps.append((netfn | 1, cmd))
    return steps
