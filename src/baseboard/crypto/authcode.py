"""The AuthCode of IPMI v1.5 (§22.17.1) and the answers of Get AuthCode (§22.21)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from baseboard.codes import AuthType
from baseboard.crypto.integrity import integrity
from baseboard.crypto.md2 import md2
from baseboard.crypto.rakp import kuid
from baseboard.errors import EncodeError, LocalProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable

KEY_SIZE: Final = 16
"""Size of a v1.5 password, bytes: a 20-byte one cannot be used in v1.5."""

SIZE: Final = 16
"""Size of every v1.5 AuthCode, bytes."""

_id = struct.Struct("<I").pack


def _md5(data: bytes) -> bytes:
    import hashlib  # who logs in by v2.0 needs it no more than this module

    return hashlib.md5(data, usedforsecurity=False).digest()


_DIGESTS: Final[dict[int, Callable[[bytes], bytes]]] = {AuthType.MD2: md2, AuthType.MD5: _md5}


def _code(auth_type: int, password: bytes, *parts: bytes) -> bytes:
    """H(P | parts | P), the password itself, or nothing."""
    if len(password) > KEY_SIZE:
        raise EncodeError(f"a v1.5 password has at most {KEY_SIZE} bytes, not {len(password)}")
    key = password.ljust(KEY_SIZE, b"\0")
    if auth_type in _DIGESTS:
        return _DIGESTS[auth_type](b"".join((key, *parts, key)))
    if auth_type == AuthType.PASSWORD:
        return key
    if auth_type == AuthType.NONE:
        return b""
    raise LocalProtocolError(f"authentication type {auth_type:X}h has no AuthCode algorithm (§22.17.1)")


def authcode(auth_type: int, password: bytes, session_id: int, message: bytes, sequence: int) -> bytes:
    """Make the AuthCode of a session header on a multi-session channel, such as LAN.

    The session ID comes first in the hash although it comes second in the packet.

    Args:
        auth_type: 0 none (then the code is empty), 1 MD2, 2 MD5, 4 straight password.
        password: at most 16 bytes.
        message: the IPMI message from rsAddr to its second checksum, without length byte and pad.
    """
    return _code(auth_type, password, _id(session_id), message, _id(sequence))


def activation_code(auth_type: int, password: bytes, session_id: int, challenge: bytes) -> bytes:
    """Make the AuthCode that Activate Session carries on a single-session channel, such as Basic Mode.

    Args:
        session_id: the temporary one of Get Session Challenge.
        challenge: its 16 bytes.
    """
    return _code(auth_type, password, _id(session_id), challenge)


def get_authcode(auth_type: int, password: bytes, data: bytes) -> bytes:
    """Answer Get AuthCode by a v1.5 algorithm over its 16 data bytes (§22.21)."""
    return _code(auth_type, password, data)


def get_authcode_v20(algorithm: int, password: bytes, data: bytes) -> bytes:
    """Answer Get AuthCode by a v2.0 integrity algorithm, keyed by the padded password (§22.21; unverified).

    Args:
        algorithm: an integrity algorithm's number, 1-4.
        password: at most 20 bytes.
    """
    return integrity(algorithm, kuid(password), password).sign(data)
