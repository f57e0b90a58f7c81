"""The IPMI v1.5 session wrapper: RMCP header, session header, AuthCode, IPMI message (§13.6, Table 13-8)."""

from __future__ import annotations

import struct
from typing import Final

from baseboard.crypto.authcode import SIZE as AUTHCODE_SIZE
from baseboard.crypto.authcode import authcode
from baseboard.crypto.constant_time import compare_digest
from baseboard.errors import DecodeError, EncodeError, TruncatedError
from baseboard.rmcp.header import IPMI, IPMI_HEADER, LARGEST_MESSAGE, VERSION

_HEADER: Final = struct.Struct("<BxBBBII")
_HEADER_SIZE: Final = _HEADER.size
_AUTH_TYPES: Final = (0, 1, 2, 4, 5)
_pack = struct.Struct("<4sBII").pack


class Packet:
    """A v1.5 packet taken apart, nothing of it verified yet.

    Attributes:
        auth_type: 0 none, 1 MD2, 2 MD5, 4 straight password, 5 OEM.
        sequence: session sequence number; 0 outside a session.
        session_id: 0 outside a session.
        code: the AuthCode, 16 bytes; empty for type none.
        message: the IPMI message from its first address to its second checksum.
    """

    __slots__ = ("auth_type", "code", "message", "sequence", "session_id")

    def __init__(self, auth_type: int, sequence: int, session_id: int, code: bytes, message: bytes) -> None:
        self.auth_type, self.sequence, self.session_id = auth_type, sequence, session_id
        self.code, self.message = code, message

    def verify(self, password: bytes) -> bool:
        """Tell in constant time whether the AuthCode is that of this password."""
        return compare_digest(
            self.code, authcode(self.auth_type, password, self.session_id, self.message, self.sequence)
        )


def wrap(auth_type: int, sequence: int, session_id: int, message: bytes, password: bytes = b"") -> bytes:
    """Make a datagram.

    The legacy pad, which kept some LAN chips from packets of certain lengths, is never added.

    Args:
        message: the IPMI message, at most 255 bytes.
        password: at most 16 bytes; not used by type none.

    Raises:
        EncodeError: message or password is too long.
    """
    size = len(message)
    if size > LARGEST_MESSAGE:
        raise EncodeError(f"IPMI message of {size} bytes; the v1.5 length field ends at 255 (Table 13-8)")
    head = _pack(IPMI_HEADER, auth_type, sequence, session_id)
    code = authcode(auth_type, password, session_id, message, sequence) if auth_type else b""
    return b"%b%b%c%b" % (head, code, size, message)


def unwrap(data: bytes) -> Packet:
    """Take a datagram apart; bytes after the message (the legacy pad) are ignored.

    Raises:
        TruncatedError: it ends too early.
        DecodeError: it is not a v1.5 packet.
    """
    size = len(data)
    if size <= _HEADER_SIZE:
        raise TruncatedError(f"v1.5 packet of {size} bytes (Table 13-8)")
    version, _, message_class, auth_type, sequence, session_id = _HEADER.unpack_from(data)
    if version != VERSION or message_class != IPMI or auth_type not in _AUTH_TYPES:
        raise DecodeError("not a v1.5 packet (Table 13-8)")
    start = _HEADER_SIZE + 1
    code = b""
    if auth_type:
        start += AUTHCODE_SIZE
        if size < start:
            raise TruncatedError(f"v1.5 packet of {size} bytes ends in its AuthCode (Table 13-8)")
        code = data[_HEADER_SIZE : start - 1]
    end = start + data[start - 1]
    if size < end:
        raise TruncatedError(
            f"v1.5 packet announces {end - start} bytes of message, has {size - start} (Table 13-8)"
        )
    return Packet(auth_type, sequence, session_id, code, data[start:end])
