"""The keys and check values of the RAKP handshake (§13.31 to §13.33).

The names are the specification's: M is the remote console, C the managed system. Every item is hashed as
it travels: session IDs as four bytes, least significant first; random numbers and GUID as they stand.
RAKP-none has no codes and no keys, so all its results are empty.
"""

from __future__ import annotations

import struct
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from baseboard.errors import EncodeError, LocalProtocolError

KEY_SIZE: Final = 20
"""Size of K_UID and K_G, bytes (§13.31)."""

NULL_KEY: Final = bytes(KEY_SIZE)

# RAKP-HMAC-SHA1 is the specification's choice, and HMAC does not need its hash to resist collisions.
_HASHES: Final[dict[int, hashes.HashAlgorithm | None]] = {
    0: None,
    1: hashes.SHA1(),
    2: hashes.MD5(),
    3: hashes.SHA256(),
}
_ICV_SIZES: Final = (0, 12, 16, 16)
_CODE_SIZES: Final = (0, 20, 16, 32)
# §13.32: the constants have 20 bytes for every algorithm, whatever its block or digest size.
_CONSTANT_1: Final = b"\x01" * 20
_CONSTANT_2: Final = b"\x02" * 20

_id_pair = struct.Struct("<II").pack
_id = struct.Struct("<I").pack


def _hmac(algorithm: int, key: bytes, data: bytes) -> bytes:
    """H of the formulas: the HMAC of the authentication algorithm, empty for RAKP-none."""
    if algorithm not in _HASHES:
        raise _unknown(algorithm)
    digest = _HASHES[algorithm]
    if digest is None:
        return b""
    mac = HMAC(key, digest)  # 1.3 us in all; hmac.digest takes 1.55
    mac.update(data)
    return mac.finalize()


def _unknown(algorithm: int) -> LocalProtocolError:
    return LocalProtocolError(f"authentication algorithm {algorithm:02X}h has no RAKP formulas (§13.28)")


def code_size(algorithm: int) -> int:
    """How long the key exchange codes of RAKP 2 and 3 are: 0, 20, 16 or 32 bytes, never truncated."""
    if algorithm not in _HASHES:
        raise _unknown(algorithm)
    return _CODE_SIZES[algorithm]


def icv_size(algorithm: int) -> int:
    """How long the integrity check value of RAKP 4 is: 0, 12, 16 or 16 bytes."""
    if algorithm not in _HASHES:
        raise _unknown(algorithm)
    return _ICV_SIZES[algorithm]


def kuid(password: bytes) -> bytes:
    """Make the user key K_UID: the password padded with zeros to 20 bytes.

    Raises:
        EncodeError: the password is longer than 20 bytes.
    """
    if len(password) > KEY_SIZE:
        raise EncodeError(f"a password has at most {KEY_SIZE} bytes, not {len(password)} (§13.31)")
    return password.ljust(KEY_SIZE, b"\0")


def keac2(
    algorithm: int,
    kuid: bytes,
    sidm: int,
    sidc: int,
    rm: bytes,
    rc: bytes,
    guidc: bytes,
    role: int,
    username: bytes,
) -> bytes:
    """Key exchange authentication code of RAKP 2: the BMC knows the user's password.

    Args:
        role: the whole role byte of RAKP 1, the name-only bit included.
        username: as in RAKP 1, not padded.
    """
    data = b"".join((_id_pair(sidm, sidc), rm, rc, guidc, bytes((role, len(username))), username))
    return _hmac(algorithm, kuid, data)


def keac3(algorithm: int, kuid: bytes, rc: bytes, sidm: int, role: int, username: bytes) -> bytes:
    """Key exchange authentication code of RAKP 3: the console knows the user's password."""
    return _hmac(algorithm, kuid, b"".join((rc, _id(sidm), bytes((role, len(username))), username)))


def sik(algorithm: int, key: bytes, rm: bytes, rc: bytes, role: int, username: bytes) -> bytes:
    """Session integrity key.

    Args:
        key: K_G where the channel has one (two-key login), else K_UID (one-key login).
    """
    return _hmac(algorithm, key, b"".join((rm, rc, bytes((role, len(username))), username)))


def icv(algorithm: int, sik: bytes, rm: bytes, sidc: int, guidc: bytes) -> bytes:
    """Integrity check value of RAKP 4, truncated: the BMC holds the SIK, hence K_G too."""
    return _hmac(algorithm, sik, b"".join((rm, _id(sidc), guidc)))[: _ICV_SIZES[algorithm]]


def k1(algorithm: int, sik: bytes) -> bytes:
    """Integrity key of the session (§13.32), the full HMAC."""
    return _hmac(algorithm, sik, _CONSTANT_1)


def k2(algorithm: int, sik: bytes) -> bytes:
    """Confidentiality key of the session (§13.32), the full HMAC."""
    return _hmac(algorithm, sik, _CONSTANT_2)
