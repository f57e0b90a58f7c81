"""From the bytes of an IPMI message to a request of a BMC's console, in one step (§13.8)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final
from zlib import adler32

from baseboard.rmcp import lan_message
from baseboard.rmcp.session import RequestReceived, ResponseReceived

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import AnySession

SESSION_LESS: Final = frozenset((0x0637, 0x0638, 0x0639, 0x0654, 0x0417, 0x2C01))
"""NetFn and command of what is answered outside a session (Table G-1, "p"): Get System GUID, Get Channel
Authentication Capabilities, Get Session Challenge, Get Channel Cipher Suites, PET Acknowledge, Get DCMI
Capabilities Info. Activate Session has an ID of its own. All else gets silence: an answer to a stranger is an
amplifier."""

_GROUP_EXTENSION: Final = 0x2C
_DCMI: Final = b"\xdc"

ACTIVATE_SESSION: Final = 0x063A

_BMC: Final = lan_message.BMC
_HEAD: Final = struct.Struct("6B")
_pack, _unpack = _HEAD.pack, _HEAD.unpack_from
_BYTES: Final = tuple(bytes((number,)) for number in range(256))
_ADLER: Final = 256
"""Up to so many bytes the lower half of Adler-32 is one more than their sum: the quicker way to it."""


def read(
    message: bytes, session: AnySession | None, address: Address, form: int
) -> RequestReceived | ResponseReceived | None:
    """Read a console's message.

    Args:
        message: from its first address to its second checksum.
        form: authentication type of the packet, 6 for RMCP+.

    Returns: None for what is dropped: wrong checksums, another slave address (a LAN channel does not route;
        bridging has Send Message), a response outside a session.
    """
    if len(message) < 7:
        return None
    rs_addr, function, first, rq_addr, sequence, cmd = _unpack(message)
    # The part of either checksum adds up to 0, and so do both parts together: no slice is needed.
    total = adler32(message) - 1 if len(message) <= _ADLER else sum(message)
    if rs_addr + function + first & 0xFF or total & 0xFF:
        return None
    if function & 4:
        if session is None or len(message) < 8:
            return None
        return ResponseReceived(session, lan_message.unwrap(message))
    if rs_addr != _BMC:
        return None
    return RequestReceived(
        session, address, form, function >> 2, function & 3, cmd, message[6:-1],
        rq_addr, sequence >> 2, sequence & 3,
    )  # fmt: skip


def session_less(request: RequestReceived) -> bool:
    """Tell whether a request is answered outside a session; of group extensions only DCMI's."""
    if request.netfn << 8 | request.cmd not in SESSION_LESS:
        return False
    return request.netfn != _GROUP_EXTENSION or request.data[:1] == _DCMI


def answer(request: RequestReceived, data: bytes) -> bytes:
    """Make the response to a request, from rqAddr to the second checksum.

    Args:
        data: completion code and what follows it.
    """
    rq_addr, function = request.rq_addr, (request.netfn | 1) << 2 | request.rq_lun
    first, sequence = -(rq_addr + function) & 0xFF, request.rq_seq << 2 | request.lun
    message = _pack(rq_addr, function, first, _BMC, sequence, request.cmd) + data
    total = adler32(message) - 1 if len(message) <= _ADLER else sum(message)
    return message + _BYTES[-total & 0xFF]
