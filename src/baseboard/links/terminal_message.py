"""What stands between the brackets of Terminal Mode: an IPMI message as hex digits, or a text (§14.7)."""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.errors import DecodeError, EncodeError, TruncatedError

_HEADER: Final = 3
_TEXTS: Final = (b"SYS", b"OK", b"ERR")


class TerminalMessage(NamedTuple):
    """An IPMI message without addresses and checksums; the line has them all to itself.

    Attributes:
        netfn: even in a request, odd in a response.
        lun: of the responder, 0-3.
        rq_seq: the requester's sequence number, 0-63.
        bridge: 0 to and from the BMC and its host; 1 bridged from elsewhere (Table 14-12).
        cmd: command number.
        data: what follows it; in a response the completion code comes first.
    """

    netfn: int
    lun: int
    rq_seq: int
    bridge: int
    cmd: int
    data: bytes


def write_message(message: TerminalMessage, *, spaces: bool = True) -> bytes:
    """Write a message as hex digits.

    Args:
        spaces: one between two bytes, for people; without them more fits on a line.

    Raises:
        EncodeError: a number does not fit its field.
    """
    head = (message.netfn << 2 | message.lun, message.rq_seq << 2 | message.bridge, message.cmd)
    try:
        raw = bytes(head) + message.data
    except ValueError as error:
        raise EncodeError(
            f"request {message.netfn:X}h/{message.cmd:X}h: a field exceeds its bits (§14.7)"
        ) from error
    return (raw.hex(" ") if spaces else raw.hex()).upper().encode()


def is_text(content: bytes) -> bool:
    """Tell a text from a message."""
    return content[:3].upper().startswith(_TEXTS)


def read_message(content: bytes) -> TerminalMessage:
    """Read a message written as hex digits, spaces between the bytes or not.

    Raises:
        DecodeError: something else stands there.
        TruncatedError: too few bytes.
    """
    try:
        raw = bytes.fromhex(content.decode("ascii"))
    except ValueError as error:
        raise DecodeError("a line of Terminal Mode that is neither hex digits nor a text (§14.7)") from error
    if len(raw) < _HEADER:
        raise TruncatedError(f"a message of {len(raw)} bytes in Terminal Mode (§14.7)")
    if raw[0] & 4 and len(raw) == _HEADER:
        raise TruncatedError("a response without completion code in Terminal Mode (§14.7)")
    return TerminalMessage(raw[0] >> 2, raw[0] & 3, raw[1] >> 2, raw[1] & 3, raw[2], raw[_HEADER:])
