"""What hides the payload of RMCP+ packets (§13.29, §13.30).

An object serves one session and both its directions. It is given the session's K2 and a source of random
bytes, and is never shared between threads.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from baseboard.codes import ConfidentialityAlgorithm
from baseboard.errors import DecodeError, LocalProtocolError, RemoteProtocolError, TruncatedError

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK: Final = 16

_XRC4_KEY_SIZES: Final[dict[int, int]] = {
    ConfidentialityAlgorithm.XRC4_128: 16,
    ConfidentialityAlgorithm.XRC4_40: 5,
}

# Any IV does: the first block of each message is dropped, or random.
_CBC: Final = modes.CBC(bytes(BLOCK))

# Confidentiality pad, then its length, for every length of pad (Table 13-20).
_TAILS: Final = tuple(bytes(range(1, size + 1)) + bytes((size,)) for size in range(BLOCK))


class Confidentiality:
    """Confidentiality algorithm "none" (00h), and what all of them can do.

    Attributes:
        algorithm: its number in Table 13-19; 0 means that packets go in clear.
    """

    __slots__ = ("algorithm",)

    def __init__(self, algorithm: int) -> None:
        self.algorithm = algorithm

    def encrypt(self, data: bytes) -> bytes:
        """Make the payload field of a packet: confidentiality header, encrypted data, trailer."""
        return data

    def decrypt(self, data: bytes) -> bytes:
        """Take the data out of a payload field.

        Raises:
            DecodeError: the field is too short or does not fit the algorithm; discard the packet.
            RemoteProtocolError: the field cannot come next; discard the packet.
        """
        return data

    def restart(self) -> None:
        """Begin anew with the next packet sent (Suspend/Resume Payload Encryption, operation 2)."""

    def prepare(self) -> None:
        """Make now what the first packet would have to wait for; nobody has to call this."""


class AesCbc128(Confidentiality):
    """AES-CBC-128: the IV, then the encrypted data with its pad (§13.29).

    One context each way lives as long as the session. To encrypt, a fresh random block is fed in front of
    the data: its ciphertext is the IV that the data is chained to, and as unpredictable. To decrypt, IV and
    data are fed and the first block is dropped. The bytes are those of a context per packet, at a thirtieth
    of its price. Both are made by `prepare`, or by the first packet.
    """

    __slots__ = ("_algorithm", "_decrypt", "_encrypt", "_random")

    _encrypt: Callable[[bytes], bytes]
    _decrypt: Callable[[bytes], bytes]

    def __init__(self, key: bytes, random: Callable[[int], bytes]) -> None:
        super().__init__(ConfidentialityAlgorithm.AES_CBC_128)
        self._algorithm: algorithms.AES128 | None = algorithms.AES128(key)
        self._random = random

    def prepare(self) -> None:
        """Make the contexts: 4 us, and 20 where it has not been done for a while."""
        if self._algorithm is None:
            return
        cipher = Cipher(self._algorithm, _CBC)
        self._encrypt = cipher.encryptor().update
        self._decrypt = cipher.decryptor().update
        self._algorithm = None

    def encrypt(self, data: bytes) -> bytes:
        """Pad and encrypt under a fresh IV."""
        if self._algorithm is not None:
            self.prepare()
        return self._encrypt(self._random(BLOCK) + data + _TAILS[~len(data) & 15])

    def decrypt(self, data: bytes) -> bytes:
        """Decrypt and check the pad, which the specification requires of the receiver."""
        size = len(data)
        if size < 32 or size & 15:
            raise DecodeError(f"AES-CBC-128 payload of {size} bytes: an IV and whole blocks are due (§13.29)")
        if self._algorithm is not None:
            self.prepare()
        plain = self._decrypt(data)
        pad = plain[-1]
        if pad > 15 or not plain.endswith(_TAILS[pad]):
            raise DecodeError("AES-CBC-128 confidentiality pad is wrong (Table 13-20)")
        return plain[BLOCK : -1 - pad]


class Xrc4(Confidentiality):
    """xRC4-128 and xRC4-40: one continuous key stream each way (§13.30; unverified on hardware).

    The four-byte header counts the bytes encrypted under the present IV. Zero starts the stream and is
    followed by a new IV. Packets that overtook each other are decrypted from the part of the stream that is
    kept. Which part of K2 is hashed (its first 16 bytes) and the order of the offset's bytes (least
    significant first) are the most sensible readings.
    """

    __slots__ = ("_base", "_kept", "_key", "_random", "_receiver", "_sender", "_sent", "_size")

    HEADER: Final = struct.Struct("<I")
    KEPT: Final = 1 << 16
    """Bytes of the received key stream that can still be returned to."""
    AHEAD: Final = 1 << 20
    """Bytes that lost packets may have taken: more than 15 of the largest, all that the window lets pass."""

    def __init__(self, algorithm: int, key: bytes, random: Callable[[int], bytes]) -> None:
        """Start both directions without an IV.

        Args:
            algorithm: 2 for a 128-bit key, 3 for a 40-bit one.
            key: what is hashed with the IV: the first 16 bytes of K2.
        """
        super().__init__(algorithm)
        self._key, self._random = key, random
        self._size = _XRC4_KEY_SIZES[algorithm]
        self._sender: Callable[[bytes], bytes] | None = None
        self._sent = 0
        self._receiver: Callable[[bytes], bytes] | None = None
        self._base, self._kept = 0, bytearray()

    def _stream(self, iv: bytes) -> Callable[[bytes], bytes]:
        """Key RC4 with K_RC = MD5(key | IV), cut to the algorithm's size."""
        import hashlib

        from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4

        krc = hashlib.md5(self._key + iv, usedforsecurity=False).digest()
        return Cipher(ARC4(krc[: self._size]), mode=None).encryptor().update

    def encrypt(self, data: bytes) -> bytes:
        """Encrypt with the next bytes of the stream; the first packet carries the IV."""
        offset, stream, iv = self._sent, self._sender, b""
        if stream is None or not 0 < offset <= 0xFFFFFFFF - len(data):
            offset, iv = 0, self._random(BLOCK)
            self._sender = stream = self._stream(iv)
        self._sent = offset + len(data)
        return self.HEADER.pack(offset) + iv + stream(data)

    def decrypt(self, data: bytes) -> bytes:
        """Decrypt with the bytes of the stream that the header names."""
        if len(data) < 4:
            raise TruncatedError(f"xRC4 payload of {len(data)} bytes has no data offset (Table 13-21)")
        (offset,) = self.HEADER.unpack_from(data)
        if offset:
            return self._xor(offset, data[4:])
        if len(data) < 4 + BLOCK:
            raise TruncatedError(
                f"xRC4 payload of {len(data)} bytes starts a stream without IV (Table 13-21)"
            )
        self._receiver = self._stream(data[4 : 4 + BLOCK])
        self._base, self._kept = 0, bytearray()
        return self._xor(0, data[4 + BLOCK :])

    def _xor(self, offset: int, data: bytes) -> bytes:
        receiver, size = self._receiver, len(data)
        if receiver is None or not self._base <= offset <= self._base + len(self._kept) + self.AHEAD:
            raise RemoteProtocolError(f"xRC4 data offset {offset} is not within reach (§13.30)")
        missing = offset + size - self._base - len(self._kept)
        if missing > 0:
            self._kept += receiver(bytes(missing))
        start = offset - self._base
        stream = int.from_bytes(self._kept[start : start + size], "little")
        if len(self._kept) > 2 * self.KEPT:
            self._base += len(self._kept) - self.KEPT
            del self._kept[: -self.KEPT]
        return (int.from_bytes(data, "little") ^ stream).to_bytes(size, "little")

    def restart(self) -> None:
        """Send the next packet under a new IV, with offset 0."""
        self._sender = None


def confidentiality(algorithm: int, k2: bytes, random: Callable[[int], bytes]) -> Confidentiality:
    """Make the confidentiality algorithm of a session.

    Args:
        algorithm: 0 none, 1 AES-CBC-128, 2 xRC4-128, 3 xRC4-40.
        k2: all of the session's K2; the algorithms use its first 16 bytes.
        random: gives that many unpredictable bytes.

    Raises:
        LocalProtocolError: no such algorithm.
    """
    if algorithm == ConfidentialityAlgorithm.AES_CBC_128:
        return AesCbc128(k2[:BLOCK], random)
    if algorithm in _XRC4_KEY_SIZES:
        return Xrc4(algorithm, k2[:BLOCK], random)
    if algorithm == ConfidentialityAlgorithm.NONE:
        return Confidentiality(algorithm)
    raise LocalProtocolError(f"confidentiality algorithm {algorithm:02X}h is not known (Table 13-19)")
