"""The IPMI message as an IPMB and LAN sessions carry it (§13.8): addresses, checksums, number, command.

::

    request   rsAddr  netFn|rsLUN  checksum  rqAddr  rqSeq|rqLUN  cmd  data            checksum
    response  rqAddr  netFn|rqLUN  checksum  rsAddr  rqSeq|rsLUN  cmd  cc data         checksum
"""

from __future__ import annotations

from typing import Final

from baseboard.errors import ChecksumError, EncodeError, TruncatedError

BMC: Final = 0x20
"""Slave address of every BMC (§5.5)."""

REMOTE_CONSOLE: Final = 0x81
"""Software ID of remote console 1 as an address (Table 5-4)."""

SMALLEST: Final = 7
"""Bytes of a request without data."""

_SMALLEST_RESPONSE: Final = 8


class LanMessage:
    """One IPMI message, request or response; the low bit of netfn says which.

    Attributes:
        rs_addr: slave address or software ID of the responder.
        netfn: network function; even in a request, odd in a response.
        rs_lun: the responder's logical unit, 0-3.
        rq_addr: slave address or software ID of the requester.
        rq_seq: the requester's sequence number, 0-63.
        rq_lun: the requester's logical unit, 0-3.
        cmd: command number.
        data: what follows it; the first byte of a response is the completion code.
    """

    __slots__ = ("cmd", "data", "netfn", "rq_addr", "rq_lun", "rq_seq", "rs_addr", "rs_lun")

    def __init__(
        self,
        rs_addr: int,
        netfn: int,
        rs_lun: int,
        rq_addr: int,
        rq_seq: int,
        rq_lun: int,
        cmd: int,
        data: bytes,
    ) -> None:
        self.rs_addr, self.netfn, self.rs_lun = rs_addr, netfn, rs_lun
        self.rq_addr, self.rq_seq, self.rq_lun = rq_addr, rq_seq, rq_lun
        self.cmd, self.data = cmd, data

    @property
    def is_response(self) -> bool:
        """Tell a response from a request."""
        return bool(self.netfn & 1)

    def __repr__(self) -> str:
        # No data: Set User Password travels in them.
        kind = "response" if self.is_response else "request"
        return (
            f"<{kind} {self.netfn:02X}h/{self.cmd:02X}h rq_seq={self.rq_seq} "
            f"{self.rq_addr:02X}h.{self.rq_lun} to {self.rs_addr:02X}h.{self.rs_lun}, {len(self.data)} bytes>"
        )


def checksum(data: bytes) -> int:
    """Make the byte that brings the sum of data to 0 modulo 256."""
    return -sum(data) & 0xFF


def wrap_request(
    netfn: int,
    cmd: int,
    data: bytes,
    rq_seq: int,
    *,
    rs_addr: int = BMC,
    rs_lun: int = 0,
    rq_addr: int = REMOTE_CONSOLE,
    rq_lun: int = 0,
) -> bytes:
    """Make a request, from rsAddr to the second checksum.

    Raises:
        EncodeError: a number does not fit its field.
    """
    function = netfn << 2 | rs_lun
    try:
        body = bytes((rq_addr, rq_seq << 2 | rq_lun, cmd)) + data
        return b"%c%c%c%b%c" % (rs_addr, function, -(rs_addr + function) & 0xFF, body, -sum(body) & 0xFF)
    except (ValueError, OverflowError) as error:
        raise EncodeError(f"IPMI request {netfn:X}h/{cmd:X}h: a field exceeds its bits (§13.8)") from error


def wrap_response(request: LanMessage, data: bytes) -> bytes:
    """Make the response to a request.

    Args:
        data: completion code and what follows it.
    """
    rq_addr, function = request.rq_addr, (request.netfn | 1) << 2 | request.rq_lun
    body = bytes((request.rs_addr, request.rq_seq << 2 | request.rs_lun, request.cmd)) + data
    return b"%c%c%c%b%c" % (rq_addr, function, -(rq_addr + function) & 0xFF, body, -sum(body) & 0xFF)


def unwrap(message: bytes, *, tolerate_checksums: bool = False) -> LanMessage:
    """Read a request or a response.

    Args:
        message: from the first address to the second checksum.
        tolerate_checksums: accept wrong ones, as a few BMCs send them.

    Raises:
        TruncatedError: too few bytes.
        ChecksumError: one of the checksums is wrong.
    """
    size = len(message)
    if size < SMALLEST:
        raise TruncatedError(f"IPMI message of {size} bytes (§13.8)")
    first, function, _, second, sequence, cmd = message[:6]
    if not tolerate_checksums:
        if sum(message[:3]) & 0xFF:
            raise ChecksumError("first checksum of an IPMI message (§13.8)")
        if sum(message[3:]) & 0xFF:
            raise ChecksumError("second checksum of an IPMI message (§13.8)")
    data = message[6:-1]
    if function & 4:
        if size < _SMALLEST_RESPONSE:
            raise TruncatedError("IPMI response without completion code (§13.8)")
        return LanMessage(second, function >> 2, sequence & 3, first, sequence >> 2, function & 3, cmd, data)
    return LanMessage(first, function >> 2, function & 3, second, sequence >> 2, sequence & 3, cmd, data)
