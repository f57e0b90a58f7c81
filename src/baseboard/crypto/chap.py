"""The proof of CHAP: a hash of identifier, secret and challenge (RFC 1994)."""

from __future__ import annotations

import hashlib

MD5 = 5
"""The algorithm's number in LCP's authentication option."""


def proof(identifier: int, secret: bytes, challenge: bytes) -> bytes:
    """What shows that somebody knows the secret (RFC 1994 §4.1).

    Args:
        identifier: of the challenge's packet, 0-255.
        secret: shared by both ends.
        challenge: what the other end drew.

    Returns: 16 bytes.
    """
    return hashlib.md5(bytes((identifier,)) + secret + challenge).digest()
